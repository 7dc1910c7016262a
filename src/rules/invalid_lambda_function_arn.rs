//! `invalid-lambda-function-arn`: LambdaFunctionARN names no version of a Lambda function in us-east-1.

use std::ops::Range;

use crate::check::trimmed;
use crate::document::{Element, quoted};
use crate::finding::{Confidence, Finding};
use crate::rule::id;
use crate::rules::template_leftover;
use crate::scope::Scope;
use crate::value::arn::{Arn, is_account};
use crate::vocabulary::evaluate::part_of_value;

const FORM: &str = "write arn:aws:lambda:us-east-1:ACCOUNT:function:NAME:VERSION";
const PUBLISH: &str = "publish a version of the function and write its number at the end";

/// What is wrong, where in the ARN, why in a few words, and what to do.
struct Problem {
    part: Range<usize>,
    message: String,
    label: &'static str,
    help: &'static str,
}

/// The parts of the ARN, the first that is wrong.
pub(crate) fn check(_: &Scope<'_>, element: Element<'_>, findings: &mut Vec<Finding>) {
    let value = trimmed(element.value());
    if value.is_empty() || template_leftover::is_unknown(element) {
        return;
    }
    let Some(problem) = problem(value, element) else {
        return;
    };
    let finding = Finding::new(
        id::INVALID_LAMBDA_FUNCTION_ARN,
        part_of_value(element, problem.part),
        problem.message,
    )
    .at(element.path())
    .label(problem.label)
    .help(problem.help);
    // Only a missing version has been seen refused; the rest is documented.
    findings.push(match problem.help == PUBLISH {
        true => finding,
        false => finding.confidence(Confidence::Documented),
    });
}

fn problem(value: &str, element: Element<'_>) -> Option<Problem> {
    let wrong = |part: Range<usize>, message: String, label, help| {
        Some(Problem {
            part,
            message,
            label,
            help,
        })
    };
    let Some(arn) = Arn::parse(value) else {
        let message = format!("{} is no ARN of a Lambda function", element.shown_value());
        return wrong(0..value.len(), message, "no ARN", FORM);
    };
    if arn.service.text != "lambda" {
        let message = format!(
            "LambdaFunctionARN is an ARN of {}",
            quoted(arn.service.text)
        );
        let help = match arn.service.text {
            "cloudfront" => "move a CloudFront function to FunctionAssociations",
            _ => FORM,
        };
        return wrong(arn.service.range(), message, "expected lambda", help);
    }
    if arn.region.text != "us-east-1" {
        let message = format!("the Lambda function is in {}", quoted(arn.region.text));
        let help = "create the function in us-east-1 and write its ARN";
        return wrong(
            or_all(arn.region.range(), value),
            message,
            "expected us-east-1",
            help,
        );
    }
    if !is_account(arn.account.text) {
        let message = format!("{} is no account", quoted(arn.account.text));
        return wrong(
            or_all(arn.account.range(), value),
            message,
            "expected 12 digits",
            FORM,
        );
    }
    let start = arn.resource.start;
    let Some(name) = arn.resource.text.strip_prefix("function:") else {
        let message = format!("{} is no Lambda function", quoted(arn.resource.text));
        return wrong(
            arn.resource.range(),
            message,
            "expected function:NAME:VERSION",
            FORM,
        );
    };
    let Some((name, version)) = name.split_once(':') else {
        let message = "LambdaFunctionARN has no version".to_owned();
        return wrong(0..value.len(), message, "no version at its end", PUBLISH);
    };
    let is_number = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
    if is_number && !name.is_empty() {
        return None;
    }
    let message = format!("{} is no version of a Lambda function", quoted(version));
    let from = start + "function:".len() + name.len() + 1;
    wrong(
        or_all(from..value.len(), value),
        message,
        "expected a number",
        PUBLISH,
    )
}

/// A part that is empty cannot be pointed at.
fn or_all(part: Range<usize>, value: &str) -> Range<usize> {
    match part.is_empty() {
        true => 0..value.len(),
        false => part,
    }
}
