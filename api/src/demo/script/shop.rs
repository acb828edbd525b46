use domain::order::HandlerRole;

use super::{Act, Dates, PLAIN, Step, Story};

const RESIDENT: &str = "demo-ry-liu";
const CLERK: &str = "demo-ry-clerk";
const BARBER: &str = "demo-ry-barber";

pub static STORY: Story = Story {
    title: "约门口的理发店理发",
    opening: "小区门口的理发店是共建门店，时段放在社区里给居民约。刘大爷挑了一个上午的时段。",
    requester: RESIDENT,
    service_key: "shop",
    description: "想上午去理个发，人少的时候最好。",
    compound: "润园小区",
    spot: "东门理发店",
    dates: Some(Dates { by: CLERK, server: Some(BARBER) }),
    steps: &[
        Step { by: CLERK, act: Act::Accept { note: "时段约好了，门店给您留座。" } },
        Step {
            by: CLERK,
            act: Act::Dispatch {
                to: BARBER,
                role: HandlerRole::Lead,
                task: "按约好的时段接待一位老人理发，留座，收六十岁以上优惠价。",
            },
        },
        Step { by: BARBER, act: Act::Sign },
        Step { by: BARBER, act: Act::Complete { result: "理好了，按优惠价收了 8 元。", photos: &[] } },
        Step { by: CLERK, act: Act::Resolve { result: "理发已完成。", photos: &[] } },
        Step { by: RESIDENT, act: Act::Rate { satisfaction: 4, comment: "不用排队，挺好。" } },
    ],
    ..PLAIN
};
