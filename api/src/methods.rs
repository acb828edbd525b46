//! Which methods a path takes, so that a wrong one gets 405 with `Allow` rather than 404.

use actix_web::http::Method;
use utoipa::openapi::{OpenApi, PathItem};

use crate::problem::{Code, Problem};

/// One row a path of the API.
pub struct Methods(Vec<(actix_router::ResourceDef, Vec<&'static str>)>);

impl Methods {
    pub fn of(api: &OpenApi) -> Self {
        Self(
            api.paths
                .paths
                .iter()
                .map(|(path, item)| (actix_router::ResourceDef::new(path.as_str()), methods(item)))
                .collect(),
        )
    }

    /// The methods of `path`; `None` where there is no such path.
    fn allowed(&self, path: &str) -> Option<String> {
        let mut found: Vec<_> =
            self.0.iter().filter(|(def, _)| def.is_match(path)).flat_map(|(_, m)| m.clone()).collect();
        found.sort_unstable();
        found.dedup();
        (!found.is_empty()).then(|| found.join(", "))
    }

    /// No such path, or no such method on it.
    pub fn refuse(&self, used: &Method, path: &str) -> Problem {
        let Some(allowed) = self.allowed(path) else { return Problem::not_found() };
        let detail = format!("这个地址不支持 {used}，只支持 {allowed}");
        Problem { allow: Some(allowed), ..Problem::new(Code::MethodNotAllowed, detail) }
    }
}

fn methods(item: &PathItem) -> Vec<&'static str> {
    let all = [
        ("GET", item.get.is_some()),
        ("POST", item.post.is_some()),
        ("PUT", item.put.is_some()),
        ("DELETE", item.delete.is_some()),
    ];
    all.into_iter().filter(|(_, is_there)| *is_there).map(|(name, _)| name).collect()
}
