//! `invalid-origin-domain`: DomainName of an origin is no domain name.

use std::ops::Range;

use crate::check::trimmed;
use crate::document::{Element, cut, quoted};
use crate::edit::repair;
use crate::finding::{Confidence, Finding, Fix, Level, Safety};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::schema::name;
use crate::scope::Scope;
use crate::value::host::{
    Endpoint, HostProblem, bare_host, check_bucket_name, check_host, classify,
};
use crate::vocabulary::evaluate::part_of_value;

/// A domain with the first thing in it that no domain name has.
pub(crate) fn check(scope: &Scope<'_>, domain: Element<'_>, findings: &mut Vec<Finding>) {
    let name = trimmed(domain.value());
    // What has an endpoint is a name, but for a dot at its end, or one that it lacks.
    let endpoint = domain.parent().and_then(|origin| scope.endpoint_of(origin));
    let has_dots = || name.bytes().any(|b| b == b'.') && !name.ends_with('.');
    if endpoint.is_some() && has_dots() {
        return findings.extend(accelerated(domain, name, endpoint));
    }
    if name.is_empty() || domain.has_children() || template_leftover::is_unknown(domain) {
        return;
    }
    findings.extend(match check_host(name) {
        Ok(()) => accelerated(domain, name, Some(classify(name))),
        // The name of a bucket by itself: `invalid-s3-origin-domain` knows what is missing.
        Err((HostProblem::SingleLabel, _)) if is_bucket(domain) => None,
        Err((problem, place)) => Some(wrong(domain, name, problem, place)),
    });
}

fn is_bucket(domain: Element<'_>) -> bool {
    let has = |name: &str| domain.parent().is_some_and(|o| o.child(name).is_some());
    has("S3OriginConfig") && !has("CustomOriginConfig")
}

/// The endpoint for transfer acceleration.
fn accelerated(domain: Element<'_>, name: &str, endpoint: Option<Endpoint<'_>>) -> Option<Finding> {
    let Some(Endpoint::S3Accelerate { bucket }) = endpoint else {
        return None;
    };
    let start = bucket.len() + 1;
    let length = name[start..].find('.').unwrap_or(0);
    let message = "DomainName is the transfer acceleration endpoint of a bucket";
    Some(
        Finding::new(
            id::INVALID_ORIGIN_DOMAIN,
            part_of_value(domain, start..start + length),
            message,
        )
        .at(domain.path())
        .label("not allowed for origins")
        .confidence(Confidence::Documented)
        .help(format!(
            "write {bucket}.s3.REGION.amazonaws.com, with the region of the bucket"
        )),
    )
}

fn wrong(domain: Element<'_>, name: &str, problem: HostProblem, place: Range<usize>) -> Finding {
    let (phrase, label) = words(problem);
    let shown = domain.shown_value();
    let finding = Finding::new(
        id::INVALID_ORIGIN_DOMAIN,
        part_of_value(domain, place),
        format!("DomainName {shown} {phrase}"),
    )
    .at(domain.path())
    .label(label)
    .help(advice(name, problem))
    .fix(fix(domain, name));
    match problem {
        HostProblem::TrailingDot | HostProblem::SingleLabel => finding
            .level(Level::Warning)
            .confidence(Confidence::Inferred),
        HostProblem::IpAddress | HostProblem::TooLong | HostProblem::LongLabel => {
            finding.confidence(Confidence::Documented)
        }
        _ => finding,
    }
}

/// The name alone; a path goes into OriginPath, if that is free. A port is nowhere to be put without a look.
fn fix(domain: Element<'_>, text: &str) -> Option<Fix> {
    let (host, is_all) = bare_host(text);
    let host = host.strip_suffix('.').unwrap_or(host);
    if check_host(host).is_err() || host == text {
        return None;
    }
    let path = &text[text.find(host)? + host.len()..];
    if let Some((bucket, "")) = bucket_in(host, path) {
        return repair::write(domain, &format!("{bucket}.{host}"), Safety::Safe);
    }
    if is_all || path == "." {
        return repair::write(domain, host, Safety::Safe);
    }
    let path = path.trim_end_matches('/');
    let origin = domain.parent()?;
    let may_move = path.starts_with('/') && !path.contains(['?', '#', ':']);
    if !may_move || bucket_in(host, path).is_some() {
        return None;
    }
    let moved = match origin.get(name::ORIGIN_PATH) {
        Some(other) if trimmed(other.value()).is_empty() => repair::set_value(other, path),
        Some(_) => None,
        None => origin
            .shape()?
            .member("OriginPath")
            .filter(|member| member.exists_in(domain.document().version()))
            .and_then(|member| repair::insert(origin, member.id, path)),
    };
    let edits = repair::all([repair::set_value(domain, host), moved]);
    Fix::risky(format!("move {} into OriginPath", cut(path)), edits)
}

/// What is wrong, and what the mark shows.
fn words(problem: HostProblem) -> (String, &'static str) {
    let (phrase, label) = match problem {
        HostProblem::Empty => ("is empty", "no name"),
        HostProblem::TooLong => ("is longer than 253 characters", "too long"),
        HostProblem::Scheme => ("has a protocol", "no part of the name"),
        HostProblem::Port => ("has a port", "no part of the name"),
        HostProblem::Path => ("has a path", "no part of the name"),
        HostProblem::Blank => ("has a blank in it", "a blank"),
        HostProblem::EmptyLabel => ("has nothing between two dots", "nothing in between"),
        HostProblem::LongLabel => ("has a label of more than 63 characters", "too long"),
        HostProblem::HyphenEdge => (
            "has a label that begins or ends with a hyphen",
            "at the edge of a label",
        ),
        HostProblem::Character('_') => ("has a label of underscores alone", "no name"),
        HostProblem::Character(c) => {
            let c = quoted(c.encode_utf8(&mut [0; 4]));
            return (
                format!("has the character {c}"),
                "not allowed in a domain name",
            );
        }
        HostProblem::IpAddress => ("is an IP address", "not a name"),
        HostProblem::Wildcard => ("has a wildcard", "stands for no host"),
        HostProblem::UpperCase => ("has a capital letter", "a capital letter"),
        HostProblem::TrailingDot => ("ends with a dot", "at the end"),
        HostProblem::SingleLabel => (
            "has no dot, so it is no public domain name",
            "no dot in the name",
        ),
    };
    (phrase.to_owned(), label)
}

fn advice(name: &str, problem: HostProblem) -> String {
    if let Some(help) = parts(name) {
        return help;
    }
    match problem {
        HostProblem::IpAddress => "write a domain name that leads to this address".into(),
        HostProblem::Character(c) if !c.is_ascii() => "write the name in Punycode (xn--…)".into(),
        HostProblem::Wildcard => "write the name of one host".into(),
        HostProblem::TrailingDot => {
            format!("write {}", crate::document::cut(name.trim_end_matches('.')))
        }
        HostProblem::SingleLabel => "write the full name of the host".into(),
        _ => "write a domain name, such as www.example.com".into(),
    }
}

/// What is a name once protocol, port and path are taken off, and where these go.
fn parts(text: &str) -> Option<String> {
    let (scheme, rest) = match text.split_once("//") {
        Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => (true, rest),
        _ => (false, text),
    };
    let (rest, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = rest.split_at(rest.find(':').unwrap_or(rest.len()));
    if check_host(host).is_err() || host.len() == text.len() {
        return None;
    }
    if let Some(help) = bucket_behind(host, path) {
        return Some(help);
    }
    let moves = [
        (path.len() > 1, "the path goes into OriginPath"),
        (
            port.len() > 1,
            "the port goes into HTTPPort or HTTPSPort of CustomOriginConfig",
        ),
        (
            scheme,
            "the protocol goes into OriginProtocolPolicy of CustomOriginConfig",
        ),
    ];
    let moves = moves.iter().filter(|(is_there, _)| *is_there);
    let mut help = format!("write {host}");
    for (number, (_, text)) in moves.enumerate() {
        help.push_str(if number == 0 { "; " } else { ", " });
        help.push_str(text);
    }
    Some(help)
}

/// `s3.amazonaws.com/bucket`: such addresses are for other clients.
fn bucket_behind(host: &str, path: &str) -> Option<String> {
    Some(match bucket_in(host, path)? {
        (bucket, "") => format!("write {bucket}.{host}"),
        (bucket, _) => format!("write {bucket}.{host}; the rest of the path goes into OriginPath"),
    })
}

/// The bucket that a path names, and the rest of the path.
fn bucket_in<'t>(host: &str, path: &'t str) -> Option<(&'t str, &'t str)> {
    let is_s3 = host.starts_with("s3.") || host.starts_with("s3-");
    if !(is_s3 && host.contains(".amazonaws.")) {
        return None;
    }
    let path = path.strip_prefix('/')?;
    let (bucket, rest) = path.split_once('/').unwrap_or((path, ""));
    check_bucket_name(bucket).is_ok().then_some((bucket, rest))
}
