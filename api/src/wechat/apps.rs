use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use domain::notice;
use domain::ports::{Clock, Doors, Program};
use strum::IntoEnumIterator;
use wechat_adapter::callback::Event;
use wechat_adapter::{Config, MiniProgram, ServiceAccount, Template, TokenStore, WechatError, WecomApp, WecomConfig};

use super::Door;
use crate::config::{MiniProgramSettings, ServiceTemplates, Templates, WechatSettings};

/// How long news may wait for WeChat's own list.
const PATIENCE: Duration = Duration::from_secs(2);

/// Every mini-program that is served, the main one first, and the service account beside them.
pub struct Apps {
    pub programs: Vec<Arc<MiniProgramOfOurs>>,
    pub service_account: Option<Arc<ServiceAccountOfOurs>>,
    pub wecom: Option<Arc<WecomApp>>,
}

pub struct MiniProgramOfOurs {
    pub app_id: String,
    pub client: MiniProgram,
    /// Which template tells what.
    pub templates: Templates,
    pub door: Option<Door>,
    /// The account's own templates, as WeChat last listed them.
    known: RwLock<Arc<HashMap<String, Template>>>,
}

pub struct ServiceAccountOfOurs {
    pub app_id: String,
    pub client: ServiceAccount,
    pub door: Option<Door>,
    /// Nothing is sent through it without them.
    pub templates: Option<ServiceTemplates>,
}

impl Apps {
    /// Nothing is asked of WeChat yet.
    pub fn of(settings: &WechatSettings, tokens: &Arc<dyn TokenStore>, clock: &Arc<dyn Clock>) -> anyhow::Result<Self> {
        let main = MiniProgramSettings {
            app_id: settings.app_id.clone(),
            secret: settings.secret.clone(),
            templates: settings.templates.clone(),
            callback: settings.callback.clone(),
        };
        let now = || {
            let clock = clock.clone();
            Arc::new(move || clock.now())
        };
        let config =
            |app_id: &str, secret| Config { base_url: settings.base_url.clone(), app_id: app_id.to_owned(), secret };
        let program = |of: &MiniProgramSettings| {
            let client = MiniProgram::new(config(&of.app_id, of.secret.clone()), tokens.clone())?.with_clock(now());
            anyhow::Ok(Arc::new(MiniProgramOfOurs {
                app_id: of.app_id.clone(),
                client,
                templates: of.templates.clone(),
                door: Door::of(&of.app_id, &of.callback)?,
                known: RwLock::default(),
            }))
        };
        let programs = std::iter::once(&main).chain(&settings.others).map(program).collect::<Result<_, _>>()?;
        let service_account = match &settings.service_account {
            Some(of) => {
                let client = ServiceAccount::new(config(&of.app_id, of.secret.clone()), tokens.clone())?;
                let door = Door::of(&of.app_id, &of.callback)?;
                let (app_id, client) = (of.app_id.clone(), client.with_clock(now()));
                let templates = of.templates.clone();
                Some(Arc::new(ServiceAccountOfOurs { app_id, client, door, templates }))
            }
            None => None,
        };
        let wecom = settings.wecom.as_ref().map(|of| {
            let app = WecomConfig::new(&of.corp_id, of.secret.clone(), of.agent_id).with_base_url(&of.base_url);
            anyhow::Ok(Arc::new(WecomApp::new(app, tokens.clone())?.with_clock(now())))
        });
        let apps = Self { programs, service_account, wecom: wecom.transpose()? };
        apps.check()?;
        Ok(apps)
    }

    fn check(&self) -> anyhow::Result<()> {
        let mut ids = self.ids();
        ids.extend(self.service_account.as_ref().map(|account| account.app_id.clone()));
        ids.sort_unstable();
        let is_twice = ids.windows(2).any(|pair| pair.first() == pair.last());
        anyhow::ensure!(!is_twice, "two of the WeChat accounts in the settings have the same app_id");
        Ok(())
    }

    /// `None` names the main one.
    pub fn program(&self, app_id: Option<&str>) -> Option<&Arc<MiniProgramOfOurs>> {
        match app_id {
            Some(app_id) => self.programs.iter().find(|program| program.app_id == app_id),
            None => self.programs.first(),
        }
    }

    /// The door through which WeChat tells news of this account.
    pub fn door(&self, app_id: &str) -> Option<&Door> {
        let of_program = self.program(Some(app_id)).and_then(|program| program.door.as_ref());
        let of_service = self.service_account.as_ref().filter(|account| account.app_id == app_id);
        of_program.or_else(|| of_service.and_then(|account| account.door.as_ref()))
    }

    /// Whether the template is one of those by which this mini-program sends.
    pub fn has_template(&self, app_id: &str, id: &str) -> bool {
        let program = self.program(Some(app_id));
        program.is_some_and(|program| notice::Template::iter().any(|slot| program.templates.id(slot) == id))
    }

    /// The ways out to people's phones.
    pub fn doors(&self) -> Doors {
        let program = |of: &Arc<MiniProgramOfOurs>| Program {
            app_id: of.app_id.clone(),
            templates: notice::Template::iter().map(|slot| (slot, of.templates.id(slot).to_owned())).collect(),
        };
        let service = self.service_account.as_ref().filter(|service| service.templates.is_some());
        Doors {
            programs: self.programs.iter().map(program).collect(),
            service_account: service.map(|service| service.app_id.clone()),
            wecom: self.wecom.is_some(),
        }
    }

    /// Of the mini-programs, the main one first.
    pub fn ids(&self) -> Vec<String> {
        self.programs.iter().map(|program| program.app_id.clone()).collect()
    }
}

impl MiniProgramOfOurs {
    /// The account's template with this id; WeChat is asked once, and again for one that it did not list.
    pub async fn template(&self, id: &str) -> Result<Option<Template>, WechatError> {
        if let Some(known) = self.known_template(id) {
            return Ok(Some(known));
        }
        let all = self.client.templates().await?;
        let all: HashMap<_, _> = all.into_iter().map(|template| (template.id.clone(), template)).collect();
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(all);
        Ok(self.known_template(id))
    }

    /// Whether an answer counts once or for good stands in the template, which not every process has asked for yet. WeChat
    /// waits for five seconds; what is not learned by then counts once.
    pub async fn learn_templates_of(&self, event: &Event) {
        let (Event::SubscribePopup { results, .. } | Event::SubscribeChange { results, .. }) = event else { return };
        for result in results {
            match tokio::time::timeout(PATIENCE, self.template(&result.template_id)).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) | Err(_) => return,
            }
        }
    }

    pub fn known_template(&self, id: &str) -> Option<Template> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }
}
