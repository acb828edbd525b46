//! Reads what people say before it is taken in (内容安全): what is risky is refused, what could not be checked is marked.

use domain::advice::advise;
use domain::ids::PersonId;
use domain::order::Command;
use domain::order::usecase::{Asking, NewOrder, Target};
use domain::ports::ContentCheck;
use domain::safety::{MarkedWords, NotChecked, Reading, Verdict, is_worth_asking_again, read};
use domain::service::Privacy;
use serde_json::Value;

use crate::app::App;
use crate::problem::{Code, Problem};

impl App {
    /// An order's words: title, description, where it is, and what was answered; numbers and names of people are none. Those of
    /// a sealed matter are shown to WeChat as little as to anybody else: nobody publishes them, and whoever tells of a quarrel
    /// repeats what was shouted.
    pub async fn read_order(&self, asking: &Asking, new: &NewOrder) -> Result<Asking, Problem> {
        if new.service.offer.privacy == Privacy::Sealed {
            return Ok(asking.clone());
        }
        let content = &new.content;
        let place = content.place.iter().flat_map(|place| [&place.compound, &place.building, &place.words]).flatten();
        let words = [&content.title, &content.description].into_iter().chain(place).map(String::as_str);
        let answers = content.form.plain.values().chain(content.form.task.values()).filter_map(Value::as_str);
        let words: Vec<_> = words.chain(answers).collect();
        self.read_words(asking, words.join("\n")).await
    }

    /// What a resident says with a move. Nobody is read who may not make it: WeChat's checks are counted.
    pub async fn read_move(&self, asking: &Asking, target: Target, command: &Command) -> Result<Asking, Problem> {
        let Some(words) = command.words() else { return Ok(asking.clone()) };
        if self.orders.rehearse(asking, target, command).await?.sealed {
            return Ok(asking.clone());
        }
        self.read_words(asking, words.to_owned()).await
    }

    /// What somebody wants to be called. Only what is surely risky is refused: a name waits for nobody.
    pub async fn read_nickname(&self, person: PersonId, nickname: &str) -> Result<(), Problem> {
        let Some(reader) = &self.reader else { return Ok(()) };
        match reader.words(person, nickname).await {
            Ok(Verdict::Risky) => Err(Problem::new(Code::ContentRefused, "这个称呼含有微信平台不允许的信息，请换一个")),
            Ok(Verdict::Pass | Verdict::Review) | Err(_) => Ok(()),
        }
    }

    /// Staff answer for their words in their own name.
    async fn read_words(&self, asking: &Asking, text: String) -> Result<Asking, Problem> {
        let advice = advise("", &text);
        let reader = self.reader.as_ref().filter(|_| !asking.actor.is_staff());
        // What the community may not even read is refused without a trace, at WeChat's neither.
        let Some(reader) = reader.filter(|_| advice.may_submit()) else { return Ok(asking.clone()) };
        let found = reader.words(asking.actor.person, &text).await;
        match read(found, advice.emergency.is_some()) {
            Reading::Taken => Ok(asking.clone()),
            Reading::Marked(state) => {
                let again = found.is_err_and(is_worth_asking_again);
                metrics::counter!("hgj_words_marked_total", "why" => why(found.err())).increment(1);
                Ok(Asking { words: Some(MarkedWords { text, state, again }), ..asking.clone() })
            }
            Reading::Refused => Err(Problem::new(
                Code::ContentRefused,
                "内容里有微信平台不允许的信息，请修改后再提交；如遇危险，请直接拨打 110、119 或 120",
            )),
        }
    }
}

fn why(not_checked: Option<NotChecked>) -> &'static str {
    not_checked.map_or("review", Into::into)
}
