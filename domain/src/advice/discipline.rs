//! Complaints about the conduct of cadres, which a community may not even read. Nothing else is turned away, so this
//! must never catch more: it wants an office and a crime of office in the same breath, said as a fact.

use super::text::{Excuse, Found, Place, Text, find, has_any, is_denied, without};

/// Who is under the supervision of the discipline inspection (监察法, art. 15).
const OFFICES: &str = "书记 主任 干部 公务员 局长 镇长 乡长 县长 区长 市长 科长 处长 所长 站长 村长 支书 村官 村委 居委会 社区工作人员 \
                       党员 民警 警察 派出所 法官 检察官 城管 执法人员 执法队 公职人员 政府工作人员 国家工作人员 街道办 办事处 \
                       街道领导 社区领导 镇领导 区领导 县领导 市领导 局领导 队长 组长 网格员 官员";
/// Who sounds like it and is not.
const NO_OFFICES: &str =
    "业委会主任 业主委员会主任 业委会副主任 班主任 物业主任 科室主任 车间主任 办公室主任 筹备组组长 楼组长";
/// Crimes that nobody without an office commits.
const CRIMES: &str = "贪污 受贿 索贿 收受…贿赂 收贿 收受…红包 收…黑钱 收了…红包 收红包 收了…好处 收受…好处 收好处 收取…好处费 \
                      索要…好处 索要…红包 吃拿卡要 以权谋私 挪用公款 侵吞…公款 侵吞…集体 侵吞…国家 侵吞…低保 侵吞…补贴 \
                      侵吞…补偿 侵吞…扶贫 挪用…扶贫 挪用…低保 挪用…补贴 挪用…救灾 私分…公款 私分…集体 公款吃喝 公款旅游 \
                      公款送礼 公款私用 公款…修建 买官卖官 权钱交易 权色交易 贪赃枉法 贪腐 中饱私囊 八项规定 职务犯罪";
/// Words that people also use when they are only angry: they count where somebody reports them.
const MISCONDUCT: &str = "滥用职权 违法违纪 违纪违法 违纪 徇私舞弊 徇私枉法 优亲厚友 玩忽职守 渎职 腐败 违反党纪";
const REPORTS: &str = "举报 检举 控告 揭发";
/// Says itself where it wants to go.
const ADDRESSED: &str = "向纪委举报 向纪检…举报 向监委举报 转交纪委 转给纪委 请纪委…查处";
const HARMLESS: &str = "反腐败 反贪 防腐 贪污犯 腐败变质 腐败发臭 腐败的垃圾 食物腐败";
/// Before it: a question, a guess, a threat, a quotation of the law.
const NOT_AS_A_FACT: &str = "是不是 是否 会不会 难道 有没有 怀疑 嫌疑 担心 怕 防止 避免 杜绝 严禁 禁止 不得 预防 容易 可能 滋生 建议 \
                             请问 如何 怎么 为什么 凭什么 谁 宣传 学习 讲座 培训 依法给予 处分 构成 就向 我就 我会 我要去 \
                             我们会 将向 再不 会向 准备向 已向 已经向 曾向 只能";
const NOT_AS_A_FACT_BEHIND: &str = "的可能 吗 风险 现象 讲座 宣传 教育 案例 展览";
/// Characters between the office and the crime.
const BREATH: usize = 30;
const SHORT_BREATH: usize = 12;

pub(super) fn is_reported_in(text: &Text<'_>) -> bool {
    let [crimes, misconduct, addressed] = [CRIMES, MISCONDUCT, ADDRESSED].map(|signs| text.mentioned(signs));
    let any = [&crimes, &misconduct, &addressed].into_iter().any(|signs| !signs.is_empty());
    any && text.places().any(|place| {
        let reports = || place.sentence.iter().any(|clause| has_any(clause, REPORTS));
        let clause = without(&without(place.clause, HARMLESS), NO_OFFICES);
        let accuses = |signs: &[&str]| accusations(place, &clause, signs).any(|found| has_an_office(place, found));
        accuses(&crimes)
            || (reports() && accuses(&misconduct))
            || accusations(place, &clause, &addressed).next().is_some()
    })
}

/// Where one of the signs is said as a fact.
fn accusations<'a>(place: Place<'a>, clause: &'a str, signs: &'a [&'a str]) -> impl Iterator<Item = Found<'a>> {
    signs.iter().flat_map(|sign| find(clause, sign)).filter(move |found| {
        !is_denied(*found)
            && !has_any(found.before, NOT_AS_A_FACT)
            && !has_any(found.after, NOT_AS_A_FACT_BEHIND)
            && !Excuse::If.is_said_before(place, found.before)
    })
}

fn has_an_office(place: Place<'_>, found: Found<'_>) -> bool {
    has_any(&end_of(place, found.before), OFFICES) || has_any(&start_of(found.after), OFFICES)
}

/// The last characters before the crime, from the two clauses before it too.
fn end_of(place: Place<'_>, before: &str) -> String {
    let skipped = place.earlier.len().saturating_sub(2);
    let earlier: String = place.earlier.iter().skip(skipped).copied().collect();
    let said = without(&(earlier + before), NO_OFFICES);
    let skipped = said.chars().count().saturating_sub(BREATH);
    said.chars().skip(skipped).collect()
}

fn start_of(after: &str) -> String {
    after.chars().take(SHORT_BREATH).collect()
}
