//! Which documents of a run are versions or copies of one thing, so that they do not contradict each other.

use std::collections::{HashMap, HashSet};

use super::Member;
use super::facts::{About, Kind};
use super::groups::{Key, by_key, key, key_after};
use crate::rule::Operation;

/// What a document means; none if that is not known.
type Meaning<'m> = &'m dyn Fn(usize) -> Option<u64>;

/// Sets of documents that are one thing. Two with different ids never are.
#[derive(Clone)]
pub(crate) struct Identity<'a> {
    /// Of each document one nearer to the first of its set, or itself.
    parent: Vec<usize>,
    /// The id of each first document.
    id: Vec<Option<&'a str>>,
}

impl<'a> Identity<'a> {
    /// What is surely one thing: the same id; the same text; or the same path below two directories, where nothing in
    /// the documents speaks against it.
    pub(crate) fn sure(members: &[Member<'a>]) -> Identity<'a> {
        let mut identity = Identity {
            parent: (0..members.len()).collect(),
            id: members.iter().map(|m| m.facts.get(About::Id)).collect(),
        };
        let same_id = repeats(members, |m| {
            let id = m.facts.get(About::Id)?;
            Some(key_after(key(&[m.facts.kind as u8]), id.as_bytes()))
        });
        let same_text = repeats(members, |m| Some(m.facts.fingerprint));
        for (first, again) in same_id.into_iter().chain(same_text) {
            identity.unite(first, again);
        }
        identity.join_paths(members);
        identity
    }

    /// Adds copies: documents with the same reference that say the same, and a copy's request with the staging
    /// distribution that it makes.
    pub(crate) fn join_copies(
        &mut self,
        groups: &[Vec<usize>],
        members: &[Member<'a>],
        meaning: Meaning<'_>,
    ) {
        let mut first: HashMap<(usize, u64), usize> = HashMap::new();
        for (number, group) in groups.iter().enumerate() {
            for &member in group {
                if let Some(meaning) = meaning(member) {
                    let known = *first.entry((number, meaning)).or_insert(member);
                    self.unite(known, member);
                }
            }
            let is_staging = |member: &&usize| members[**member].facts.has(About::Staging);
            let Some(staging) = group.iter().find(is_staging) else {
                continue;
            };
            let is_copy = |member: &&usize| members[**member].facts.kind == Kind::Copy;
            for copy in group.iter().filter(is_copy) {
                self.unite(*staging, *copy);
            }
        }
    }

    /// Adds what looks like versions of one distribution: documents with the same reference that have an alias in
    /// common, which two distributions cannot have; that are sent to update, and so have to repeat the reference; or
    /// one of which is the API's answer.
    pub(crate) fn join_versions(&mut self, groups: &[Vec<usize>], members: &[Member<'a>]) {
        for group in groups {
            let mut first: HashMap<&str, usize> = HashMap::new();
            let mut existing: Option<usize> = None;
            for &member in group {
                for alias in members[member].aliases() {
                    let known = *first.entry(alias).or_insert(member);
                    self.unite(known, member);
                }
                if members[member].facts.operation == Operation::Update {
                    let known = *existing.get_or_insert(member);
                    self.unite(known, member);
                }
            }
            let answer = group.iter().find(|m| members[**m].facts.has(About::Id));
            if let Some(answer) = answer {
                group.iter().for_each(|member| self.unite(*answer, *member));
            }
        }
    }

    /// The same path below two directories that were named: an old and a new version, if they have the same reference
    /// and some alias in common. Two environments have aliases of their own.
    fn join_paths(&mut self, members: &[Member<'a>]) {
        let mut aliases: HashMap<usize, HashSet<&str>> = HashMap::new();
        for (first, again) in repeats(members, |m| m.facts.path) {
            let known = aliases
                .entry(first)
                .or_insert_with(|| members[first].aliases().collect());
            let mut own = members[again].aliases().peekable();
            let alike = match own.peek() {
                None => known.is_empty(),
                Some(_) => own.any(|alias| known.contains(alias)),
            };
            if alike {
                self.unite(first, again);
            }
        }
    }

    fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.shorten(one), self.shorten(other));
        let (first, second) = (one.min(other), one.max(other));
        match (self.id[first], self.id[second]) {
            (Some(one), Some(other)) if one != other => {}
            (one, other) => {
                self.id[first] = one.or(other);
                self.parent[second] = first;
            }
        }
    }

    /// The first of a set, with the way to it made shorter.
    fn shorten(&mut self, mut member: usize) -> usize {
        while self.parent[member] != member {
            self.parent[member] = self.parent[self.parent[member]];
            member = self.parent[member];
        }
        member
    }

    /// Of each document the first that is one thing with it.
    pub(crate) fn firsts(&self) -> Vec<usize> {
        let mut all = self.clone();
        (0..self.parent.len())
            .map(|member| all.shorten(member))
            .collect()
    }
}

/// The documents that share a key with an earlier one, behind the first that has it.
fn repeats(
    members: &[Member<'_>],
    key: impl Fn(&Member<'_>) -> Option<Key>,
) -> Vec<(usize, usize)> {
    let mut first = by_key(0);
    let mut repeats = Vec::new();
    for (index, member) in members.iter().enumerate() {
        let Some(key) = key(member) else {
            continue;
        };
        if first.is_empty() {
            first.reserve(members.len());
        }
        let known = *first.entry(key).or_insert(index as u32) as usize;
        if known != index {
            repeats.push((known, index));
        }
    }
    repeats
}
