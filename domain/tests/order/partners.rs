//! Which partners there are to dispatch to.

use domain::order::{Command, Taker};

use crate::given::Who::{IntakeClerk, Requester};
use crate::given::{ELSEWHERE, accept, to_lead};
use crate::story::Story;

#[test]
fn a_partner_works_in_its_own_community_only() {
    for place in [None, Some(ELSEWHERE)] {
        let mut command = to_lead();
        if let Command::Dispatch { taker, .. } = &mut command {
            *taker = place.map(Taker::of);
        }
        Story::begins()
            .then(IntakeClerk, accept())
            .but_refused(IntakeClerk, command.clone(), "invalid_fields")
            // Who may not dispatch at all learns nothing about partners.
            .but_refused(Requester, command, "not_permitted");
    }
}
