use super::{Operation, Scope};
use crate::people::Role;

/// Somebody who has not signed in, or a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Anonymous,
    Holder(Role),
}

/// The columns of the table, from left to right.
pub const COLUMNS: [Column; 11] = [
    Column::Anonymous,
    Column::Holder(Role::Resident),
    Column::Holder(Role::GridWorker),
    Column::Holder(Role::IntakeClerk),
    Column::Holder(Role::Secretary),
    Column::Holder(Role::PartnerStaff),
    Column::Holder(Role::Volunteer),
    Column::Holder(Role::ClassMonitor),
    Column::Holder(Role::Matchmaker),
    Column::Holder(Role::Supervisor),
    Column::Holder(Role::Administrator),
];

/// How far `who` reaches with `operation`. Whoever holds a role is a resident besides, and has that column too.
pub fn scope(operation: Operation, who: Column) -> Scope {
    let place = match who {
        Column::Anonymous => 0,
        Column::Holder(role) => 1 + role as usize,
    };
    row(operation).get(place).copied().unwrap_or(Scope::None)
}

/// What an appointed mediator may do with the one order that was entrusted, besides what the own roles allow: read it, see
/// whom to call, and resolve it when the case is closed.
pub fn is_entrusted(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::OrdersOne | Operation::OrdersTimeline | Operation::OrdersReveal | Operation::OrdersResolve
    )
}

const NO: Scope = Scope::None;
const PUB: Scope = Scope::Public;
const OWN: Scope = Scope::Own;
const HSE: Scope = Scope::Household;
const GRD: Scope = Scope::Grid;
const DSP: Scope = Scope::Dispatched;
const NAM: Scope = Scope::Named;
const COM: Scope = Scope::Community;
const SEA: Scope = Scope::Sealed;
const SUB: Scope = Scope::Subtree;

/// Before the table is changed: a wider cell shows somebody more about other people. Say in the commit why.
#[rustfmt::skip]
#[expect(clippy::too_many_lines, reason = "one table, one line for each operation")]
const fn row(operation: Operation) -> [Scope; COLUMNS.len()] {
    match operation {
        //                                 anon res  grid cler secr part volu moni matc supe admi
        Operation::SignInWechat        => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::SignInRefresh       => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::SignInLogout        => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // A browser that is not signed in yet; its ticket's secret is the key.
        Operation::SignInOpenTicket    => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::SignInClaimTicket   => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // Those who work at a desk; residents have their phones.
        Operation::SignInScanTicket    => [NO,  NO,  OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN],
        Operation::SignInConfirmTicket => [NO,  NO,  OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN],
        Operation::SignInDeclineTicket => [NO,  NO,  OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN, OWN],

        Operation::MeMe                => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeChangeMe          => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeBindPhone         => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeResidence         => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeResidences        => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeAddResidence      => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeRemoveResidence   => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeMerge             => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeSubscriptions     => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeDataAccess        => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeInbox             => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeReadInbox         => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeNoticeLevel       => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeChangeNoticeLevel => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeSessions          => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeEndSession        => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeSecondFactor      => [NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  OWN],
        Operation::MeConfirmSecondFactor => [NO, NO, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  OWN],
        // It stays on when the role ends, and whoever has one must be able to get rid of it.
        Operation::MeRemoveSecondFactor => [NO, OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],

        // A secretary brings in the people of the community, an administrator those of the own place; see the table below.
        Operation::InvitationsIssue    => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::InvitationsList     => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::InvitationsWithdraw => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::InvitationsAccept   => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MembershipsList     => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        // Everybody may leave.
        Operation::MembershipsEnd      => [NO,  OWN, NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],

        Operation::MeClearResidence    => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeExport            => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MeErase             => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],

        Operation::ConsentsTexts       => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::ConsentsList        => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::ConsentsGive        => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::ConsentsWithdraw    => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],

        Operation::CommunitiesList     => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CommunitiesOne      => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // Totals, and none of what happened between four walls.
        Operation::CommunitiesFigures  => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CommunitiesCertificates => [PUB, PUB, NO, NO, NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CommunitiesServices => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CommunitiesService  => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CommunitiesPartners => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  SUB, SUB],

        // The directory of shops: businesses, no persons, and nothing of their papers.
        Operation::CommunitiesShops    => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // Papers and numbers of a business. Its own staff see their own.
        Operation::PartnersOne         => [NO,  NO,  NO,  COM, COM, OWN, NO,  NO,  NO,  SUB, NO ],
        Operation::PartnersAdd         => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::PartnersChange      => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::PartnersOpening     => [NO,  NO,  NO,  COM, COM, OWN, NO,  NO,  NO,  NO,  NO ],
        // Counts of a unit; no order, and nobody's words.
        Operation::PartnersRecord      => [NO,  NO,  NO,  COM, COM, OWN, NO,  NO,  NO,  SUB, NO ],

        // Names are masked.
        Operation::VolunteersList      => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::VolunteersMine      => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::VolunteersOffer     => [NO,  NO,  NO,  NO,  NO,  OWN, OWN, NO,  NO,  NO,  NO ],
        // Also for those who were volunteers once.
        Operation::VolunteersLedger    => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::VolunteersCredit    => [NO,  NO,  NO,  COM, SEA, DSP, NO,  NO,  NO,  NO,  NO ],
        Operation::VolunteersWaiting   => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::VolunteersConfirm   => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        // What the desk has not confirmed yet: by the desk, or by the one who noted it.
        Operation::VolunteersRemove    => [NO,  OWN, NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],

        // The name that the rota gives to the public, and a number to call.
        Operation::DutyNow             => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DutyKeepDesk        => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DutyRota            => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DutyAdd             => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DutyChange          => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DutyRemove          => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  NO ],
        // An order like any other.
        Operation::DutyLeaveMessage    => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // Grids, and who works there: names are masked.
        Operation::GridsList           => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  SUB, SUB],
        Operation::GridsBorder         => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  SUB, SUB],
        Operation::GridsDraw           => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::GridsRubOut         => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::GridsImport         => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        // Buildings, units and rooms, and nobody who lives there.
        Operation::AddressesBuildings  => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AddressesBelow      => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::AddressesEnter      => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AddressesImport     => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  SUB],
        // No more than to say of each order where it lies.
        Operation::AddressesAssign     => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AddressesRemove     => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        // A secretary keeps the list of the community, an administrator those of the own place and below.
        Operation::ServicesKept        => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::ServicesSave        => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::ServicesTakeOff     => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::ServicesVersions    => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::CertificatesKept    => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::CertificatesSave    => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::CertificatesTakeOff => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],

        // Codes on the walls. What one says is random; whoever stands before it may follow it.
        Operation::EntrancesMake       => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::EntrancesList       => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::EntrancesCode       => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::EntrancesTakeDown   => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::EntrancesOpen       => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],

        // Names, numbers and rooms are masked in these lists.
        Operation::ResidentsResidences => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::ResidentsVerify     => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::ResidentsList       => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::ResidentsKeep       => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],

        Operation::DelegationsOffer    => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DelegationsAccept   => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DelegationsList     => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DelegationsEnd      => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // Only for people without WeChat, who cannot give their consent in the app.
        Operation::DelegationsRecord   => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],

        Operation::AttachmentsUpload   => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // The link itself is the key: signed, short-lived, given only to those who see the order.
        Operation::AttachmentsOpen     => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],

        Operation::OrdersList          => [NO,  HSE, GRD, COM, SEA, DSP, NO,  NO,  NO,  SUB, NO ],
        // Reads words, answers numbers to call; stores nothing.
        Operation::OrdersAdvice        => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersSubmit        => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersOne           => [NO,  HSE, GRD, COM, SEA, DSP, NO,  NO,  NO,  SUB, NO ],
        Operation::OrdersTimeline      => [NO,  HSE, GRD, COM, SEA, DSP, NO,  NO,  NO,  SUB, NO ],
        Operation::OrdersAccept        => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersCheck         => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersRefuse        => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersWithdraw      => [NO,  HSE, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersMerge         => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersDispatch      => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        // Who sees it may change by it: see the scope of a grid.
        Operation::OrdersLocate        => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        // On-site records without a dispatch: those who look for themselves.
        Operation::OrdersVisit         => [NO,  NO,  GRD, COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersResolve       => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        // Staff never rate: silence and our own praise are not satisfaction.
        Operation::OrdersRate          => [NO,  HSE, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // The secretary reopens after a call-back in which the resident was not satisfied.
        Operation::OrdersReopen        => [NO,  HSE, NO,  NO,  SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersUrge          => [NO,  HSE, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersLeaveComment  => [NO,  HSE, GRD, COM, SEA, DSP, NO,  NO,  NO,  NO,  NO ],
        Operation::OrdersUnshare       => [NO,  HSE, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // Whom to call, in full. Each look is a row that the resident can read.
        Operation::OrdersReveal        => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        // A person of the desk says that nothing is wrong with words and photos that no check has passed.
        Operation::OrdersClear         => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],

        Operation::DispatchesList      => [NO,  NO,  NO,  NO,  NO,  DSP, NO,  NO,  NO,  NO,  NO ],
        Operation::DispatchesOne       => [NO,  HSE, NO,  COM, SEA, DSP, NO,  NO,  NO,  SUB, NO ],
        Operation::DispatchesSign      => [NO,  NO,  NO,  NO,  NO,  DSP, NO,  NO,  NO,  NO,  NO ],
        Operation::DispatchesReturn    => [NO,  NO,  NO,  NO,  NO,  DSP, NO,  NO,  NO,  NO,  NO ],
        Operation::DispatchesVisit     => [NO,  NO,  NO,  COM, SEA, DSP, NO,  NO,  NO,  NO,  NO ],
        Operation::DispatchesComplete  => [NO,  NO,  NO,  NO,  NO,  DSP, NO,  NO,  NO,  NO,  NO ],
        Operation::DispatchesRecall    => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DispatchesRework    => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        // The desk for a handler without a phone at hand, who has told it.
        Operation::DispatchesQuote     => [NO,  NO,  NO,  COM, SEA, DSP, NO,  NO,  NO,  NO,  NO ],
        // Whose money it is; the desk for a resident whom it has called. Nobody answers the own quote in another's name.
        Operation::DispatchesAnswerQuote => [NO, HSE, NO, COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::DispatchesReveal    => [NO,  NO,  NO,  NO,  NO,  DSP, NO,  NO,  NO,  NO,  NO ],

        // Quarrels. What somebody is to the case decides, not a role: the appointed mediator, one of its parties, or the secretary,
        // who appoints and sees that it exists. Judged with the case, like a move with its order.
        Operation::MediationsOpen      => [NO,  NO,  NO,  NO,  SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::MediationsList      => [NO, OWN, NO, NO, SEA, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsOne       => [NO, OWN, NO, NO, SEA, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsJoinByCode => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsInvite    => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsJoin      => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsDecline   => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsContact   => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsPlan      => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsMove      => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsHeld      => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsStatement => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsAgreement => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsAgree     => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsClose     => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsFollowUp  => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsReplaceMediator => [NO, OWN, NO, NO, SEA, NO, NO, NO, NO, NO, NO ],
        Operation::MediationsReveal    => [NO, OWN, NO, NO, NO, NO, NO, NO, NO, NO, NO ],

        // Who is to be called because nothing reached them. Names and numbers are not in the list: the desk reveals them.
        // How many come, not who.
        Operation::SlotsList           => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::SlotsOpen           => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::SlotsChange         => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::SlotsBookings       => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        // The desk where whoever serves cannot come, or for somebody on the telephone.
        Operation::BookingsMoveTo      => [NO,  HSE, NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::BookingsMissed      => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],

        Operation::CallsList           => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CallsMade           => [NO,  NO,  NO,  COM, SEA, NO,  NO,  NO,  NO,  NO,  NO ],
        // Doors of people who live alone. Names and numbers are masked in lists; the room is shown to those who knock. A partner
        // sees what the campaign lets it see, and nothing once it is closed.
        Operation::CampaignsOpen       => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsList       => [NO,  NO,  GRD, COM, COM, NAM, NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsOne        => [NO,  NO,  GRD, COM, COM, NAM, NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsTotals     => [NO,  NO,  GRD, COM, COM, NAM, NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsHouseholds => [NO,  NO,  GRD, COM, COM, NAM, NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsAdd        => [NO,  NO,  GRD, COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsImport     => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsChoose     => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsAssign     => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsDismiss    => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsVisit      => [NO,  NO,  GRD, COM, COM, NAM, NO,  NO,  NO,  NO,  NO ],
        // A household in full, for a purpose. Each look is a row.
        Operation::CampaignsReveal     => [NO,  NO,  GRD, COM, COM, NAM, NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsClose      => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsReport     => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::CampaignsSheet      => [NO,  NO,  NO,  COM, COM, NO,  NO,  NO,  NO,  NO,  NO ],
        // Of what happens, each is told what the sight of orders and dispatches lets them see, and what their own inbox holds.
        Operation::EventsWatch         => [NO,  OWN, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],

        Operation::AdminListPlaces         => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminAddPlace       => [NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminRenamePlace    => [NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminOrganisations  => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminAddOrganisation => [NO, NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminChangeOrganisation => [NO, NO, NO, NO, COM, NO,  NO,  NO,  NO,  NO,  SUB],
        // Of the whole system: for administrators of everything only.
        Operation::AdminAudit          => [NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminHealth         => [NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  SUB],
        // Ids, kinds and ends of messages; no words of theirs.
        Operation::AdminDeliveries     => [NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminDeliveriesSummary => [NO, NO, NO, NO,  NO,  NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminRequeueDelivery => [NO, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminRequeueDeliveries => [NO, NO, NO, NO,  NO,  NO,  NO,  NO,  NO,  NO,  SUB],
        // Of those whose roles one gives, as memberships are.
        Operation::AdminWecomMembers   => [NO,  NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminSaveWecomMember => [NO, NO,  NO,  NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],
        Operation::AdminRemoveWecomMember => [NO, NO, NO, NO,  COM, NO,  NO,  NO,  NO,  NO,  SUB],

        // No person's data: for probes and collectors on the inner network.
        Operation::OperationsHealthz   => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OperationsReadyz    => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::OperationsFigures   => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        // WeChat itself, whose signature is the key.
        Operation::WechatVerify        => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
        Operation::WechatHear          => [PUB, PUB, NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  NO ],
    }
}
