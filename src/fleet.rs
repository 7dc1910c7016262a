//! The documents of a run as one account: what they say that only one, or only so many of them, may say.
//!
//! Each document gives up its [`Facts`] while it is checked, and its text is dropped. When all are there, the rules of
//! the group `fleet` compare them, in the order of the documents. Only documents that get a finding, or share a caller
//! reference, are read once more, by whoever called; this module reads nothing itself.

mod across;
mod facts;
mod gathered;
mod groups;
mod identity;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

pub(crate) use facts::{About, Fact, Facts, Head, Kind, Said};
pub(crate) use gathered::Gathered;
pub(crate) use groups::Key;
use groups::{Groups, key};

use crate::check::{self, Beside, Checked, Settings};
use crate::finding::Finding;
use crate::rule::{OptionId, RuleId};
use crate::rules;
use crate::source::{Source, Span};
use crate::suppress::{self, Ran};
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
    /// What it says.
    pub(crate) facts: Said<'a>,
}

impl<'a> Member<'a> {
    /// Its alternate domain names.
    pub(crate) fn aliases(&self) -> impl Iterator<Item = &'a str> {
        let facts = self.facts;
        let aliases = facts.about(About::Alias);
        aliases.map(move |(_, alias)| facts.text_of(alias))
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
    /// The facts of the members, in their order.
    gathered: &'a [Gathered],
    settings: &'a Settings,
    /// Of each document the first that says the same, or is surely a version of the same thing.
    content: Vec<usize>,
    /// Of each document the first that is, or may well be, about the same distribution.
    distribution: Vec<usize>,
    /// Places of references that stand in documents of different content.
    references: Vec<Vec<Place>>,
    aliases: OnceLock<Groups>,
}

impl<'a> Fleet<'a> {
    /// `names` are those of the documents, in their order.
    fn new(
        gathered: &'a [Gathered],
        names: impl Iterator<Item = &'a str>,
        settings: &'a Settings,
        load: &Load<'_>,
    ) -> Fleet<'a> {
        let said = gathered.iter().flat_map(Gathered::said);
        let mut members = Vec::with_capacity(gathered.iter().map(Gathered::len).sum());
        members.extend(said.zip(names).map(|(facts, name)| Member { name, facts }));
        let mut fleet = Fleet {
            content: Vec::new(),
            distribution: Vec::new(),
            references: Vec::new(),
            aliases: OnceLock::new(),
            members,
            gathered,
            settings,
        };
        let (mut identity, references) = both(
            || Identity::sure(&fleet.members),
            || fleet.same_references(),
        );
        fleet.content = identity.firsts();
        let references = references.into_iter();
        fleet.references = references
            .filter(|group| fleet.differ_in_content(group))
            .collect();
        let groups: Vec<Vec<usize>> = fleet
            .references
            .iter()
            .map(|group| group.iter().map(|place| place.member).collect())
            .collect();
        let meanings = meanings(&fleet, &groups, load);
        let meaning = |member: usize| meanings.get(&member).copied();
        identity.join_copies(&groups, &fleet.members, &meaning);
        fleet.content = identity.firsts();
        identity.join_versions(&groups, &fleet.members);
        fleet.distribution = identity.firsts();
        let mut references = std::mem::take(&mut fleet.references);
        references.retain(|group| fleet.differ_in_content(group));
        fleet.references = references;
        fleet
    }

    /// The fact at a place.
    pub(crate) fn fact(&self, place: Place) -> &'a Fact {
        self.members[place.member].facts.fact(place.fact)
    }

    /// Its text.
    pub(crate) fn text(&self, place: Place) -> &'a str {
        self.members[place.member].facts.text_of(self.fact(place))
    }

    /// The name of its document.
    pub(crate) fn name(&self, place: Place) -> &'a str {
        self.members[place.member].name
    }

    /// The places of one kind in all documents, in order.
    pub(crate) fn places(&self, about: About) -> impl Iterator<Item = Place> {
        (0..self.members.len()).flat_map(move |member| self.places_of(member, about))
    }

    /// The places of one kind in one document.
    pub(crate) fn places_of(&self, member: usize, about: About) -> impl Iterator<Item = Place> {
        let facts = self.members[member].facts.about(about);
        facts.map(move |(fact, _)| Place { member, fact })
    }

    /// Places by their text.
    pub(crate) fn groups(&self, places: impl Iterator<Item = Place>) -> Groups {
        let places = places.map(|place| (key(self.text(place).as_bytes()), place));
        Groups::new(places, self.members.len())
    }

    /// The places of one kind in all documents, by their text.
    pub(crate) fn groups_of(&self, about: About) -> Groups {
        Groups::new(self.keyed(about), self.members.len())
    }

    /// The places of one kind in all documents, in order, each with its key.
    pub(crate) fn keyed(&self, about: About) -> impl Iterator<Item = (Key, Place)> {
        let mut next = 0;
        self.gathered.iter().flat_map(move |gathered| {
            let first = next;
            next += gathered.len();
            gathered.keyed(about, first)
        })
    }

    /// All alternate domain names.
    pub(crate) fn aliases(&self) -> &Groups {
        self.aliases.get_or_init(|| self.groups_of(About::Alias))
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
        let mut known = HashSet::new();
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

    /// Places of references that stand in documents of different content, one kind of document in each group.
    pub(crate) fn references(&self) -> &[Vec<Place>] {
        &self.references
    }

    fn same_references(&self) -> Vec<Vec<Place>> {
        let kinds = [
            &[Kind::Web, Kind::Copy][..],
            &[Kind::Streaming],
            &[Kind::Invalidation],
        ];
        let of = |kinds: &'static [Kind]| {
            let of_kind =
                |(_, place): &(Key, Place)| kinds.contains(&self.members[place.member].facts.kind);
            let places = self.keyed(About::Reference).filter(of_kind);
            Groups::new(places, self.members.len()).into_shared()
        };
        let groups = kinds.into_iter().flat_map(of);
        groups.flat_map(|group| self.by_account(group)).collect()
    }

    /// A reference counts in one account. What does not show its account stays with the first.
    fn by_account(&self, group: Vec<Place>) -> Vec<Vec<Place>> {
        let account = |place: &Place| self.members[place.member].facts.account();
        let mut numbers: HashMap<&str, usize> = HashMap::new();
        for number in group.iter().filter_map(account) {
            let next = numbers.len();
            numbers.entry(number).or_insert(next);
        }
        if numbers.len() < 2 {
            return vec![group];
        }
        let mut parts = vec![Vec::new(); numbers.len()];
        for place in group {
            let known = account(&place).and_then(|number| numbers.get(number));
            parts[known.copied().unwrap_or(0)].push(place);
        }
        parts
    }

    fn differ_in_content(&self, group: &[Place]) -> bool {
        let mut contents = group.iter().map(|place| self.content(place.member));
        let first = contents.next();
        contents.any(|content| Some(content) != first)
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

/// What the documents say about each other, in their order; `names` are their names.
pub(crate) fn check<'a>(
    gathered: &'a [Gathered],
    names: impl Iterator<Item = &'a str>,
    settings: &'a Settings,
    enabled: &(dyn Fn(RuleId) -> bool + Sync),
    load: &Load<'_>,
) -> Vec<Addition> {
    let fleet = Fleet::new(gathered, names, settings, load);
    let run = |(id, rule): &(RuleId, rules::FleetRule)| {
        let mut remarks = Vec::new();
        if enabled(*id) {
            rule(&fleet, &mut remarks);
        }
        remarks
    };
    let (mut remarks, of_rules) = both(|| across::check(&fleet), || each(&rules::FLEET_RULES, run));
    remarks.extend(of_rules.into_iter().flatten());
    remarks.retain(|remark| {
        let rule = remark.finding.rule;
        let version = fleet.members[remark.place.member].facts.version;
        enabled(rule) && rule.meta().versions.contains(version)
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

/// Both, at the same time if there are threads.
fn both<A: Send, B: Send>(
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    match rayon::current_thread_index().is_some() {
        true => rayon::join(one, other),
        false => (one(), other()),
    }
}

/// Many of them on all threads, if there are any; the results in order.
fn each<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync + Send) -> Vec<R> {
    match things.len() > FEW && rayon::current_thread_index().is_some() {
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
        check::examine(source, &Beside::default(), settings, true)
    });
    let mut gathered = Gathered::default();
    let mut indexes = Vec::new();
    for (index, checked) in checked.iter().enumerate() {
        if let Some(facts) = &checked.facts {
            gathered.add(facts, None);
            indexes.push(index);
        }
    }
    let load = |member: usize| Some(Arc::clone(&sources[indexes[member]]));
    let names = indexes.iter().map(|index| sources[*index].name());
    let additions = check(&[gathered], names, settings, &|_| true, &load);
    for addition in additions {
        let of = &mut checked[indexes[addition.member]];
        of.findings.extend(addition.findings);
        of.findings.sort_by_key(|f| (f.span, f.rule));
        of.secrets = addition.secrets;
    }
    let (alone, selection) = (Beside::default(), Selection::default());
    for of in &mut checked {
        let ran = Ran {
            selection: &selection,
            policies: &settings.policies,
            operation: check::operation_of(&alone, settings),
            operation_given: settings.operation.is_some(),
            compared: false,
        };
        suppress::settle(of, None, ran);
    }
    checked
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn document(reference: &str, alias: &str) -> String {
        format!(
            "<DistributionConfig><CallerReference>{reference}</CallerReference><Aliases><Quantity>1</Quantity>\
             <Items><CNAME>{alias}</CNAME></Items></Aliases></DistributionConfig>"
        )
    }

    /// What is found in two documents that read like `again` when they are read once more.
    fn additions(texts: [String; 2], again: [Option<String>; 2]) -> Vec<Addition> {
        let settings = Settings::default();
        let source = |text: &String| Source::from_bytes("a.xml", text.clone().into_bytes());
        // Each by itself, as if two threads had gathered them.
        let gathered = texts.map(|text| {
            let checked = check::examine(&source(&text), &Beside::default(), &settings, true);
            let mut gathered = Gathered::default();
            gathered.add(&checked.facts.unwrap(), None);
            gathered
        });
        let load = |member: usize| again[member].as_ref().map(|text| Arc::new(source(text)));
        let names = ["a.xml"; 2].into_iter();
        check(&gathered, names, &settings, &|_| true, &load)
    }

    #[test]
    fn a_file_that_changes_in_between_has_its_finding_without_a_text() {
        let texts = || {
            [
                document("a", "www.example.com"),
                document("b", "www.example.com"),
            ]
        };
        let [one, two] = texts();
        let found = additions(texts(), [Some(one.clone()), Some(two.clone())]);
        assert!(
            found
                .iter()
                .all(|a| a.source.is_some() && a.findings[0].labels.len() == 1)
        );
        for changed in [None, Some(two + "\n")] {
            let found = additions(texts(), [Some(one.clone()), changed]);
            assert_eq!(found.len(), 2);
            assert!(found[0].source.is_some() && found[0].findings[0].labels.is_empty());
            assert!(found[1].source.is_none() && found[1].findings[0].labels.len() == 1);
        }
    }

    #[test]
    fn unread_documents_of_one_reference_are_not_taken_for_copies() {
        let texts = || {
            [
                document("a", "one.example.com"),
                document("a", "two.example.com"),
            ]
        };
        let [one, _] = texts();
        assert_eq!(additions(texts(), [Some(one), None]).len(), 2);
    }
}
