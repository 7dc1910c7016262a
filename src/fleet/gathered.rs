//! The facts of many documents, close together: to compare documents is to read a few lists from one end to the other.

use std::path::Path;

use super::facts::{About, Facts, Head, Said, USUAL_FACTS, USUAL_TEXT, text_of};
use super::groups::{Key, key, key_after};
use super::{Fact, Place};

/// Kinds of facts; see [`About::number`].
const KINDS: usize = 14;

/// The facts of documents that follow each other.
#[derive(Default)]
pub(crate) struct Gathered {
    records: Vec<Record>,
    /// The facts of all documents, one after the other.
    facts: Vec<Fact>,
    /// Their texts.
    text: String,
    /// For each kind of facts that documents are looked up by, where they stand.
    keyed: [Vec<Keyed>; KINDS],
}

/// One document.
struct Record {
    head: Head,
    path: Option<Key>,
    /// Where its facts end in [`Gathered::facts`].
    facts_end: usize,
    /// Where its texts end in [`Gathered::text`].
    text_end: usize,
}

/// A fact by its text.
struct Keyed {
    key: Key,
    member: u32,
    fact: u32,
}

impl Gathered {
    /// Makes room for so many ordinary documents.
    pub(crate) fn reserve(&mut self, documents: usize) {
        self.records.reserve_exact(documents);
        self.facts.reserve_exact(documents * USUAL_FACTS);
        self.text.reserve_exact(documents * USUAL_TEXT);
        for keyed in &mut self.keyed {
            keyed.reserve_exact(documents * 2);
        }
    }

    /// Takes the facts of the next document, with its path below the directory that was given.
    pub(crate) fn add(&mut self, facts: &Facts, relative: Option<&Path>) {
        let member = self.records.len() as u32;
        for (number, fact) in (0..).zip(&facts.facts) {
            if fact.about.is_looked_up() {
                self.keyed[fact.about.number()].push(Keyed {
                    key: key(text_of(fact, &facts.text).as_bytes()),
                    member,
                    fact: number,
                });
            }
        }
        self.facts.extend_from_slice(&facts.facts);
        self.text.push_str(&facts.text);
        self.records.push(Record {
            head: facts.head,
            path: relative.map(|path| key_of_path(facts, path)),
            facts_end: self.facts.len(),
            text_end: self.text.len(),
        });
    }

    /// How many documents they are of.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// What each document says.
    pub(crate) fn said(&self) -> impl Iterator<Item = Said<'_>> {
        let (mut facts_start, mut text_start) = (0, 0);
        self.records.iter().map(move |record| {
            let facts = facts_start..record.facts_end;
            let text = text_start..record.text_end;
            (facts_start, text_start) = (record.facts_end, record.text_end);
            Said {
                head: &record.head,
                text: &self.text[text],
                facts: &self.facts[facts],
                path: record.path,
            }
        })
    }

    /// The facts of a kind, in order; the first document here is `first` in the run.
    pub(super) fn keyed(&self, about: About, first: usize) -> impl Iterator<Item = (Key, Place)> {
        self.keyed[about.number()].iter().map(move |keyed| {
            let place = Place {
                member: first + keyed.member as usize,
                fact: keyed.fact as usize,
            };
            (keyed.key, place)
        })
    }
}

/// The key of a document's kind, its reference and its path. Paths themselves would be compared part by part.
fn key_of_path(facts: &Facts, path: &Path) -> Key {
    let reference = facts.said().get(About::Reference);
    let kind = [facts.head.kind as u8, u8::from(reference.is_some())];
    let of_reference = key_after(key(&kind), reference.unwrap_or_default().as_bytes());
    key_after(of_reference, path.as_os_str().as_encoded_bytes())
}
