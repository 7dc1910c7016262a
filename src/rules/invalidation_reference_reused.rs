//! `invalidation-reference-reused`: two invalidations with other paths have the same CallerReference.

use crate::document::quoted;
use crate::finding::Finding;
use crate::fleet::{Fleet, Kind, Remark};
use crate::rule::id;

/// The reference is what tells a new invalidation from a call that was repeated.
pub(crate) fn check(fleet: &Fleet<'_>, remarks: &mut Vec<Remark>) {
    let is_invalidation = |member: usize| fleet.members[member].facts.kind == Kind::Invalidation;
    for group in fleet.references() {
        if !is_invalidation(group[0].member) {
            continue;
        }
        let content = |member| fleet.content(member);
        let firsts = fleet.apart(group, content);
        for place in group {
            let others = fleet.others(*place, &firsts, content);
            let message = format!(
                "CallerReference {} also stands in {}, with other paths",
                quoted(fleet.text(*place)),
                fleet.names(&others)
            );
            let finding = Finding::new(
                id::INVALIDATION_REFERENCE_REUSED,
                fleet.fact(*place).span,
                message,
            )
            .label("not unique")
            .note("for one distribution, the second of them is refused; the documents do not say for which they are")
            .help("give each invalidation a reference of its own");
            remarks.push(
                fleet
                    .at(*place, finding)
                    .beside_all(&others, "the same reference"),
            );
        }
    }
}
