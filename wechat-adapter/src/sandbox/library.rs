//! The public template library (公共模板库) of the sandbox: invented, in the
//! manner of the categories that a neighbourhood's mini-program has.

use super::template::TemplateKind;

/// A category (类目) that templates are sorted by.
pub(super) struct Category {
    pub(super) id: u32,
    pub(super) name: &'static str,
}

/// UNVERIFIED: the ids; WeChat's own are read with getcategory.
pub(super) const CATEGORIES: &[Category] = &[
    Category { id: 1001, name: "政务民生 > 街道居委" },
    Category { id: 1002, name: "政务民生 > 政务服务大厅" },
    Category { id: 1101, name: "房地产服务 > 物业管理" },
    Category { id: 1201, name: "生活服务 > 家政服务" },
];

pub(super) struct LibraryTemplate {
    pub(super) tid: u32,
    pub(super) title: &'static str,
    pub(super) kind: TemplateKind,
    pub(super) category: u32,
    pub(super) keywords: &'static [LibraryKeyword],
}

pub(super) struct LibraryKeyword {
    /// Its number in the template: `thing` with 4 becomes `thing4`.
    pub(super) kid: u32,
    pub(super) name: &'static str,
    pub(super) rule: &'static str,
    pub(super) example: &'static str,
    /// For `enum_string`: the values that it may take.
    pub(super) listed: &'static [&'static str],
}

const fn word(kid: u32, name: &'static str, rule: &'static str, example: &'static str) -> LibraryKeyword {
    LibraryKeyword { kid, name, rule, example, listed: &[] }
}

const fn choice(
    kid: u32,
    name: &'static str,
    listed: &'static [&'static str],
    example: &'static str,
) -> LibraryKeyword {
    LibraryKeyword { kid, name, rule: "enum_string", example, listed }
}

const fn one_time(
    tid: u32,
    title: &'static str,
    category: u32,
    keywords: &'static [LibraryKeyword],
) -> LibraryTemplate {
    LibraryTemplate { tid, title, kind: TemplateKind::OneTime, category, keywords }
}

const fn long_term(
    tid: u32,
    title: &'static str,
    category: u32,
    keywords: &'static [LibraryKeyword],
) -> LibraryTemplate {
    LibraryTemplate { tid, title, kind: TemplateKind::LongTerm, category, keywords }
}

pub(super) const LIBRARY: &[LibraryTemplate] = &[
    one_time(
        30101,
        "诉求受理通知",
        1001,
        &[
            word(1, "受理编号", "character_string", "SQ20260130007"),
            word(2, "诉求内容", "thing", "楼道灯不亮"),
            word(3, "受理状态", "phrase", "已受理"),
            word(4, "受理时间", "time", "2026年1月30日 09:15"),
            word(5, "温馨提示", "thing", "请保持电话畅通"),
        ],
    ),
    one_time(
        30102,
        "诉求办结通知",
        1001,
        &[
            word(1, "受理编号", "character_string", "SQ20260130007"),
            word(2, "诉求内容", "thing", "楼道灯不亮"),
            word(3, "办理结果", "thing", "已更换灯泡"),
            word(4, "办结时间", "time", "2026年1月30日 16:40"),
        ],
    ),
    long_term(
        30103,
        "办事进度提醒",
        1002,
        &[
            word(1, "事项名称", "thing", "老年优待证办理"),
            word(2, "当前进度", "phrase", "审核中"),
            word(3, "更新时间", "time", "2026年1月30日 10:00"),
            word(4, "办理单位", "thing", "西苑社区"),
        ],
    ),
    long_term(
        30104,
        "社区通知公告",
        1001,
        &[
            word(1, "标题", "thing", "停水通知"),
            word(2, "发布单位", "thing", "西苑社区居委会"),
            word(3, "发布时间", "time", "2026年1月30日 08:00"),
            word(4, "内容摘要", "thing", "明日九点至十二点停水"),
        ],
    ),
    long_term(
        30105,
        "预约成功通知",
        1002,
        &[
            word(1, "预约事项", "thing", "医保窗口"),
            word(2, "预约时间", "time", "2026年2月2日 09:30"),
            word(3, "办理地点", "thing", "街道服务大厅二楼"),
            word(4, "预约人", "name", "王秀英"),
            word(5, "联系电话", "phone_number", "010-66880000"),
        ],
    ),
    one_time(
        30106,
        "活动报名结果通知",
        1001,
        &[
            word(1, "活动名称", "thing", "重阳节包饺子"),
            choice(2, "报名结果", &["报名成功", "候补中", "报名失败"], "报名成功"),
            word(3, "活动时间", "date", "2026年10月18日"),
            word(4, "活动地点", "thing", "社区活动室"),
        ],
    ),
    one_time(
        30107,
        "投诉建议回复通知",
        1002,
        &[
            word(1, "建议标题", "thing", "增设充电桩"),
            word(2, "回复部门", "thing", "城管科"),
            word(3, "回复时间", "time", "2026年1月30日 14:20"),
            word(4, "回复内容", "thing", "已列入今年计划"),
        ],
    ),
    long_term(
        30108,
        "待办任务提醒",
        1001,
        &[
            word(1, "任务名称", "thing", "上门走访"),
            choice(2, "紧急程度", &["一般", "紧急", "特急"], "紧急"),
            word(3, "截止时间", "time", "2026年1月30日 18:00"),
            word(4, "数量", "number", "3"),
        ],
    ),
    one_time(
        40101,
        "报修进度通知",
        1101,
        &[
            word(1, "工单编号", "character_string", "BX-0042"),
            word(2, "报修内容", "thing", "水管漏水"),
            word(3, "维修状态", "phrase", "已派工"),
            word(4, "维修师傅", "name", "李师傅"),
            word(5, "联系电话", "phone_number", "13800000002"),
        ],
    ),
    one_time(
        40102,
        "物业费缴纳提醒",
        1101,
        &[
            word(1, "房屋", "thing", "西苑3号楼2单元501"),
            word(2, "账期", "date", "2026年1月"),
            word(3, "应缴金额", "amount", "￥120.50"),
            word(4, "截止日期", "date", "2026年2月15日"),
        ],
    ),
    one_time(
        40103,
        "访客到访通知",
        1101,
        &[
            word(1, "访客姓名", "name", "张三"),
            word(2, "车牌号", "car_number", "京A12345"),
            word(3, "到访时间", "time", "2026年1月30日 15:00"),
            word(4, "来访事由", "thing", "探亲"),
        ],
    ),
    one_time(
        50101,
        "家政服务上门提醒",
        1201,
        &[
            word(1, "服务项目", "thing", "日常保洁两小时"),
            word(2, "上门时间", "time", "2026年2月1日 14:00~16:00"),
            word(3, "服务人员", "name", "赵阿姨"),
            word(4, "费用", "amount", "80元"),
        ],
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::api::template_value::KeywordKind;

    #[test]
    fn tids_are_unique_and_categories_exist() {
        let tids: HashSet<_> = LIBRARY.iter().map(|template| template.tid).collect();
        assert_eq!(tids.len(), LIBRARY.len());
        assert!(LIBRARY.iter().all(|template| CATEGORIES.iter().any(|category| category.id == template.category)));
    }

    #[test]
    fn every_example_keeps_its_own_rule() {
        for keyword in LIBRARY.iter().flat_map(|template| template.keywords) {
            match KeywordKind::of_key(keyword.rule) {
                Some(kind) => assert_eq!(kind.check(keyword.example), Ok(()), "{}", keyword.example),
                None => assert!(keyword.listed.contains(&keyword.example), "{}", keyword.example),
            }
        }
    }
}
