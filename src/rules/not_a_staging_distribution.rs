//! `not-a-staging-distribution`: the document that is held against a primary distribution is no staging distribution.

use crate::compare::configuration;
use crate::document::Document;
use crate::finding::Finding;
use crate::rule::id;
use crate::schema::name;
use crate::staging::is_true;

/// Only where a primary distribution is named.
pub(crate) fn check(document: &Document<'_>, findings: &mut Vec<Finding>) {
    let config = configuration(document);
    if config.name() != "DistributionConfig" {
        let name = config.shown_name();
        let message = format!("{name} is no staging distribution");
        findings.push(
            Finding::new(id::NOT_A_STAGING_DISTRIBUTION, config.name_span(), message)
                .at(config.path())
                .label("no distribution")
                .help("name the DistributionConfig of the staging distribution"),
        );
        return;
    }
    let staging = config.get(name::STAGING);
    if staging.is_some_and(is_true) {
        return;
    }
    let (element, span, label) = match staging {
        Some(staging) => (staging, staging.subject_span(), "not true"),
        None => (config, config.name_span(), "has no Staging"),
    };
    findings.push(
        Finding::new(
            id::NOT_A_STAGING_DISTRIBUTION,
            span,
            "the document is no staging distribution",
        )
        .at(element.path())
        .label(label)
        .note("CopyDistribution makes staging distributions and sets Staging to true, which stays")
        .help("write `true` into Staging, or name the right document"),
    );
}
