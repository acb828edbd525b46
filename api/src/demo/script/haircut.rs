use super::{Act, Dates, PLAIN, Step, Story, Whom};

const RESIDENT: &str = "demo-xy-li";
const CLERK: &str = "demo-xy-clerk";

pub static STORY: Story = Story {
    title: "给腿脚不便的父亲理发",
    opening: "社区的志愿者每周上门理发，按时段预约。李先生的父亲下不了楼，他在手机上约了一个时段。",
    requester: RESIDENT,
    service_key: "haircut",
    description: "父亲八十六岁，坐轮椅，下不了楼，头发长了两个月。麻烦志愿者上门给理一理。",
    compound: "新苑小区",
    spot: "2号楼",
    on_behalf_of: Some(Whom::Named("李老先生")),
    dates: Some(Dates { by: CLERK, server: None }),
    steps: &[
        Step {
            by: CLERK, act: Act::Accept { note: "时段给您留好了，志愿者带着围布和推子上门。" }
        },
        Step { by: CLERK, act: Act::Resolve { result: "头发理好了，顺手修了面。", photos: &[] } },
        Step {
            by: RESIDENT, act: Act::Rate { satisfaction: 5, comment: "老人照着镜子笑了，谢谢志愿者！" }
        },
    ],
    ..PLAIN
};
