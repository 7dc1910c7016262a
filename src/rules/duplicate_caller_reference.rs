//! `duplicate-caller-reference`: two distributions have the same CallerReference.

use std::collections::{HashMap, HashSet};

use crate::document::quoted;
use crate::finding::{ApiError, Finding, Level};
use crate::fleet::{About, Fleet, Kind, Place, Remark};
use crate::rule::{ErrorCode, Operation, id};

/// Documents of different content with the same reference. Copies are no mistake, and an update has to repeat it.
pub(crate) fn check(fleet: &Fleet<'_>, remarks: &mut Vec<Remark>) {
    for group in fleet.same_references() {
        let kind = fleet.members[group[0].member].facts.kind;
        if kind != Kind::Invalidation {
            one_reference(fleet, &group, remarks);
        }
    }
}

fn one_reference(fleet: &Fleet<'_>, group: &[Place], remarks: &mut Vec<Remark>) {
    let contents = contents(fleet, group);
    let content = |member: usize| contents[&fleet.version_of(member)];
    let firsts = fleet.apart(group, content);
    if firsts.len() < 2 {
        return;
    }
    let versions = look_like_versions(fleet, group, content);
    let creates = |place: &&Place| {
        let facts = fleet.members[place.member].facts;
        facts.operation != Operation::Update
    };
    for place in group.iter().filter(creates) {
        let others = fleet.others(*place, &firsts, content);
        let finding = words(fleet, *place, &fleet.names(&others), versions);
        remarks.push(fleet.at(*place, finding).beside_all(&others, "the same reference"));
    }
}

/// Which documents say the same, by what they surely are versions of: each by the first with its content. What could not
/// be read again is taken for something else.
pub(crate) fn contents(fleet: &Fleet<'_>, group: &[Place]) -> HashMap<usize, usize> {
    let mut by_meaning: HashMap<u64, usize> = HashMap::new();
    let mut contents = HashMap::new();
    let facts = |place: &Place| fleet.members[place.member].facts;
    // A copy makes the staging distribution that another document may describe.
    let staging = group.iter().find(|p| facts(p).get(About::Staging).is_some());
    for place in group {
        let thing = fleet.version_of(place.member);
        let first = match (staging, facts(place).kind) {
            (Some(staging), Kind::Copy) => fleet.version_of(staging.member),
            _ => thing,
        };
        contents.entry(thing).or_insert_with(|| {
            let meaning = fleet.meaning(first);
            meaning.map_or(first, |meaning| *by_meaning.entry(meaning).or_insert(first))
        });
    }
    contents
}

/// Whether they may well be versions of one distribution: an alias that two distributions cannot have is in several of
/// them, or one is the API's answer about it.
fn look_like_versions(
    fleet: &Fleet<'_>,
    group: &[Place],
    content: impl Fn(usize) -> usize,
) -> bool {
    let mut owners: HashMap<&str, usize> = HashMap::new();
    let (mut with_id, mut without_id) = (false, false);
    let mut seen = HashSet::new();
    for place in group {
        let member = &fleet.members[place.member];
        let content = content(place.member);
        match member.facts.get(About::Id) {
            Some(_) => with_id = true,
            None => without_id = true,
        }
        // Copies of one content say nothing new.
        if seen.insert((content, member.facts.fingerprint))
            && member.aliases().any(|a| *owners.entry(a).or_insert(content) != content)
        {
            return true;
        }
    }
    with_id && without_id
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
        false => finding.help("write another reference for one of the distributions"),
    }
}

fn answer(code: &str) -> Option<ApiError> {
    let error = ErrorCode::find(code)?;
    Some(ApiError {
        code: error.code,
        status: error.status,
    })
}
