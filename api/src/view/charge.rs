use chrono::{DateTime, FixedOffset};
use domain::order::{Charge, Fen, Material, Quote};
use domain::people::Hat;
use serde::Serialize;
use utoipa::ToSchema;

use super::local;

/// What work cost, or would cost. Amounts are whole fen.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChargeView {
    /// 0 where the work is given.
    #[schema(example = 0)]
    pub labour_fen: u32,
    pub materials: Vec<MaterialView>,
    #[schema(example = 1250)]
    pub total_fen: u32,
    #[schema(example = "12.50 元")]
    pub total_text: String,
    /// `resident`, `community` or `volunteer`.
    #[schema(example = "resident")]
    pub paid_by: &'static str,
    #[schema(example = "居民")]
    pub paid_by_text: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialView {
    #[schema(example = "陶瓷阀芯水龙头")]
    pub what: String,
    #[schema(example = 1250)]
    pub fen: u32,
}

/// What the resident was told before the work.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteView {
    /// 1, 2, 3 …; an answer names it.
    #[schema(example = 1)]
    pub number: usize,
    pub at: DateTime<FixedOffset>,
    pub charge: ChargeView,
    /// Null until somebody answered; only the latest one is waited for.
    #[schema(example = true)]
    pub agreed: Option<bool>,
    pub answered_at: Option<DateTime<FixedOffset>>,
    /// The desk wrote the answer down for the resident, who said it on the telephone.
    pub by_desk: bool,
}

impl From<&Charge> for ChargeView {
    fn from(charge: &Charge) -> Self {
        let Fen(total_fen) = charge.total();
        let material = |material: &Material| MaterialView { what: material.what.clone(), fen: material.cost.0 };
        Self {
            labour_fen: charge.labour.0,
            materials: charge.materials.iter().map(material).collect(),
            total_fen,
            total_text: charge.total().to_string(),
            paid_by: charge.paid_by.into(),
            paid_by_text: charge.paid_by.text(),
        }
    }
}

impl QuoteView {
    pub fn all(quotes: &[Quote]) -> Vec<Self> {
        let view = |(number, quote): (usize, &Quote)| {
            let answer = quote.answer.as_ref();
            Self {
                number,
                at: local(quote.at),
                charge: ChargeView::from(&quote.charge),
                agreed: answer.map(|answer| answer.agreed),
                answered_at: answer.map(|answer| local(answer.at)),
                by_desk: answer.is_some_and(|answer| answer.hat != Hat::Requester),
            }
        };
        (1..).zip(quotes).map(view).collect()
    }
}
