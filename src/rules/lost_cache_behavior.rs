//! `lost-cache-behavior`: an update takes a path pattern away.

use crate::check::trimmed;
use crate::compare::Action;
use crate::distribution::Distribution;
use crate::rule::id;
use crate::update::{Update, is_in};
use crate::value::path_pattern::Wide;

/// So many patterns are compared with each other. The quota is 75.
const MOST_COMPARED: usize = 250;

/// Says which behavior takes over its requests.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut gone = update.losses();
    gone.retain(|(_, c)| {
        c.action == Action::Removed && is_in(c.element(), "Items", "CacheBehavior")
    });
    if gone.is_empty() {
        return;
    }
    let behaviors = Distribution::of(update.new).map_or_else(Vec::new, |new| new.behaviors);
    let patterns = behaviors.iter().filter_map(|behavior| behavior.pattern);
    let wide: Vec<_> = patterns
        .take(MOST_COMPARED)
        .map(|pattern| (Wide::new(trimmed(pattern.value())), pattern))
        .collect();
    for (n, (place, change)) in gone.into_iter().enumerate() {
        let Some(pattern) = change.element().child("PathPattern") else {
            continue;
        };
        let text = trimmed(pattern.value());
        let heir = wide
            .iter()
            .find(|(wide, _)| n < MOST_COMPARED && wide.includes(text));
        let heir = match heir {
            Some((_, heir)) => format!("the behavior {} serves its requests from now on", heir.shown_value()),
            None => "the default cache behavior serves its requests from now on, but for those that another pattern matches".to_owned(),
        };
        let message = format!("the cache behavior {} is removed", pattern.shown_value());
        let finding = update
            .at(id::LOST_CACHE_BEHAVIOR, &change, message)
            .label("no longer among them")
            .note(format!(
                "{heir}: with its own origin, caching and protection"
            ))
            .help("write the behavior again, or make sure that the other one fits");
        let finding = update.also_old(finding, pattern, "the pattern that is removed");
        update.say([place], finding);
    }
}
