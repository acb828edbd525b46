//! 调解: cases of mediation, as each of those whom they concern sees them.

mod appoint;
mod parties;
mod read;
mod reply;
mod reveal;
mod sessions;
mod settle;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use view::MediationView;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(appoint::open)
        .service(appoint::replace_mediator)
        .service(read::list)
        .service(read::one)
        .service(parties::join_by_code)
        .service(parties::invite)
        .service(parties::join)
        .service(parties::decline)
        .service(parties::statement)
        .service(sessions::plan)
        .service(sessions::move_)
        .service(sessions::held)
        .service(settle::agreement)
        .service(settle::agree)
        .service(settle::close)
        .service(settle::follow_up)
        .service(reveal::reveal);
}

/// What every step in a case documents.
macro_rules! step {
    ($(#[$doc:meta])* $path:literal, $name:ident($body:ty) |$app:ident, $post:ident, $id:ident| $does:expr) => {
        $(#[$doc])*
        #[utoipa::path(
            tag = "mediations", security(("token" = [])),
            params(
                ("id" = Uuid, Path),
                ("If-Match" = Option<String>, Header, description = "the ETag that was seen"),
                ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")
            ),
            request_body = $body,
            responses(
                (status = 200, body = MediationView),
                (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
                (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody)
            )
        )]
        #[post($path)]
        pub(super) async fn $name($app: Data<App>, Id($id): Id<MediationId>, $post: Post<$body>) -> Answer {
            $does
        }
    };
}
use step;
