use super::{Act, Dates, PLAIN, Refused, Step, Story};

const RESIDENT: &str = "demo-ry-chen";
const CLERK: &str = "demo-ry-clerk";

pub static STORY: Story = Story {
    title: "预约开居住情况证明",
    opening: "陈阿姨先要开“在世证明”。这种证明社区不能开，系统当场告诉她该找谁，没有让她白跑一趟。接着她约了一张社区能开的。",
    requester: RESIDENT,
    service_key: "certificate",
    description: "外孙女要在附近上学，学校让带一张居住情况证明。",
    compound: "润园小区",
    spot: "",
    form: &[("kind", "residence"), ("used_for", "入学报名")],
    refused: Some(Refused {
        form: &[("kind", "给老伴开个在世证明"), ("used_for", "领养老金")],
        code: "certificate_not_issued",
    }),
    dates: Some(Dates { by: CLERK, server: None }),
    steps: &[
        Step {
            by: CLERK,
            act: Act::Accept {
                note: "约好了，来的时候带齐清单上的原件，看过就还给您，不留复印件。"
            },
        },
        Step {
            by: CLERK,
            act: Act::Check {
                missing: &["房产证或租赁合同原件"], note: "身份证、户口本都对，就差租赁合同。"
            },
        },
        Step { by: CLERK, act: Act::Check { missing: &[], note: "合同带来了，齐了。" } },
        Step { by: CLERK, act: Act::Resolve { result: "证明已盖章，当面交给陈阿姨。", photos: &[] } },
        Step {
            by: RESIDENT, act: Act::Rate { satisfaction: 5, comment: "要带什么写得清清楚楚，两趟就办好了。" }
        },
    ],
    ..PLAIN
};
