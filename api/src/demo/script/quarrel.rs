use super::{Act, Call, PLAIN, Step, Story};

const RESIDENT: &str = "demo-ry-chen";
const NEIGHBOUR: &str = "demo-ry-liu";
const MEDIATOR: &str = "demo-ry-clerk";
const SECRETARY: &str = "demo-ry-secretary";

const fn call(by: &'static str, call: Call) -> Step {
    Step { by, act: Act::Call(call) }
}

pub static STORY: Story = Story {
    title: "夜里楼上的响动",
    opening: "邻里纠纷是保密事项：书记看得到有这件事，看不到里面说了什么；两边说的话只有调解员知道，订单上也只留一句话。",
    requester: RESIDENT,
    service_key: "mediation",
    description: "楼上夜里十一点以后还有响动，说过两次，吵起来了。想请人坐下来好好谈谈。",
    compound: "润园小区",
    spot: "",
    steps: &[
        Step { by: SECRETARY, act: Act::Accept { note: "已经收到，会请一位调解员跟您联系。" } },
        call(
            SECRETARY,
            Call {
                said: "书记指定小高当调解员；从这时起，书记自己也看不到内容",
                path: "/orders/{order}/mediation",
                body: r#"{ "mediator_id": "{me:demo-ry-clerk}" }"#,
                keeps: "case",
                ..Call::ONCE
            },
        ),
        call(
            MEDIATOR,
            Call {
                said: "调解员邀请楼上的邻居参加",
                path: "/mediations/{case}/parties",
                body: r#"{ "name": "楼上邻居", "person_id": "{me:demo-ry-liu}" }"#,
                ..Call::ONCE
            },
        ),
        call(NEIGHBOUR, Call { said: "邻居在手机上答应参加", path: "/mediations/{case}/join", ..Call::ONCE }),
        call(
            RESIDENT,
            Call {
                said: "陈阿姨写下自己的说法（只有调解员看得到）",
                path: "/mediations/{case}/statement",
                body: r#"{ "text": "十一点以后还在拖椅子，我血压高，睡不着。" }"#,
                ..Call::ONCE
            },
        ),
        call(
            NEIGHBOUR,
            Call {
                said: "邻居也写下自己的说法（只有调解员看得到）",
                path: "/mediations/{case}/statement",
                body: r#"{ "text": "孙子写作业晚，椅子腿没包，不是有意的。" }"#,
                ..Call::ONCE
            },
        ),
        call(
            MEDIATOR,
            Call {
                said: "约好明天下午在社区二楼坐下来谈",
                path: "/mediations/{case}/sessions",
                body: r#"{ "at": "{tomorrow}T15:00:00+08:00", "place": "社区二楼调解室" }"#,
                ..Call::ONCE
            },
        ),
        call(
            MEDIATOR,
            Call {
                said: "调解员写下两家谈成的办法，请两边确认",
                path: "/mediations/{case}/agreement",
                body: r#"{ "text": "椅子腿套上绒垫；夜里十点以后轻声；有事先敲门好好说。" }"#,
                ..Call::ONCE
            },
        ),
        call(RESIDENT, Call { said: "陈阿姨确认", path: "/mediations/{case}/agree", ..Call::ONCE }),
        call(NEIGHBOUR, Call { said: "邻居确认", path: "/mediations/{case}/agree", ..Call::ONCE }),
        call(
            MEDIATOR,
            Call {
                said: "达成协议，结案；一个月后回访",
                path: "/mediations/{case}/close",
                body: r#"{ "outcome": "agreed", "follow_up_on": "{in a month}" }"#,
                ..Call::ONCE
            },
        ),
        Step { by: SECRETARY, act: Act::Resolve { result: "社区事项已办理完毕", photos: &[] } },
        Step { by: RESIDENT, act: Act::Rate { satisfaction: 5, comment: "坐下来一说就通了。" } },
    ],
    ..PLAIN
};
