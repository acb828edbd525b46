use domain::people::Role;
use domain::place::{Community, Partner};
use domain::ports::Directory;
use uuid::Uuid;

use crate::seed::{Persona, directory, personas};

/// Everybody in the demo, and where they belong.
pub struct Cast {
    pub communities: Vec<Community>,
    partners: Vec<Partner>,
    pub personas: Vec<Persona>,
}

impl Default for Cast {
    fn default() -> Self {
        let Directory { communities, partners, .. } = directory();
        Self { communities, partners, personas: personas() }
    }
}

impl Cast {
    pub fn find(&self, openid: &str) -> Option<&Persona> {
        self.personas.iter().find(|persona| persona.openid == openid)
    }

    /// The unit that the person works for.
    pub fn partner(&self, openid: &str) -> Option<Uuid> {
        self.find(openid)?.partner_id.map(|id| id.0)
    }

    pub fn community(&self, of: &Persona) -> &str {
        let community = self.communities.iter().find(|community| community.id == of.community_id);
        community.map_or("", |community| community.name.as_str())
    }

    pub fn secretaries(&self) -> impl Iterator<Item = &Persona> {
        self.personas.iter().filter(|persona| persona.role == Role::Secretary)
    }

    /// openid and label, as the sandbox shows them.
    pub fn phones(&self) -> Vec<(String, String)> {
        self.personas.iter().map(|persona| (persona.openid.to_owned(), self.label(persona))).collect()
    }

    /// The name, and what the person is; those who are called after their office once only.
    fn label(&self, persona: &Persona) -> String {
        let office = self.office(persona);
        if persona.name == office { office } else { format!("{} · {office}", persona.name) }
    }

    fn office(&self, persona: &Persona) -> String {
        let community = self.community(persona);
        match persona.role {
            Role::Resident => format!("{community}居民"),
            Role::GridWorker => format!("{community}网格员"),
            Role::IntakeClerk => format!("{community}接访员"),
            Role::Secretary => format!("{community}书记"),
            Role::PartnerStaff => {
                let partner = self.partners.iter().find(|partner| Some(partner.id) == persona.partner_id);
                partner.map_or_else(|| "承办单位".to_owned(), |partner| partner.name.clone())
            }
        }
    }
}
