use domain::ids::PlaceId;
use domain::people::Role;
use domain::place::{Community, Partner, Tree};
use domain::ports::Directory;
use uuid::Uuid;

use crate::seed::{Persona, directory, personas};

/// Everybody in the demo, and where they belong.
pub struct Cast {
    pub communities: Vec<Community>,
    tree: Tree,
    partners: Vec<Partner>,
    pub personas: Vec<Persona>,
}

impl Default for Cast {
    fn default() -> Self {
        let directory = directory();
        let tree = directory.tree();
        let Directory { communities, partners, .. } = directory;
        Self { communities, tree, partners, personas: personas() }
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
        self.place(of.community_id)
    }

    /// What people call it.
    pub fn place(&self, id: impl Into<PlaceId>) -> &str {
        self.tree.name(id.into())
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
            Role::Volunteer | Role::ClassMonitor | Role::Matchmaker | Role::Administrator => {
                format!("{community}{}", persona.role.text())
            }
            Role::Supervisor => format!("{}督办人员", self.place(persona.place_id)),
            Role::PartnerStaff => {
                let partner = self.partners.iter().find(|partner| Some(partner.id) == persona.partner_id);
                partner.map_or_else(|| "承办单位".to_owned(), |partner| partner.name.clone())
            }
        }
    }
}
