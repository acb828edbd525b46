use std::collections::HashMap;

use anyhow::Context;
use serde_json::{Value, json};
use uuid::Uuid;

use super::answer::{Line, Order, Page};
use super::cast::Cast;
use super::client::{CallError, Client, Session};
use super::mailbox::Mailbox;
use super::picture::Picture;
use super::screen::Screen;
use super::script::{ACCEPTED, DISPATCHED, RESOLVED, Step, Story};
use super::stage::Stage;
use crate::seed::Persona;

/// Acts for everybody in a story, each signed in on a phone of their own, and shows what happens.
pub struct Player<'a> {
    client: &'a Client,
    cast: &'a Cast,
    screen: &'a Screen,
    sessions: HashMap<&'static str, Session>,
}

/// An order on its way through its story.
struct Performance {
    story: &'static Story,
    requester: Session,
    order: Order,
    /// Placed just now: nobody else can have taken it elsewhere before.
    is_new: bool,
    /// The last line of its history that was shown.
    shown: i64,
}

impl<'a> Player<'a> {
    pub fn new(stage: &'a Stage, screen: &'a Screen) -> Self {
        Self { client: &stage.client, cast: &stage.cast, screen, sessions: HashMap::new() }
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
        for step in story.steps {
            if step.is_done(&performance.order, self.cast) {
                continue;
            }
            if performance.order.has_left_its_story() || !self.act(step, &mut performance).await? {
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
            None => place(story, teller, &requester).await?,
        };
        Ok(Performance { story, requester, order, is_new, shown: 0 })
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

async fn place(story: &Story, teller: &Persona, requester: &Session) -> anyhow::Result<Order> {
    let photos = upload(requester, story.photos).await?;
    let wishes = [ACCEPTED, DISPATCHED, RESOLVED].map(|id| json!({ "template_id": id, "result": "accept" }));
    requester.post("/me/subscriptions", &json!({ "results": wishes })).await?;
    let placed = requester.post("/orders", &story.order(teller.community_id.0, &photos)).await?;
    Ok(placed.json().await?)
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
