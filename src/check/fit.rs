//! Which API version a document is really written for, where the namespace leaves that open or lags behind.
//!
//! Clients of the first years sent a namespace older than the elements in it, or none, and the service took both: it
//! goes by the version in the URL of the call. So a document that fits another version is checked against that one.

use super::bind::{Violation, bind, faults, unbind};
use super::recognise::{Certainty, Start};
use crate::document::Document;
use crate::finding::Finding;
use crate::rules;
use crate::schema::ApiVersion;

/// Clients of later versions write the version that they call.
const LAST_LAGGING: &str = "2012-03-15";
/// Documents with more elements are taken at their word: trying versions costs a pass each.
const MOST_ELEMENTS: usize = 100_000;

/// Compares the document with the schema of the version it is written for.
pub(super) fn bind_to_version(
    document: &mut Document<'_>,
    start: Start,
    findings: &mut Vec<Finding>,
) -> Vec<Violation> {
    let named = document.version();
    let violations = bind(document, start);
    if faults(&violations) == 0 || document.nodes.len() > MOST_ELEMENTS {
        return violations;
    }
    let Some(better) = better_version(document, start, named, &violations) else {
        return rebind(document, start, named);
    };
    if start.certainty == Certainty::Named {
        findings.push(rules::outdated_namespace::report(
            document,
            named,
            better,
            &violations,
        ));
    }
    rebind(document, start, better)
}

/// A version that explains what the named one does not.
fn better_version(
    document: &mut Document<'_>,
    start: Start,
    named: ApiVersion,
    violations: &[Violation],
) -> Option<ApiVersion> {
    let incomplete = violations.iter().any(Violation::is_missing);
    let versions = |range: fn(&ApiVersion, &ApiVersion) -> bool| {
        ApiVersion::all().filter(move |v| range(v, &named))
    };
    match start.certainty {
        Certainty::Given => None,
        // The namespace lags: an element of a later version stands in for one that this version requires.
        Certainty::Named if incomplete && has_later_element(document, named, violations) => {
            versions(|v, named| v > named)
                .take_while(|v| v.date() <= LAST_LAGGING)
                .find(|v| {
                    !rebind(document, start, *v)
                        .iter()
                        .any(Violation::is_missing)
                })
        }
        Certainty::Assumed if incomplete => {
            let mut older: Vec<ApiVersion> = versions(|v, named| v < named).collect();
            older.reverse();
            older
                .into_iter()
                .find(|v| faults(&rebind(document, start, *v)) == 0)
        }
        Certainty::Guessed => {
            let fits =
                versions(|v, named| v >= named).map(|v| (faults(&rebind(document, start, v)), v));
            fits.min().map(|(_, version)| version)
        }
        _ => None,
    }
}

fn has_later_element(document: &Document<'_>, named: ApiVersion, violations: &[Violation]) -> bool {
    violations
        .iter()
        .any(|v| rules::outdated_namespace::later_member(document, named, v).is_some())
}

fn rebind(document: &mut Document<'_>, start: Start, version: ApiVersion) -> Vec<Violation> {
    unbind(document);
    if let Some(recognised) = &mut document.recognised {
        recognised.version = version;
    }
    bind(document, start)
}
