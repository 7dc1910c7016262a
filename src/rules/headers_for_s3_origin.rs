//! `headers-for-s3-origin`: a header is forwarded that cannot be forwarded to an S3 origin.

use crate::check::trimmed;
use crate::document::Element;
use crate::edit::repair;
use crate::finding::{Finding, Fix};
use crate::rule::id;
use crate::scope::Scope;

/// A behavior that forwards headers, and the S3 origin behind it.
pub(crate) fn check(scope: &Scope<'_>, behavior: Element<'_>, findings: &mut Vec<Finding>) {
    let headers = behavior
        .child("ForwardedValues")
        .and_then(|values| values.child("Headers"));
    let (Some(headers), Some(distribution)) = (headers, scope.distribution()) else {
        return;
    };
    let named = |wanted: &str| {
        let is_it = |name: &Element<'_>| trimmed(name.value()).eq_ignore_ascii_case(wanted);
        headers.items().find(is_it)
    };
    let all = named("*");
    // With a Lambda function behind the cache, Host is known to be taken: serverless-nextjs/serverless-next.js#408.
    let host = named("Host").filter(|_| !runs_lambda(behavior));
    let Some(header) = all.or(host) else {
        return;
    };
    let Some(origin) = distribution.s3_origins_of(behavior).first().copied() else {
        return;
    };
    let message = match all {
        Some(_) => "all headers cannot be forwarded to an S3 origin".to_owned(),
        None => format!(
            "the header {} cannot be forwarded to an S3 origin",
            header.shown_value()
        ),
    };
    let finding = Finding::new(id::HEADERS_FOR_S3_ORIGIN, header.subject_span(), message)
        .at(header.path())
        .label("not for S3")
        .also(origin.element.name_span(), "the S3 origin");
    findings.push(match all {
        Some(_) => finding.help(
            "name what S3 uses: Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
        ),
        None => finding
            .note("S3 finds the bucket by Host, so CloudFront writes the bucket's name into it")
            .help("delete the header")
            .fix(Fix::risky("delete the header", repair::remove_item(header))),
    });
}

fn runs_lambda(behavior: Element<'_>) -> bool {
    let functions = behavior.child("LambdaFunctionAssociations");
    functions.is_some_and(|functions| functions.items().next().is_some())
}
