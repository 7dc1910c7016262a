//! `too-many-dedicated-ip-certificates`: more certificates with IP addresses of their own than an account may have.

use crate::finding::Finding;
use crate::fleet::{About, Fleet, Remark};
use crate::rule::{id, option};

/// Counts certificates, not distributions: several may share one.
pub(crate) fn check(fleet: &Fleet<'_>, remarks: &mut Vec<Remark>) {
    let certificates = fleet.groups_of(About::Dedicated).into_all();
    let max = fleet.number(option::MAX_DEDICATED_IP_CERTIFICATES);
    let Some(place) = certificates.get(max).and_then(|group| group.first()) else {
        return;
    };
    let count = certificates.len();
    let message =
        format!("{count} certificates have dedicated IP addresses, more than the quota of {max}");
    let finding = Finding::new(
        id::TOO_MANY_DEDICATED_IP_CERTIFICATES,
        fleet.fact(*place).span,
        message,
    )
    .label(format!("number {}", max + 1))
    .note("AWS raises this quota on request; `--set max-dedicated-ip-certificates=NUMBER` tells what yours is")
    .help("write sni-only: every browser of the last ten years can do with it");
    remarks.push(fleet.at(*place, finding));
}
