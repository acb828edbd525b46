//! The table of access at the door: which operation a request asks for, and whether any role of the caller may try it.

use std::collections::HashMap;
use std::rc::Rc;

use actix_router::ResourceDef;
use actix_web::http::Method;
use actix_web::{HttpMessage, HttpRequest};
use domain::people::access::Operation;
use domain::people::{Actor, SessionKind};
use utoipa::openapi::OpenApi;

use crate::problem::{Code, Problem};

/// Which operation a request asks for, as the description of the API names them.
pub struct Access {
    /// By route: what each method asks for.
    routes: HashMap<String, Vec<(Method, Entry)>>,
    /// The same, for paths that fit several routes.
    patterns: Vec<(Method, ResourceDef, Entry)>,
}

#[derive(Clone, Copy)]
struct Entry {
    operation: Operation,
    needs_token: bool,
}

/// Looked up once a request: the router tries its patterns one after the other.
#[derive(Clone)]
struct Route(Option<Rc<str>>);

/// Looked up once a request.
#[derive(Clone, Copy)]
struct Asked(Option<Entry>);

/// The pattern that the path fits, such as `/v1/orders/{id}`.
pub fn route_of(request: &HttpRequest) -> Option<Rc<str>> {
    let known = request.extensions().get::<Route>().cloned();
    known
        .unwrap_or_else(|| {
            let route = Route(request.match_pattern().map(Into::into));
            request.extensions_mut().insert(route.clone());
            route
        })
        .0
}

impl Access {
    /// What the description names and the table does not is nobody's.
    pub fn of(api: &OpenApi) -> Self {
        let (mut routes, mut patterns) = (HashMap::<_, Vec<_>>::new(), Vec::new());
        for (path, item) in &api.paths.paths {
            let methods = [
                (Method::GET, &item.get),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::DELETE, &item.delete),
            ];
            for (method, operation) in methods {
                let Some(described) = operation else { continue };
                if let Some(operation) = described.operation_id.as_deref().and_then(|name| name.parse().ok()) {
                    let needs_token = described.security.is_some();
                    let entry = Entry { operation, needs_token };
                    routes.entry(path.clone()).or_default().push((method.clone(), entry));
                    patterns.push((method, ResourceDef::new(path.as_str()), entry));
                }
            }
        }
        Self { routes, patterns }
    }

    /// What the request asks for; `None` where the description does not name it.
    pub fn operation(&self, request: &HttpRequest) -> Option<Operation> {
        self.entry(request).map(|entry| entry.operation)
    }

    /// Whether the request must show who it comes from.
    pub fn needs_token(&self, request: &HttpRequest) -> bool {
        self.entry(request).is_some_and(|entry| entry.needs_token)
    }

    fn entry(&self, request: &HttpRequest) -> Option<Entry> {
        let known = request.extensions().get::<Asked>().copied();
        known
            .unwrap_or_else(|| {
                let asked = Asked(self.look_up(request));
                request.extensions_mut().insert(asked);
                asked
            })
            .0
    }

    fn look_up(&self, request: &HttpRequest) -> Option<Entry> {
        let method = request.method();
        let methods = self.routes.get(&*route_of(request)?);
        let by_route = methods.and_then(|methods| methods.iter().find(|(of, _)| of == method));
        // actix names the first route that the path fits, whatever the method: `…/{id}` for `…/accept`.
        let by_pattern = || self.patterns.iter().find(|(of, path, _)| of == method && path.is_match(request.path()));
        by_route.map(|(_, entry)| *entry).or_else(|| by_pattern().map(|(_, _, entry)| *entry))
    }

    /// Refuses what no role of the caller may try. What is done with one order is let through: it is judged with the order before
    /// the eyes, so that whoever does not see it learns nothing of it.
    pub fn admit(&self, request: &HttpRequest, actor: &Actor, at: SessionKind) -> Result<(), Problem> {
        let operation = self.operation(request);
        if at != SessionKind::Phone && operation.is_some_and(Operation::needs_the_phone) {
            return Err(Problem::new(Code::NotPermitted, "请用手机上的小程序扫码和确认"));
        }
        if operation.is_some_and(|operation| operation.is_judged_with_the_order() || actor.may_try(operation)) {
            return Ok(());
        }
        Err(Problem::new(Code::NotPermitted, "您没有权限进行这个操作；如有需要，请联系社区"))
    }
}
