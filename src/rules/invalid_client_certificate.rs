//! `invalid-client-certificate`: the region of a client certificate; a declarative check looks at the rest of its ARN.

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::finding::{Confidence, Finding, Level};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;
use crate::value::arn::Arn;
use crate::vocabulary::evaluate::part_of_value;

/// Called for ARNs of certificates in the partition `aws`.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let Some(arn) = Arn::parse(trimmed(element.value())) else {
        return;
    };
    if arn.region.text == "us-east-1" || template_leftover::is_unknown(element) {
        return;
    }
    let message = format!("the client certificate is in {}", quoted(arn.region.text));
    findings.push(
        Finding::new(
            id::INVALID_CLIENT_CERTIFICATE,
            part_of_value(element, arn.region.range()),
            message,
        )
        .at(element.path())
        .level(Level::Warning)
        .confidence(Confidence::Inferred)
        .label("expected us-east-1")
        .help("import or issue the certificate in us-east-1"),
    );
}
