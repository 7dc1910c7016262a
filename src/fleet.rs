//! The documents of a run as one account: what they say that only one, or only so many of them, may say.
//!
//! Each document gives up its [`Facts`] while it is checked, and its text is dropped. When all are there, the rules of
//! the group `fleet` compare them, in the order of the documents. Only documents that get a finding, or share a caller
//! reference, are read once more, by whoever called; this module reads nothing itself.

mod across;
mod facts;
mod identity;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

pub(crate) use facts::{About, Fact, Facts, Kind};
pub(crate) use identity::distribution_kind;

use crate::check::{self, Checked, Settings};
use crate::finding::Finding;
use crate::rule::OptionId;
use crate::rules;
use crate::source::{Source, Span};
use crate::triage::Selection;
use identity::Identity;

/// How many other documents a finding names; it counts the rest.
const NAMED: usize = 3;
/// Fewer documents than this are read again on the calling thread.
const FEW: usize = 4;

/// One document of the run.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    /// Its name in messages.
    pub(crate) name: &'a str,
    /// The path below the directory that was given.
    pub(crate) relative: Option<&'a Path>,
    /// What it says.
    pub(crate) facts: &'a Facts,
}

impl<'a> Member<'a> {
    /// Its alternate domain names.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = &'a str> {
        let facts = self.facts;
        facts.about(About::Alias).map(|alias| facts.text_of(alias))
    }
}

/// A fact of a document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Place {
    /// Index of the document.
    pub(crate) member: usize,
    /// Index of the fact.
    fact: usize,
}

/// A finding at a fact, whose text is not at hand yet.
pub(crate) struct Remark {
    place: Place,
    finding: Finding,
    /// Places in other documents, each with a few words.
    others: Vec<(Place, &'static str)>,
}

impl Remark {
    /// Shows another document beside it.
    pub(crate) fn beside(mut self, place: Place, label: &'static str) -> Remark {
        self.others.push((place, label));
        self
    }

    /// Shows other documents beside it, all with the same words.
    pub(crate) fn beside_all(mut self, others: &Others, label: &'static str) -> Remark {
        self.others
            .extend(others.shown.iter().map(|place| (*place, label)));
        self
    }
}

/// Documents that a finding speaks of, besides its own.
pub(crate) struct Others {
    /// A place in each of the first.
    pub(crate) shown: Vec<Place>,
    /// How many there are besides.
    pub(crate) more: usize,
}

/// All documents of the run, for the rules that compare them.
pub(crate) struct Fleet<'a> {
    pub(crate) members: Vec<Member<'a>>,
    settings: &'a Settings,
    /// Of each document the first that says the same, or is surely a version of the same thing.
    content: Vec<usize>,
    /// Of each document the first that is, or may well be, about the same distribution.
    distribution: Vec<usize>,
}

impl<'a> Fleet<'a> {
    fn new(members: Vec<Member<'a>>, settings: &'a Settings, load: &Load<'_>) -> Fleet<'a> {
        let mut identity = Identity::sure(&members);
        let mut fleet = Fleet {
            content: identity.firsts(),
            distribution: Vec::new(),
            members,
            settings,
        };
        let groups = fleet.same_references();
        let groups: Vec<Vec<usize>> = groups
            .iter()
            .map(|group| group.iter().map(|place| place.member).collect())
            .collect();
        let meanings = meanings(&fleet, &groups, load);
        let meaning = |member: usize| meanings.get(&member).copied();
        identity.join_copies(&groups, &fleet.members, &meaning);
        fleet.content = identity.firsts();
        identity.join_versions(&groups, &fleet.members);
        fleet.distribution = identity.firsts();
        fleet
    }

    /// The fact at a place.
    pub(crate) fn fact(&self, place: Place) -> &'a Fact {
        &self.members[place.member].facts.all()[place.fact]
    }

    /// Its text.
    pub(crate) fn text(&self, place: Place) -> &'a str {
        self.members[place.member].facts.text_of(self.fact(place))
    }

    /// The name of its document.
    pub(crate) fn name(&self, place: Place) -> &'a str {
        self.members[place.member].name
    }

    /// All facts that are wanted, in order.
    pub(crate) fn places(
        &self,
        wanted: impl Fn(&Facts, &Fact) -> bool,
    ) -> impl Iterator<Item = Place> {
        let members = self.members.iter().enumerate();
        members.flat_map(move |(member, of)| {
            let facts = of.facts.all().iter().enumerate();
            let wanted = facts.filter(|(_, fact)| wanted(of.facts, fact));
            let places = wanted.map(|(fact, _)| Place { member, fact });
            places.collect::<Vec<_>>()
        })
    }

    /// The places of one kind in one document.
    pub(crate) fn places_of(&self, member: usize, about: About) -> impl Iterator<Item = Place> {
        let facts = self.members[member].facts.all().iter().enumerate();
        let wanted = facts.filter(move |(_, fact)| fact.about == about);
        wanted.map(move |(fact, _)| Place { member, fact })
    }

    /// Places with the same text, each group and the groups among themselves in order; of a document the first counts.
    pub(crate) fn groups(&self, places: impl Iterator<Item = Place>) -> Vec<Vec<Place>> {
        let mut known: HashMap<&str, usize> = HashMap::new();
        let mut groups: Vec<Vec<Place>> = Vec::new();
        for place in places {
            let group = *known.entry(self.text(place)).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            let last = groups[group].last().map(|last| last.member);
            if last != Some(place.member) {
                groups[group].push(place);
            }
        }
        groups
    }

    /// What stands for the distribution that a document configures: versions of one share it.
    pub(crate) fn distribution(&self, member: usize) -> usize {
        self.distribution[member]
    }

    /// What stands for all documents that say the same as this one.
    pub(crate) fn content(&self, member: usize) -> usize {
        self.content[member]
    }

    /// The first place of each thing in a group, in order.
    pub(crate) fn apart(&self, group: &[Place], thing: impl Fn(usize) -> usize) -> Vec<Place> {
        let mut known = std::collections::HashSet::new();
        let firsts = group.iter().filter(|p| known.insert(thing(p.member)));
        firsts.copied().collect()
    }

    /// The others of a group, as the document at a place sees them; `firsts` has a place of each thing.
    pub(crate) fn others(
        &self,
        place: Place,
        firsts: &[Place],
        thing: impl Fn(usize) -> usize,
    ) -> Others {
        let own = thing(place.member);
        let others = firsts.iter().filter(|p| thing(p.member) != own);
        let shown: Vec<Place> = others.take(NAMED).copied().collect();
        Others {
            more: firsts.len() - 1 - shown.len(),
            shown,
        }
    }

    /// The names of other documents: `b.xml, c.xml and 498 more`.
    pub(crate) fn names(&self, others: &Others) -> String {
        let names: Vec<&str> = others.shown.iter().map(|p| self.name(*p)).collect();
        match (others.more, &names[..]) {
            (0, [all @ .., last]) if !all.is_empty() => format!("{} and {last}", all.join(", ")),
            (0, _) => names.join(""),
            (more, _) => format!("{} and {more} more", names.join(", ")),
        }
    }

    /// A finding at a place.
    pub(crate) fn at(&self, place: Place, finding: Finding) -> Remark {
        Remark {
            place,
            finding,
            others: Vec::new(),
        }
    }

    /// A number that the user may have set.
    pub(crate) fn number(&self, option: OptionId) -> usize {
        usize::try_from(self.settings.options.get(option)).unwrap_or(0)
    }

    /// References that stand in documents of different content.
    pub(crate) fn same_references(&self) -> Vec<Vec<Place>> {
        let mut by_kind: BTreeMap<u8, Vec<Place>> = BTreeMap::new();
        for place in self.places(|_, fact| fact.about == About::Reference) {
            let kind = self.members[place.member].facts.kind;
            let kind = distribution_kind(kind).unwrap_or(kind);
            by_kind.entry(kind as u8).or_default().push(place);
        }
        let groups = by_kind
            .into_values()
            .flat_map(|places| self.groups(places.into_iter()));
        groups
            .filter(|group| {
                let first = self.content(group[0].member);
                group.iter().any(|p| self.content(p.member) != first)
            })
            .collect()
    }
}

/// What the fleet adds to a document.
pub(crate) struct Addition {
    /// Index of the document.
    pub(crate) member: usize,
    /// Its text; none if it could not be had again.
    pub(crate) source: Option<Arc<Source>>,
    /// What no output may show of it.
    pub(crate) secrets: Vec<Span>,
    /// Not empty.
    pub(crate) findings: Vec<Finding>,
}

/// Gets the text of a document once more; none if that is not possible.
pub(crate) type Load<'l> = dyn Fn(usize) -> Option<Arc<Source>> + Sync + 'l;

/// What the documents say about each other, in their order.
pub(crate) fn check(
    members: Vec<Member<'_>>,
    settings: &Settings,
    selection: &Selection,
    load: &Load<'_>,
) -> Vec<Addition> {
    let fleet = Fleet::new(members, settings, load);
    let mut remarks = across::check(&fleet);
    for (id, rule) in rules::FLEET_RULES {
        if selection.enabled(id) {
            rule(&fleet, &mut remarks);
        }
    }
    remarks.retain(|remark| {
        let rule = remark.finding.rule;
        let version = fleet.members[remark.place.member].facts.version;
        selection.enabled(rule) && rule.meta().versions.contains(version)
    });
    // Stable: the order of the rules decides among findings of one place.
    remarks.sort_by_key(|remark| remark.place);
    finish(&fleet, remarks, load)
}

/// Reads the documents again that share a caller reference, and keeps a number of each that could be had.
fn meanings(fleet: &Fleet<'_>, groups: &[Vec<usize>], load: &Load<'_>) -> HashMap<usize, u64> {
    let members: Vec<usize> = groups.iter().flatten().copied().collect();
    let meaning = |member: usize| {
        let source = load_unchanged(fleet, member, load)?;
        let document = check::read(&source, fleet.settings).ok()?;
        Some(facts::meaning(&document))
    };
    let meanings = each(&members, |member| Some((*member, meaning(*member)?)));
    meanings.into_iter().flatten().collect()
}

/// The text of a document, if it is still what was checked.
fn load_unchanged(fleet: &Fleet<'_>, member: usize, load: &Load<'_>) -> Option<Arc<Source>> {
    let source = load(member)?;
    let same = facts::fingerprint(source.text()) == fleet.members[member].facts.fingerprint;
    same.then_some(source)
}

/// Many of them on all threads; the results in order.
fn each<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    match things.len() > FEW {
        true => things.par_iter().map(work).collect(),
        false => things.iter().map(work).collect(),
    }
}

/// Gives the remarks what only the texts have: paths of elements, other places, the codes of the operation.
fn finish(fleet: &Fleet<'_>, remarks: Vec<Remark>, load: &Load<'_>) -> Vec<Addition> {
    let mut needed: Vec<usize> = remarks
        .iter()
        .flat_map(|r| std::iter::once(r.place).chain(r.others.iter().map(|(place, _)| *place)))
        .map(|place| place.member)
        .collect();
    needed.sort_unstable();
    needed.dedup();
    let sources = each(&needed, |member| load_unchanged(fleet, *member, load));
    let sources: HashMap<usize, Arc<Source>> = needed
        .into_iter()
        .zip(sources)
        .filter_map(|(member, source)| Some((member, source?)))
        .collect();
    let mut by_member: BTreeMap<usize, Vec<Remark>> = BTreeMap::new();
    for remark in remarks {
        by_member
            .entry(remark.place.member)
            .or_default()
            .push(remark);
    }
    let mut additions: Vec<Addition> = by_member
        .into_iter()
        .map(|(member, remarks)| Addition {
            member,
            source: sources.get(&member).cloned(),
            secrets: Vec::new(),
            findings: remarks
                .into_iter()
                .map(|remark| with_others(fleet, remark, &sources))
                .collect(),
        })
        .collect();
    let complete = |addition: &mut Addition| complete(fleet, addition);
    match additions.len() > FEW {
        true => additions.par_iter_mut().for_each(complete),
        false => additions.iter_mut().for_each(complete),
    }
    additions
}

/// Shows the other places.
fn with_others(
    fleet: &Fleet<'_>,
    remark: Remark,
    sources: &HashMap<usize, Arc<Source>>,
) -> Finding {
    let mut finding = remark.finding;
    for (place, label) in remark.others {
        if let Some(source) = sources.get(&place.member) {
            finding = finding.also_in(Arc::clone(source), fleet.fact(place).span, label);
        }
    }
    finding
}

/// Fills in what takes the document itself.
fn complete(fleet: &Fleet<'_>, addition: &mut Addition) {
    let Some(source) = &addition.source else {
        return;
    };
    let Ok(document) = check::read(source, fleet.settings) else {
        return;
    };
    let mut paths: HashMap<Span, String> = addition
        .findings
        .iter()
        .map(|finding| (finding.span, String::new()))
        .collect();
    for element in document.elements() {
        for span in [element.subject_span(), element.name_span()] {
            if let Some(path) = paths.get_mut(&span).filter(|path| path.is_empty()) {
                *path = element.path();
            }
        }
    }
    for finding in &mut addition.findings {
        finding.element = paths.get(&finding.span).cloned().unwrap_or_default();
    }
    let operation = fleet.members[addition.member].facts.operation;
    rules::answer(&document, operation, &mut addition.findings);
    addition.secrets = document.secrets();
}

/// Checks several documents as those of one account: each by itself, and then what they say about each other.
///
/// The results are in the order of the documents. No two of them should have the same name.
pub fn check_fleet(sources: &[Arc<Source>], settings: &Settings) -> Vec<Checked> {
    let mut checked = each(sources, |source| {
        check::examine(source, None, settings, true)
    });
    let (indexes, members): (Vec<usize>, Vec<Member<'_>>) = checked
        .iter()
        .enumerate()
        .filter_map(|(index, checked)| {
            let member = Member {
                name: sources[index].name(),
                relative: None,
                facts: checked.facts.as_ref()?,
            };
            Some((index, member))
        })
        .unzip();
    let load = |member: usize| Some(Arc::clone(&sources[indexes[member]]));
    let additions = check(members, settings, &Selection::default(), &load);
    for addition in additions {
        let of = &mut checked[indexes[addition.member]];
        of.findings.extend(addition.findings);
        of.findings.sort_by_key(|f| (f.span, f.rule));
        of.secrets = addition.secrets;
    }
    checked
}
