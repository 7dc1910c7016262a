//! `too-many-distributions`: the documents of a run make more distributions than an account may have.

use crate::document::Element;
use crate::finding::{ApiError, Finding};
use crate::fleet::{About, Fleet, Head, Kind, Place, Remark};
use crate::rule::{ErrorCode, Operation, OptionId, id, option};
use crate::scope::Scope;

/// One quota of an account.
struct Quota {
    option: OptionId,
    /// Which distributions count.
    counts: fn(&Head) -> bool,
    /// Where to point.
    at: About,
    what: &'static str,
    code: &'static str,
    /// What a copy answers, if not the same.
    copy: Option<&'static str>,
    /// Whether it is asked only when a distribution is made.
    on_creation: bool,
}

const QUOTAS: [Quota; 5] = [
    Quota {
        option: option::MAX_DISTRIBUTIONS,
        counts: |facts| {
            facts.kind == Kind::Web && !facts.has(About::Staging) && !facts.has(About::TenantOnly)
        },
        at: About::Config,
        what: "distributions",
        code: "TooManyDistributions",
        copy: None,
        on_creation: true,
    },
    Quota {
        option: option::MAX_STREAMING_DISTRIBUTIONS,
        counts: |facts| facts.kind == Kind::Streaming,
        at: About::Config,
        what: "streaming distributions",
        code: "TooManyStreamingDistributions",
        copy: None,
        on_creation: true,
    },
    Quota {
        option: option::MAX_STAGING_DISTRIBUTIONS,
        counts: |facts| facts.has(About::Staging),
        at: About::Staging,
        what: "staging distributions",
        code: "TooManyDistributions",
        copy: None,
        on_creation: true,
    },
    Quota {
        option: option::MAX_MULTI_TENANT_DISTRIBUTIONS,
        counts: |facts| facts.has(About::TenantOnly),
        at: About::TenantOnly,
        what: "multi-tenant distributions",
        code: "EntityLimitExceeded",
        copy: Some("TooManyDistributions"),
        on_creation: true,
    },
    Quota {
        option: option::MAX_DISTRIBUTIONS_WITH_LAMBDA,
        counts: |facts| facts.has(About::Lambda),
        at: About::Lambda,
        what: "distributions with Lambda@Edge functions",
        code: "TooManyDistributionsWithLambdaAssociations",
        copy: None,
        on_creation: false,
    },
];

/// Notes that a document uses Lambda@Edge.
pub(crate) fn gather(scope: &Scope<'_>, function: Element<'_>, _: &mut Vec<Finding>) {
    scope.note_once(About::Lambda, function);
}

/// Each quota gives one finding, at the first distribution that is too many.
pub(crate) fn check(fleet: &Fleet<'_>, remarks: &mut Vec<Remark>) {
    remarks.extend(QUOTAS.iter().filter_map(|quota| surplus(fleet, quota)));
}

fn surplus(fleet: &Fleet<'_>, quota: &Quota) -> Option<Remark> {
    let counts = |head: &Head| head.has(quota.at) && (quota.counts)(head);
    let max = fleet.number(quota.option);
    let documents = fleet.members.iter().filter(|m| counts(&m.facts)).count();
    // Nearly always.
    if documents <= max {
        return None;
    }
    let counts = |place: &Place| (quota.counts)(&fleet.members[place.member].facts);
    let places: Vec<Place> = fleet.places(quota.at).filter(counts).collect();
    let distributions = fleet.apart(&places, |member| fleet.distribution(member));
    let place = *distributions.get(max)?;
    let operation = fleet.members[place.member].facts.operation;
    // What is updated exists: the account may have it.
    if quota.on_creation && operation == Operation::Update {
        return None;
    }
    let (count, what, name) = (distributions.len(), quota.what, quota.option.meta().name);
    let code = quota
        .copy
        .filter(|_| operation == Operation::Copy)
        .unwrap_or(quota.code);
    let message = format!("the documents make {count} {what}, more than the quota of {max}");
    let finding = Finding::new(id::TOO_MANY_DISTRIBUTIONS, fleet.fact(place).span, message)
        .label(format!("number {}", max + 1))
        .api(ErrorCode::find(code).map(|error| ApiError {
            code: error.code,
            status: error.status,
        }))
        .note(format!("AWS raises this quota on request; `--set {name}=NUMBER` tells what yours is"))
        .help("delete distributions that are not needed, or check the documents of each account by themselves");
    Some(fleet.at(place, finding))
}
