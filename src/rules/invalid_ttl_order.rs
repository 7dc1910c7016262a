//! `invalid-ttl-order`: MinTTL, DefaultTTL and MaxTTL are not in ascending order.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::{ApiError, Confidence, Finding};
use crate::rule::id;
use crate::scope::Scope;

/// What a DefaultTTL that is left out becomes, unless MinTTL is above it: a day.
const DEFAULT: i64 = 86_400;
/// The largest caching time: 100 years. What is outside is reported for that.
const MOST: i64 = 3_153_600_000;

/// A caching time that is written in the document.
#[derive(Clone, Copy)]
struct Time<'d> {
    element: Element<'d>,
    seconds: i64,
}

/// MinTTL, DefaultTTL and MaxTTL, as far as they are written.
type Times<'d> = [Option<Time<'d>>; 3];

/// The caching times of one behavior. MaxTTL alone is never too small: left out, it is as large as it must be.
pub(crate) fn check(_: &Scope<'_>, behavior: Element<'_>, findings: &mut Vec<Finding>) {
    let Ok(times) = times(behavior) else {
        return;
    };
    findings.extend(unordered(times).or_else(|| match times {
        [min, None, Some(max)] if max.seconds < DEFAULT => Some(below_default(min, max)),
        _ => None,
    }));
}

/// The caching times of a cache policy. Whether a DefaultTTL that is left out counts is not known.
pub(crate) fn policy(_: &Scope<'_>, policy: Element<'_>, findings: &mut Vec<Finding>) {
    let finding = times(policy).ok().and_then(unordered);
    findings.extend(finding.map(|finding| {
        finding
            .confidence(Confidence::Documented)
            .api(Some(ApiError {
                code: "InvalidArgument",
                status: 400,
            }))
    }));
}

fn times(parent: Element<'_>) -> Result<Times<'_>, ()> {
    Ok([
        written(parent, "MinTTL")?,
        written(parent, "DefaultTTL")?,
        written(parent, "MaxTTL")?,
    ])
}

/// Two written times that are not in order.
fn unordered(times: Times<'_>) -> Option<Finding> {
    match times {
        [Some(min), Some(default), _] if min.seconds > default.seconds => Some(above(min, default)),
        [_, Some(default), Some(max)] if default.seconds > max.seconds => Some(above(default, max)),
        [Some(min), None, Some(max)] if min.seconds > max.seconds => Some(above(min, max)),
        _ => None,
    }
}

/// A time, if there is one with a value; an error where no comparison makes sense.
fn written<'d>(behavior: Element<'d>, name: &str) -> Result<Option<Time<'d>>, ()> {
    let Some(element) = behavior.child(name) else {
        return Ok(None);
    };
    let value = trimmed(element.value());
    if value.is_empty() {
        return Ok(None);
    }
    let seconds: i64 = value.parse().map_err(|_| ())?;
    match (0..=MOST).contains(&seconds) {
        true => Ok(Some(Time { element, seconds })),
        false => Err(()),
    }
}

/// Both are written.
fn above(low: Time<'_>, high: Time<'_>) -> Finding {
    let [lower, higher] = [low, high].map(|time| time.element.shown_name());
    let [less, more] = [low, high].map(|time| time.seconds);
    Finding::new(
        id::INVALID_TTL_ORDER,
        high.element.subject_span(),
        format!("{higher} is {more}, less than {lower}, which is {less}"),
    )
    .at(high.element.path())
    .label(format!("below {lower}"))
    .also(low.element.subject_span(), format!("above {higher}"))
    .note("the order is MinTTL, DefaultTTL, MaxTTL, each at least as large as the one before")
    .help(format!(
        "write {less} or more into {higher}, or {more} or less into {lower}"
    ))
}

/// DefaultTTL is left out.
fn below_default(min: Option<Time<'_>>, max: Time<'_>) -> Finding {
    let seconds = max.seconds;
    let finding = Finding::new(
        id::INVALID_TTL_ORDER,
        max.element.subject_span(),
        format!("MaxTTL is {seconds}, less than DefaultTTL, which is {DEFAULT} if it is left out"),
    )
    .confidence(Confidence::Documented)
    .at(max.element.path())
    .label("below the default of DefaultTTL")
    .note(format!(
        "a DefaultTTL that is left out counts as {DEFAULT} seconds, which is a day"
    ))
    .help(format!("add DefaultTTL with {seconds} or less"));
    match min {
        Some(min) => finding.also(min.element.name_span(), "no DefaultTTL beside it"),
        None => finding,
    }
}
