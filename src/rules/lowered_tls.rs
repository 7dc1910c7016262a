//! `lowered-tls`: an update allows older protocols, between viewers and CloudFront or on the way to an origin.

use std::collections::HashMap;

use crate::check::trimmed;
use crate::compare::{Action, Change};
use crate::document::{Element, cut};
use crate::rule::id;
use crate::update::{Update, around, is_in, lost, origin_in_words, values};
use crate::value::tls;

/// One finding for the viewers, and one for each protocol of an origin.
pub(crate) fn check(update: &mut Update<'_>) {
    let (mut old, mut new) = (Ranges::default(), Ranges::default());
    for (place, change) in update.losses() {
        let element = change.element();
        if is_in(element, "ViewerCertificate", "MinimumProtocolVersion") {
            viewers(update, place, &change);
        } else if element.name() == "SslProtocol" {
            let (before, after) = (old.of(change.old_around), new.of(change.new_around));
            match change.action {
                Action::Added => added(update, place, &change, before),
                _ => removed(update, place, &change, before, after),
            }
        }
    }
}

fn viewers<'d>(update: &mut Update<'d>, place: usize, change: &Change<'d>) {
    if shows_default_certificate(change.new_around) {
        // What is lost then is the certificate: `lost-element` says so.
        return;
    }
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

/// The oldest and the newest protocol of each list, since a list may have changed in many places.
#[derive(Default)]
struct Ranges(HashMap<u32, Option<(usize, usize)>>);

impl Ranges {
    /// Those of the list around an element; none if there is no such list, or nothing in it.
    fn of(&mut self, inside: Element<'_>) -> Option<(usize, usize)> {
        let list = around(inside, "OriginSslProtocols")?;
        let range = || {
            let oldest = list.items().map(strength).min()?;
            Some((oldest, list.items().map(strength).max()?))
        };
        *self.0.entry(list.id()).or_insert_with(range)
    }
}

fn added<'d>(
    update: &mut Update<'d>,
    place: usize,
    change: &Change<'d>,
    before: Option<(usize, usize)>,
) {
    let Some(protocol) = change
        .new
        .filter(|new| before.is_some_and(|(oldest, _)| oldest > strength(*new)))
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

/// A protocol that is taken out is no loss as long as a newer one is left, and is spoken of where an older one was added.
fn removed<'d>(
    update: &mut Update<'d>,
    place: usize,
    change: &Change<'d>,
    before: Option<(usize, usize)>,
    after: Option<(usize, usize)>,
) {
    let (Some(old), Some((old_floor, old_newest)), Some((floor, newest))) =
        (change.old, before, after)
    else {
        return;
    };
    let was = strength(old);
    // The newest that is gone speaks for all.
    if newest > was || floor < old_floor || was < old_newest {
        return update.leave(place);
    }
    let shown = cut(trimmed(old.value()));
    let message = format!(
        "CloudFront no longer speaks {shown} to {}",
        origin_in_words(change.new_around)
    );
    let finding = update
        .finding(id::LOWERED_TLS, change, message, "the newest that is allowed today")
        .label("only older protocols are left")
        .note("CloudFront offers the origin the protocols of the list alone, and older ones are known to be weak or broken")
        .help(format!("write {shown} again"));
    update.say([place], finding);
}

/// Whether a distribution has no certificate of its own.
pub(crate) fn shows_default_certificate(certificate: Element<'_>) -> bool {
    let default = certificate.child("CloudFrontDefaultCertificate");
    default.is_some_and(|d| trimmed(d.value()).eq_ignore_ascii_case("true"))
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
