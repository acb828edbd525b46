use domain::order::{HandlerRole, VisitSide};

use super::{Act, PLAIN, Step, Story, Visit};
use crate::demo::picture::Picture;

const RESIDENT: &str = "demo-xy-wang";
const CLERK: &str = "demo-xy-clerk";
const BUILDER: &str = "demo-xy-builder";
const PROPERTY: &str = "demo-xy-property";

pub static STORY: Story = Story {
    title: "路沿尖角容易磕碰人",
    opening: "健身器材拆走了，留下一截又尖又硬的路沿。王女士路过时拍了照，在手机上下了单。",
    requester: RESIDENT,
    service_key: "repair",
    description: "小广场的健身器材拆走以后，留下一截路沿，棱角又尖又硬。孩子们在这儿跑，老人晚上散步也看不清，磕一下可不得了。\
                  能不能请人来看看？",
    compound: "西苑小区",
    spot: "3号楼东侧小广场，原健身器材旁",
    photos: &[Picture::KerbFromAfar, Picture::KerbSharp],
    steps: &[
        Step {
            by: CLERK,
            act: Act::Accept {
                note: "照片看清楚了。这就联系老旧小区改造的施工方，约好时间到现场。"
            },
        },
        Step {
            by: CLERK,
            act: Act::Dispatch {
                to: BUILDER,
                role: HandlerRole::Lead,
                task: "到现场查看小广场路沿的尖角，听居民怎么说，一起商量出办法再动工。",
            },
        },
        Step {
            by: CLERK,
            act: Act::Dispatch {
                to: PROPERTY,
                role: HandlerRole::Co,
                task: "配合施工：先围挡，看护到水泥干透，清走渣土。",
            },
        },
        Step { by: BUILDER, act: Act::Sign },
        Step { by: PROPERTY, act: Act::Sign },
        Step {
            by: BUILDER,
            act: Act::Visit(Visit {
                note: "和居民、社区一起看了路沿的尖角，用粉笔画了线。",
                attendees: &[
                    ("3号楼居民", VisitSide::Resident),
                    ("社区接访员", VisitSide::Staff),
                    ("施工方小马", VisitSide::Partner),
                    ("物业老孙", VisitSide::Partner),
                ],
                opinions: &[
                    ("3号楼居民", "光围起来没用，孩子照样跑，最好把尖角去掉。"),
                    ("施工方小马", "敲成圆弧再抹平，一天就能干完。"),
                    ("物业老孙", "水泥没干透的时候，我们看着。"),
                ],
                plan: "敲掉尖角，改成圆弧，再用水泥抹平，和地面接顺。",
                photos: &[Picture::KerbChalked],
            }),
        },
        Step {
            by: BUILDER,
            act: Act::Complete {
                result: "尖角已敲掉，改成圆弧，水泥抹平。", photos: &[Picture::KerbMended]
            },
        },
        Step {
            by: PROPERTY, act: Act::Complete { result: "围挡看护到水泥干透，渣土已清走。", photos: &[] }
        },
        Step {
            by: CLERK,
            act: Act::Resolve {
                result: "路沿的尖角已改成圆弧并抹平，可以放心走了。",
                photos: &[Picture::KerbMendedFromAfar],
            },
        },
        Step {
            by: RESIDENT,
            act: Act::Rate {
                satisfaction: 5, comment: "当面听我们说，修得又圆又平，这么快就好了，谢谢！"
            },
        },
    ],
    ..PLAIN
};
