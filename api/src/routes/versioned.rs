//! What every move documents, on whatever has a version: an order, a dispatch, a case of mediation.

/// A POST that may carry the version that was seen and a key, and answers the thing as it stands after.
macro_rules! versioned {
    ($tag:literal, $id:ty => $view:ty; $(#[$doc:meta])* $path:literal, $name:ident($body:ty) |$app:ident, $post:ident, $of:ident| $does:expr) => {
        $(#[$doc])*
        #[utoipa::path(
            tag = $tag, security(("token" = [])),
            params(
                ("id" = Uuid, Path),
                ("If-Match" = Option<String>, Header, description = "the ETag that was seen"),
                ("Idempotency-Key" = Option<String>, Header, description = "the same key and body give the same answer")
            ),
            request_body = $body,
            responses(
                (status = 200, body = $view),
                (status = 403, body = ProblemBody), (status = 404, body = ProblemBody),
                (status = 409, body = ProblemBody), (status = 412, body = ProblemBody), (status = 422, body = ProblemBody)
            )
        )]
        #[post($path)]
        pub(super) async fn $name($app: Data<App>, Id($of): Id<$id>, $post: Post<$body>) -> Answer {
            $does
        }
    };
}
pub(super) use versioned;
