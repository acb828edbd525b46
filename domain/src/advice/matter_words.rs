use super::Matter;
use super::discipline;
use super::text::{Excuse, Signs, Text};

/// The first that is in the text; discipline before all others, because it alone is turned away.
pub(super) fn matter_in(text: &Text<'_>) -> Option<Matter> {
    if discipline::is_reported_in(text) {
        return Some(Matter::Discipline);
    }
    TABLE.iter().find(|(_, signs)| signs.are_meant_in(text)).map(|(matter, _)| *matter)
}

const HYPOTHESES: &[Excuse] = &[Excuse::Prevention, Excuse::If];

#[rustfmt::skip]
const TABLE: &[(Matter, Signs)] = &[
    (Matter::Litigation, Signs {
        words: "法院…判决 法院…裁定 法院…立案 判决书 裁定书 一审 二审 终审 再审 强制执行 申请执行 拒不执行…判决 \
                已起诉 已经起诉 起诉到法院 诉至法院 告到法院 正在诉讼 诉讼中 开庭 打官司 打了官司 官司",
        harmless: "一审批 吃官司 法院立案庭",
        excuses: HYPOTHESES,
    }),
    (Matter::Arbitration, Signs {
        words: "劳动仲裁 仲裁委 仲裁院 仲裁庭 仲裁裁决 申请仲裁 仲裁书",
        harmless: "",
        excuses: HYPOTHESES,
    }),
    (Matter::AdministrativeReview, Signs {
        words: "行政复议 复议决定 申请复议",
        harmless: "",
        excuses: HYPOTHESES,
    }),
    (Matter::InformationDisclosure, Signs {
        words: "申请…信息公开 政府信息公开 依申请公开 公开…政府信息",
        harmless: "",
        excuses: HYPOTHESES,
    }),
    (Matter::Petition, Signs {
        words: "信访答复 信访…受理 信访件 信访事项 信访复查 信访…复核 信访…登记 信访编号 正在信访 已…信访 信访局…办理 信访局…答复",
        harmless: "",
        excuses: HYPOTHESES,
    }),
    (Matter::PersonalData, Signs {
        words: "查…电话号码 查…手机号 查…住址 查…身份证 查…个人信息 查…行踪 查…开房 查…通话记录 \
                提供…手机号 提供…电话号码 提供…住址 提供…身份证号 告诉我…住址 告诉我…电话 告诉我…住哪 要…业主信息 \
                看…监控录像 查…监控录像 调…监控录像 车主…电话 车主…联系方式 人肉搜索",
        harmless: "核查 检查 排查 巡查 摸排 社区电话 社区的电话",
        excuses: HYPOTHESES,
    }),
    (Matter::Unlawful, Signs {
        words: "开…假证明 出…假证明 办假证 办…假证 伪造…证明 伪造公章 开虚假证明 开具虚假 代开假 买毒品 买枪 找人教训 找人打他",
        harmless: "",
        excuses: HYPOTHESES,
    }),
];
