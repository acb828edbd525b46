use super::{Column, Operation, Scope, is_entrusted, scope};
use crate::order::Order;
use crate::people::{Hat, Post, Reach, Role};

/// Whether the role may try the operation at all.
pub fn permits(operation: Operation, role: Role) -> bool {
    scope(operation, Column::Holder(role)) != Scope::None
}

/// The same for a hat, with those that no role gives.
pub fn permits_hat(operation: Operation, hat: Hat) -> bool {
    match hat {
        Hat::Mediator => is_entrusted(operation),
        Hat::System => false,
        Hat::Requester | Hat::GridWorker | Hat::IntakeClerk | Hat::Secretary | Hat::Partner => {
            hat.role().is_some_and(|role| permits(operation, role))
        }
    }
}

/// Whether the post reaches `order` with `operation`. What people own, they reach as residents, not by a post.
pub fn reaches(operation: Operation, post: &Post, order: &Order) -> bool {
    match scope(operation, Column::Holder(post.role)) {
        Scope::None | Scope::Public | Scope::Own | Scope::Household | Scope::Named => false,
        Scope::Grid | Scope::Community | Scope::Subtree => {
            let covers = post.reach.covers_compound(order.community, order.compound());
            !order.sealed && (covers || order.grid().is_some_and(|grid| post.reach.is_grid(grid)))
        }
        // Sealed matters are read in the community's own office, not from a grid and not from above.
        Scope::Sealed => matches!(&post.reach, Reach::Communities(offices) if offices.contains(&order.community)),
        Scope::Dispatched => post.partner.is_some_and(|partner| order.holds_dispatch(partner)),
    }
}
