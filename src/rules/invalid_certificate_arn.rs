//! `invalid-certificate-arn`: ACMCertificateArn names no certificate of ACM in us-east-1.

use std::ops::Range;

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::finding::Finding;
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;
use crate::value::arn::{Arn, is_account, is_uuid};
use crate::vocabulary::evaluate::part_of_value;

const FORM: &str = "write arn:aws:acm:us-east-1:ACCOUNT:certificate/UUID";

/// The parts of the ARN, the first that is wrong.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    if value.is_empty() || template_leftover::is_unknown(element) {
        return;
    }
    let new = |part: Range<usize>, message: String| {
        let part = if part.is_empty() {
            0..value.len()
        } else {
            part
        };
        let span = part_of_value(element, part);
        Finding::new(id::INVALID_CERTIFICATE_ARN, span, message).at(element.path())
    };
    let Some(arn) = Arn::parse(value) else {
        let message = format!("{} is no ARN of a certificate", element.shown_value());
        findings.push(new(0..value.len(), message).label("no ARN").help(FORM));
        return;
    };
    findings.extend(problem(&arn, new));
}

fn problem(arn: &Arn<'_>, new: impl Fn(Range<usize>, String) -> Finding) -> Option<Finding> {
    if arn.service.text != "acm" {
        let service = quoted(arn.service.text);
        let message = format!("ACMCertificateArn is an ARN of {service}");
        let finding = new(arn.service.range(), message).label("expected acm");
        return Some(finding.help(match arn.service.text {
            "iam" => "write the id of a certificate of IAM into IAMCertificateId",
            _ => FORM,
        }));
    }
    if arn.region.text != "us-east-1" && arn.partition.text != "aws-cn" {
        let message = format!(
            "the certificate is in {}, not in us-east-1",
            quoted(arn.region.text)
        );
        return Some(
            new(arn.region.range(), message)
                .label("expected us-east-1")
                .note("CloudFront reads certificates from us-east-1 only")
                .help("request or import the certificate in us-east-1"),
        );
    }
    if !is_account(arn.account.text) {
        let message = format!("{} is no account", quoted(arn.account.text));
        let finding = new(arn.account.range(), message);
        return Some(finding.label("expected 12 digits").help(FORM));
    }
    let Some(name) = arn.resource.text.strip_prefix("certificate/") else {
        let message = format!("{} is no certificate", quoted(arn.resource.text));
        let finding = new(arn.resource.range(), message);
        return Some(finding.label("expected certificate/UUID").help(FORM));
    };
    if is_uuid(name) {
        return None;
    }
    let part = arn.resource.range().end - name.len()..arn.resource.range().end;
    let message = format!("{} is no UUID of a certificate", quoted(name));
    Some(
        new(part, message)
            .label("expected a UUID")
            .help("copy the ARN from the certificate"),
    )
}
