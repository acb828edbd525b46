//! Reading Chinese text by tables of words: which words stand in which clause, and whether they are meant.

use std::collections::HashSet;

/// Characters that `…` in a sign may stand for.
const GAP: usize = 8;

const SENTENCE_ENDS: &[char] = &['。', '！', '!', '？', '?', '；', ';', '\n', '\r'];
const CLAUSE_ENDS: &[char] =
    &['，', ',', '、', '：', ':', ' ', '\t', '\u{3000}', '（', '）', '(', ')', '“', '”', '"', '…', '~', '～', '—', '.'];

/// What somebody wrote, by sentences and clauses.
pub(super) struct Text<'a> {
    parts: Vec<&'a str>,
    characters: HashSet<char>,
    sentences: Vec<Vec<&'a str>>,
}

/// One clause and those before it in the same sentence.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub earlier: &'a [&'a str],
    pub clause: &'a str,
    pub sentence: &'a [&'a str],
}

/// Where a sign stands in a clause.
#[derive(Clone, Copy)]
pub(super) struct Found<'a> {
    pub before: &'a str,
    pub after: &'a str,
}

/// A group of signs, separated by spaces. `…` between two parts stands for a few characters; a part behind `+` must stand
/// somewhere in the same sentence.
pub(super) struct Signs {
    pub words: &'static str,
    /// Everyday words that a sign hides in.
    pub harmless: &'static str,
    /// What makes them mean something else.
    pub excuses: &'static [Excuse],
}

/// Why danger that is written of is not danger now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Excuse {
    /// Somebody wants to prevent it, or says how easily it comes.
    Prevention,
    /// Somebody is afraid of it.
    Fear,
    Maybe,
    /// What would be if.
    If,
    /// It was.
    Past,
    /// It happens all the time.
    Habit,
}

pub(super) const ALL_EXCUSES: &[Excuse] =
    &[Excuse::Prevention, Excuse::Fear, Excuse::Maybe, Excuse::If, Excuse::Past, Excuse::Habit];

impl Excuse {
    fn words(self) -> &'static str {
        match self {
            Self::Prevention => {
                "容易 极易 更易 易引 易发 易造成 会发生 会引 会导致 会造成 可出现 能引发 防止 预防 避免 以免 以防 \
                 防范 谨防 严防 免得 杜绝 减少 禁止 严禁 建议 应对 考虑到 会不会 都会 将会 就会 也会 才会 不会 还会 \
                 是否 有没有 能否"
            }
            Self::Fear => "怕 担心 担忧 隐患 差点 险些 随时 威胁 扬言",
            Self::Maybe => "可能 疑似",
            Self::If => {
                "如果 要是 万一 一旦 假如 倘若 假设 假使 若是 若有 若不 若发生 若出现 若因 若遇 试想 比如 例如 \
                 譬如 只要 即使 哪怕"
            }
            Self::Past => {
                "曾 以前 之前 去年 前年 上个月 上月 上周 上星期 前几天 前两天 前天 前些天 前些日子 前段时间 前不久 \
                 那次 那天 当时 昨天 昨晚 昨日 年前 近几年 这几年 早年 历年 每年 有一次 年来 以来 历史 发生过 出过 有过"
            }
            Self::Habit => {
                "天天 每天 经常 常常 时常 频繁 频频 多次 多起 几起 长期 每次 总是 屡次 屡屡 各种 常有 常年 不时 偶尔 \
                 有时 每到 数次 几次 时有"
            }
        }
    }

    /// Some words speak of their own clause only, others of the whole sentence after them.
    fn reaches_on(self) -> bool {
        match self {
            Self::Prevention | Self::Fear | Self::Maybe => false,
            Self::If | Self::Past | Self::Habit => true,
        }
    }

    pub fn is_said_before(self, place: Place<'_>, before: &str) -> bool {
        let said_in = |text: &str| has_any(text, self.words()) || (self == Self::Past && is_dated(text));
        said_in(before) || (self.reaches_on() && place.earlier.iter().any(|clause| said_in(clause)))
    }
}

/// Directly before a sign: it is not so.
const DENIALS: &str = "没有 没 未 不是 并非 不 别 勿 非 防 反 未发生 没有发生 没发生 没有人 没人 未被 没被 没有被 不会被 不能被 \
                       不再发生";
/// Behind a sign: it is talked about.
const TALK: &str = "隐患 风险 事件 演练 演习 知识 培训 宣传 预案 保险 的可能 原因 地点 频发 身亡 赔偿 责任 的时候 高发 险情 时有 \
                    过一次 报警器 探测 检查 检测 讲座 能力 概率 几率 现象 案 后果 等等 等问题 等隐患 等事故 以前 之前 以后 之后 新闻 \
                    善后 认定 烧过 的发生";
/// It is now, whatever the clauses before it say.
const NOW: &str = "现在 正在 正被 此刻 救命 快来 快救 救救 速来 赶快来 赶紧来 急急急 求救 刚刚 刚才 马上";

impl<'a> Text<'a> {
    pub fn of(parts: &[&'a str]) -> Self {
        let sentences = parts.iter().flat_map(|part| part.split(SENTENCE_ENDS));
        let clauses = |sentence: &'a str| sentence.split(CLAUSE_ENDS).filter(|clause| !clause.is_empty()).collect();
        let characters = parts.iter().flat_map(|part| part.chars()).collect();
        Self { parts: parts.to_vec(), characters, sentences: sentences.map(clauses).collect() }
    }

    /// Those of the signs that begin anywhere in the text: mostly none, and then nothing else need be looked at.
    pub fn mentioned<'s>(&self, signs: &'s str) -> Vec<&'s str> {
        let begins = |sign: &&str| {
            let first = sign.split(['…', '+']).next().unwrap_or(sign);
            first.chars().all(|c| self.characters.contains(&c)) && self.parts.iter().any(|part| part.contains(first))
        };
        signs.split_whitespace().filter(begins).collect()
    }

    pub fn places(&self) -> impl Iterator<Item = Place<'_>> {
        self.sentences.iter().flat_map(|sentence| {
            sentence.iter().enumerate().map(|(n, clause)| {
                let earlier = sentence.get(..n).unwrap_or_default();
                Place { earlier, clause, sentence }
            })
        })
    }
}

impl<'a> Place<'a> {
    /// Wherever the sign stands in the clause, in the company that it wants.
    fn find(self, sign: &'a str) -> impl Iterator<Item = Found<'a>> {
        let mut parts = sign.split('+');
        let alone = parts.next().unwrap_or(sign);
        let is_in_company = parts.all(|part| self.sentence.iter().any(|clause| clause.contains(part)));
        find(self.clause, alone).filter(move |_| is_in_company)
    }
}

impl Signs {
    /// Whether one of the signs stands in the text and is meant.
    pub fn are_meant_in(&self, text: &Text<'_>) -> bool {
        let signs = text.mentioned(self.words);
        !signs.is_empty() && text.places().any(|place| self.are_meant_at(&signs, place))
    }

    fn are_meant_at(&self, signs: &[&str], place: Place<'_>) -> bool {
        if !signs.iter().any(|sign| place.find(sign).next().is_some()) {
            return false;
        }
        let clause = without(place.clause, self.harmless);
        let place = Place { clause: &clause, ..place };
        signs.iter().any(|sign| place.find(sign).any(|found| self.is_meant(place, found)))
    }

    fn is_meant(&self, place: Place<'_>, found: Found<'_>) -> bool {
        if is_denied(found) || is_talk(found) {
            return false;
        }
        let place = if has_any(place.clause, NOW) { Place { earlier: &[], ..place } } else { place };
        !self.excuses.iter().any(|excuse| excuse.is_said_before(place, found.before))
    }
}

/// Wherever the sign stands in the clause.
pub(super) fn find<'a>(clause: &'a str, sign: &'a str) -> impl Iterator<Item = Found<'a>> {
    let (first, rest) = sign.split_once('…').map_or((sign, None), |(first, rest)| (first, Some(rest)));
    clause.match_indices(first).filter_map(move |(at, _)| {
        let (before, from) = clause.split_at(at);
        let behind = from.strip_prefix(first)?;
        let after = rest.map_or(Some(behind), |rest| follow(behind, rest))?;
        Some(Found { before, after })
    })
}

/// What stands behind the parts of a sign, where each follows the one before it closely.
fn follow<'a>(text: &'a str, parts: &str) -> Option<&'a str> {
    parts.split('…').try_fold(text, |text, part| {
        let (gap, behind) = text.split_once(part)?;
        (gap.chars().count() <= GAP).then_some(behind)
    })
}

pub(super) fn has_any(text: &str, words: &str) -> bool {
    words.split_whitespace().any(|word| text.contains(word))
}

/// The clause with a blank in place of each of these words.
pub(super) fn without(clause: &str, words: &str) -> String {
    words.split_whitespace().fold(clause.to_owned(), |clause, word| clause.replace(word, "□"))
}

pub(super) fn is_denied(found: Found<'_>) -> bool {
    DENIALS.split_whitespace().any(|denial| found.before.ends_with(denial))
}

fn is_talk(found: Found<'_>) -> bool {
    has_any(found.after, TALK) || (found.after.starts_with('后') && !found.after.starts_with("后面"))
}

/// `2019年`, `4月`, `三日`: people who are in danger give no dates.
fn is_dated(text: &str) -> bool {
    let mut before = ' ';
    text.chars().any(|c| {
        let is_number = before.is_ascii_digit() || ('０'..='９').contains(&before);
        let is_spelt = "一二三四五六七八九十".contains(before);
        before = c;
        match c {
            '年' => is_number,
            '月' | '日' => is_number || is_spelt,
            _ => false,
        }
    })
}
