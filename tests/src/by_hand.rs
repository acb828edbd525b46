//! What the workers, the clock and WeChat would do by themselves, done when a test says so.

use std::time::Duration;

use api::wiring::{clockwork, content_worker, expander, housekeeping, relay, sender};
use chrono::{TimeDelta, Utc};
use domain::notice::{Importance, after_quiet_hours};
use domain::ports::WechatStore;
use domain::wechat::{RightChange, WechatAccount};
use wechat_adapter::callback::{CallbackConfig, Event};
use wechat_adapter::sandbox::Courier;
use wechat_adapter::sandbox::push::{PushOutcome, PushTarget, Pushed, Pusher};

use crate::app::{APP_ID, CALLBACK_KEY, CALLBACK_TOKEN, OTHER_APP_ID, SERVICE_APP_ID, TestApp};

impl TestApp {
    /// What was agreed to since the last time stands in the ledger.
    pub(crate) async fn note_what_was_agreed_to(&self, ledger: &dyn WechatStore) {
        let agreed = std::mem::take(&mut *self.agreed.lock().expect("no test panicked here"));
        for (openid, template) in agreed {
            let account = WechatAccount { app_id: APP_ID.to_owned(), openid };
            let more = RightChange::OneMore;
            ledger.change_right(&account, &template, more, self.now()).await.expect("noted");
        }
    }

    /// Does what the workers would do, until nothing is due; says how many messages were tried.
    pub async fn drain_outbox(&self) -> usize {
        let running = self.running.lock().await;
        let app = &running.as_ref().expect("a server").app;
        self.note_what_was_agreed_to(&*app.stores.wechat).await;
        let (relay, expander, sender, clockwork) = (relay(app, true), expander(app), sender(app), clockwork(app));
        let mut tried = 0;
        loop {
            let passed_on = relay.step().await.expect("a step of the relay");
            let expanded = expander.step(Duration::ZERO).await.expect("a step of the expander");
            clockwork.sweep().await.expect("a sweep");
            let sent = sender.step().await.expect("a step of the sender");
            tried += sent;
            if passed_on == 0 && expanded == 0 && sent == 0 {
                return tried;
            }
        }
    }

    /// Turns everything that happened into deliveries, and sends nothing.
    pub async fn pass_on(&self) {
        let running = self.running.lock().await;
        let app = &running.as_ref().expect("a server").app;
        self.note_what_was_agreed_to(&*app.stores.wechat).await;
        let (relay, expander) = (relay(app, true), expander(app));
        loop {
            let passed_on = relay.step().await.expect("a step of the relay");
            let expanded = expander.step(Duration::ZERO).await.expect("a step of the expander");
            if passed_on == 0 && expanded == 0 {
                return;
            }
        }
    }

    /// Writes what the clock brings about, and passes it on.
    pub async fn look_at_the_clock(&self) {
        let running = self.running.lock().await;
        clockwork(&running.as_ref().expect("a server").app).tell().await.expect("reminders");
        drop(running);
        self.drain_outbox().await;
    }

    /// Tells the server what happened in WeChat since it was told last; says how each push ended.
    pub async fn hear_from_wechat(&self) -> Vec<Pushed> {
        let targets = [APP_ID, OTHER_APP_ID, SERVICE_APP_ID].map(|app_id| self.door(app_id)).into();
        Courier::new(targets).expect("a courier").deliver(&self.phones).await
    }

    /// WeChat tells the server this of its own accord.
    pub async fn hear(&self, event: &Event) -> PushOutcome {
        let pusher = Pusher::new(self.door(APP_ID)).expect("a pusher");
        pusher.push(event, self.now()).await.outcome
    }

    /// Where WeChat knocks for this account.
    fn door(&self, app_id: &str) -> PushTarget {
        let config = CallbackConfig {
            app_id: app_id.to_owned(),
            token: CALLBACK_TOKEN.into(),
            encoding_aes_key: Some(CALLBACK_KEY.into()),
            require_encryption: true,
        };
        let url = format!("{}/wechat/{app_id}/callback", self.base_url);
        PushTarget { retry_delays: Vec::new(), ..PushTarget::new(url, config) }
    }

    /// Has everything checked that is due; says how much that was.
    pub async fn check_contents(&self) -> usize {
        let running = self.running.lock().await;
        let worker = content_worker(&running.as_ref().expect("a server").app).expect("a worker");
        let mut asked = 0;
        loop {
            match worker.step().await.expect("a step of the worker") {
                0 => return asked,
                n => asked += n,
            }
        }
    }

    /// Does what is left to do after WeChat told something.
    pub async fn run_errands(&self) {
        let running = self.running.lock().await;
        running.as_ref().expect("a server").app.run_errands().await;
    }

    /// Notices and messages that wait, due or not.
    pub async fn waiting(&self) -> u64 {
        let running = self.running.lock().await;
        let stores = &running.as_ref().expect("a server").app.stores;
        let notices = stores.outbox.waiting().await.expect("a count").0;
        notices + stores.deliveries.waiting().await.expect("a count").0
    }

    pub async fn keep_house(&self) {
        let running = self.running.lock().await;
        housekeeping(&running.as_ref().expect("a server").app).step().await.expect("a step of housekeeping");
    }

    /// Until the night is over and nothing is folded any more.
    pub(crate) async fn send_what_waits(&self) {
        self.drain_outbox().await;
        if self.waiting().await > 0 {
            // Programs of their own go by the clock on the wall.
            let tomorrow = self.now().max(Utc::now()) + TimeDelta::days(1);
            self.clock.set(after_quiet_hours(Importance::Ordinary, tomorrow));
            self.drain_outbox().await;
        }
    }
}
