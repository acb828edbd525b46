use super::Outcome;

/// What a campaign has come to. Made from counts alone: nothing is unlocked for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub households: u32,
    /// Where each door stands now: by the outcome of its latest visit.
    pub visited: u32,
    pub not_at_home: u32,
    pub refused: u32,
    /// By round, the first one first; a round in which nobody knocked is not there.
    pub rounds: Vec<RoundTotals>,
    /// Every item of the campaign, in its order.
    pub handed_out: Vec<HandedOut>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RoundTotals {
    pub round: u8,
    pub visited: u32,
    pub not_at_home: u32,
    pub refused: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedOut {
    pub item: String,
    pub unit: String,
    pub quantity: u64,
    /// Households that got some.
    pub households: u32,
}

impl Totals {
    /// Doors at which nobody has knocked yet.
    pub fn untouched(&self) -> u32 {
        self.households.saturating_sub(self.visited + self.not_at_home + self.refused)
    }

    /// `count` doors stand so now.
    pub fn set(&mut self, outcome: Outcome, count: u32) {
        *match outcome {
            Outcome::Visited => &mut self.visited,
            Outcome::NotAtHome => &mut self.not_at_home,
            Outcome::Refused => &mut self.refused,
        } = count;
    }

    /// `count` knocks of the round ended so. Rounds come in their order.
    pub fn set_round(&mut self, round: u8, outcome: Outcome, count: u32) {
        if self.rounds.last().is_none_or(|last| last.round != round) {
            self.rounds.push(RoundTotals { round, ..RoundTotals::default() });
        }
        if let Some(last) = self.rounds.last_mut() {
            *match outcome {
                Outcome::Visited => &mut last.visited,
                Outcome::NotAtHome => &mut last.not_at_home,
                Outcome::Refused => &mut last.refused,
            } = count;
        }
    }
}
