//! `stricter-viewer-access`: viewers who are served today are refused after the update.

use super::loosened_geo_restriction::restriction;
use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::finding::Level;
use crate::rule::id;
use crate::update::{Update, around, became, behavior_of, gained, is_in, requests_of, values};
use crate::value::tls;

/// What is stricter from now on.
struct Stricter {
    level: Level,
    message: String,
    label: &'static str,
    /// Who is refused.
    note: &'static str,
}

/// Each change by itself, but for those of one geographic restriction.
pub(crate) fn check(update: &mut Update<'_>) {
    let mut restrictions = Vec::new();
    for (place, change) in update.losses() {
        if around(change.element(), "Restrictions").is_some() {
            restrictions.push((place, change));
        } else if let Some(stricter) = look(&change) {
            report(update, &change, stricter, [place]);
        }
    }
    restrictions.retain(|(_, change)| refuses_countries(change));
    if let Some((_, change)) = restrictions.first().copied() {
        let stricter = Stricter {
            level: Level::Info,
            message: "viewers of more countries are refused".to_owned(),
            label: "lets fewer viewers in",
            note: "CloudFront answers them with 403",
        };
        report(
            update,
            &change,
            stricter,
            restrictions.into_iter().map(|(place, _)| place),
        );
    }
}

fn report<'d>(
    update: &mut Update<'d>,
    change: &Change<'d>,
    stricter: Stricter,
    places: impl IntoIterator<Item = usize>,
) {
    let finding = update
        .finding(
            id::STRICTER_VIEWER_ACCESS,
            change,
            stricter.message,
            "as it is today",
        )
        .label(stricter.label)
        .note(stricter.note)
        .level(stricter.level)
        .help("make sure that everybody who should be served still is");
    update.say(places, finding);
}

fn refuses_countries(change: &Change<'_>) -> bool {
    let kind = |element| around(element, "DistributionConfig").map_or("none", restriction);
    match (kind(change.old_around), kind(change.new_around)) {
        ("none", "whitelist" | "blacklist") | ("blacklist", "whitelist") => true,
        ("whitelist", "whitelist") => change.action == Action::Removed,
        ("blacklist", "blacklist") => change.action == Action::Added,
        _ => false,
    }
}

fn look(change: &Change<'_>) -> Option<Stricter> {
    asks_for_signatures(change)
        .or_else(|| asks_more(change))
        .or_else(|| connects_fewer(change))
}

fn asks_for_signatures(change: &Change<'_>) -> Option<Stricter> {
    let element = change.element();
    let of = |name: &str| {
        is_in(element, name, "Enabled") && became(change, "true") || {
            change.action == Action::Added && element.name() == name
        }
    };
    let behavior = behavior_of(element)?;
    (of("TrustedSigners") || of("TrustedKeyGroups")).then(|| Stricter {
        level: Level::Warning,
        message: format!("{} need a signature", requests_of(behavior)),
        label: "asks for signatures",
        note: "every viewer of these paths without a signed URL or cookie is refused as soon as the update has reached the edge locations",
    })
}

/// A web ACL, or certificates of viewers.
fn asks_more(change: &Change<'_>) -> Option<Stricter> {
    let mode = is_in(change.element(), "ViewerMtlsConfig", "Mode");
    let required = mode && values(change).is_none_or(|(_, new)| new == "required");
    if required && change.old.is_some() {
        return Some(needs_certificate());
    }
    let new = gained(change)?;
    if is_in(new, "DistributionConfig", "WebACLId") {
        return Some(Stricter {
            level: Level::Info,
            message: "a web ACL filters requests".to_owned(),
            label: "filters requests",
            note: "AWS WAF looks at every request from now on, and refuses what the rules of the web ACL block",
        });
    }
    let mode = new
        .child("Mode")
        .map_or("required", |mode| trimmed(mode.value()));
    (is_in(new, "DistributionConfig", "ViewerMtlsConfig") && mode == "required")
        .then(needs_certificate)
}

fn needs_certificate() -> Stricter {
    Stricter {
        level: Level::Warning,
        message: "viewers need a certificate".to_owned(),
        label: "asks for certificates",
        note: "viewers without a certificate that the trust store knows cannot connect",
    }
}

/// How viewers connect.
fn connects_fewer(change: &Change<'_>) -> Option<Stricter> {
    let (old, new) = values(change)?;
    let element = change.element();
    let (message, label, note) = match element.name() {
        "ViewerProtocolPolicy" if new == "https-only" => (
            format!(
                "{} are refused without HTTPS",
                requests_of(behavior_of(element)?)
            ),
            "refuses HTTP",
            "CloudFront answers 403 to HTTP; redirect-to-https sends viewers to HTTPS instead",
        ),
        "MinimumProtocolVersion" if tls::strength(new) > tls::strength(old) => (
            format!("the lowest security policy rises from {old} to {new}"),
            "the floor from now on",
            "viewers that speak only older protocols or ciphers can no longer connect",
        ),
        "SSLSupportMethod" if new == "sni-only" => (
            format!("SSLSupportMethod changes from {old} to {new}"),
            "needs SNI",
            "very old viewers, which do not send the name that they want (SNI), can no longer use the aliases",
        ),
        _ => return None,
    };
    Some(Stricter {
        level: Level::Info,
        message,
        label,
        note,
    })
}
