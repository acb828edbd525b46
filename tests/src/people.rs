use std::ops::Deref;

use api::seed::{Persona, directory, personas};
use domain::ids::PlaceId;
use serde_json::Value;

use crate::ask::Client;

/// Somebody who signed in.
#[derive(Clone)]
pub struct Person {
    client: Client,
    pub openid: String,
    pub id: String,
    pub access_token: String,
    pub refresh_token: String,
}

impl Person {
    pub(crate) fn new(client: Client, openid: &str, signed_in: &Value) -> Self {
        let text = |value: &Value| value.as_str().expect("a string").to_owned();
        let access_token = text(&signed_in["access_token"]);
        Self {
            client: Client { token: Some(access_token.clone()), ..client },
            openid: openid.to_owned(),
            id: text(&signed_in["user"]["id"]),
            access_token,
            refresh_token: text(&signed_in["refresh_token"]),
        }
    }
}

impl Deref for Person {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// The id of the community whose numbers start with this prefix.
pub fn community(prefix: &str) -> String {
    let found = directory().communities.into_iter().find(|c| c.prefix == prefix);
    found.unwrap_or_else(|| panic!("there is no community {prefix}")).id.to_string()
}

/// The id of the grid or the compound of this name in the community whose numbers start with this prefix.
pub fn place_in(prefix: &str, name: &str) -> String {
    let (tree, home) = (directory().tree(), community(prefix).parse().map(PlaceId).expect("an id"));
    let found = tree.within(home).into_iter().find(|place| place.name == name);
    found.unwrap_or_else(|| panic!("there is no {name} in {prefix}")).id.to_string()
}

/// The id of the partner with this name.
pub fn partner(name: &str) -> String {
    let found = directory().partners.into_iter().find(|p| p.name == name);
    found.unwrap_or_else(|| panic!("there is no partner {name}")).id.to_string()
}

pub fn persona(openid: &str) -> Persona {
    personas().into_iter().find(|p| p.openid == openid).unwrap_or_else(|| panic!("there is nobody called {openid}"))
}
