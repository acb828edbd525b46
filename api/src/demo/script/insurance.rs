use super::{Act, PLAIN, Step, Story, Whom};

const SON: &str = "demo-ry-son";
const MOTHER: &str = "demo-ry-chen";
const CLERK: &str = "demo-ry-clerk";

pub static STORY: Story = Story {
    title: "替母亲缴明年的居民医保",
    opening: "陈先生在外地上班，母亲同意由他代下单。系统记下两个人：谁下的单，为谁下的单；母亲打开小程序，在消息里看得到，不同意可以撤单。",
    requester: SON,
    service_key: "medical_insurance",
    description: "母亲不会在手机上缴费，我在外地回不来，请社区帮她把明年的居民医保缴了。",
    compound: "润园小区",
    spot: "",
    on_behalf_of: Some(Whom::Account(MOTHER)),
    form: &[("matter", "缴费")],
    steps: &[
        Step {
            by: CLERK, act: Act::Accept { note: "请老人带身份证和社保卡来，看过就还，不留照片。" }
        },
        Step {
            by: CLERK, act: Act::Check { missing: &["社保卡"], note: "社保卡忘在家里了，明天带来就行。" }
        },
        Step { by: CLERK, act: Act::Check { missing: &[], note: "卡带来了。" } },
        Step { by: CLERK, act: Act::Resolve { result: "已缴清，凭证当面交给陈阿姨。", photos: &[] } },
        Step {
            by: SON, act: Act::Rate { satisfaction: 5, comment: "人在外地也放心了，每一步都看得见。" }
        },
    ],
    ..PLAIN
};
