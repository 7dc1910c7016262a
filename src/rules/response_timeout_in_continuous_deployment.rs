//! `response-timeout-in-continuous-deployment`: ResponseCompletionTimeout where continuous deployment is used.

use crate::check::trimmed;
use crate::distribution::has_value;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::scope::Scope;

/// Called only where the distribution takes part in continuous deployment.
pub(crate) fn check(scope: &Scope<'_>, timeout: Element<'_>, findings: &mut Vec<Finding>) {
    if trimmed(timeout.value()).is_empty() {
        return;
    }
    let finding = Finding::new(
        id::RESPONSE_TIMEOUT_IN_CONTINUOUS_DEPLOYMENT,
        timeout.subject_span(),
        "ResponseCompletionTimeout cannot be used with continuous deployment",
    )
    .at(timeout.path())
    .label("not with continuous deployment")
    .help("delete ResponseCompletionTimeout, or detach the continuous deployment policy");
    let config = scope.distribution().map(|d| d.config);
    let name = match config {
        Some(config) if has_value(config, "ContinuousDeploymentPolicyId") => {
            "ContinuousDeploymentPolicyId"
        }
        _ => "Staging",
    };
    findings.push(match config.and_then(|c| c.child(name)) {
        Some(cause) => finding.also(cause.subject_span(), "because of this"),
        None => finding,
    });
}
