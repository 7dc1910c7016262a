//! `invalid-origin-path`: OriginPath does not begin with a slash, or ends with one.

use crate::check::trimmed;
use crate::document::{Element, cut};
use crate::edit::repair;
use crate::finding::{Finding, Safety};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;
use crate::vocabulary::evaluate::part_of_value;

/// The slashes of a path that is not empty.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let path = trimmed(element.value());
    if path.is_empty() || element.has_children() || template_leftover::is_unknown(element) {
        return;
    }
    let bare = path.trim_matches('/');
    let begins = path.starts_with('/');
    if begins && !path.ends_with('/') {
        return;
    }
    let shown = element.shown_value();
    let end = path.trim_end_matches('/').len();
    let (phrase, place) = match begins {
        _ if bare.is_empty() => ("is a slash alone", 0..path.len()),
        true => ("ends with a slash", end..path.len()),
        false => ("does not begin with a slash", 0..path.len()),
    };
    let help = match bare {
        "" => "leave OriginPath empty".to_owned(),
        url if url.contains("://") => {
            "write the path alone, such as /images; the host goes into DomainName".to_owned()
        }
        bare => format!("write /{}", cut(bare)),
    };
    let fixed = match bare {
        "" => Some(String::new()),
        url if url.contains("://") => None,
        bare => Some(format!("/{bare}")),
    };
    let fix = fixed.and_then(|fixed| repair::write(element, &fixed, Safety::Safe));
    let finding = Finding::new(
        id::INVALID_ORIGIN_PATH,
        part_of_value(element, place),
        format!("OriginPath {shown} {phrase}"),
    );
    findings.push(
        finding
            .at(element.path())
            .label("expected the form /path")
            .help(help)
            .fix(fix),
    );
}
