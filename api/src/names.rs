//! The directory in memory: communities, services and partners by id.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use domain::certificate::Certificate;
use domain::ids::{CommunityId, PartnerId, PlaceId};
use domain::place::{Community, Partner, Tree};
use domain::ports::{Directory, DirectoryStore, StoreError};
use domain::service::{Service, offered};
use moka::future::Cache;

use crate::problem::Problem;

/// How long names of communities, services and partners may be out of date.
const NAMES_LIVE: Duration = Duration::from_secs(30);

/// Reads the directory at most once in [`NAMES_LIVE`], whoever asks.
pub struct Names {
    store: Arc<dyn DirectoryStore>,
    cache: Cache<(), Arc<Book>>,
}

/// One reading of the directory.
#[derive(Debug)]
pub struct Book {
    directory: Directory,
    tree: Tree,
    communities: HashMap<CommunityId, usize>,
    /// What each community offers, by community and key.
    offered: HashMap<CommunityId, Vec<usize>>,
    services: HashMap<(CommunityId, String), usize>,
    /// The service list as it is answered: what everybody opens first is written once.
    service_lists: HashMap<CommunityId, OnceLock<Bytes>>,
    partners: HashMap<PartnerId, usize>,
}

impl Names {
    pub fn new(store: Arc<dyn DirectoryStore>) -> Self {
        Self { store, cache: Cache::builder().max_capacity(1).time_to_live(NAMES_LIVE).build() }
    }

    pub async fn book(&self) -> Result<Arc<Book>, Arc<StoreError>> {
        let read = async { self.store.directory().await.map(|d| Arc::new(Book::new(d))) };
        self.cache.try_get_with((), read).await
    }

    /// Read anew: what is about to be changed must not be out of date.
    pub async fn fresh_book(&self) -> Result<Arc<Book>, Arc<StoreError>> {
        self.forget();
        self.book().await
    }

    /// After a change made by this process.
    pub fn forget(&self) {
        self.cache.invalidate_all();
    }
}

impl Book {
    fn new(directory: Directory) -> Self {
        let communities = directory.communities.iter().enumerate().map(|(i, c)| (c.id, i)).collect();
        let partners = directory.partners.iter().enumerate().map(|(i, p)| (p.id, i)).collect();
        let tree = directory.tree();
        let places: HashMap<_, _> =
            directory.services.iter().enumerate().map(|(i, s)| ((s.place, s.key.as_str()), i)).collect();
        let offered_by = |community: &Community| {
            let lines = offered(&directory.services, community.id, &tree);
            let lines = lines.into_iter().filter_map(|line| places.get(&(line.place, line.key.as_str())).copied());
            (community.id, lines.collect::<Vec<_>>())
        };
        let offered: HashMap<_, _> = directory.communities.iter().map(offered_by).collect();
        let keyed = |(id, lines): (&CommunityId, &Vec<usize>)| {
            let key = |i: &usize| Some(((*id, directory.services.get(*i)?.key.clone()), *i));
            lines.iter().filter_map(key).collect::<Vec<_>>()
        };
        let services = offered.iter().flat_map(keyed).collect();
        let service_lists = offered.keys().map(|id| (*id, OnceLock::new())).collect();
        Self { directory, tree, communities, offered, services, service_lists, partners }
    }

    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    pub fn communities(&self) -> &[Community] {
        &self.directory.communities
    }

    pub fn community(&self, id: CommunityId) -> Option<&Community> {
        self.communities.get(&id).and_then(|i| self.directory.communities.get(*i))
    }

    /// What people call the community.
    pub fn community_name(&self, id: CommunityId) -> Option<String> {
        self.tree.get(id.into()).map(|place| place.name.clone())
    }

    /// What the community offers, its own and what catalogues above it give; closed lines included.
    pub fn services_of(&self, id: CommunityId) -> impl Iterator<Item = &Service> {
        let lines = self.offered.get(&id).into_iter().flatten();
        lines.filter_map(|i| self.directory.services.get(*i))
    }

    /// The community's service list as `write` writes it, the first time that somebody asks for it.
    ///
    /// # Errors
    /// Those of `write`, and `not_found` where there is no such community.
    pub fn service_list(
        &self,
        id: CommunityId,
        write: impl FnOnce() -> Result<Bytes, Problem>,
    ) -> Result<Bytes, Problem> {
        let place = self.service_lists.get(&id).ok_or_else(Problem::not_found)?;
        match place.get() {
            Some(list) => Ok(list.clone()),
            None => write().map(|list| place.get_or_init(|| list).clone()),
        }
    }

    /// The lines that the place itself keeps.
    pub fn services_kept_by(&self, place: PlaceId) -> impl Iterator<Item = &Service> {
        self.directory.services.iter().filter(move |service| service.place == place)
    }

    /// What places say about kinds of certificates.
    pub fn certificates(&self) -> &[Certificate] {
        &self.directory.certificates
    }

    pub fn partners(&self) -> &[Partner] {
        &self.directory.partners
    }

    pub fn partners_of(&self, id: CommunityId) -> impl Iterator<Item = &Partner> {
        self.directory.partners.iter().filter(move |p| self.community_of(p) == Some(id))
    }

    /// The community that the partner works in; `None` for an office above communities.
    pub fn community_of(&self, partner: &Partner) -> Option<CommunityId> {
        self.tree.community_of(partner.place_id)
    }

    pub fn service(&self, community: CommunityId, key: &str) -> Option<&Service> {
        self.services.get(&(community, key.to_owned())).and_then(|i| self.directory.services.get(*i))
    }

    pub fn partner(&self, id: PartnerId) -> Option<&Partner> {
        self.partners.get(&id).and_then(|i| self.directory.partners.get(*i))
    }
}

impl From<Arc<StoreError>> for Problem {
    fn from(error: Arc<StoreError>) -> Self {
        StoreError::unavailable(error.to_string()).into()
    }
}
