use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use chrono::{DateTime, Utc};
use wechat_adapter::callback::{Callback, CallbackQuery, Push};

/// What the server says to one push, whatever was in it.
#[derive(Clone, Copy)]
pub enum Answer {
    Words(u16, &'static str),
    /// Later than anybody waits.
    Silence,
}

/// A server under test: opens every push, then answers as it was told, and
/// `success` when it was told nothing more.
pub struct Server {
    url: String,
    inside: web::Data<Inside>,
    handle: ServerHandle,
}

struct Inside {
    callback: Callback,
    now: DateTime<Utc>,
    answers: Mutex<VecDeque<Answer>>,
    opened: Arc<Mutex<Vec<Push>>>,
}

impl Server {
    pub async fn start(callback: Callback, now: DateTime<Utc>, answers: Vec<Answer>) -> Self {
        let answers = Mutex::new(answers.into());
        let inside = web::Data::new(Inside { callback, now, answers, opened: Arc::default() });
        let served = inside.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(served.clone())
                .route("/wechat", web::get().to(echo))
                .route("/wechat", web::post().to(take))
        })
        .workers(1)
        .disable_signals()
        .bind(("127.0.0.1", 0))
        .unwrap();
        let url = format!("http://{}/wechat", server.addrs().first().unwrap());
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url, inside, handle }
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn opened(&self) -> Vec<Push> {
        self.inside.opened.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn echo(inside: web::Data<Inside>, request: HttpRequest) -> HttpResponse {
    match inside.callback.echo(&CallbackQuery::parse(request.query_string()), inside.now) {
        Ok(words) => HttpResponse::Ok().content_type("text/plain").body(words),
        Err(_) => HttpResponse::Forbidden().finish(),
    }
}

async fn take(inside: web::Data<Inside>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    let push = inside.callback.open(&CallbackQuery::parse(request.query_string()), &body, inside.now).unwrap();
    inside.opened.lock().unwrap().push(push);
    let answer = inside.answers.lock().unwrap().pop_front();
    match answer.unwrap_or(Answer::Words(200, "success")) {
        Answer::Words(status, words) => {
            let mut response = HttpResponse::build(status.try_into().unwrap());
            // Nobody looks there but who follows a redirect.
            response.insert_header(("location", "/elsewhere")).body(words)
        }
        Answer::Silence => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            HttpResponse::Ok().finish()
        }
    }
}
