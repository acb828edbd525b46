use std::sync::LazyLock;

use chrono::NaiveDate;

use super::{Certificate, Line, Ruling};

/// 民政部等六部门《关于改进和规范基层群众性自治组织出具证明工作的指导意见》, whose list (第一批) names these kinds.
pub const BASIS: &str = "民发〔2020〕20号";

/// The day on which the ministry published it; nobody could know of it before.
fn since() -> NaiveDate {
    NaiveDate::from_ymd_opt(2020, 4, 28).unwrap_or_default()
}

/// key, name, words by which people ask for it, who gives it, what to do. The kinds are the list's; who gives them and the
/// sentences are ours, for people, and say no more than what is usual everywhere.
type Row = (&'static str, &'static str, &'static [&'static str], &'static str, &'static str);

#[rustfmt::skip]
const KINDS: [Row; 20] = [
    ("kinship", "亲属关系证明", &["亲属", "母子关系", "父子关系", "父女关系", "母女关系", "直系"], "公安派出所、公证机构",
        "户口本、结婚证、出生医学证明可直接证明亲属关系；都没有的，请到曾经同户的公安派出所查询，或到公证机构办理"),
    ("identity", "居民身份信息证明", &["身份信息", "户籍", "同一人", "曾用名", "身份", "居民身份"], "公安派出所",
        "身份证、户口本就是证明；需要户籍信息的，请到户籍地公安派出所办理"),
    ("household_change", "户口登记项目内容变更申请证明", &["户口变更", "户口登记", "改名", "更改姓名", "变更姓名", "变更民族"], "户籍地公安派出所",
        "请本人直接到户籍地公安派出所申请变更，不需要社区证明"),
    ("dog", "居民养犬证明", &["养犬", "养狗", "犬证", "狗证"], "养犬登记机关",
        "请直接到所在区的养犬登记机关（公安派出所或城管部门）登记，不需要社区证明"),
    ("no_crime", "无犯罪记录证明", &["无犯罪", "犯罪记录", "政审", "无违法"], "公安派出所",
        "请到户籍地或居住地的公安派出所申请，也可以网上办理"),
    ("rehabilitation", "社区戒毒社区康复人员情况证明", &["戒毒", "社区康复", "表现证明"], "街道办事处、公安机关",
        "请到街道办事处负责社区戒毒康复的部门，或公安机关办理"),
    ("missing_person", "人员失踪证明", &["失踪", "走失", "下落不明", "失联"], "公安派出所、人民法院",
        "人走失了请马上拨打 110 报警；宣告失踪请向人民法院申请"),
    ("marriage", "婚姻状况证明", &["婚姻", "单身", "未婚", "已婚", "离婚", "结婚", "分居", "丧偶", "夫妻", "再婚", "配偶"], "婚姻登记机关",
        "结婚证、离婚证可直接证明；需要查询登记档案的，请到婚姻登记机关办理。分居情况社区不能证明"),
    ("birth", "出生证明", &["出生"], "助产机构、卫生健康部门",
        "请到出生的医院办理《出生医学证明》；遗失补办的，请咨询卫生健康部门"),
    ("alive", "健在证明", &["健在", "在世", "生存", "活着"], "人力资源社会保障部门",
        "领取养老金的资格认证可以在手机上刷脸办理，也可以到社保经办机构办理；不会用手机的，可以请社区帮办"),
    ("death", "死亡证明", &["死亡", "去世", "过世", "病故", "身故", "逝世"], "医疗卫生机构、公安机关",
        "在医院或家中去世的，由医疗卫生机构开具《死亡医学证明》；非正常死亡的，请联系公安机关"),
    ("illness", "疾病状况证明", &["疾病", "病情", "急诊", "意外伤害", "受伤"], "就诊的医疗机构",
        "请到就诊的医院开具诊断证明；意外受伤的，出险经过请向保险公司说明"),
    ("disability", "残疾状况证明", &["残疾"], "残疾人联合会",
        "残疾人证可直接证明；还没有办证的，请到区残联申请"),
    ("childbearing", "婚育状况证明", &["婚育", "生育", "准生", "计生"], "街道办事处卫生健康部门",
        "生育登记请到街道办事处办理，也可以网上登记"),
    ("employment", "居民就业状况证明", &["就业", "失业", "无业", "待业", "工作证明"], "用人单位、人力资源社会保障部门",
        "在职的请找用人单位；失业登记请到人力资源社会保障部门办理"),
    ("personal_file", "居民个人档案证明", &["档案"], "保管档案的单位",
        "请到保管档案的单位，或公共就业和人才服务机构查询"),
    ("property", "居民财产证明", &["财产", "收入", "房产", "存款", "车辆", "资产", "无房", "房屋所有", "产权", "工资", "薪资"], "不动产登记机构、银行、税务等部门",
        "房产请到不动产登记机构查询，存款请到银行，车辆请到车辆管理所，收入请找单位或税务部门"),
    ("inheritance", "遗产继承权证明", &["遗产", "继承"], "公证机构、人民法院",
        "请到公证机构办理继承公证；有争议的，请向人民法院起诉"),
    ("business_premises", "市场主体住所证明", &["市场主体", "住改商", "经营场所", "住所登记", "注册地址", "营业执照住所", "营业场所", "办公场所"], "市场监督管理部门",
        "请凭房产证或租赁合同到市场监督管理部门登记，不需要社区证明"),
    ("lost_papers", "证件遗失证明", &["遗失", "丢失", "挂失", "证丢", "身份证丢", "身份证遗失", "证件丢", "身份证补办"], "原发证机关",
        "请直接到原来发证的机关补办，不需要社区证明"),
];

/// What no community of the country gives.
pub fn nowhere_given() -> &'static [Certificate] {
    static KNOWN: LazyLock<Vec<Certificate>> = LazyLock::new(|| KINDS.iter().map(kind).collect());
    &KNOWN
}

fn kind((key, name, words, authority, reply): &Row) -> Certificate {
    Certificate {
        place: None,
        key: (*key).to_owned(),
        line: Line {
            name: (*name).to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            ruling: Ruling::NotIssued {
                authority: (*authority).to_owned(),
                reply: (*reply).to_owned(),
                basis: BASIS.to_owned(),
            },
            since: since(),
            until: None,
        },
    }
}
