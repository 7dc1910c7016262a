//! `alias-of-another-distribution`: one alternate domain name stands in two distributions.

use crate::document::quoted;
use crate::finding::Finding;
use crate::fleet::{Fleet, Remark};
use crate::rule::id;

/// Only equal names collide: inside one account, a wildcard may stand beside a name that it covers.
pub(crate) fn check(fleet: &Fleet<'_>, remarks: &mut Vec<Remark>) {
    let distribution = |member| fleet.distribution(member);
    for group in fleet.aliases().shared() {
        let firsts = fleet.apart(group, distribution);
        if firsts.len() < 2 {
            continue;
        }
        for place in group {
            let others = fleet.others(*place, &firsts, distribution);
            let message = format!(
                "alias {} also stands in {}",
                quoted(fleet.text(*place)),
                fleet.names(&others)
            );
            let finding = Finding::new(
                id::ALIAS_OF_ANOTHER_DISTRIBUTION,
                fleet.fact(*place).span,
                message,
            )
            .label("in more than one distribution")
            .note("a name belongs to one distribution, in whatever account; letter case makes no difference")
            .help("delete the alias from all distributions but one; if they are never live together, pass --ignore fleet");
            remarks.push(fleet.at(*place, finding).beside_all(&others, "here, too"));
        }
    }
}
