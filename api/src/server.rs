//! The HTTP server: middleware around the routes, and how it starts and stops.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle, Service};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::{Compress, Condition, DefaultHeaders, from_fn};
use actix_web::web::Data;
use actix_web::{App as ActixApp, HttpMessage, HttpRequest, HttpResponse, HttpServer, web};
use anyhow::Context;
use tracing_actix_web::{RequestId, TracingLogger};
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt, scope};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::access_log::AccessLog;
use crate::app::App;
use crate::methods::Methods;
use crate::openapi::{Document, complete, openapi_yaml};
use crate::problem::{Problem, as_problems};
use crate::{audit, gate, routes};

/// Requests in flight get this long to finish when the server is told to stop.
const GRACE_SECONDS: u64 = 20;
/// A slow phone must have sent its headers by then.
const SLOW_CLIENT: Duration = Duration::from_secs(15);

/// Longer than a proxy in front keeps its connections to us (nginx: 60 s), so that it never sends a request into one that
/// we are closing.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

pub struct HttpService {
    pub address: SocketAddr,
    server: Server,
}

impl HttpService {
    /// Binds and builds; nothing is served until [`HttpService::run`] is polled.
    pub fn build(listener: TcpListener, app: Data<App>, workers: usize, cors: Vec<String>) -> anyhow::Result<Self> {
        let address = listener.local_addr()?;
        let api = describe();
        let methods = Data::new(Methods::of(&api));
        let document = Data::new(Document(api.to_yaml().context("the API cannot be described")?));
        let server = HttpServer::new(move || {
            let (service, _) = ActixApp::new()
                .into_utoipa_app()
                .app_data(app.clone())
                .app_data(methods.clone())
                .app_data(document.clone())
                .map(|service| {
                    service
                        .wrap(from_fn(gate::identify))
                        .wrap(from_fn(audit::witness))
                        .wrap(from_fn(gate::admit))
                        .wrap(Compress::default())
                        .wrap(from_fn(as_problems))
                        .wrap(Condition::new(!cors.is_empty(), cors_headers(&cors)))
                        .wrap(security_headers())
                        .wrap_fn(echo_request_id)
                        .wrap(TracingLogger::<AccessLog>::new())
                })
                .configure(all_routes)
                .split_for_parts();
            service
                .service(openapi_yaml)
                .service(SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.yaml")))
                .service(web::redirect("/docs", "/docs/"))
                .default_service(web::to(no_route))
        })
        .workers(workers)
        .client_request_timeout(SLOW_CLIENT)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(GRACE_SECONDS)
        .disable_signals()
        .listen(listener)?
        .run();
        Ok(Self { address, server })
    }

    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }

    /// Serves until the handle says stop.
    pub async fn run(self) -> std::io::Result<()> {
        self.server.await
    }
}

fn all_routes(config: &mut utoipa_actix_web::service_config::ServiceConfig<'_>) {
    config.service(scope("/v1").configure(routes::v1));
    config.configure(routes::wechat);
    config.service(routes::healthz).service(routes::readyz).service(routes::figures);
}

/// The API as the handlers describe it, without starting anything.
pub fn describe() -> OpenApi {
    let (_, api) = ActixApp::new().into_utoipa_app().configure(all_routes).split_for_parts();
    complete(api)
}

/// No such path, or no such method on it.
async fn no_route(request: HttpRequest, methods: Data<Methods>) -> Result<HttpResponse, Problem> {
    Err(methods.refuse(request.method(), request.path()))
}

fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add((header::CACHE_CONTROL, "no-store"))
}

/// Off unless origins are configured: mini-programs and our own pages need none.
fn cors_headers(origins: &[String]) -> actix_cors::Cors {
    let cors = actix_cors::Cors::default()
        .allowed_methods(["GET", "POST", "PUT", "DELETE"])
        .allowed_headers([header::AUTHORIZATION, header::CONTENT_TYPE, header::IF_MATCH])
        .allowed_header("Idempotency-Key")
        .allowed_header("Last-Event-ID")
        .expose_headers([header::ETAG, header::RETRY_AFTER])
        .block_on_origin_mismatch(false);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

/// Every answer carries the id under which it stands in the log.
fn echo_request_id<S, B>(
    request: actix_web::dev::ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<actix_web::dev::ServiceResponse<B>, actix_web::Error>> + use<S, B>
where
    S: Service<actix_web::dev::ServiceRequest, Response = actix_web::dev::ServiceResponse<B>, Error = actix_web::Error>,
{
    let id = request.extensions().get::<RequestId>().map(ToString::to_string);
    let answer = service.call(request);
    async move {
        let mut answer = answer.await?;
        if let Some(id) = id.and_then(|id| HeaderValue::from_str(&id).ok()) {
            answer.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
        }
        Ok(answer)
    }
}
