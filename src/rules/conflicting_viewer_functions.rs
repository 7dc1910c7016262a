//! `conflicting-viewer-functions`: a behavior has CloudFront functions and Lambda functions for viewer events.

use crate::check::trimmed;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::scope::Scope;

/// The first viewer event of the CloudFront functions against the first of the Lambda functions beside them.
pub(crate) fn check(_: &Scope<'_>, functions: Element<'_>, findings: &mut Vec<Finding>) {
    let lambdas = functions
        .parent()
        .and_then(|behavior| behavior.child("LambdaFunctionAssociations"));
    let (Some(function), Some(lambda)) = (viewer_event(functions), lambdas.and_then(viewer_event))
    else {
        return;
    };
    findings.push(
        Finding::new(
            id::CONFLICTING_VIEWER_FUNCTIONS,
            function.value_span(),
            "a behavior cannot have CloudFront functions and Lambda functions for viewer events",
        )
        .at(function.path())
        .label("a CloudFront function")
        .also(lambda.value_span(), "a Lambda@Edge function")
        .help("use one kind of function for viewer events, or run the Lambda function on an origin event"),
    );
}

fn viewer_event(associations: Element<'_>) -> Option<Element<'_>> {
    associations
        .items()
        .filter_map(|association| association.child("EventType"))
        .find(|event| trimmed(event.value()).starts_with("viewer-"))
}
