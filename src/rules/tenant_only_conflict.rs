//! `tenant-only-conflict`: a behavior of a multi-tenant distribution has a setting that only standard ones take.

use crate::check::trimmed;
use crate::distribution::value_of;
use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::scope::Scope;
use crate::source::Span;

/// Times that a cache policy has taken over.
const TIMES: [&str; 3] = ["MinTTL", "DefaultTTL", "MaxTTL"];

/// The old settings of one behavior.
pub(crate) fn behavior(_: &Scope<'_>, behavior: Element<'_>, findings: &mut Vec<Finding>) {
    let mode = behavior.document().connection_mode();
    let mut report = |element: Element<'_>, span: Span, help: &str| {
        let name = element.shown_name();
        let message = format!("a multi-tenant distribution takes no {name}");
        let finding = Finding::new(id::TENANT_ONLY_CONFLICT, span, message)
            .at(element.path())
            .label("for standard distributions")
            .help(help);
        findings.push(match mode {
            Some(mode) => finding.also(mode.subject_span(), "multi-tenant"),
            None => finding,
        });
    };
    if let Some(element) = behavior.child("SmoothStreaming")
        && trimmed(element.value()) == "true"
    {
        report(element, element.value_span(), "write false");
    }
    if let Some(element) = behavior.child("TrustedSigners")
        && (value_of(element, "Enabled") == "true" || element.items().next().is_some())
    {
        let help = "use TrustedKeyGroups, and delete TrustedSigners";
        report(element, element.name_span(), help);
    }
    // What stands beside a cache policy is reported for that.
    if !value_of(behavior, "CachePolicyId").is_empty() {
        return;
    }
    if let Some(element) = behavior.child("ForwardedValues") {
        let help = "name a cache policy in CachePolicyId; delete ForwardedValues, MinTTL, DefaultTTL and MaxTTL";
        report(element, element.name_span(), help);
        return;
    }
    let time = TIMES
        .iter()
        .filter_map(|name| behavior.child(name))
        .find(|time| !trimmed(time.value()).is_empty());
    if let Some(time) = time {
        let help = "name a cache policy in CachePolicyId; delete MinTTL, DefaultTTL and MaxTTL";
        report(time, time.name_span(), help);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Settings, Source, check};

    /// Elements of a multi-tenant distribution that the rule speaks of.
    fn reported(behavior: &str) -> Vec<String> {
        let text = format!(
            "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><DefaultCacheBehavior>{behavior}\
             </DefaultCacheBehavior><ConnectionMode>tenant-only</ConnectionMode></DistributionConfig>"
        );
        let source = Source::from_bytes("test.xml", text.into_bytes());
        let findings = check(&source, None, &Settings::default()).findings;
        findings
            .into_iter()
            .filter(|f| f.rule.name() == "tenant-only-conflict")
            .map(|f| f.element)
            .collect()
    }

    #[test]
    fn one_finding_for_the_old_cache_settings() {
        let times = "<MinTTL>0</MinTTL><DefaultTTL>60</DefaultTTL>";
        let policy = "<CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>";
        let min = "/DistributionConfig/DefaultCacheBehavior/MinTTL";
        assert_eq!(reported(times), [min]);
        assert_eq!(reported(&format!("{times}{policy}")), [""; 0]);
        assert_eq!(reported("<MinTTL></MinTTL>"), [""; 0]);
        let forwarded = "/DistributionConfig/DefaultCacheBehavior/ForwardedValues";
        assert_eq!(
            reported(&format!("<ForwardedValues></ForwardedValues>{times}")),
            [forwarded]
        );
    }
}
