//! `lowered-tls`: an update allows older protocols, between viewers and CloudFront or on the way to an origin.

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::document::{Element, cut};
use crate::rule::id;
use crate::update::{Update, around, is_in, lost, origin_in_words, values};
use crate::value::tls;

/// One finding for the viewers, and one for each protocol of an origin.
pub(crate) fn check(update: &mut Update<'_>) {
    for (place, change) in update.losses() {
        let element = change.element();
        if is_in(element, "ViewerCertificate", "MinimumProtocolVersion") {
            viewers(update, place, &change);
        } else if element.name() == "SslProtocol" && change.action == Action::Added {
            origin(update, place, &change);
        }
    }
}

fn viewers<'d>(update: &mut Update<'d>, place: usize, change: &Change<'d>) {
    let (message, label, floor) = match (values(change), lost(change)) {
        (_, Some(old)) => (
            format!(
                "the lowest security policy {} is removed",
                old.shown_value()
            ),
            "no floor from now on",
            cut(trimmed(old.value())),
        ),
        (Some((old, new)), None) if tls::strength(new) < tls::strength(old) => (
            format!("the lowest security policy falls from {old} to {new}"),
            "the floor from now on",
            old,
        ),
        _ => return,
    };
    let finding = update
        .finding(id::LOWERED_TLS, change, message, "the floor today")
        .label(label)
        .note("viewers may connect with protocols and ciphers that are refused today; nobody gets an error, so nobody notices")
        .help(format!("write MinimumProtocolVersion {floor} again, or a later policy"));
    update.say([place], finding);
}

fn origin<'d>(update: &mut Update<'d>, place: usize, change: &Change<'d>) {
    let before = around(change.old_around, "OriginSslProtocols");
    let floor = before.and_then(|list| list.items().map(strength).min());
    let Some(protocol) = change
        .new
        .filter(|new| floor.is_some_and(|f| f > strength(*new)))
    else {
        return;
    };
    let shown = cut(trimmed(protocol.value()));
    let message = format!(
        "CloudFront may speak {shown} to {}",
        origin_in_words(protocol)
    );
    let finding = update
        .finding(id::LOWERED_TLS, change, message, "all that is allowed today")
        .label("older than what is allowed today")
        .note("CloudFront offers the origin every protocol of the list, also those that are known to be broken")
        .help(format!("take {shown} out again, unless the origin speaks nothing newer"));
    update.say([place], finding);
}

/// Where a protocol stands on the scale from old to new; one that is not known is the newest.
fn strength(protocol: Element<'_>) -> usize {
    let known = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"];
    let value = trimmed(protocol.value());
    known
        .iter()
        .position(|k| *k == value)
        .unwrap_or(known.len())
}
