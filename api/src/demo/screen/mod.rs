//! What the person at the terminal reads: at most a hundred columns, colours only where they can be seen.

mod columns;
mod frame;

use std::fmt::Display;
use std::io::Write;

use chrono::{DateTime, FixedOffset};
use owo_colors::OwoColorize;

use self::columns::{WIDTH, beside, pad, rule, wrap};
use super::answer::{Figures, Line, Message, Order, Visit};
use super::cast::Cast;
use super::mailbox::Arrived;
use super::script::Story;

/// Standard output. Styles are taken away where it is no terminal, or where `NO_COLOR` is set.
pub struct Screen;

const INDENT: usize = 2;
const TIME: usize = 10;
/// What happened, or the person and the message's title.
const EVENT: usize = 40;
const PERSON: usize = 18;
const NOTES: usize = WIDTH - INDENT - TIME - EVENT;

impl Screen {
    pub fn heading(&self, community: &str, story: &Story, order: &Order) {
        self.say("");
        self.say(rule(&format!("{community} · {}", story.title), &order.number).bold());
        for line in wrap(story.opening, WIDTH - INDENT) {
            self.say(format!("{:INDENT$}{}", "", line.dimmed()));
        }
        if let Some(booking) = &order.booking {
            let at = booking.starts_at.format("约在 %-m月%-d日 %H:%M（演示里不等到那天）").to_string();
            self.say(format!("{:INDENT$}{}", "", at.cyan()));
        }
        self.say("");
    }

    /// One line of a history: when, who and what, and what was said about it.
    pub fn line(&self, order: &Order, line: &Line) {
        let mut notes = said(order, line).map(|words| wrap(words, NOTES)).unwrap_or_default();
        for said in line.visit.iter().flat_map(on_the_spot) {
            notes.extend(wrap(&said, NOTES).iter().map(|line| line.dimmed().to_string()));
        }
        if !line.attachments.is_empty() {
            notes.push(format!("[照片 {} 张]", line.attachments.len()).cyan().to_string());
        }
        self.row(line.at, &line.text, &notes);
    }

    /// What happens beside the order, and stands in no history that others read.
    pub fn aside(&self, who: &str, said: &str) {
        let words = wrap(&format!("{who}：{said}"), WIDTH - INDENT - TIME);
        for line in words {
            self.say(format!("{:INDENT$}{:TIME$}{}", "", "", line.cyan()));
        }
    }

    /// What the server told somebody whose order it did not take.
    pub fn told(&self, said: &str) {
        self.say("");
        for line in wrap(&format!("没有收下：{said}"), WIDTH - INDENT) {
            self.say(format!("{:INDENT$}{}", "", line.yellow()));
        }
    }

    /// What a community publishes.
    pub fn figures(&self, community: &str, figures: &Figures) {
        let some = figures.items.iter().filter(|figure| figure.count > 0);
        let some: Vec<_> = some.map(|figure| format!("{} {} 件", figure.text, figure.count)).collect();
        if !some.is_empty() {
            self.say(format!("{:INDENT$}{}  {}", "", pad(community, 14).bold(), some.join("、")));
        }
    }

    pub fn left_its_story(&self) {
        self.say(format!("{:INDENT$}{}", "", "这张订单后来有人接着办，故事就演到这里。".yellow()));
    }

    /// Where the order stands now.
    pub fn ending(&self, order: &Order) {
        let rating = order.rating.as_ref().map(|rating| format!("，满意度 {} 分", rating.satisfaction));
        let ending = format!("{:INDENT$}{:TIME$}→ {}{}", "", "", order.status_text, rating.unwrap_or_default());
        self.say(ending.green().bold());
    }

    pub fn messages(&self, cast: &Cast, messages: &[Arrived]) {
        self.say("");
        if messages.is_empty() {
            return self.say(format!("{:INDENT$}{}", "", "手机上收到的消息只留到演示停止，上次的已经清空。".dimmed()));
        }
        self.say(format!("{:INDENT$}{}", "", "手机上收到的微信消息".bold()));
        for Arrived { openid, message } in messages {
            let name = cast.find(openid).map_or(*openid, |persona| persona.name);
            let text = format!("{}{}", pad(name, PERSON), message.title);
            self.row(message.sent_at, &text, &wrap(&gist(message), NOTES));
        }
    }

    /// A time, a text, and notes beside it.
    fn row(&self, at: DateTime<FixedOffset>, text: &str, notes: &[String]) {
        let time = pad(&at.format("%H:%M:%S").to_string(), TIME);
        let lead = format!("{:INDENT$}{}{}", "", time.dimmed(), text.bold());
        for line in beside(&lead, INDENT + TIME + EVENT, notes) {
            self.say(line);
        }
    }

    fn say(&self, line: impl Display) {
        // Whoever closed the other end of the pipe does not want to read on; the servers stay for others.
        let _ = writeln!(anstream::stdout(), "{line}");
    }
}

/// The history keeps the request's own words with the order.
fn said<'a>(order: &'a Order, line: &'a Line) -> Option<&'a str> {
    let request = order.description.as_deref().filter(|_| line.kind == "submitted");
    line.note.as_deref().or(request)
}

/// The message without what the reader knows already: which order, of which service, and when.
fn gist(message: &Message) -> String {
    let is_known = |label: &str| label == "单号" || label == "事项" || label.ends_with("时间");
    let values = message.data.iter().filter(|line| !is_known(&line.label)).map(|line| line.value.as_str());
    values.collect::<Vec<_>>().join(" · ")
}

/// Who was there, what they said and what was agreed.
fn on_the_spot(visit: &Visit) -> Vec<String> {
    let names: Vec<_> = visit.attendees.iter().map(|attendee| attendee.who.as_str()).collect();
    let there = (!names.is_empty()).then(|| format!("到场：{}", names.join("、")));
    let opinions = visit.opinions.iter().map(|said| format!("{}说：{}", said.who, said.opinion));
    let plan = visit.plan.iter().map(|plan| format!("商定：{plan}"));
    there.into_iter().chain(opinions).chain(plan).collect()
}
