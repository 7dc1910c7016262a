//! `too-many-forwarded-cookies`: more or longer names of cookies than CloudFront takes.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::{Finding, Level};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;

/// Bytes for all names, each with one more.
const MOST_BYTES: usize = 512;

/// The bytes of all names in `WhitelistedNames` together.
pub(crate) fn check(_: &Scope<'_>, names: Element<'_>, findings: &mut Vec<Finding>) {
    let (mut count, mut bytes) = (0, 0);
    for name in names.items() {
        if template_leftover::is_unknown(name) {
            return;
        }
        count += 1;
        bytes += trimmed(name.value()).len();
    }
    let most = MOST_BYTES.saturating_sub(count);
    let Some(items) = names.child("Items").filter(|_| bytes > most) else {
        return;
    };
    findings.push(
        Finding::new(
            id::TOO_MANY_FORWARDED_COOKIES,
            items.name_span(),
            format!("the names of the cookies have {bytes} bytes together, more than {most}"),
        )
        .at(items.path())
        .level(Level::Error)
        .label(format!("{bytes} bytes"))
        .note(format!(
            "the limit is {MOST_BYTES} less one for each name, and there are {count}"
        ))
        .help("shorten or delete names, or use a wildcard such as session-*"),
    );
}
