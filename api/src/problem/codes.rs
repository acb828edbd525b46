//! The table of everything that can go wrong, as clients see it.

use strum::{EnumIter, IntoStaticStr};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident => $status:literal, $title:literal;)+) => {
        /// Stable code → HTTP status → title. Never renamed; clients branch on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
        #[strum(serialize_all = "snake_case")]
        pub enum Code {
            $($(#[$doc])* $name,)+
        }

        impl Code {
            pub fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)+
                }
            }

            /// For people, in a few words.
            pub fn title(self) -> &'static str {
                match self {
                    $(Self::$name => $title,)+
                }
            }

            pub fn name(self) -> &'static str {
                self.into()
            }
        }
    };
}

codes! {
    /// The body is not JSON at all.
    InvalidJson => 400, "内容格式不对";
    /// A header, path or query parameter cannot be read.
    BadRequest => 400, "请求不对";
    /// No access token, or one that is not valid (any more).
    Unauthenticated => 401, "请先登录";
    /// A refresh token that is not valid; its session is closed if the token was used before.
    InvalidRefreshToken => 401, "登录已失效";
    /// WeChat does not accept the code from wx.login.
    WechatCodeRejected => 401, "微信登录失败";
    /// WeChat blocked this person.
    WechatBlocked => 403, "微信限制登录";
    /// Others give it; the answer says who.
    CertificateNotIssued => 422, "社区不开具这类证明";
    /// WeChat's check found the words risky; nothing was kept.
    ContentRefused => 422, "内容不能提交";
    NotPermitted => 403, "没有权限";
    /// A service that others order.
    NotForYou => 403, "不能下这个单";
    /// A link to a photo that expired or was changed.
    LinkExpired => 403, "链接已失效";
    /// Does not exist, or is not yours to see.
    NotFound => 404, "没有找到";
    MethodNotAllowed => 405, "不支持这种操作";
    NotAcceptable => 406, "不支持这种返回格式";
    RequestTimeout => 408, "请求超时";
    WrongState => 409, "现在不能这样做";
    WrongDispatchState => 409, "现在不能这样做";
    LeadMissing => 409, "还没有主办单位";
    LeadExists => 409, "已有主办单位";
    PartnerBusy => 409, "该单位已有派单";
    PartnerSuspended => 409, "该单位暂停派单";
    /// A paper of the partner's ran out.
    LicenceExpired => 409, "该单位证照到期";
    AgreementEnded => 409, "该单位协议到期";
    AgreementNotBegun => 409, "该单位协议尚未生效";
    PartnerOffDuty => 409, "该单位不在岗";
    /// It holds as many open dispatches as it may.
    PartnerFull => 409, "该单位已满";
    ContactNotAgreed => 409, "居民未同意";
    LeadNotCompleted => 409, "主办单位未完工";
    /// The service is not done by the community itself.
    HandlerNeeded => 409, "需要先派单";
    /// A photo or a signature that the service asks for.
    ProofMissing => 409, "办结凭据不全";
    /// The work of this service is given; only materials may be charged.
    LabourNotCharged => 409, "不收工时费";
    /// A resident pays what they agreed to, and no more.
    ChargeNotAgreed => 409, "居民还没有同意";
    /// Another quote stands by now.
    QuoteChanged => 409, "报价已有变化";
    QuoteAnswered => 409, "报价已答复";
    SlotClosed => 409, "时段已停止预约";
    SlotPast => 409, "时段已过";
    /// No seat is free, and nobody waits here.
    SlotFull => 409, "时段已约满";
    TooManyBookings => 409, "已约过这项服务";
    BookedAlready => 409, "已约在这个时段";
    TooLateToMove => 409, "来不及改约";
    BookingEnded => 409, "预约已结束";
    /// Nobody can have been missing yet.
    TooEarly => 409, "还没到时间";
    /// Fewer seats than are taken.
    SeatsTaken => 409, "已约人数超过名额";
    /// Another version of the service stands by now.
    ServiceChanged => 409, "服务已有变化";
    /// The place keeps the line, and nothing above it does.
    NoCatalogue => 409, "上级没有这项服务";
    ReopenTooLate => 409, "已过重办期限";
    ReopenLimit => 409, "重办次数已满";
    AlreadyRated => 409, "已经评价过";
    MergeIntoItself => 409, "不能并单";
    MergeAcrossCommunities => 409, "不能并单";
    MergeSealed => 409, "不能并单";
    MergeSupervised => 409, "不能并单";
    MergeTargetClosed => 409, "不能并单";
    /// A role is accepted by somebody whose phone number WeChat has verified.
    PhoneNeeded => 409, "请先绑定手机号";
    SecondFactorOn => 409, "两步验证已开启";
    SecondFactorOff => 409, "没有设置两步验证";
    /// Hours are noted when the work is done.
    WorkNotDone => 409, "还没有办完";
    /// Once for each person and order.
    HoursNoted => 409, "时长已登记";
    HoursConfirmed => 409, "时长已确认";
    /// Somebody made the call before.
    CallMade => 409, "电话已打过";
    /// Out of a sealed matter, or one that came to nothing, no campaign grows.
    CampaignImpossible => 409, "不能发起专项行动";
    CampaignClosed => 409, "专项行动已结束";
    CampaignFull => 409, "户数太多";
    /// The door is in the campaign already.
    HouseholdKnown => 409, "这户已在名单里";
    /// One record of a household in a round.
    VisitRecorded => 409, "这一轮已登记";
    VisitNotDue => 409, "不需要登记";
    /// A message that arrived, or is no message, is not sent again.
    CannotRequeue => 409, "不能重发";
    /// Units or rooms lie in it.
    AddressInUse => 409, "还有下级地址";
    /// A person has only so many homes.
    TooManyResidences => 409, "住址太多";
    /// No account that the community keeps fits to the number and the name.
    NothingToMerge => 409, "没有可以合并的账号";
    /// The code of a delegation is unknown, used or expired.
    DelegationCodeInvalid => 409, "授权码不能使用";
    /// The words of the order are gone; nothing is done with it any more.
    OrderErased => 409, "内容已删除";
    /// A mediator was appointed: what concerns the matter is said there.
    UnderMediation => 409, "正在调解";
    /// The case must be closed before its order is resolved.
    MediationOpen => 409, "调解还没有结束";
    /// Not an order for a quarrel between neighbours.
    NotForMediation => 409, "不能调解";
    /// Nobody but whoever asked for the mediation takes part yet.
    PartiesMissing => 409, "还没有对方当事人";
    NotAgreedByAll => 409, "协议没有全部确认";
    /// The code of an invitation is unknown, used or expired.
    MediationCodeInvalid => 409, "邀请码不能使用";
    /// A case holds only so many parties, sessions and statements.
    MediationFull => 409, "内容太多";
    /// A role must be left before the account is closed.
    HoldsRole => 409, "还有职务在身";
    /// Another version of the text is in force.
    ConsentOutdated => 409, "说明已更新";
    /// A child under 14 cannot agree to this; a guardian can.
    GuardianNeeded => 409, "需要监护人同意";
    /// Others keep changing the order.
    Contended => 409, "请稍后再试";
    /// The version in If-Match is not the present one.
    VersionMismatch => 412, "订单已有变化";
    /// A ticket for signing in at a desk ran out, was declined, or was used.
    TicketGone => 410, "二维码已失效";
    PayloadTooLarge => 413, "内容太大";
    UnsupportedMediaType => 415, "不支持的内容类型";
    /// Well-formed, but fields are missing, unknown or out of bounds; see `errors`.
    InvalidFields => 422, "有内容需要修改";
    /// A code that somebody typed is wrong, or was used before.
    VerificationFailed => 422, "验证没有通过";
    /// A complaint about the conduct of cadres, which a community may not even read; nothing was kept.
    DisciplineMatter => 422, "请向纪检监察机关反映";
    /// A sheet that cannot be taken; each fault stands in `errors`, and nothing was imported.
    SheetRefused => 422, "表格没有导入";
    /// Not a sheet that is read here.
    SheetUnsupported => 415, "表格格式不支持";
    /// The same Idempotency-Key came with another request.
    KeyReused => 422, "重复的请求编号";
    /// A photo does not exist, is not yours or is used already.
    PhotoUnavailable => 422, "照片不能使用";
    PhotoTooLarge => 413, "照片太大";
    PhotoTooManyPixels => 422, "照片尺寸太大";
    PhotoHeic => 415, "照片格式不支持";
    PhotoUnsupported => 415, "照片格式不支持";
    PhotoBroken => 422, "照片不完整";
    PhotoCannotReencode => 422, "照片无法处理";
    TooManyRequests => 429, "操作太快了";
    /// Too many wrong tries: nothing is judged for a while, see Retry-After.
    Locked => 429, "请稍后再试";
    Internal => 500, "系统出错了";
    /// WeChat does not answer as it should.
    WechatUnavailable => 502, "微信暂时没有响应";
    Unavailable => 503, "服务暂时不可用";
    /// Photos cannot be stored now; everything else works.
    PhotosUnavailable => 503, "暂时不能上传照片";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_code_is_unique_and_an_error() {
        let names: BTreeSet<_> = Code::iter().map(Code::name).collect();
        assert_eq!(names.len(), Code::iter().count());
        assert!(Code::iter().all(|c| (400..600).contains(&c.status())));
    }
}
