//! What stands before and after the stories.

use owo_colors::OwoColorize;

use super::{INDENT, Screen, pad};
use crate::demo::stage::Stage;

const LABEL: usize = 12;
/// Who signs in with the commands to try.
const VISITOR: &str = "demo-xy-wang";

impl Screen {
    pub fn welcome(&self, stage: &Stage, orders: (usize, bool)) {
        self.say("");
        self.say(format!("{}  {}", "红管家 · 演示".bold().red(), "社区按订单运转，人物全部虚构".dimmed()));
        self.say("");
        for address in &stage.taken {
            let taken = format!("{address} 已被占用（也许另一个演示还开着），改用空闲端口。");
            self.say(format!("{:INDENT$}{}", "", taken.yellow()));
        }
        self.item("接口", &stage.api);
        self.item("微信沙箱", &stage.sandbox);
        self.item("数据", &stage.data);
        self.item(
            "社区",
            &stage.cast.communities.iter().map(|c| stage.cast.place(c.id)).collect::<Vec<_>>().join("、"),
        );
        self.item("人物", &format!("{} 位", stage.cast.personas.len()));
        match orders {
            (0, _) => self.item("订单", "还没有"),
            (count, false) => self.item("订单", &format!("已有 {count} 张，包括历年台账")),
            (count, true) => self.item("订单", &format!("已有 {count} 张以上，包括历年台账")),
        }
    }

    /// Where to go on.
    pub fn whats_next(&self, stage: &Stage) {
        let Stage { api, sandbox, .. } = stage;
        self.say("");
        self.say("接下来".bold());
        self.item("接口文档", &format!("{api}/docs"));
        self.item("大家的手机", &format!("{sandbox}/  收到的微信消息都在这里"));
        self.item("管理员", "另开终端运行 hongguanjia admin first-code，取一次性邀请码");
        self.say("");
        self.say(format!("{:INDENT$}{}", "", "在另一个终端粘贴这三行：王女士登录，看看她的订单".dimmed()));
        self.say(format!(
            r#"CODE=$(curl -s {sandbox}/phone/login -H content-type:application/json -d '{{"openid":"{VISITOR}"}}' | cut -d'"' -f4)"#
        ));
        self.say(format!(
            r#"TOKEN=$(curl -s {api}/v1/auth/wechat -H content-type:application/json -d "{{\"code\":\"$CODE\"}}" | cut -d'"' -f4)"#
        ));
        self.say(format!(r#"curl -s {api}/v1/orders -H "authorization: Bearer $TOKEN""#));
        self.say("");
        self.say("按 Ctrl-C 停止；数据留着，下次接着用。");
    }

    pub fn published(&self) {
        self.say("");
        self.say("社区公布的数字（2020 年以来，逐件相加，重办的不算）".bold());
    }

    pub fn failed(&self, error: &anyhow::Error) {
        self.say("");
        self.say(format!("{:INDENT$}{}", "", format!("故事没有演完：{error:#}").red()));
    }

    pub fn goodbye(&self) {
        self.say("");
        self.say("演示结束。");
    }

    fn item(&self, label: &str, value: &str) {
        self.say(format!("{:INDENT$}{}{value}", "", pad(label, LABEL).dimmed()));
    }
}
