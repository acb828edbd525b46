use domain::order::{HandlerRole, VisitSide};

use super::{Act, Call, PLAIN, Step, Story, Visit};
use crate::demo::picture::Picture;

const RESIDENT: &str = "demo-ry-liu";
const CLERK: &str = "demo-ry-clerk";
const SECRETARY: &str = "demo-ry-secretary";
const VOLUNTEER: &str = "demo-ry-repair";

pub static STORY: Story = Story {
    title: "厨房水龙头滴水",
    opening: "刘大爷家的水龙头滴了一个星期。红色联盟维修队的老何义务上门，工时记在志愿者账上。",
    requester: RESIDENT,
    service_key: "volunteer_repair",
    description: "厨房水龙头关不严，一晚上滴一盆水，我自己拧不动。",
    compound: "润园小区",
    spot: "6号楼",
    form: &[("what", "水管龙头")],
    photos: &[Picture::TapDripping],
    steps: &[
        Step { by: CLERK, act: Act::Accept { note: "这就请维修队上门，人工不收钱。" } },
        Step {
            by: CLERK,
            act: Act::Dispatch {
                to: VOLUNTEER,
                role: HandlerRole::Lead,
                task: "上门看厨房水龙头，能修就修，要换先跟住户说好龙头的价钱。",
            },
        },
        Step { by: VOLUNTEER, act: Act::Sign },
        Step {
            by: VOLUNTEER,
            act: Act::Visit(Visit {
                note: "阀芯磨坏了，得换一个龙头。",
                attendees: &[("维修队老何", VisitSide::Partner), ("住户", VisitSide::Resident)],
                opinions: &[("住户", "龙头多少钱我自己出，买普通的就行。")],
                plan: "换普通龙头，材料费由住户出，人工免费。",
                photos: &[],
            }),
        },
        Step {
            by: VOLUNTEER,
            act: Act::Call(Call {
                said: "动工前先报价：龙头 12.50 元，人工免费；住户同意了才买",
                path: "/dispatches/{dispatch}/quote",
                body: r#"{ "materials": [{ "what": "普通水龙头", "fen": 1250 }] }"#,
                ..Call::ONCE
            }),
        },
        Step {
            by: RESIDENT,
            act: Act::Call(Call {
                said: "刘大爷在手机上同意报价",
                path: "/dispatches/{dispatch}/answer_quote",
                body: r#"{ "number": 1, "agreed": true }"#,
                ..Call::ONCE
            }),
        },
        Step {
            by: VOLUNTEER,
            act: Act::Call(Call {
                said: "换好后拍照、报完工，费用与报价一致",
                path: "/dispatches/{dispatch}/complete",
                body: r#"{ "result": "龙头换好了，试水不漏。", "attachment_ids": ["{photo}"],
                    "charge": { "materials": [{ "what": "普通水龙头", "fen": 1250 }], "paid_by": "resident" } }"#,
                photo: Some(Picture::TapMended),
                ..Call::ONCE
            }),
        },
        Step {
            by: VOLUNTEER,
            act: Act::Call(Call {
                said: "老何报了一个小时的志愿工时",
                path: "/orders/{order}/volunteer_hours",
                body: r#"{ "minutes": 60, "note": "换厨房水龙头" }"#,
                keeps: "hours",
                ..Call::ONCE
            }),
        },
        Step {
            by: SECRETARY,
            act: Act::Call(Call {
                said: "书记确认工时，记在老何的志愿者账上",
                path: "/volunteer_hours/{hours}/confirm",
                ..Call::ONCE
            }),
        },
        Step { by: CLERK, act: Act::Resolve { result: "水龙头已换好，不再滴水。", photos: &[] } },
        Step {
            by: RESIDENT, act: Act::Rate { satisfaction: 5, comment: "当天就来了，手艺好，一分工钱没要。" }
        },
    ],
    ..PLAIN
};
