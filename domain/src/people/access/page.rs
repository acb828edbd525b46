use std::fmt::Write;

use strum::IntoEnumIterator;

use super::{COLUMNS, Column, Operation, Scope, is_entrusted, scope};
use crate::people::Role;

/// The table as a page for people, in Markdown; `docs/access.md` holds it.
pub fn page() -> String {
    let mut page = String::from(HEAD);
    for scope in Scope::iter().filter(|scope| *scope != Scope::None) {
        let _ = writeln!(page, "| `{}` | {} |", scope.text(), scope.meaning());
    }
    page.push_str("\n## The table\n\n| operation |");
    COLUMNS.iter().for_each(|column| page.push_str(&format!(" {} |", column.text())));
    page.push_str("\n|---|");
    COLUMNS.iter().for_each(|_| page.push_str("---|"));
    page.push('\n');
    for operation in Operation::iter() {
        let _ = write!(page, "| `{operation}` |");
        COLUMNS.iter().for_each(|column| page.push_str(&format!(" {} |", scope(operation, *column).text())));
        page.push('\n');
    }
    page.push_str(&entrusted());
    page + &crate::people::grant::page()
}

/// The one right that hangs on an order instead of a role.
fn entrusted() -> String {
    let operations = Operation::iter().filter(|operation| is_entrusted(*operation)).map(|name| format!("`{name}`"));
    let roles = Role::iter().filter(|role| role.may_mediate()).map(Role::text);
    format!(
        "\n## The mediator of one order\n\nThe secretary appoints somebody who is {} there. As long as the appointment lasts, \
         that person reaches the one order with {}, and its case with all `mediations_…`.\n",
        roles.collect::<Vec<_>>().join("、"),
        operations.collect::<Vec<_>>().join(", "),
    )
}

impl Column {
    fn text(self) -> String {
        match self {
            Self::Anonymous => "nobody signed in".to_owned(),
            Self::Holder(role) => format!("{role} {}", role.text()),
        }
    }
}

const HEAD: &str = "\
# Who may do what

Printed by `hongguanjia access > docs/access.md` from the table that the program itself asks
(`domain/src/people/access/table.rs`); CI checks that this page is current.

Whoever signed in has the column of the resident, and those of all roles held besides. An empty cell means that the
operation is refused. What lies outside a scope does not exist for the caller: 404, in the same words whether it is
there or not. For moves on orders and dispatches the rules of the order's life come on top
(`domain/tests/order/snapshots/moves.snap`). The program's own doings (imports, clocks) need no column.

| scope | reaches |
|---|---|
";
