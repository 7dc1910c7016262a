//! `invalid-alias`: an alternate domain name is no DNS name that CloudFront takes.

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::edit::repair;
use crate::finding::{Confidence, Finding, Fix, Level, Safety};
use crate::rule::id;
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::host::{Endpoint, HostProblem, bare_host, check_alias, classify};
use crate::vocabulary::evaluate::part_of_value;

/// What to say about a problem.
struct Words {
    /// Follows the alias.
    message: String,
    label: &'static str,
    help: String,
    /// Whether a source says that the service refuses it.
    sure: bool,
}

/// The first problem of a name.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    if value.is_empty() || element.has_children() || is_unknown(element) {
        return;
    }
    let (words, place) = match check_alias(value) {
        Err((problem, place)) => (words(problem, value), place),
        Ok(()) if classify(value) == Endpoint::CloudFront => (of_cloudfront(), 0..value.len()),
        Ok(()) => return,
    };
    let mut finding = Finding::new(
        id::INVALID_ALIAS,
        part_of_value(element, place),
        format!("alias {} {}", element.shown_value(), words.message),
    )
    .at(element.path())
    .label(words.label)
    .help(words.help)
    .fix(fix(element, value));
    if !words.sure {
        finding = finding
            .confidence(Confidence::Inferred)
            .level(Level::Warning);
    }
    findings.push(finding);
}

/// The name alone, in lower case, without a dot at its end. A port or a path that goes may be missed.
fn fix(element: Element<'_>, value: &str) -> Option<Fix> {
    let (name, is_all) = bare_host(value);
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let safety = match is_all {
        true => Safety::Safe,
        false => Safety::Unsafe,
    };
    let is_right = name != value && check_alias(&name).is_ok();
    is_right
        .then(|| repair::write(element, &name, safety))
        .flatten()
}

fn of_cloudfront() -> Words {
    Words {
        message: "is a domain name of CloudFront itself".to_owned(),
        label: "not yours to use",
        help: "delete the alias: every distribution has its own cloudfront.net name anyway"
            .to_owned(),
        sure: false,
    }
}

fn words(problem: HostProblem, value: &str) -> Words {
    let (message, label, help) = match problem {
        HostProblem::Empty => ("is empty", "empty", "delete the alias"),
        HostProblem::TooLong => (
            "is longer than 253 characters",
            "too long",
            "write a shorter name",
        ),
        HostProblem::Scheme => (
            "begins with a scheme",
            "not part of a name",
            "write the name alone",
        ),
        HostProblem::Port => ("has a port", "not part of a name", "delete the port"),
        HostProblem::Path => ("has a path", "not part of a name", "delete the path"),
        HostProblem::Blank => (
            "has a blank inside",
            "not allowed",
            "write one name in each CNAME",
        ),
        HostProblem::EmptyLabel => (
            "has an empty label",
            "nothing between the dots",
            "delete the surplus dot",
        ),
        HostProblem::LongLabel => (
            "has a label of more than 63 characters",
            "too long",
            "shorten the label",
        ),
        HostProblem::HyphenEdge => (
            "has a hyphen at the edge of a label",
            "not allowed here",
            "delete the hyphen",
        ),
        HostProblem::Character(c) if !c.is_ascii() => (
            "is not written in ASCII",
            "not allowed",
            "write the name in Punycode: xn--…",
        ),
        HostProblem::Character('_') => (
            "has a label of underscores alone",
            "no name",
            "write letters, digits and hyphens between the dots",
        ),
        HostProblem::Character(',' | ';') => (
            "holds several names",
            "not allowed",
            "write one name in each CNAME",
        ),
        HostProblem::Character(_) => (
            "has a character that no name has",
            "not allowed",
            "write letters, digits, hyphens and dots",
        ),
        HostProblem::IpAddress => ("is an IP address", "not a name", "write a domain name"),
        HostProblem::Wildcard if value.starts_with("*.") && value.matches('*').count() == 1 => (
            "stands for a whole top-level domain",
            "too wide",
            "write at least two labels after the asterisk: *.example.com",
        ),
        HostProblem::Wildcard => (
            "has an asterisk that is not its whole first label",
            "not allowed here",
            "write *.example.com, or each name by itself",
        ),
        HostProblem::UpperCase => ("has a capital letter", "not lower case", ""),
        HostProblem::TrailingDot => ("ends with a dot", "surplus", "delete the dot"),
        HostProblem::SingleLabel => ("has no dot", "no public name", "write the full domain name"),
    };
    let too_wide = problem == HostProblem::Wildcard && label == "too wide";
    let unsure = matches!(problem, HostProblem::TrailingDot | HostProblem::SingleLabel);
    Words {
        message: message.to_owned(),
        label,
        help: match problem {
            HostProblem::UpperCase => format!("write {}", quoted(&value.to_ascii_lowercase())),
            _ => help.to_owned(),
        },
        sure: !too_wide && !unsure,
    }
}
