use sea_orm::sqlx::Error as SqlxError;
use sea_orm::{DbErr, RuntimeErr};

/// A unique constraint whose violation means something to the caller.
pub(super) struct Unique {
    /// PostgreSQL tells the constraint's name …
    name: &'static str,
    /// … and SQLite only the columns.
    columns: &'static str,
}

pub(super) const ANSWER_KEY: Unique = Unique { name: "answers_pkey", columns: "answers.person_id, answers.key" };

pub(super) const ORDER_SOURCE: Unique =
    Unique { name: "orders_source", columns: "orders.community_id, orders.source_system, orders.source_reference" };

pub(super) const PARTNER_USCC: Unique = Unique { name: "partners_uscc", columns: "partners.place_id, partners.uscc" };

pub(super) const HOURS_ONCE: Unique =
    Unique { name: "volunteer_hours_once", columns: "volunteer_hours.order_id, volunteer_hours.person_id" };

/// An index over an expression, which SQLite tells by its name.
pub(super) const WECOM_NAME: Unique = Unique { name: "wecom_members_user", columns: "index 'wecom_members_user'" };

impl Unique {
    pub(super) fn is_violated_by(&self, error: &DbErr) -> bool {
        let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
            return false;
        };
        let SqlxError::Database(cause) = &**cause else {
            return false;
        };
        cause.is_unique_violation()
            && match cause.constraint() {
                Some(name) => name == self.name,
                None => cause.message().ends_with(self.columns),
            }
    }
}
