use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use crate::order::{Move, Upon};

/// Everything that may be asked of the system, by the names that stand in `openapi.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, EnumString, IntoStaticStr, EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Operation {
    SignInWechat,
    SignInRefresh,
    SignInLogout,
    SignInOpenTicket,
    SignInScanTicket,
    SignInConfirmTicket,
    SignInDeclineTicket,
    SignInClaimTicket,
    MeMe,
    MeChangeMe,
    MeBindPhone,
    MeResidence,
    MeResidences,
    MeClearResidence,
    MeAddResidence,
    MeRemoveResidence,
    MeMerge,
    MeSubscriptions,
    MeDataAccess,
    MeInbox,
    MeReadInbox,
    MeNoticeLevel,
    MeChangeNoticeLevel,
    InvitationsIssue,
    InvitationsList,
    InvitationsWithdraw,
    InvitationsAccept,
    MembershipsList,
    MembershipsEnd,
    MeSessions,
    MeEndSession,
    MeSecondFactor,
    MeConfirmSecondFactor,
    MeRemoveSecondFactor,
    MeExport,
    MeErase,
    ConsentsTexts,
    ConsentsList,
    ConsentsGive,
    ConsentsWithdraw,
    CommunitiesList,
    CommunitiesOne,
    CommunitiesServices,
    CommunitiesCertificates,
    CommunitiesFigures,
    CommunitiesService,
    CommunitiesPartners,
    CommunitiesShops,
    PartnersOne,
    PartnersAdd,
    PartnersChange,
    PartnersOpening,
    PartnersRecord,
    VolunteersList,
    VolunteersMine,
    VolunteersOffer,
    VolunteersLedger,
    VolunteersCredit,
    VolunteersWaiting,
    VolunteersConfirm,
    VolunteersRemove,
    DutyNow,
    DutyKeepDesk,
    DutyRota,
    DutyAdd,
    DutyChange,
    DutyRemove,
    DutyLeaveMessage,
    GridsList,
    GridsBorder,
    GridsDraw,
    GridsRubOut,
    GridsImport,
    AddressesBuildings,
    AddressesBelow,
    AddressesEnter,
    AddressesImport,
    AddressesAssign,
    AddressesRemove,
    ServicesKept,
    ServicesSave,
    ServicesTakeOff,
    ServicesVersions,
    CertificatesKept,
    CertificatesSave,
    CertificatesTakeOff,
    EntrancesMake,
    EntrancesList,
    EntrancesCode,
    EntrancesTakeDown,
    EntrancesOpen,
    ResidentsResidences,
    ResidentsVerify,
    ResidentsList,
    ResidentsKeep,
    DelegationsOffer,
    DelegationsAccept,
    DelegationsList,
    DelegationsEnd,
    DelegationsRecord,
    AttachmentsUpload,
    AttachmentsOpen,
    OrdersList,
    OrdersAdvice,
    OrdersSubmit,
    OrdersOne,
    OrdersTimeline,
    OrdersAccept,
    OrdersCheck,
    OrdersRefuse,
    OrdersWithdraw,
    OrdersMerge,
    OrdersDispatch,
    OrdersLocate,
    OrdersVisit,
    OrdersResolve,
    OrdersRate,
    OrdersReopen,
    OrdersUrge,
    OrdersLeaveComment,
    OrdersUnshare,
    OrdersReveal,
    OrdersClear,
    DispatchesList,
    DispatchesOne,
    DispatchesSign,
    DispatchesReturn,
    DispatchesVisit,
    DispatchesComplete,
    DispatchesRecall,
    DispatchesRework,
    DispatchesQuote,
    DispatchesAnswerQuote,
    DispatchesReveal,
    SlotsList,
    SlotsOpen,
    SlotsChange,
    SlotsBookings,
    BookingsMoveTo,
    BookingsMissed,
    MediationsOpen,
    MediationsList,
    MediationsOne,
    MediationsJoinByCode,
    MediationsInvite,
    MediationsJoin,
    MediationsDecline,
    MediationsContact,
    MediationsPlan,
    MediationsMove,
    MediationsHeld,
    MediationsStatement,
    MediationsAgreement,
    MediationsAgree,
    MediationsClose,
    MediationsFollowUp,
    MediationsReplaceMediator,
    MediationsReveal,
    CallsList,
    CallsMade,
    CampaignsOpen,
    CampaignsList,
    CampaignsOne,
    CampaignsTotals,
    CampaignsHouseholds,
    CampaignsAdd,
    CampaignsImport,
    CampaignsChoose,
    CampaignsAssign,
    CampaignsDismiss,
    CampaignsVisit,
    CampaignsReveal,
    CampaignsClose,
    CampaignsReport,
    CampaignsSheet,
    EventsWatch,
    AdminListPlaces,
    AdminAddPlace,
    AdminRenamePlace,
    AdminOrganisations,
    AdminAddOrganisation,
    AdminChangeOrganisation,
    AdminAudit,
    AdminHealth,
    AdminDeliveries,
    AdminDeliveriesSummary,
    AdminRequeueDelivery,
    AdminRequeueDeliveries,
    AdminWecomMembers,
    AdminSaveWecomMember,
    AdminRemoveWecomMember,
    OperationsHealthz,
    OperationsReadyz,
    OperationsFigures,
    WechatVerify,
    WechatHear,
}

impl Operation {
    /// The operation by which people ask for a move; `None` for the one that nobody asks for.
    pub fn of(a_move: Move, upon: Upon) -> Option<Self> {
        Some(match a_move {
            Move::Absorb => return None,
            Move::Accept => Self::OrdersAccept,
            Move::Check => Self::OrdersCheck,
            Move::Refuse => Self::OrdersRefuse,
            Move::Withdraw => Self::OrdersWithdraw,
            Move::Merge => Self::OrdersMerge,
            Move::Dispatch => Self::OrdersDispatch,
            Move::Locate => Self::OrdersLocate,
            Move::Resolve => Self::OrdersResolve,
            Move::Rate => Self::OrdersRate,
            Move::Reopen => Self::OrdersReopen,
            Move::Urge => Self::OrdersUrge,
            Move::Comment => Self::OrdersLeaveComment,
            Move::Unshare => Self::OrdersUnshare,
            Move::Sign => Self::DispatchesSign,
            Move::Return => Self::DispatchesReturn,
            Move::Visit => match upon {
                Upon::Order => Self::OrdersVisit,
                Upon::Dispatch => Self::DispatchesVisit,
            },
            Move::Complete => Self::DispatchesComplete,
            Move::Recall => Self::DispatchesRecall,
            Move::Rework => Self::DispatchesRework,
            Move::Quote => Self::DispatchesQuote,
            Move::AnswerQuote => Self::DispatchesAnswerQuote,
        })
    }

    /// What is done with one order is judged with that order before the eyes: a stranger is told that it does not exist,
    /// not that something is not theirs to do.
    pub fn is_judged_with_the_order(self) -> bool {
        self.is_move()
            || matches!(
                self,
                Self::OrdersReveal
                    | Self::OrdersClear
                    | Self::DispatchesReveal
                    | Self::BookingsMoveTo
                    | Self::BookingsMissed
                    | Self::MediationsOpen
                    | Self::VolunteersCredit
            )
    }

    /// Done with an order and written into its own history together with what it changes.
    pub fn stands_in_a_history(self) -> bool {
        self.is_move() || matches!(self, Self::OrdersSubmit | Self::DutyLeaveMessage)
    }

    /// Leaves no line although it is no GET: it keeps nothing, or what it keeps is written down elsewhere.
    pub fn keeps_nothing(self) -> bool {
        // What somebody has read stands beside it, and is of no concern to others.
        matches!(self, Self::OrdersAdvice | Self::WechatHear | Self::MeReadInbox)
    }

    /// Asked again and again until something has happened: asking in vain leaves no line.
    pub fn is_asked_again(self) -> bool {
        matches!(self, Self::SignInClaimTicket)
    }

    /// Asked by a page of its own accord, as long as it is open: no sign that anybody sits before it.
    pub fn is_asked_by_itself(self) -> bool {
        matches!(self, Self::EventsWatch)
    }

    /// Leaves a line in the audit log even where it only reads.
    pub fn is_a_watched_look(self) -> bool {
        matches!(
            self,
            Self::AdminAudit
                | Self::ResidentsList
                | Self::VolunteersList
                | Self::AddressesBelow
                | Self::MeExport
                | Self::MediationsOne
                // Who lives alone, and behind which door.
                | Self::CampaignsHouseholds
                | Self::CampaignsReport
                | Self::CampaignsSheet
        )
    }

    /// Lets somebody in elsewhere. A desk may not, or whoever found one open would open a second one that outlives it.
    pub fn needs_the_phone(self) -> bool {
        matches!(self, Self::SignInScanTicket | Self::SignInConfirmTicket)
    }

    pub fn is_move(self) -> bool {
        use strum::IntoEnumIterator;
        Move::iter()
            .any(|a_move| [Upon::Order, Upon::Dispatch].iter().any(|upon| Self::of(a_move, *upon) == Some(self)))
    }
}
