//! `unreachable-error-page`: the page for when the origin is down comes from that origin.

use crate::check::trimmed;
use crate::distribution::{Distribution, Origin, Target};
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::host::{Endpoint, classify};
use crate::value::path_pattern;

/// The codes that say that the origin cannot be reached, or is overloaded.
const DOWN: [&str; 3] = ["502", "503", "504"];

/// More behaviors and longer paths than any distribution has are not compared: that would take too long.
const MOST_BEHAVIORS: usize = 1000;
const LONGEST_PATH: usize = 1000;

/// Looks at the pages of a distribution that has one server besides its buckets.
pub(crate) fn check(scope: &Scope<'_>, responses: Element<'_>, findings: &mut Vec<Finding>) {
    // The first of each code: more than three are not compared with all behaviors.
    let pages = DOWN.map(|code| responses.items().find_map(|item| page_for(item, code)));
    if pages.iter().all(Option::is_none) {
        return;
    }
    let Some(distribution) = scope.distribution() else {
        return;
    };
    if distribution.behaviors.len() > MOST_BEHAVIORS {
        return;
    }
    let Some((place, server)) = only_server(distribution) else {
        return;
    };
    for page in pages.into_iter().flatten() {
        if source_of(distribution, trimmed(page.path.value())) == Some(Target::Origin(place)) {
            findings.push(finding(&page, server));
        }
    }
}

/// The page for a code.
struct Page<'d> {
    code: Element<'d>,
    path: Element<'d>,
}

fn page_for<'d>(item: Element<'d>, code: &str) -> Option<Page<'d>> {
    let is_code = |element: &Element<'_>| trimmed(element.value()) == code;
    let is_path = |element: &Element<'_>| {
        let value = trimmed(element.value());
        value.starts_with('/') && value.len() <= LONGEST_PATH && !is_unknown(*element)
    };
    Some(Page {
        code: item.child("ErrorCode").filter(is_code)?,
        path: item.child("ResponsePagePath").filter(is_path)?,
    })
}

/// The one origin that behaviors use and that is no bucket; none if there are several, or a group that may stand in.
fn only_server<'a, 'd>(distribution: &'a Distribution<'d>) -> Option<(usize, &'a Origin<'d>)> {
    let mut server = None;
    for behavior in &distribution.behaviors {
        let Target::Origin(place) = distribution.target_of(behavior.element)? else {
            return None;
        };
        let origin = distribution.origins.get(place)?;
        let is_bucket = origin.element.child("S3OriginConfig").is_some()
            || matches!(
                classify(origin.domain),
                Endpoint::S3Bucket { .. }
                    | Endpoint::S3Website { .. }
                    | Endpoint::S3Accelerate { .. }
                    | Endpoint::S3AccessPoint
            );
        match server {
            _ if is_bucket => {}
            Some((other, _)) if other != place => return None,
            _ => server = Some((place, origin)),
        }
    }
    server
}

/// What CloudFront fetches a path from.
fn source_of(distribution: &Distribution<'_>, path: &str) -> Option<Target> {
    let (default, others) = distribution.behaviors.split_first()?;
    let path = path.split('?').next().unwrap_or_default();
    // A pattern that a template will fill in may match.
    if others.iter().any(|b| b.pattern.is_some_and(is_unknown)) {
        return None;
    }
    let fits = |pattern: Element<'_>| path_pattern::matches(trimmed(pattern.value()), path);
    let first = others.iter().find(|b| b.pattern.is_some_and(fits));
    distribution.target_of(first.unwrap_or(default).element)
}

fn finding(page: &Page<'_>, server: &Origin<'_>) -> Finding {
    let message = format!(
        "the page for {} comes from the origin that is down then",
        trimmed(page.code.value())
    );
    let place = server.element.child("DomainName");
    Finding::new(
        id::UNREACHABLE_ERROR_PAGE,
        page.path.subject_span(),
        message,
    )
    .at(page.path.path())
    .label("cannot be fetched then")
    .also(
        place.unwrap_or(server.element).subject_span(),
        "where the page comes from",
    )
    .help("put the page into a bucket, and add a cache behavior that leads there")
}
