use domain::order::{HandlerRole, VisitSide};

use super::{Act, Call, PLAIN, Step, Story, Visit, Whom};
use crate::demo::picture::Picture;

const GRID_WORKER: &str = "demo-xy-grid";
const SECRETARY: &str = "demo-xy-secretary";
const PROPERTY: &str = "demo-xy-property";
const FIRE_BRIGADE: &str = "demo-xy-fire";

const fn call(by: &'static str, call: Call) -> Step {
    Step { by, act: Act::Call(call) }
}

pub static STORY: Story = Story {
    title: "独居老人家中有火灾隐患",
    opening: "网格员小周入户走访，在独居的张大爷家发现火灾隐患。老人不用智能手机，小周替他下了单。",
    requester: GRID_WORKER,
    service_key: "safety",
    description: "灶台边堆着纸箱，燃气软管老化发硬，家里没有烟感报警器。老人耳背，真着了火跑不快。\
                  左邻右舍还有几户独居老人，情况差不多，建议一起上门看看。",
    compound: "联盟小区",
    spot: "5号楼",
    on_behalf_of: Some(Whom::Named("张大爷")),
    photos: &[Picture::KitchenCluttered],
    steps: &[
        Step {
            by: SECRETARY,
            act: Act::Accept {
                note: "马上办。请红色物业和消防一起“敲门入户送安全”，不只这一家，独居老人家家都走到。"
            },
        },
        Step {
            by: SECRETARY,
            act: Act::Dispatch {
                to: PROPERTY,
                role: HandlerRole::Lead,
                task: "敲门入户送安全：按社区给的名单走访 11 户独居老人，查灶台、软管、线路，清走灶边杂物，当场能改就改。",
            },
        },
        Step {
            by: SECRETARY,
            act: Act::Dispatch {
                to: FIRE_BRIGADE,
                role: HandlerRole::Co,
                task: "与物业一同入户：给 11 户老人送烟感报警器、防毒面具、灭火器，装好，手把手教会。",
            },
        },
        Step { by: PROPERTY, act: Act::Sign },
        Step { by: FIRE_BRIGADE, act: Act::Sign },
        call(
            SECRETARY,
            Call {
                said: "书记从这张订单发起专项行动“敲门入户送安全”",
                path: "/campaigns",
                body: r#"{ "order_id": "{order}", "title": "敲门入户送安全", "purpose": "走访独居老人，查火用火隐患，送安全用品",
                "items": [{ "name": "烟感报警器", "unit": "个" }, { "name": "防毒面具", "unit": "个" }, { "name": "灭火器", "unit": "具" }],
                "partners": [{ "partner_id": "{partner:demo-xy-fire}", "doors": "all" }, { "partner_id": "{partner:demo-xy-property}", "doors": "all" }] }"#,
                keeps: "campaign",
                ..Call::ONCE
            },
        ),
        call(
            SECRETARY,
            Call {
                said: "列入 11 户独居老人；名单加密保存，谁看过都留下记录",
                path: "/campaigns/{campaign}/households",
                body: r#"{ "compound": "联盟小区", "building": "{n}号楼", "unit": "1单元", "room": "{n}01",
                "people": [{ "name": "独居老人{n}" }] }"#,
                keeps: "door{n}",
                times: 11,
                ..Call::ONCE
            },
        ),
        call(
            FIRE_BRIGADE,
            Call {
                said: "逐户敲门：每户装 1 个烟感报警器，送 1 个防毒面具、1 具灭火器，拍照为证",
                path: "/households/{door{n}}/visit",
                body: r#"{ "round": 1, "outcome": "visited", "findings": "灶边杂物已清走，软管已检查",
                "visitors": [{ "from": "partner", "partner_id": "{partner:demo-xy-fire}", "name": "消防员小韩" },
                    { "from": "partner", "partner_id": "{partner:demo-xy-property}", "name": "物业老孙" }],
                "handed_out": [{ "item": "烟感报警器", "quantity": 1, "attachment_ids": ["{photo}"] },
                    { "item": "防毒面具", "quantity": 1, "attachment_ids": ["{photo}"] },
                    { "item": "灭火器", "quantity": 1, "attachment_ids": ["{photo}"] }] }"#,
                times: 11,
                photo: Some(Picture::Extinguisher),
                ..Call::ONCE
            },
        ),
        call(
            SECRETARY,
            Call {
                said: "11 户全部走到，行动结束；总数和逐户记录可以导出、打印",
                path: "/campaigns/{campaign}/close",
                ..Call::ONCE
            },
        ),
        Step {
            by: PROPERTY,
            act: Act::Visit(Visit {
                note: "11 户的门全敲开了：灶边杂物清走 3 户，老化软管当场换新 4 户，私拉电线拆除 1 户。",
                attendees: &[
                    ("物业老孙", VisitSide::Partner),
                    ("消防员小韩", VisitSide::Partner),
                    ("网格员小周", VisitSide::Staff),
                    ("志愿者", VisitSide::Other),
                ],
                opinions: &[("独居老人", "怕换管子要花钱，听说不收钱就放心了。")],
                plan: "杂物清走，老化软管当场换新，私拉电线拆除；烟感、面具、灭火器由消防队送来。",
                photos: &[Picture::KitchenTidy],
            }),
        },
        Step {
            by: FIRE_BRIGADE,
            act: Act::Visit(Visit {
                note: "逐户装好烟感报警器并试响；教老人戴防毒面具、用灭火器，讲了三条逃生要点。",
                attendees: &[
                    ("消防员小韩", VisitSide::Partner),
                    ("物业老孙", VisitSide::Partner),
                    ("网格员小周", VisitSide::Staff),
                ],
                opinions: &[("独居老人", "报警器响起来听得见，放心。")],
                plan: "一个月后再上门看一遍。",
                photos: &[Picture::AlarmOnCeiling],
            }),
        },
        Step {
            by: FIRE_BRIGADE,
            act: Act::Complete {
                result: "发放到户：烟感报警器 11 个、防毒面具 11 个、灭火器 11 具。",
                photos: &[Picture::Extinguisher],
            },
        },
        Step {
            by: PROPERTY, act: Act::Complete { result: "11 户全部走完，查出的隐患都已消除。", photos: &[] }
        },
        Step {
            by: SECRETARY,
            act: Act::Resolve {
                result: "11 户独居老人家的隐患都已消除，烟感报警器、防毒面具、灭火器都送到了。网格员每月再看一次。",
                photos: &[],
            },
        },
        Step {
            by: GRID_WORKER,
            act: Act::Rate {
                satisfaction: 5, comment: "张大爷说，屋顶上有了“小哨兵”，夜里睡得踏实。"
            },
        },
    ],
    ..PLAIN
};
