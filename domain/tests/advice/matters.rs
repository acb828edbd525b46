use domain::advice::{Matter, advise};
use strum::IntoEnumIterator;

const ELSEWHERE: &[(Matter, &[&str])] = &[
    (
        Matter::Discipline,
        &[
            "举报社区书记贪污低保款",
            "村主任侵吞集体土地补偿款",
            "居委会主任收了红包才给办低保",
            "街道办干部吃拿卡要",
            "社区工作人员索要好处费",
            "我要向纪委举报张书记",
            "派出所民警收受贿赂",
            "书记公款吃喝，还带家属旅游",
            "实名举报村支书违纪",
            "街道主任以权谋私，把公益岗位给了亲戚",
            "检举网格员优亲厚友",
            "社区李主任，收受物业好处，把项目包给亲戚",
            "请纪委的同志查处这个贪官",
            "副局长受贿三十万元，我有证据",
        ],
    ),
    (
        Matter::Litigation,
        &[
            "法院已经判决了，对方不执行",
            "我和邻居打官司，一审输了",
            "案子正在诉讼",
            "物业已起诉我",
            "请督促法院强制执行",
        ],
    ),
    (Matter::Arbitration, &["公司拖欠工资，已经申请仲裁", "劳动仲裁裁决下来了，公司不给钱"]),
    (Matter::AdministrativeReview, &["对罚款不服，想申请行政复议", "复议决定书什么时候下来"]),
    (Matter::InformationDisclosure, &["申请拆迁补偿标准的信息公开", "我要依申请公开小区规划"]),
    (Matter::Petition, &["我的信访件什么时候答复", "信访事项办到哪一步了", "对信访答复不满意"]),
    (
        Matter::PersonalData,
        &["帮我查一下楼上住户的电话号码", "请提供302业主的手机号", "想看一下昨天的监控录像", "告诉我前夫现在住哪"],
    ),
    (Matter::Unlawful, &["帮我开个假证明", "哪里可以办假证", "想找人教训他一顿"]),
];

/// Every word of this is a community's, or at least one that it may hear.
const OURS: &[&str] = &[
    "垃圾腐败发臭",
    "菜市场扔的菜叶都腐败了，书记快来看看",
    "举报噪音",
    "举报楼下饭店违规排烟",
    "举报邻居私搭乱建",
    "物业经理贪污维修基金",
    "业委会主任侵吞公共收益",
    "业委会主任收了物业的好处",
    "幼儿园班主任收红包",
    "如果不解决，我就向纪委举报",
    "再不修我就去纪委举报你们书记",
    "书记您好，路灯坏了",
    "感谢书记，感谢社区",
    "请社区主任帮忙协调",
    "主任态度不好",
    "街道办不作为，电话没人接",
    "网格员从来不上门",
    "社区工作人员态度差，让我跑了三趟",
    "希望公开低保名单，避免干部优亲厚友",
    "反腐倡廉讲座什么时候",
    "社区书记讲廉政课，主题是反腐败",
    "书记给我们讲的防止贪污的案例很好",
    "村干部有没有贪污？怀疑而已",
    "发红包抢红包活动",
    "春节社区发福利，主任给孩子发红包",
    "小区停车费去向不明",
    "楼上漏水，协商不成",
    "调解邻里纠纷",
    "社区电话是多少，办公室在哪里",
    "检查一下楼道电线",
    "身份证丢了怎么补办",
    "小区监控坏了",
    "查一下我的医保缴费",
    "希望公开停车收费标准",
    "居委会选举什么时候公示",
    "自行车被偷，希望装监控",
];

#[test]
fn other_offices_matters_are_told_their_route() {
    for (matter, letters) in ELSEWHERE {
        for words in *letters {
            assert_eq!(advise("", words).elsewhere, Some(*matter), "{words}");
        }
    }
    for matter in Matter::iter() {
        assert!(ELSEWHERE.iter().any(|(named, _)| *named == matter), "{matter} is not tried");
        assert!(!matter.route().is_empty() && !matter.text().is_empty());
    }
}

#[test]
fn what_is_ours_passes() {
    for words in OURS {
        assert_eq!(advise("", words).elsewhere, None, "{words}");
    }
}

#[test]
fn only_discipline_is_turned_away_and_not_even_that_in_danger() {
    for matter in Matter::iter() {
        assert_eq!(matter.may_submit(), matter != Matter::Discipline, "{matter}");
    }
    assert!(!advise("", "举报社区书记贪污低保款").may_submit());
    let both = advise("楼道着火了", "举报社区书记贪污低保款");
    assert!(both.emergency.is_some() && both.may_submit());
}
