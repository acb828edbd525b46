use chrono::{DateTime, TimeDelta, Utc};

use crate::advice::advise;
use crate::booking::BookingState;
use crate::deadline::{Urgency, day_in_shanghai, due_for};
use crate::ids::{CommunityId, ConsentId, SlotId};
use crate::notice::{Facts, NoticeKind};
use crate::order::{ChainHash, Content, Order, Refusal, Submission, Visibility, order_number, submit};
use crate::people::{Consent, ConsentChannel, ConsentPurpose, Hat, Role};
use crate::place::Located;
use crate::ports::{Change, Commit, StoreError, Wish};
use crate::service::{Privacy, Service};

use super::{Asking, MoveError, Orders, Reply, Written};

/// What a resident fills in, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct NewOrder {
    pub community: CommunityId,
    /// Starts the number: "XY".
    pub prefix: String,
    pub service: Service,
    /// What to bring besides the service's papers: those of the kind of certificate.
    pub papers: Vec<String>,
    /// Where the service comes at a date.
    pub seat: Option<SeatWish>,
    pub content: Content,
    pub located: Option<Located>,
}

/// A date that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeatWish {
    pub slot: SlotId,
    /// Waits where no seat is free.
    pub waits: bool,
}

/// A seat is kept so long for an order that is being written.
const HELD: TimeDelta = TimeDelta::seconds(30);

impl Orders {
    /// 下单. Whoever is in danger is heard at once; what the community may not even read leaves no trace here, not under
    /// its key either.
    pub async fn place(&self, asking: &Asking, new: NewOrder, reply: &dyn Reply) -> Result<Written, MoveError> {
        let advice = advise(&new.content.title, &new.content.description);
        if !advice.may_submit() {
            return Err(Refusal::DisciplineMatter.into());
        }
        let NewOrder { community, prefix, service, papers, seat, content, located } = new;
        let Service { key: service_key, offer, .. } = &service;
        let (urgency, days) = match advice.emergency {
            Some(_) => (Urgency::Urgent, None),
            None => (offer.urgency, offer.resolve_days),
        };
        let now = self.clock.now();
        let day = day_in_shanghai(now);
        let running = self.store.reserve_numbers(community, day, 1).await?;
        let photos = content.attachments.clone();
        let id = self.new_order_id();
        let submission = Submission {
            id,
            number: order_number(&prefix, day, running),
            community,
            service_key: service_key.clone(),
            terms: service.terms().with_papers(papers),
            requester: asking.actor.person,
            sealed: offer.privacy == Privacy::Sealed,
            advice,
            content: content_under(offer.privacy, content),
            due: due_for(urgency, days, now, &self.calendar),
            located,
            hat: submitter_hat(asking, community),
        };
        let (mut order, event) = submit(submission, now).map_err(|e| StoreError::corrupt("submission", e))?;
        order.head = ChainHash::START;
        let consents = self.consents(&order);
        let words = asking.words.clone();
        let mut change = Change { consents, words, ..self.change(&order.clone(), order, event, photos)? };
        if let Some(at) = self.hold(&change.next, seat, &service, now).await? {
            let received = change.notices.iter_mut().filter(|notice| notice.kind == NoticeKind::Received);
            received.for_each(|notice| notice.facts = Some(Facts::MeetingAt { at, session: None }));
        }
        let placed = self.commit_new(asking, change, reply, now).await;
        if placed.is_err() && seat.is_some() {
            // Where this fails too, the seat is free again after a moment.
            self.bookings.let_go(id, now).await?;
        }
        placed
    }

    async fn commit_new(
        &self,
        asking: &Asking,
        change: Change,
        reply: &dyn Reply,
        now: DateTime<Utc>,
    ) -> Result<Written, MoveError> {
        let written = reply.write(&change.next).await?;
        let answer = asking.answer(&written, now);
        match self.store.commit(&[change], answer.as_ref()).await? {
            Commit::Done => Ok(written),
            Commit::KeyTaken => Err(MoveError::KeyTaken),
            Commit::PhotoUnavailable => Err(MoveError::PhotoUnavailable),
            Commit::Stale(_) | Commit::ReferenceTaken | Commit::PartnerFull { .. } | Commit::SeatLost => {
                Err(MoveError::Contended)
            }
        }
    }

    /// The seat is taken before the order is written, as its number is: the answer says what became of it. When it starts,
    /// where there is a seat.
    async fn hold(
        &self,
        order: &Order,
        seat: Option<SeatWish>,
        service: &Service,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, MoveError> {
        let (Some(SeatWish { slot, waits }), Some(rule)) = (seat, service.offer.booking) else { return Ok(None) };
        let (community, service_key) = (order.community, service.key.clone());
        let person = order.beneficiary().unwrap_or(order.requester);
        let by = order.requester;
        let wish = Wish { order: order.id, person, by, community, service_key, slot, waits };
        if self.bookings.hold(&wish, &rule, now, now + HELD).await?? != BookingState::Booked {
            return Ok(None);
        }
        Ok(self.bookings.slot(slot).await?.map(|slot| slot.starts_at))
    }
}

impl Orders {
    /// What was agreed to by ticking a box of the order, in the words that stood beside it.
    fn consents(&self, order: &Order) -> Vec<Consent> {
        let purpose = ConsentPurpose::ShareContact;
        let shared = order.shares_contact().then(|| Consent {
            id: ConsentId(self.ids.at(order.submitted_at)),
            person: order.requester,
            given_by: order.requester,
            purpose,
            version: purpose.text().version,
            channel: ConsentChannel::Order,
            order: Some(order.id),
            given_at: order.submitted_at,
            withdrawn_at: None,
        });
        shared.into_iter().collect()
    }
}

/// Who asks for something confidential is not known beyond the desk, whatever was ticked.
fn content_under(privacy: Privacy, content: Content) -> Content {
    match (privacy, content.visibility) {
        (Privacy::Confidential, Visibility::Normal) => Content { visibility: Visibility::Confidential, ..content },
        _ => content,
    }
}

/// A grid worker's report is marked as such in the history; everybody else orders as a resident.
fn submitter_hat(asking: &Asking, community: CommunityId) -> Hat {
    if asking.actor.is(Role::GridWorker, community) { Hat::GridWorker } else { Hat::Requester }
}
