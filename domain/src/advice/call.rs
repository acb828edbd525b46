/// A number to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    pub number: &'static str,
    /// For people: 「消防救援」.
    pub text: &'static str,
}

impl Call {
    const fn new(number: &'static str, text: &'static str) -> Self {
        Self { number, text }
    }
}

pub(super) const FIRE_BRIGADE: Call = Call::new("119", "消防救援");
pub(super) const POLICE: Call = Call::new("110", "报警");
pub(super) const AMBULANCE: Call = Call::new("120", "医疗急救");
pub(super) const TRAFFIC_POLICE: Call = Call::new("122", "交通事故报警");
/// One number for the whole country since 2025.
pub(super) const PSYCHOLOGICAL_AID: Call = Call::new("12356", "心理援助");
pub(super) const WOMENS_RIGHTS: Call = Call::new("12338", "妇女儿童维权");
pub(super) const COURTS: Call = Call::new("12368", "法院诉讼服务");
pub(super) const LEGAL_AID: Call = Call::new("12348", "公共法律服务");
pub(super) const LABOUR: Call = Call::new("12333", "人力资源和社会保障");
pub(super) const DISCIPLINE: Call = Call::new("12388", "纪检监察举报");
pub(super) const GOVERNMENT: Call = Call::new("12345", "政务服务便民热线");

/// Told with every danger (国办函〔2025〕66号: emergencies are not a hotline's matter).
pub const NOT_AN_EMERGENCY_CHANNEL: &str =
    "这里不是报警和急救渠道，社区不能代替 110、119、120；请先打电话，再下单告诉社区";

/// Where a service itself is about danger, although nothing in the words is.
pub const REMINDER_TEXT: &str = "安全提醒";
pub const REMINDER: &str = "如果正有火情、漏气、有人受伤或被困，请先离开危险的地方并打电话，再下单";
pub const REMINDER_CALLS: &[Call] = &[FIRE_BRIGADE, POLICE, AMBULANCE, TRAFFIC_POLICE];
