//! `distribution-as-origin`: an origin is the name of another distribution of the run.

use std::collections::HashMap;

use crate::document::quoted;
use crate::finding::{Finding, Level};
use crate::fleet::{About, Fleet, Key, Place, Remark};
use crate::rule::id;

/// An origin and the name that it has in another distribution.
#[derive(Clone, Copy)]
struct Hop {
    origin: Place,
    target: Place,
}

/// Two distributions behind each other cost twice; three are refused when viewers ask.
pub(crate) fn check(fleet: &Fleet<'_>, remarks: &mut Vec<Remark>) {
    let hops = hops(fleet);
    let mut onward: HashMap<usize, Hop> = HashMap::new();
    for hop in &hops {
        let distribution = fleet.distribution(hop.origin.member);
        onward.entry(distribution).or_insert(*hop);
    }
    for hop in hops {
        let next = onward.get(&fleet.distribution(hop.target.member));
        remarks.push(match next {
            Some(next) => chain(fleet, hop, *next),
            None => pair(fleet, hop),
        });
    }
}

fn hops(fleet: &Fleet<'_>) -> Vec<Hop> {
    let own_names = fleet.groups_of(About::OwnName);
    let aliases = fleet.aliases();
    let hop = |(name, origin): (Key, Place)| {
        let target = aliases.first(name).or_else(|| own_names.first(name))?;
        let elsewhere = fleet.distribution(target.member) != fleet.distribution(origin.member);
        elsewhere.then_some(Hop { origin, target })
    };
    fleet.keyed(About::Origin).filter_map(hop).collect()
}

fn pair(fleet: &Fleet<'_>, hop: Hop) -> Remark {
    let message = format!(
        "origin {} is another distribution, that of {}",
        quoted(fleet.text(hop.origin)),
        fleet.name(hop.target)
    );
    let finding = finding(fleet, hop, message)
        .level(Level::Info)
        .note("each request passes, and is counted in, two distributions; a third behind them would be refused")
        .help("name the origin of that distribution here, unless both are needed");
    fleet.at(hop.origin, finding).beside(hop.target, "its name")
}

fn chain(fleet: &Fleet<'_>, hop: Hop, next: Hop) -> Remark {
    let back = fleet.distribution(next.target.member) == fleet.distribution(hop.origin.member);
    let further = match back {
        true => "back to this distribution".to_owned(),
        false => format!("to a third distribution, {}", fleet.name(next.target)),
    };
    let message = format!(
        "origin {} leads through {} {further}",
        quoted(fleet.text(hop.origin)),
        fleet.name(hop.target)
    );
    let finding = finding(fleet, hop, message)
        .note("CloudFront accepts this, and answers 403 to viewers: a request may pass two distributions, not more")
        .help("name the server behind the last distribution as the origin");
    fleet
        .at(hop.origin, finding)
        .beside(hop.target, "its name")
        .beside(next.origin, "and on from here")
}

fn finding(fleet: &Fleet<'_>, hop: Hop, message: String) -> Finding {
    let span = fleet.fact(hop.origin).span;
    Finding::new(id::DISTRIBUTION_AS_ORIGIN, span, message).label("no server of its own")
}
