//! `weak-viewer-tls`: viewers may connect with protocols or ciphers that are no longer safe.

use crate::check::trimmed;
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix, Level, Safety};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::schema::{ApiVersion, name};
use crate::scope::Scope;
use crate::value::tls::{RECOMMENDED, WEAKEST_SAFE, strength};

/// The strongest policy that goes with dedicated addresses.
const BEST_FOR_VIP: &str = "TLSv1";

/// A policy whose protocol is good enough, and only some of its ciphers are not.
const ONLY_CIPHERS: &str = "TLSv1.2_2018";

/// A MinimumProtocolVersion below what is safe, where a better one can be had.
pub(crate) fn check(_: &Scope<'_>, policy: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(policy.value());
    let Some(certificate) = policy.parent() else {
        return;
    };
    let method = certificate.get(name::SSL_SUPPORT_METHOD);
    let method = method.map_or("", |method| trimmed(method.value()));
    // Another rule says that these two do not go together.
    let refused = value == "SSLv3" && method == "sni-only";
    if value.is_empty()
        || refused
        || strength(value) >= strength(WEAKEST_SAFE)
        || template_leftover::is_unknown(policy)
    {
        return;
    }
    let better = match method {
        "vip" => Some(BEST_FOR_VIP),
        _ => recommended(policy),
    };
    let Some(better) = better.filter(|better| strength(better) > strength(value)) else {
        return;
    };
    let allowed = match value {
        "SSLv3" => "SSLv3",
        "TLSv1" | "TLSv1_2016" => "TLS 1.0",
        "TLSv1.1_2016" => "TLS 1.1",
        _ => "weak ciphers",
    };
    let message = format!("MinimumProtocolVersion {value} lets viewers use {allowed}");
    let finding = Finding::new(id::WEAK_VIEWER_TLS, policy.value_span(), message)
        .at(policy.path())
        .label("too weak")
        .help(format!("write {better}"))
        .fix(repair::write(policy, better, Safety::Unsafe));
    // The protocol is sound, and viewers of today choose better ciphers.
    findings.push(match value == ONLY_CIPHERS {
        true => finding.level(Level::Info),
        false => finding,
    });
}

/// A certificate of one's own without MinimumProtocolVersion.
pub(crate) fn missing(_: &Scope<'_>, named: Element<'_>, findings: &mut Vec<Finding>) {
    let (Some(certificate), Some(better)) = (named.parent(), recommended(named)) else {
        return;
    };
    findings.push(
        Finding::new(
            id::WEAK_VIEWER_TLS,
            certificate.name_span(),
            "without MinimumProtocolVersion, viewers may use TLS 1.0",
        )
        .at(certificate.path())
        .label("MinimumProtocolVersion is missing")
        .help(format!(
            "add <MinimumProtocolVersion>{better}</MinimumProtocolVersion>"
        ))
        .fix(Fix::risky(
            "add MinimumProtocolVersion",
            match certificate.get(name::MINIMUM_PROTOCOL_VERSION) {
                Some(empty) => repair::set_value(empty, better),
                None => repair::insert(certificate, name::MINIMUM_PROTOCOL_VERSION, better),
            },
        )),
    );
}

/// What to write in this API version: the usual policy, or the strongest that there is.
fn recommended(element: Element<'_>) -> Option<&'static str> {
    let version: ApiVersion = element.document().version();
    let shape = element.parent()?.shape()?;
    let policies = shape.member("MinimumProtocolVersion")?.shape_in(version)?;
    let known = policies.shape().values().iter();
    known
        .filter(|value| value.exists_in(version))
        .map(|value| value.value)
        .filter(|value| strength(value) <= strength(RECOMMENDED))
        .max_by_key(|value| strength(value))
}
