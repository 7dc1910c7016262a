//! Links to the pages of rules, as terminals have them (OSC 8).

use crate::rule::RuleId;

/// The name of a rule; where the terminal has links, one to its page.
pub(super) fn rule_name(rule: RuleId, links: bool) -> String {
    let name = rule.name();
    match links.then(|| rule.url()).flatten() {
        Some(url) => format!("\x1b]8;;{url}\x1b\\{name}\x1b]8;;\x1b\\"),
        None => name.to_owned(),
    }
}
