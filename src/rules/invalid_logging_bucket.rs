//! `invalid-logging-bucket`: Bucket of Logging is no endpoint of an S3 bucket.

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::edit::repair;
use crate::finding::{Finding, Safety};
use crate::rule::id;
use crate::rules::template_leftover::is_unknown;
use crate::scope::Scope;
use crate::value::host::{Endpoint, check_bucket_name, classify};

/// The domain name of a bucket, with or without its region.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    if value.is_empty() || element.has_children() || is_unknown(element) || is_bucket(value) {
        return;
    }
    let finding = Finding::new(
        id::INVALID_LOGGING_BUCKET,
        element.subject_span(),
        format!(
            "Bucket {} is no endpoint of an S3 bucket",
            element.shown_value()
        ),
    )
    .at(element.path())
    .label("expected BUCKET.s3.amazonaws.com");
    let meant = meant(value);
    let fix = meant.as_ref().and_then(|name| {
        // The website and the accelerated endpoint lead to the bucket of that name.
        repair::write(element, name, Safety::Safe)
    });
    let finding = finding.fix(fix);
    let help = match meant {
        Some(name) => format!("write {}", quoted(&name)),
        None => "write BUCKET.s3.amazonaws.com".to_owned(),
    };
    findings.push(finding.help(help));
}

/// A scheme or a path would make the first or the last label strange.
fn is_bucket(value: &str) -> bool {
    let plain = !value.contains(['/', ':']) && !value.contains(char::is_whitespace);
    plain && matches!(classify(value), Endpoint::S3Bucket { .. })
}

/// What should probably stand there.
fn meant(value: &str) -> Option<String> {
    let prefixes = ["arn:aws:s3:::", "s3://", "https://", "http://"];
    let rest = prefixes.iter().find_map(|p| value.strip_prefix(p));
    let rest = rest.unwrap_or(value).trim_end_matches('/');
    let (bucket, name) = match classify(rest) {
        Endpoint::S3Bucket { bucket, .. } => (bucket, rest.to_owned()),
        Endpoint::S3Website { bucket, .. } | Endpoint::S3Accelerate { bucket } => {
            (bucket, format!("{bucket}.s3.amazonaws.com"))
        }
        // A name with dots is more likely one of a host than one of a bucket.
        _ if rest.contains('.') => return None,
        _ => (rest, format!("{rest}.s3.amazonaws.com")),
    };
    check_bucket_name(bucket).is_ok().then_some(name)
}
