use strum::{Display, EnumIter, IntoStaticStr};

/// How far a role reaches with one operation. What lies outside does not exist for whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Scope {
    /// Not at all.
    None,
    /// What everybody may see, or what belongs to nobody.
    Public,
    /// What is one's own.
    Own,
    /// One's own, and what somebody ordered for one.
    Household,
    /// What lies in one's grid, or in its compounds; no sealed matters.
    Grid,
    /// What is dispatched to one's unit now.
    Dispatched,
    /// What a campaign lets one's unit know, as long as it is open.
    Named,
    /// What belongs to one's community; no sealed matters.
    Community,
    /// What belongs to one's community, sealed matters too.
    Sealed,
    /// What belongs to the communities below one's place; no sealed matters.
    Subtree,
}

impl Scope {
    /// For people: what the cell of the table says.
    pub fn text(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Public => "public",
            Self::Own => "own",
            Self::Household => "household",
            Self::Grid => "grid",
            Self::Dispatched => "dispatched",
            Self::Named => "named",
            Self::Community => "community",
            Self::Sealed => "community + sealed",
            Self::Subtree => "subtree",
        }
    }

    /// For people: what lies inside.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::None => "nothing",
            Self::Public => "what everybody may see, or what belongs to nobody",
            Self::Own => "one's own",
            Self::Household => "one's own, and what somebody ordered for one",
            Self::Grid => "what lies in one's grid or in its compounds; no sealed matters",
            Self::Dispatched => {
                "what is dispatched to one's unit in the present round, and was neither returned nor recalled"
            }
            Self::Named => {
                "campaigns that name one's unit, as long as they are open, and the doors that they let it know"
            }
            Self::Community => "what belongs to one's community; no sealed matters",
            Self::Sealed => "what belongs to one's community, sealed matters too",
            Self::Subtree => "what belongs to the communities below one's place; no sealed matters",
        }
    }
}
