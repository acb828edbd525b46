//! Orders that anything may have happened to.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AttachmentId, DispatchId, PlaceId};
use domain::order::{
    Attendee, ChainHash, ChainRow, Chained, Charge, Command, Content, Decision, Fen, HandlerRole, Material,
    MergeTarget, Move, Opinion, Order, OrderStatus, Payer, Place, Point, PointSource, Refusal, RefuseReason,
    ReturnReason, Salt, Taker, VisitReport, VisitSide, allowed_moves, decide,
};
use domain::place::coordinates::Gcj02;
use proptest::prelude::*;
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::given::{ELSEWHERE, FIRE_BRIGADE, HERE, LOCKSMITH, PROPERTY, Who, a_broken_kerb, person, twin};
use crate::story::Story;

/// Somebody tries something. Numbers are taken modulo whatever there is to choose from.
#[derive(Clone, Debug)]
pub struct Try {
    /// Choose from the moves that are offered; otherwise anybody tries anything.
    sensible: bool,
    pick: usize,
    number: u8,
    wait: i64,
    yes: bool,
    text: String,
}

/// What came of a try.
pub struct Tried {
    pub before: Order,
    pub who: Who,
    pub at: DateTime<Utc>,
    pub result: Result<Decision, Refusal>,
}

prop_compose! {
    fn a_try()(
        sensible in prop::bool::weighted(0.8),
        pick in any::<usize>(),
        number in any::<u8>(),
        wait in prop_oneof![0..600_000_i64, 0..10 * 86_400_000_i64],
        yes in any::<bool>(),
        text in odd_text(),
    ) -> Try {
        Try { sensible, pick, number, wait, yes, text }
    }
}

/// Any Unicode: quotes, control characters, joiners, right-to-left marks, emoji, the byte order mark.
fn odd_text() -> impl Strategy<Value = String> {
    let odd = vec!['"', '\\', '\0', '\u{7f}', '\u{2028}', '\u{200d}', '\u{202e}', '\u{feff}', '😀', '𠮷'];
    let letter = prop_oneof![3 => any::<char>(), 1 => prop::sample::select(odd), 2 => prop::char::range('一', '龥')];
    prop::collection::vec(letter, 0..12).prop_map(String::from_iter)
}

/// What a resident may have written, about any point in the country.
pub fn content() -> impl Strategy<Value = Content> {
    (odd_text(), odd_text(), 18.0..53.0_f64, 73.0..135.0_f64).prop_map(|(title, words, lat, lon)| {
        let point = Gcj02::new(lat, lon).ok().map(|at| Point { at, accuracy_m: None, source: PointSource::Device });
        let place = Some(Place { compound: None, compound_id: None, building: None, words: Some(words), point });
        Content { title, place, ..a_broken_kerb() }
    })
}

pub fn tries() -> impl Strategy<Value = Vec<Try>> {
    prop::collection::vec(a_try(), 1..40)
}

/// Lives through all tries; answers the story and what came of each.
pub fn live(content: Content, tries: Vec<Try>) -> (Story, Vec<Tried>) {
    let mut story = Story::begins_with(content);
    let mut tried = Vec::new();
    for (n, t) in (0..).zip(tries) {
        story.now += TimeDelta::milliseconds(t.wait);
        let (who, a_move, task) = choose(&story, &t);
        let command = command(a_move, task, n, t);
        let result = decide(&story.order, &who.actor(), command, story.now);
        tried.push(Tried { before: story.order.clone(), who, at: story.now, result: result.clone() });
        if let Ok(Decision::Apply { next, event }) = result {
            story.order = *next;
            story.events.push(*event);
        }
    }
    (story, tried)
}

fn choose(story: &Story, t: &Try) -> (Who, Move, DispatchId) {
    let order = &story.order;
    let no_task = DispatchId(Uuid::nil());
    if t.sensible {
        // Ends come late and talk is rare, or little else would happen.
        let likely = |m: &Move| match m {
            Move::Refuse | Move::Withdraw | Move::Merge => t.number.is_multiple_of(8),
            Move::Urge | Move::Comment | Move::Unshare | Move::Check | Move::Locate => t.number.is_multiple_of(4),
            _ => true,
        };
        let on_order = Who::iter().flat_map(|who| {
            let moves = allowed_moves(order, &who.actor(), story.now).into_iter();
            moves.filter(likely).map(move |m| (who, m, no_task))
        });
        let on_tasks = order.dispatches.iter().flat_map(|d| {
            Who::iter()
                .flat_map(move |who| d.allowed_moves(order, &who.actor()).into_iter().map(move |m| (who, m, d.id)))
        });
        let offered: Vec<_> = on_order.chain(on_tasks).collect();
        if let Some(choice) = offered.get(t.pick % offered.len().max(1)) {
            return *choice;
        }
    }
    let (people, moves) = (Who::iter().count(), Move::iter().count());
    let who = Who::iter().nth(t.pick % people).unwrap_or(Who::Stranger);
    let a_move = Move::iter().nth(t.pick / people % moves).unwrap_or(Move::Comment);
    let task = order.dispatches.get(usize::from(t.number) % order.dispatches.len().max(1)).map_or(no_task, |d| d.id);
    (who, a_move, task)
}

/// The `n`th command of a list, with whatever can differ in it.
fn command(a_move: Move, task: DispatchId, n: u128, t: Try) -> Command {
    let Try { number, yes, text, .. } = t;
    let choice = usize::from(number);
    let words = yes.then(|| text.clone());
    let photos: Vec<_> = (0..u128::from(number % 3)).map(|p| AttachmentId(Uuid::from_u128(n << 8 | p))).collect();
    match a_move {
        Move::Accept => Command::Accept { note: words },
        Move::Check => Command::Check { missing: yes.then(|| text.clone()).into_iter().collect(), note: words },
        Move::Refuse => {
            let reason = RefuseReason::iter().nth(choice % 8).unwrap_or(RefuseReason::Other);
            Command::Refuse { reason, redirect_to: words }
        }
        Move::Withdraw => Command::Withdraw { reason: words },
        Move::Merge => {
            let community = if choice % 8 == 0 { ELSEWHERE } else { HERE };
            let status = if choice % 5 == 0 { OrderStatus::Rated } else { OrderStatus::Submitted };
            Command::Merge { into: MergeTarget { community, status, ..twin() } }
        }
        Move::Absorb => {
            let followers = (0..n % 4).map(|f| person(f * 17)).collect();
            Command::Absorb { child: twin().id, child_number: text, followers }
        }
        Move::Dispatch => Command::Dispatch {
            id: DispatchId(Uuid::from_u128(0xD000 + n)),
            partner: [PROPERTY, FIRE_BRIGADE, LOCKSMITH][choice % 3],
            taker: if choice % 16 == 1 { None } else { Some(Taker::of(HERE)) },
            role: if yes { HandlerRole::Lead } else { HandlerRole::Co },
            task: text,
            due_at: None,
            share_contact: choice.is_multiple_of(4),
            despite_off_duty: choice.is_multiple_of(3),
        },
        Move::Locate => Command::Locate {
            grid: PlaceId(Uuid::from_u128(0xC0 + n % 3)),
            of: [Some(HERE), Some(HERE), Some(ELSEWHERE), None][choice % 4],
        },
        Move::Sign => Command::Sign { dispatch: task, visit_at: None },
        Move::Return => {
            let reason = ReturnReason::iter().nth(choice % 7).unwrap_or(ReturnReason::Other);
            Command::Return { dispatch: task, reason, note: text }
        }
        Move::Visit => {
            let attendees = vec![Attendee { who: text.clone(), side: VisitSide::Resident }];
            let opinions = vec![Opinion { who: text.clone(), side: VisitSide::Other, opinion: text.clone() }];
            let report = VisitReport { note: text, attendees, opinions, plan: words, point: None, photos };
            Command::Visit { dispatch: yes.then_some(task), at: None, report }
        }
        Move::Complete => Command::Complete { dispatch: task, result: text, photos, charge: None },
        Move::Recall => Command::Recall { dispatch: task, reason: text },
        Move::Rework => Command::Rework { dispatch: task, reason: text },
        Move::Quote => {
            let materials = vec![Material { what: text, cost: Fen(u32::from(number) + 1) }];
            let charge = Charge { labour: Fen(0), materials, paid_by: Payer::Resident };
            Command::Quote { dispatch: task, charge }
        }
        Move::AnswerQuote => Command::AnswerQuote { dispatch: task, number: usize::from(number % 3), agreed: yes },
        Move::Resolve => {
            Command::Resolve { result: text, photos, signature: None, override_reason: words, charge: None }
        }
        Move::Rate => Command::Rate { solved: yes, satisfaction: number % 5 + 1, comment: words },
        Move::Reopen => Command::Reopen { reason: text },
        Move::Urge => Command::Urge,
        Move::Comment => Command::Comment { text, photos },
        Move::Unshare => Command::Unshare,
    }
}

/// The story's events as they are stored, each with its own salt.
pub fn chained(story: &Story) -> (Vec<ChainRow>, ChainHash) {
    let mut head = ChainHash::START;
    let rows = story.events.iter().zip(1_u8..).map(|(event, n)| {
        let Chained { event, body, salt, body_hash, hash } =
            Chained::new(event.clone(), head, Salt([n; 16])).expect("an event as JSON");
        head = hash;
        ChainRow { event, body, salt: Some(salt), is_erased: false, body_hash, hash }
    });
    let rows = rows.collect();
    (rows, head)
}
