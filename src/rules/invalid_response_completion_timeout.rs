//! `invalid-response-completion-timeout`: the whole of a response gets less time than a part of it.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::scope::Scope;

/// Seconds, where OriginReadTimeout is left out.
const DEFAULT_READ_TIMEOUT: i64 = 30;

/// ResponseCompletionTimeout against OriginReadTimeout of the same origin.
pub(crate) fn check(_: &Scope<'_>, whole: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(origin) = whole.parent() else {
        return;
    };
    let types = ["CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig"];
    let part = types
        .iter()
        .filter_map(|name| origin.child(name)?.child("OriginReadTimeout"))
        .find(|part| !trimmed(part.value()).is_empty());
    let least = match part {
        Some(part) => trimmed(part.value()).parse().ok(),
        None => Some(DEFAULT_READ_TIMEOUT),
    };
    let (Some(least), Ok(seconds)) = (least, trimmed(whole.value()).parse::<i64>()) else {
        return;
    };
    if seconds >= least {
        return;
    }
    let finding = Finding::new(
        id::INVALID_RESPONSE_COMPLETION_TIMEOUT,
        whole.value_span(),
        format!("ResponseCompletionTimeout {seconds} is less than OriginReadTimeout {least}"),
    )
    .at(whole.path())
    .label(format!("less than {least}"))
    .help(format!(
        "write {least} or more, or delete ResponseCompletionTimeout"
    ));
    findings.push(match part {
        Some(part) => finding.also(part.value_span(), "a part may take this long"),
        None => finding.note("OriginReadTimeout is 30 seconds where it is left out"),
    });
}
