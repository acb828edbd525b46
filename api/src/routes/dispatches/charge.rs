//! What work costs, as it is typed: whole fen, so that nothing is rounded.

use domain::order::{Charge, Fen, MOST_FEN, MOST_MATERIALS, Material, Payer};
use garde::{Error, Validate};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::extract::{few, one_line};
use crate::problem::Problem;

/// What it cost in the end.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct ChargeBody {
    /// Of the work itself, in fen; 0 where it was given.
    #[serde(default)]
    #[garde(custom(at_most))]
    #[schema(minimum = 0, maximum = 10_000_000, example = 0)]
    labour_fen: u32,
    /// At most twenty.
    #[serde(default)]
    #[garde(custom(few("材料", MOST_MATERIALS)), dive)]
    materials: Vec<MaterialBody>,
    /// `resident`, `community` or `volunteer`: who gave the money. A resident pays at most what they agreed to.
    #[garde(skip)]
    #[schema(value_type = String, example = "resident")]
    paid_by: Payer,
}

#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct MaterialBody {
    /// What for.
    #[garde(custom(one_line("材料名称", 50)))]
    #[schema(example = "陶瓷阀芯水龙头")]
    what: String,
    /// In fen: 1250 are 12.50 yuan.
    #[garde(custom(at_most))]
    #[schema(minimum = 0, maximum = 10_000_000, example = 1250)]
    fen: u32,
}

/// What the resident is to pay.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuoteBody {
    /// Of the work itself, in fen. Services without a price charge none.
    #[serde(default)]
    #[garde(custom(at_most))]
    #[schema(minimum = 0, maximum = 10_000_000, example = 0)]
    labour_fen: u32,
    /// At most twenty.
    #[serde(default)]
    #[garde(custom(few("材料", MOST_MATERIALS)), dive)]
    materials: Vec<MaterialBody>,
}

fn at_most<C>(fen: &u32, _: &C) -> Result<(), Error> {
    if *fen <= MOST_FEN {
        Ok(())
    } else {
        Err(Error::new(format!("一笔费用最多 {}，请检查金额（单位是分）", Fen(MOST_FEN))))
    }
}

impl ChargeBody {
    pub fn read(self) -> Result<Charge, Problem> {
        charge(self.labour_fen, self.materials, self.paid_by, "/charge/labour_fen")
    }
}

impl QuoteBody {
    pub fn read(self) -> Result<Charge, Problem> {
        charge(self.labour_fen, self.materials, Payer::Resident, "/labour_fen")
    }
}

/// A charge of nothing is none, and of very much none that neighbours make.
fn charge(labour: u32, materials: Vec<MaterialBody>, paid_by: Payer, pointer: &str) -> Result<Charge, Problem> {
    let material = |body: MaterialBody| Material { what: body.what.trim().to_owned(), cost: Fen(body.fen) };
    let charge = Charge { labour: Fen(labour), materials: materials.into_iter().map(material).collect(), paid_by };
    let fault = |detail: String| Problem::field(pointer, detail);
    match charge.total() {
        Fen(0) => Err(fault("没有金额，请填写工时费或材料费；不收费的，不用填写".to_owned())),
        total if total > Fen(MOST_FEN) => Err(fault(format!("费用合计最多 {}，请检查金额（单位是分）", Fen(MOST_FEN)))),
        _ => Ok(charge),
    }
}
