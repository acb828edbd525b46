use std::collections::HashMap;

use anyhow::{Context, bail};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Date, Figures, Line, Me, Order, Page};
use super::cast::Cast;
use super::client::{CallError, Client, Session};
use super::mailbox::Mailbox;
use super::picture::Picture;
use super::props::Props;
use super::screen::Screen;
use super::script::{ACCEPTED, Act, Call, DISPATCHED, Dates, RESOLVED, Step, Story, Whom};
use super::stage::Stage;
use crate::seed::Persona;

/// Acts for everybody in a story, each signed in on a phone of their own, and shows what happens.
pub struct Player<'a> {
    client: &'a Client,
    cast: &'a Cast,
    screen: &'a Screen,
    today: NaiveDate,
    sessions: HashMap<&'static str, Session>,
}

/// The day on which the oldest book of the demo begins.
const FIRST_BOOK: &str = "2020-01-01";

/// An order on its way through its story.
struct Performance {
    story: &'static Story,
    requester: Session,
    order: Order,
    /// Placed just now: nobody else can have taken it elsewhere before.
    is_new: bool,
    /// The last line of its history that was shown.
    shown: i64,
    props: Props,
}

impl<'a> Player<'a> {
    pub fn new(stage: &'a Stage, screen: &'a Screen) -> Self {
        Self { client: &stage.client, cast: &stage.cast, screen, today: stage.today(), sessions: HashMap::new() }
    }

    /// How many orders there are, counted at most one page a community; `true` where there are more than that.
    pub async fn count_orders(&mut self) -> anyhow::Result<(usize, bool)> {
        let (mut count, mut is_more) = (0, false);
        for secretary in self.cast.secretaries() {
            let desk = self.session(secretary.openid).await?;
            let page: Page<Value> = desk.get("/orders", &[("view", "community"), ("limit", "100")]).await?;
            count += page.items.len();
            is_more |= page.next_cursor.is_some();
        }
        Ok((count, is_more))
    }

    /// Plays what was not played yet, and shows the whole.
    pub async fn play(&mut self, story: &'static Story) -> anyhow::Result<()> {
        let teller = self.cast.find(story.requester).with_context(|| format!("没有 {} 这个人", story.requester))?;
        let mut performance = self.begin(story, teller).await?;
        self.screen.heading(self.cast.community(teller), story, &performance.order);
        self.show_news(&mut performance).await?;
        let mut mailbox = Mailbox::new(story);
        for (number, step) in story.steps.iter().enumerate() {
            if step.is_done(&performance.order, self.cast) {
                continue;
            }
            let acted = match &step.act {
                _ if performance.order.has_left_its_story() => false,
                Act::Call(call) => self.call(step.by, call, number, &mut performance).await?,
                _ => self.act(step, &mut performance).await?,
            };
            if !acted {
                self.screen.left_its_story();
                break;
            }
            mailbox.expect(step);
            self.show_news(&mut performance).await?;
        }
        self.screen.ending(&performance.order);
        let messages = mailbox.collect(self.client, &performance.order).await?;
        self.screen.messages(self.cast, &messages);
        Ok(())
    }

    /// Finds the order of an earlier run, or places it.
    async fn begin(&mut self, story: &'static Story, teller: &Persona) -> anyhow::Result<Performance> {
        let requester = self.session(story.requester).await?;
        let query = [("view", "mine"), ("service_key", story.service_key), ("q", story.title), ("limit", "100")];
        let mine: Page<Order> = requester.get("/orders", &query).await?;
        let found = mine.items.into_iter().rfind(|order| order.title == story.title);
        let is_new = found.is_none();
        let order = match found {
            Some(order) => order,
            None => self.place(story, teller, &requester).await?,
        };
        let mut props = Props::on(self.today);
        props.keep("order", order.id);
        for name in self.names_in(story) {
            let (what, openid) = name.split_once(':').context("一个名字没有种类")?;
            let id = match what {
                "me" => {
                    self.session(self.cast.find(openid).context("没有这个人")?.openid)
                        .await?
                        .get::<Me>("/me", &[])
                        .await?
                        .id
                }
                _ => self.cast.partner(openid).with_context(|| format!("{openid} 不属于任何单位"))?,
            };
            props.keep(&name, id);
        }
        Ok(Performance { story, requester, order, is_new, shown: 0, props })
    }

    /// `me:openid` and `partner:openid`, wherever a call of the story speaks of them.
    fn names_in(&self, story: &Story) -> Vec<String> {
        let named = |persona: &Persona| [format!("me:{}", persona.openid), format!("partner:{}", persona.openid)];
        let texts = story.steps.iter().filter_map(|step| match &step.act {
            Act::Call(call) => Some(call.body),
            _ => None,
        });
        let texts: Vec<_> = texts.collect();
        let names = self.cast.personas.iter().flat_map(named);
        names.filter(|name| texts.iter().any(|text| text.contains(&format!("{{{name}}}")))).collect()
    }

    /// With everything that the order needs first: an agreement, a date; and what the community does not take is tried.
    async fn place(&mut self, story: &'static Story, teller: &Persona, requester: &Session) -> anyhow::Result<Order> {
        let community = teller.community_id.0;
        if let Some(refused) = &story.refused {
            match requester.post("/orders", &story.refused_order(community, refused)).await {
                Err(error) => match error.refusal(refused.code) {
                    Some(said) => self.screen.told(said),
                    None => return Err(error.into()),
                },
                Ok(_) => bail!("{} 本不该收下", story.title),
            }
        }
        let whom = match story.on_behalf_of {
            None => None,
            Some(Whom::Named(name)) => Some(json!({ "name": name })),
            Some(Whom::Account(openid)) => Some(json!({ "person_id": self.agrees(openid, requester).await? })),
        };
        let slot = match &story.dates {
            None => None,
            Some(dates) => Some(self.date(story, dates, community).await?),
        };
        let photos = upload(requester, story.photos).await?;
        let wishes = [ACCEPTED, DISPATCHED, RESOLVED].map(|id| json!({ "template_id": id, "result": "accept" }));
        requester.post("/me/subscriptions", &json!({ "results": wishes })).await?;
        let placed = requester.post("/orders", &story.order(community, &photos, slot, whom)).await?;
        Ok(placed.json().await?)
    }

    /// The person agrees that the other one orders for them.
    async fn agrees(&mut self, openid: &'static str, other: &Session) -> anyhow::Result<Uuid> {
        let person = self.session(openid).await?;
        let offer: Value = person.post("/me/delegations", &json!({ "days": 30 })).await?.json().await?;
        other.post("/me/delegations/accept", &json!({ "code": offer.get("code") })).await?;
        Ok(person.get::<Me>("/me", &[]).await?.id)
    }

    /// A date of the coming week that is still free, opened before where there is none.
    async fn date(&mut self, story: &Story, dates: &Dates, community: Uuid) -> anyhow::Result<Uuid> {
        let (desk, today) = (self.session(dates.by).await?, self.today);
        let day = |days| (today + Days::new(days)).to_string();
        let week = json!({
            "service_key": story.service_key, "from": day(1), "until": day(7),
            "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            "spans": [{ "from": "09:00", "until": "11:00" }], "minutes": 30, "capacity": 1,
            "partner_id": dates.server.and_then(|openid| self.cast.partner(openid)),
        });
        let path = format!("/communities/{community}/slots");
        desk.post(&path, &week).await?;
        let open: Page<Date> = desk.get(&path, &[("service_key", story.service_key), ("limit", "100")]).await?;
        open.items.iter().find(|date| date.free > 0).map(|date| date.id).context("一周内没有空的时段")
    }

    /// Something beside the order; `false` where it does not fit any more.
    async fn call(
        &mut self,
        by: &'static str,
        call: &Call,
        number: usize,
        performance: &mut Performance,
    ) -> anyhow::Result<bool> {
        let actor = self.session(by).await?;
        if let Some(dispatch) = self.cast.partner(by).and_then(|partner| performance.order.dispatch_to(partner)) {
            performance.props.keep("dispatch", dispatch.id);
        }
        for n in 1..=call.times {
            for photo in upload(&actor, call.photo.as_slice()).await? {
                performance.props.keep("photo", photo);
            }
            let path = performance.props.fill(call.path, n);
            let body: Value = serde_json::from_str(&performance.props.fill(call.body, n)).context(call.path)?;
            let key = format!("demo-{}-{number}-{n}", performance.order.id);
            match actor.post_once(&path, &body, &key).await {
                Ok(answer) => {
                    let id = answer.get("id").and_then(Value::as_str).filter(|_| !call.keeps.is_empty());
                    id.inspect(|id| performance.props.keep(&call.keeps.replace("{n}", &n.to_string()), id));
                }
                // It was done before, with another photo.
                Err(error) if error.refusal("key_reused").is_some() => {}
                Err(error) if error.is_conflict() && !performance.is_new => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        self.screen.aside(self.cast.find(by).map_or(by, |persona| persona.name), call.said);
        performance.look_again().await?;
        Ok(true)
    }

    /// What the community publishes, since it keeps books.
    pub async fn figures(&self) -> anyhow::Result<()> {
        for community in &self.cast.communities {
            let path = format!("/communities/{}/figures", community.id);
            let figures: Figures = self.client.get(&path, &[("from", FIRST_BOOK)]).await?;
            self.screen.figures(self.cast.place(community.id), &figures);
        }
        Ok(())
    }

    /// Makes one move; `false` where somebody else took the order elsewhere and the move no longer fits.
    async fn act(&mut self, step: &Step, performance: &mut Performance) -> anyhow::Result<bool> {
        let actor = self.session(step.by).await?;
        for (phone, template) in step.rings(performance.story.requester) {
            self.client.subscribe(phone, template).await?;
        }
        let photos = upload(&actor, step.photos()).await?;
        let request = step.request(&performance.order, self.cast, &photos);
        let (path, body) = request.with_context(|| format!("{} 没有可办的派单", step.by))?;
        let outcome = actor.post(&path, &body).await;
        performance.look_again().await?;
        match outcome {
            Ok(_) => Ok(true),
            Err(error) if !error.is_conflict() => Err(error.into()),
            Err(_) if step.is_done(&performance.order, self.cast) => Ok(true),
            Err(error) if performance.is_new => Err(error.into()),
            Err(_) => Ok(false),
        }
    }

    async fn show_news(&self, performance: &mut Performance) -> anyhow::Result<()> {
        for line in performance.news().await? {
            self.screen.line(&performance.order, &line);
        }
        Ok(())
    }

    async fn session(&mut self, openid: &'static str) -> Result<Session, CallError> {
        if let Some(session) = self.sessions.get(openid) {
            return Ok(session.clone());
        }
        let session = self.client.sign_in(openid).await?;
        self.sessions.insert(openid, session.clone());
        Ok(session)
    }
}

impl Performance {
    async fn look_again(&mut self) -> Result<(), CallError> {
        self.order = self.requester.get(&format!("/orders/{}", self.order.id), &[]).await?;
        Ok(())
    }

    /// The lines of the history that were not shown yet.
    async fn news(&mut self) -> Result<Vec<Line>, CallError> {
        let path = format!("/orders/{}/timeline", self.order.id);
        let mut news = Vec::new();
        loop {
            let cursor = self.shown.to_string();
            let page: Page<Line> = self.requester.get(&path, &[("cursor", &cursor), ("limit", "100")]).await?;
            self.shown = page.items.last().map_or(self.shown, |line| line.seq);
            news.extend(page.items);
            if page.next_cursor.is_none() {
                return Ok(news);
            }
        }
    }
}

async fn upload(session: &Session, pictures: &[Picture]) -> anyhow::Result<Vec<Uuid>> {
    let mut ids = Vec::with_capacity(pictures.len());
    for picture in pictures {
        let picture = *picture;
        let jpeg = tokio::task::spawn_blocking(move || picture.to_jpeg()).await??;
        ids.push(session.upload(jpeg).await?);
    }
    Ok(ids)
}
