//! `obsolete-streaming-distribution`: streaming distributions ended in 2020.

use crate::document::Element;
use crate::finding::Finding;
use crate::rule::id;
use crate::scope::Scope;

/// Every configuration of a streaming distribution is one too many.
pub(crate) fn check(_: &Scope<'_>, config: Element<'_>, findings: &mut Vec<Finding>) {
    findings.push(
        Finding::new(
            id::OBSOLETE_STREAMING_DISTRIBUTION,
            config.name_span(),
            "streaming distributions (RTMP) ended on 2020-12-31",
        )
        .at(config.path())
        .label("none can be created any more")
        .help("deliver video over HTTP with a DistributionConfig"),
    );
}
