//! Notices that come from no order: a partner's papers that end, campaigns.

use super::{Audience, Facts, Notice, NoticeKind, nature};
use crate::campaign::Campaign;
use crate::deadline::day_in_shanghai;
use crate::ids::{CommunityId, PartnerId};
use crate::place::{Paper, PaperNews};

/// The secretary of the community keeps the papers; the partner's own people renew them.
pub fn notices_of_papers(partner: PartnerId, community: CommunityId, news: &[(PaperNews, Paper)]) -> Vec<Notice> {
    let told = |(news, paper): &(PaperNews, Paper)| {
        let kind = match news {
            PaperNews::NearEnd => NoticeKind::PaperNearEnd,
            PaperNews::Ends => NoticeKind::PaperEnds,
        };
        let facts = Facts::Paper { kind: paper.kind.clone(), until: paper.until };
        [Audience::Desk(community), Audience::Partner(partner)]
            .map(|audience| notice(kind, audience, Some(partner), facts.clone()))
    };
    news.iter().flat_map(told).collect()
}

/// Everybody who works for a partner that goes along. No door and nobody behind it: what it is called, where, and from when.
pub fn notices_of_campaign(campaign: &Campaign, community: &str) -> Vec<Notice> {
    let facts = Facts::Campaign {
        title: campaign.title.clone(),
        community: community.to_owned(),
        from: day_in_shanghai(campaign.opened_at),
    };
    let told = |partner| notice(NoticeKind::CampaignJoined, Audience::Partner(partner), Some(partner), facts.clone());
    campaign.partners.iter().map(|helper| told(helper.partner)).collect()
}

fn notice(kind: NoticeKind, audience: Audience, partner: Option<PartnerId>, facts: Facts) -> Notice {
    Notice { kind, audience, importance: nature(kind, audience.side()).importance, partner, facts: Some(facts) }
}
