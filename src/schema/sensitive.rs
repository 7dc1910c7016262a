//! Names that were probably meant as a sensitive one.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{ROOTS, SENSITIVE_NAMES, SHAPES};
use crate::suggest::fold;

/// Longer names are no slips, and the distance costs their square.
const LONGEST: usize = 64;

/// Sensitive names, folded, each with its set of letters.
static SENSITIVE: LazyLock<Vec<(String, u64)>> = LazyLock::new(|| {
    let folded = SENSITIVE_NAMES.iter().map(|name| fold(name));
    folded
        .map(|name| (letters(&name), name))
        .map(|(set, name)| (name, set))
        .collect()
});

/// Names that mean something else, however near they are.
static OTHERS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let members = SHAPES.iter().flat_map(|s| s.members()).map(|m| m.name);
    let items = SHAPES.iter().filter_map(|s| s.item()).map(|(item, _)| item);
    let roots = ROOTS.iter().map(|root| root.name);
    members.chain(items).chain(roots).collect()
});

/// Whether a name that is not sensitive itself has the letters of one that is, or nearly.
pub(super) fn is_near(name: &str) -> bool {
    if name.is_empty() || name.len() > LONGEST {
        return false;
    }
    let folded = fold(name);
    let set = letters(&folded);
    let near = SENSITIVE
        .iter()
        .any(|(known, known_set)| is_slip(&folded, set, known, *known_set));
    near && !OTHERS.contains(name)
}

/// At most a third of the letters differ. Lengths and letters rule out most pairs before the distance is computed.
fn is_slip(name: &str, set: u64, known: &str, known_set: u64) -> bool {
    let allowed = name.len().max(known.len()) / 3;
    let missing = (known_set & !set)
        .count_ones()
        .max((set & !known_set).count_ones());
    name.len().abs_diff(known.len()) <= allowed
        && missing as usize <= allowed
        && strsim::osa_distance(name, known) <= allowed
}

/// The ASCII letters of a folded name as a set; those that share a place only make it smaller.
fn letters(folded: &str) -> u64 {
    let ascii = folded.bytes().filter(u8::is_ascii);
    ascii.fold(0, |set, b| set | 1 << (b & 63))
}
