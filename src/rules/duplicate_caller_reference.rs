//! `duplicate-caller-reference`: two distributions have the same CallerReference.

use std::sync::Arc;

use crate::check::{Primary, trimmed};
use crate::compare::configuration;
use crate::document::{Document, quoted};
use crate::finding::{ApiError, Finding, Level};
use crate::fleet::{Fleet, Kind, Place, Remark};
use crate::rule::{ErrorCode, Operation, id};

/// Documents of different content with the same reference. Copies are no mistake, and an update has to repeat it.
pub(crate) fn check(fleet: &Fleet<'_>, remarks: &mut Vec<Remark>) {
    for group in fleet.references() {
        let kind = fleet.members[group[0].member].facts.kind;
        if kind != Kind::Invalidation {
            one_reference(fleet, group, remarks);
        }
    }
}

/// A staging distribution is another one than its primary distribution.
pub(crate) fn with_primary(
    staging: &Document<'_>,
    primary: &Primary<'_>,
    operation: Operation,
) -> Option<Finding> {
    let reference = |document| configuration(document).child("CallerReference");
    let (own, other) = (reference(staging)?, reference(primary.document)?);
    if trimmed(own.value()) != trimmed(other.value()) || trimmed(own.value()).is_empty() {
        return None;
    }
    let finding = Finding::new(
        id::DUPLICATE_CALLER_REFERENCE,
        own.subject_span(),
        format!(
            "CallerReference {} is that of the primary distribution",
            own.shown_value()
        ),
    )
    .at(own.path())
    .label("not its own")
    .also_in(
        Arc::clone(&primary.source),
        other.subject_span(),
        "the same reference",
    );
    Some(match operation {
        Operation::Update => finding
            .api(answer("IllegalUpdate"))
            .note("a staging distribution has the reference of the copy that made it, which cannot change")
            .help("write the reference of the CopyDistributionRequest"),
        Operation::Create | Operation::Copy => finding
            .note("a copy is another distribution: with a reference that exists already, none is made")
            .help("write a reference of its own, such as the site with the date"),
    })
}

fn one_reference(fleet: &Fleet<'_>, group: &[Place], remarks: &mut Vec<Remark>) {
    let content = |member| fleet.content(member);
    let distribution = |member| fleet.distribution(member);
    let contents = fleet.apart(group, content);
    let distributions = fleet.apart(group, distribution);
    let creates = |place: &&Place| {
        let facts = fleet.members[place.member].facts;
        facts.operation != Operation::Update
    };
    for place in group.iter().filter(creates) {
        // Other distributions, or else what may be another version of this one.
        let versions = distributions.len() < 2;
        let others = match versions {
            true => fleet.others(*place, &contents, content),
            false => fleet.others(*place, &distributions, distribution),
        };
        let finding = words(fleet, *place, &fleet.names(&others), versions);
        remarks.push(
            fleet
                .at(*place, finding)
                .beside_all(&others, "the same reference"),
        );
    }
}

fn words(fleet: &Fleet<'_>, place: Place, others: &str, versions: bool) -> Finding {
    let reference = quoted(fleet.text(place));
    let finding = Finding::new(
        id::DUPLICATE_CALLER_REFERENCE,
        fleet.fact(place).span,
        format!("CallerReference {reference} also stands in {others}, with other content"),
    )
    .label("not unique")
    .note("CloudFront knows a distribution by its reference: whatever else it says, a second one is not created");
    let finding = match fleet.members[place.member].facts.kind {
        Kind::Streaming => finding.api(answer("StreamingDistributionAlreadyExists")),
        _ => finding,
    };
    match versions {
        true => finding.level(Level::Warning).help(
            "if these are versions of one distribution, check only the one to be sent, or compare them with --against; \
             else write another reference",
        ),
        false => finding.help(
            "write another reference for one of the distributions; if they are in different accounts, check those of \
             each by themselves",
        ),
    }
}

fn answer(code: &str) -> Option<ApiError> {
    let error = ErrorCode::find(code)?;
    Some(ApiError {
        code: error.code,
        status: error.status,
    })
}
