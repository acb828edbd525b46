//! Moves orders on behalf of handlers: replays answers, renders views, turns failures into problems.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, LOCATION};
use async_trait::async_trait;
use bytes::Bytes;
use domain::attachment::Attachment;
use domain::booking::BookingRefusal;
use domain::ids::{AttachmentId, DispatchId, OrderId};
use domain::notice::Side;
use domain::order::usecase::{Asking, MoveError, NewOrder, Reply, Target, Written};
use domain::order::{Command, Move, Order};
use domain::people::{Actor, Role, Sight};
use domain::ports::{Answer as SavedAnswer, Commit, Fulfilled, Promised, StoreError};
use serde::Serialize;

use crate::app::App;
use crate::problem::{Answer, Code, Problem};
use crate::view::photo::photos_of;
use crate::view::{Album, DispatchView, OrderView, Scene};

/// Stands on an answer that was given before.
pub const REPLAYED: &str = "idempotency-replayed";

/// What of the order is answered.
#[derive(Clone, Copy)]
enum Show {
    Order,
    Dispatch(DispatchId),
}

struct Writer<'a> {
    app: &'a App,
    actor: &'a Actor,
    status: StatusCode,
    show: Show,
    /// As what the person is asked for messages that are still to come.
    asks: Option<Side>,
}

#[async_trait]
impl Reply for Writer<'_> {
    async fn write(&self, order: &Order) -> Result<Written, StoreError> {
        let scene = self.app.scene_of(self.actor, std::slice::from_ref(order)).await?;
        let body = match self.show {
            Show::Order => json(&self.order_view(&scene, order).await?)?,
            Show::Dispatch(id) => match order.dispatch(id) {
                Some(dispatch) => json(&DispatchView::new(&scene, order, dispatch))?,
                None => json(&OrderView::new(&scene, order))?,
            },
        };
        Ok(Written { status: self.status.as_u16(), body, version: order.version })
    }
}

impl Writer<'_> {
    async fn order_view(&self, scene: &Scene<'_>, order: &Order) -> Result<OrderView, StoreError> {
        let subscribe_hint = match self.asks {
            Some(side) => Some(self.app.subscribe_hint(self.actor.person, side, order.status()).await?),
            None => None,
        };
        Ok(OrderView { subscribe_hint, ..OrderView::new(scene, order) })
    }
}

fn json(view: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(view).map_err(|e| StoreError::corrupt("view", e))
}

/// An answer that several are given.
pub fn written(view: &impl Serialize) -> Result<Bytes, StoreError> {
    json(view).map(Bytes::from)
}

impl App {
    /// Names and the photos with these ids, for views.
    pub async fn scene<'a>(&self, actor: &'a Actor, photos: &[AttachmentId]) -> Result<Scene<'a>, StoreError> {
        let book = self.names.book().await.map_err(|e: Arc<StoreError>| StoreError::unavailable(e.to_string()))?;
        let photos = if photos.is_empty() { Vec::new() } else { self.stores.attachments.find_many(photos).await? };
        Ok(self.stage(actor, book, &photos))
    }

    /// The same for views of these orders, with what the desk is told besides.
    pub async fn scene_of<'a>(&self, actor: &'a Actor, orders: &[Order]) -> Result<Scene<'a>, StoreError> {
        let photos: Vec<_> = orders.iter().flat_map(photos_of).collect();
        let mut scene = self.scene(actor, &photos).await?;
        let booked: Vec<_> = orders.iter().filter(|order| order.terms.booked).map(|order| order.id).collect();
        let bookings = self.stores.bookings.of_orders(&booked).await?;
        scene.bookings = bookings.into_iter().map(|booking| (booking.order, booking)).collect();
        let is_for = |order: &Order| order.beneficiary().is_some_and(|person| actor.is_self(person));
        let for_others = orders.iter().filter(|order| order.content.on_behalf_of.is_some());
        let for_others = for_others.filter(|order| is_at_a_desk(actor) || is_for(order));
        let orderers: Vec<_> = for_others.map(|order| order.requester).collect();
        if !orderers.is_empty() {
            scene.orderers = self.stores.people.nicknames(&orderers).await?.into_iter().collect();
        }
        if is_at_a_desk(actor) && !orders.is_empty() {
            let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
            scene.marked = self.stores.content.marked(&ids).await?.into_iter().collect();
        }
        Ok(scene)
    }

    fn stage<'a>(&self, actor: &'a Actor, book: Arc<crate::names::Book>, photos: &[Attachment]) -> Scene<'a> {
        let now = self.clock.now();
        let album = Album::new(photos, &self.links, now, is_at_a_desk(actor));
        Scene { actor, book, album, marked: HashSet::new(), bookings: HashMap::new(), orderers: HashMap::new(), now }
    }

    /// 下单
    pub async fn place_order(&self, asking: &Asking, new: NewOrder) -> Answer {
        if let Some(answer) = self.replay(asking).await? {
            return Ok(answer);
        }
        let asking = &self.read_order(asking, &new).await?;
        // Whoever places an order is its resident, whatever else they are.
        let asks = Some(Side::Resident);
        let writer = Writer { app: self, actor: &asking.actor, status: StatusCode::CREATED, show: Show::Order, asks };
        let placed = self.orders.place(asking, new, &writer).await;
        self.finish(asking, placed).await
    }

    /// Any move on an order.
    pub async fn move_order(&self, asking: &Asking, id: OrderId, command: Command) -> Answer {
        self.make(asking, Target::Order(id), command, Show::Order).await
    }

    /// Any move on a dispatch.
    pub async fn move_dispatch(&self, asking: &Asking, id: DispatchId, command: Command) -> Answer {
        self.make(asking, Target::Dispatch(id), command, Show::Dispatch(id)).await
    }

    async fn make(&self, asking: &Asking, target: Target, command: Command, show: Show) -> Answer {
        if let Some(answer) = self.replay(asking).await? {
            return self.still_seen(asking, target, command.name(), answer).await;
        }
        let asking = &self.read_move(asking, target, &command).await?;
        // The phone is in the hand of somebody who has just said how it went.
        let asks = (command.name() == Move::Rate).then_some(Side::Resident);
        let writer = Writer { app: self, actor: &asking.actor, status: StatusCode::OK, show, asks };
        let moved = self.orders.make_move(asking, target, command, &writer).await;
        self.finish(asking, moved).await
    }

    /// An answer shows the order as it was: whoever does not see the order any more does not see the answer. A handler that
    /// gave its dispatch back has lost sight by that very move, and its answer shows nothing but its own share.
    async fn still_seen(&self, asking: &Asking, target: Target, a_move: Move, answer: HttpResponse) -> Answer {
        let (sight, store) = (Sight::of(&asking.actor), &self.orders.store);
        let found = match target {
            Target::Order(id) => store.find(id, &sight).await?,
            Target::Dispatch(id) => store.find_by_dispatch(id, &sight).await?,
        };
        if found.is_some() || a_move == Move::Return { Ok(answer) } else { Err(Problem::not_found()) }
    }

    pub async fn merge_order(&self, asking: &Asking, id: OrderId, into: OrderId) -> Answer {
        if let Some(answer) = self.replay(asking).await? {
            return self.still_seen(asking, Target::Order(id), Move::Merge, answer).await;
        }
        let (status, show) = (StatusCode::OK, Show::Order);
        let writer = Writer { app: self, actor: &asking.actor, status, show, asks: None };
        let merged = self.orders.merge(asking, id, into, &writer).await;
        self.finish(asking, merged).await
    }

    /// The answer that this key got before, byte for byte.
    pub async fn replay(&self, asking: &Asking) -> Result<Option<HttpResponse>, Problem> {
        let Some(key) = &asking.key else { return Ok(None) };
        match self.stores.answers.find_answer(asking.actor.person, &key.key).await? {
            None => Ok(None),
            Some(saved) if saved.fingerprint == key.fingerprint => Ok(Some(repeat(&saved))),
            Some(_) => {
                Err(Problem::new(Code::KeyReused, "这个请求编号已用于另一次提交，请换一个编号（Idempotency-Key）"))
            }
        }
    }

    /// The answer to something that was done, kept under its key in a step of its own: for what does no harm if it is asked
    /// for twice.
    pub async fn answer_and_keep(&self, asking: &Asking, status: StatusCode, body: &impl Serialize) -> Answer {
        let keep = async |kept: Option<&SavedAnswer>| match kept {
            Some(kept) => Ok(self.stores.answers.keep_answer(kept).await?),
            None => Ok(Commit::Done),
        };
        self.answer_once(asking, status, body, keep).await
    }

    /// Writes something that is no order, together with the answer that is kept under the request's key. Whoever calls
    /// this has asked [`replay`](Self::replay) first.
    pub async fn answer_once(
        &self,
        asking: &Asking,
        status: StatusCode,
        view: &impl Serialize,
        write: impl AsyncFnOnce(Option<&SavedAnswer>) -> Result<Commit, Problem>,
    ) -> Answer {
        let written = Written { status: status.as_u16(), body: json(view)?, version: 0 };
        let kept = asking.answer(&written, self.clock.now());
        match write(kept.as_ref()).await? {
            Commit::Done => Ok(answer(written.status, None, written.body)),
            Commit::KeyTaken
            | Commit::Stale(_)
            | Commit::PhotoUnavailable
            | Commit::ReferenceTaken
            | Commit::SeatLost
            | Commit::PartnerFull { .. } => self.answer_of_the_first(asking).await,
        }
    }

    /// The same for what is known only when it is done: what it says is written in the transaction that does it.
    pub async fn answer_when_done<T, V: Serialize>(
        &self,
        asking: &Asking,
        status: StatusCode,
        view: impl Fn(&T) -> V + Send + Sync,
        write: impl AsyncFnOnce(Option<&Promised<'_, T>>) -> Result<Fulfilled<T>, Problem>,
    ) -> Answer {
        let words = |done: &T| json(&view(done));
        let blank = Written { status: status.as_u16(), body: String::new(), version: 0 };
        let promised = asking.answer(&blank, self.clock.now()).map(|blank| Promised { blank, words: &words });
        match write(promised.as_ref()).await? {
            Fulfilled::Done(done) => Ok(answer(blank.status, None, words(&done)?)),
            Fulfilled::KeyTaken => self.answer_of_the_first(asking).await,
        }
    }

    /// A request with our key was faster.
    async fn answer_of_the_first(&self, asking: &Asking) -> Answer {
        let first = self.replay(asking).await?;
        first.ok_or_else(|| Problem::new(Code::Contended, "同样的请求正在处理，请稍后再试"))
    }

    async fn finish(&self, asking: &Asking, done: Result<Written, MoveError>) -> Answer {
        if asking.key.is_some() && matches!(done, Err(MoveError::NoSeat(BookingRefusal::UnderWay))) {
            // Most likely the same request, sent twice: the first one's answer is ours as soon as it is there.
            for _ in 0..TWIN_LOOKS {
                if let Some(answer) = self.replay(asking).await? {
                    return Ok(answer);
                }
                tokio::time::sleep(TWIN_PAUSE).await;
            }
        }
        if done.is_err()
            && let Some(answer) = self.replay(asking).await?
        {
            // A request with our key was faster, and what it changed is why we failed: its answer is ours.
            return Ok(answer);
        }
        match done {
            Ok(written) => {
                self.wake.notify_one();
                Ok(answer(written.status, Some(written.version), written.body))
            }
            Err(MoveError::Stale { current, changed_by }) => {
                let scene = self.scene_of(&asking.actor, std::slice::from_ref(&*current)).await?;
                Err(stale(&scene, &current, changed_by.as_deref()))
            }
            Err(other) => Err(problem(other)),
        }
    }
}

/// How often, and after which pauses, is looked for the answer to a request that holds a seat already.
const TWIN_LOOKS: u32 = 20;
const TWIN_PAUSE: Duration = Duration::from_millis(100);

/// Keeps the desk of some community.
pub fn is_at_a_desk(actor: &Actor) -> bool {
    actor.posts.iter().any(|post| matches!(post.role, Role::IntakeClerk | Role::Secretary))
}

fn answer(status: u16, version: Option<i64>, body: String) -> HttpResponse {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    response.content_type("application/json");
    if let Some(version) = version {
        response.insert_header((ETAG, format!("\"{version}\"")));
    }
    response.body(body)
}

/// ETag and Location are read back from the saved body.
fn repeat(saved: &SavedAnswer) -> HttpResponse {
    #[derive(serde::Deserialize)]
    struct Versioned {
        version: Option<i64>,
    }
    let version = serde_json::from_str::<Versioned>(&saved.body).ok().and_then(|v| v.version);
    let mut response = answer(saved.status, version, saved.body.clone());
    let replayed = actix_web::http::header::HeaderName::from_static(REPLAYED);
    response.headers_mut().insert(replayed, actix_web::http::header::HeaderValue::from_static("true"));
    response.headers_mut().remove(LOCATION);
    response
}

fn stale(scene: &Scene<'_>, current: &Order, changed_by: Option<&domain::order::Event>) -> Problem {
    let by = changed_by.and_then(|event| crate::view::TimelineItem::new(scene, current, event));
    let detail = match &by {
        Some(item) => {
            format!("订单刚刚有了变化（{}，{}），请看过最新情况再操作", item.text, item.at.format("%-m月%-d日 %H:%M"))
        }
        None => "订单刚刚有了变化，请看过最新情况再操作".to_owned(),
    };
    let mut problem = Problem::new(Code::VersionMismatch, detail);
    problem.current = serde_json::to_value(serde_json::json!({
        "order": OrderView::new(scene, current),
        "changed_by": by,
    }))
    .ok();
    problem
}

impl From<MoveError> for Problem {
    fn from(error: MoveError) -> Self {
        problem(error)
    }
}

fn problem(error: MoveError) -> Problem {
    match error {
        MoveError::NotFound => Problem::not_found(),
        MoveError::TargetNotFound => Problem::field("/into", "没有找到要并入的订单，请检查编号"),
        MoveError::Refused(refusal) => refusal.into(),
        MoveError::NoSeat(refusal) => refusal.into(),
        MoveError::PhotoUnavailable => {
            let mut problem =
                Problem::field("/attachment_ids", "照片不存在、不是您上传的，或已用在别的订单里，请重新上传");
            problem.code = Code::PhotoUnavailable;
            problem
        }
        MoveError::Contended | MoveError::KeyTaken | MoveError::Stale { .. } => {
            Problem::new(Code::Contended, "这个订单正在被多人同时操作，请稍后再试")
        }
        MoveError::Store(error) => error.into(),
    }
}
