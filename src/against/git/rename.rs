//! Which of the documents that are gone became which of those that are new.
//!
//! In this order: the same text; the same kind of document with the same CallerReference, which names one resource for
//! its whole life; the most similar text. Each document is used once. All of it is linear: similarity is computed only
//! for the few documents that share rare lines.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::check::{self, Settings};
use crate::source::Source;

/// Least part of two texts, in thousandths, that makes them one document, as for git.
const SIMILAR: u64 = 500;
/// The same for documents with different CallerReferences: these are two resources, unless hardly anything else changed.
const ALMOST_EQUAL: u64 = 950;
/// A line that more of the documents have says nothing about which is meant.
const RARE: usize = 16;
/// So many documents that share most of their rare lines are compared in full.
const CANDIDATES: usize = 8;

/// What is kept of a document to recognise it.
#[derive(Debug, Default)]
pub(super) struct Fingerprint {
    /// Name of the file.
    name: Vec<u8>,
    /// Its text, but for line breaks and indentation.
    text: u64,
    /// The kind of document and its CallerReference.
    identity: Option<(String, String)>,
    /// Hash and length of each line without its CallerReference, sorted.
    lines: Vec<(u64, u64)>,
    /// Sum of the lengths.
    length: u64,
}

impl Fingerprint {
    /// Of a file; none if it is no document that can be read.
    pub(super) fn of(name: &[u8], source: &Source, settings: &Settings) -> Option<Fingerprint> {
        let document = check::read(source, settings).ok()?;
        document.recognised()?;
        let payload = document.payload();
        let config = ["DistributionConfig", "StreamingDistributionConfig"]
            .into_iter()
            .find_map(|name| payload.child(name))
            .unwrap_or(payload);
        let reference = config.child("CallerReference");
        let identity = reference.map(|r| (config.name().to_owned(), r.value().to_owned()));
        let mut text = DefaultHasher::new();
        let mut lines = Vec::new();
        for line in lines_of(source.text()) {
            line.hash(&mut text);
            if !line.starts_with("CallerReference>") {
                lines.push((hash(line), line.len() as u64));
            }
        }
        lines.sort_unstable();
        Some(Fingerprint {
            name: name.to_vec(),
            text: text.finish(),
            identity,
            length: lines.iter().map(|(_, length)| length).sum(),
            lines,
        })
    }

    /// The part that two documents have in common, in thousandths of the longer one.
    fn similarity(&self, other: &Fingerprint) -> u64 {
        let (mut a, mut b) = (self.lines.iter().peekable(), other.lines.iter().peekable());
        let mut common = 0;
        while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
            let order = x.cmp(y);
            common += if order.is_eq() { x.1 } else { 0 };
            if order.is_le() {
                a.next();
            }
            if order.is_ge() {
                b.next();
            }
        }
        match self.length.max(other.length) {
            0 => 0,
            longer => common * 1000 / longer,
        }
    }

    /// Whether so much in common is enough for one document.
    fn is_enough(&self, other: &Fingerprint, similarity: u64) -> bool {
        let differ = match (&self.identity, &other.identity) {
            (Some((_, a)), Some((_, b))) => a != b,
            _ => false,
        };
        similarity >= if differ { ALMOST_EQUAL } else { SIMILAR }
    }
}

/// Lines without indentation. What stands between two tags begins a line, too, so that it does not matter how a document
/// is laid out.
fn lines_of(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .flat_map(|line| line.split("><"))
        .map(|line| line.trim().trim_start_matches('<').trim_end_matches('>'))
        .filter(|line| !line.is_empty())
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// For each new document the number of the gone one that it was, if there is one.
pub(super) fn pair(new: &[Fingerprint], gone: &[Fingerprint]) -> Vec<Option<usize>> {
    let mut pairs = Pairs {
        new,
        gone,
        former: vec![None; new.len()],
        used: vec![false; gone.len()],
    };
    pairs.by_key(|f| Some((f.text, &f.name)));
    pairs.by_key(|f| Some(f.text));
    pairs.by_key(|f| Some((f.identity.as_ref()?, &f.name)));
    pairs.by_key(|f| f.identity.as_ref());
    pairs.by_similarity();
    pairs.former
}

/// Numbers are those of `new` and `gone`, so that they are within `former` and `used`, which are as long.
struct Pairs<'a> {
    new: &'a [Fingerprint],
    gone: &'a [Fingerprint],
    former: Vec<Option<usize>>,
    used: Vec<bool>,
}

impl<'a> Pairs<'a> {
    fn set(&mut self, new: usize, gone: usize) {
        self.former[new] = Some(gone);
        self.used[gone] = true;
    }

    fn free_new(&self) -> impl Iterator<Item = (usize, &'a Fingerprint)> {
        let new = self.new.iter().enumerate();
        new.filter(|(number, _)| self.former[*number].is_none())
    }

    fn free_gone(&self) -> impl Iterator<Item = (usize, &'a Fingerprint)> {
        let gone = self.gone.iter().enumerate();
        gone.filter(|(number, _)| !self.used[*number])
    }

    /// Pairs what has the same key, in order.
    fn by_key<K: Hash + Eq>(&mut self, key: impl Fn(&'a Fingerprint) -> Option<K>) {
        let mut free: HashMap<K, VecDeque<usize>> = HashMap::new();
        for (number, fingerprint) in self.free_gone() {
            if let Some(key) = key(fingerprint) {
                free.entry(key).or_default().push_back(number);
            }
        }
        let mut found = Vec::new();
        for (number, fingerprint) in self.free_new() {
            let same = key(fingerprint).and_then(|key| free.get_mut(&key)?.pop_front());
            found.extend(same.map(|gone| (number, gone)));
        }
        for (new, gone) in found {
            self.set(new, gone);
        }
    }

    /// Pairs the most similar first.
    fn by_similarity(&mut self) {
        let index = self.rare_lines();
        let mut similar = Vec::new();
        for (number, new) in self.free_new() {
            for gone_number in candidates(new, &index) {
                let gone = &self.gone[gone_number];
                let similarity = new.similarity(gone);
                if new.is_enough(gone, similarity) {
                    let other_name = new.name != gone.name;
                    similar.push((Reverse(similarity), other_name, number, gone_number));
                }
            }
        }
        similar.sort_unstable();
        for (_, _, new, gone) in similar {
            if self.former[new].is_none() && !self.used[gone] {
                self.set(new, gone);
            }
        }
    }

    /// The gone documents that have a line, for lines that few of them have.
    fn rare_lines(&self) -> HashMap<u64, Vec<usize>> {
        let mut index: HashMap<u64, Vec<usize>> = HashMap::new();
        for (number, gone) in self.free_gone() {
            for (line, _) in &gone.lines {
                let documents = index.entry(*line).or_default();
                // One more than counts, to know that it is not rare.
                if documents.len() <= RARE && documents.last() != Some(&number) {
                    documents.push(number);
                }
            }
        }
        index.retain(|_, documents| documents.len() <= RARE);
        index
    }
}

/// The gone documents that share most with a new one, as far as rare lines tell.
fn candidates(new: &Fingerprint, index: &HashMap<u64, Vec<usize>>) -> Vec<usize> {
    let mut shared: HashMap<usize, u64> = HashMap::new();
    let mut seen = HashSet::new();
    for (line, length) in &new.lines {
        if !seen.insert(line) {
            continue;
        }
        for document in index.get(line).into_iter().flatten() {
            *shared.entry(*document).or_default() += length;
        }
    }
    let mut candidates: Vec<_> = shared
        .into_iter()
        .map(|(n, votes)| (Reverse(votes), n))
        .collect();
    candidates.sort_unstable();
    candidates.truncate(CANDIDATES);
    candidates.into_iter().map(|(_, number)| number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document with lines of its own.
    fn document(
        name: &str,
        reference: &str,
        lines: impl IntoIterator<Item = usize>,
    ) -> Fingerprint {
        let items: String = lines
            .into_iter()
            .map(|n| format!("<Path>/{n:08}.html</Path>\n"))
            .collect();
        let text = format!(
            "<InvalidationBatch xmlns='http://cloudfront.amazonaws.com/doc/2020-05-31/'>\n\
             <CallerReference>{reference}</CallerReference>\n<Paths><Items>{items}</Items></Paths></InvalidationBatch>"
        );
        let source = Source::from_bytes(name, text.into_bytes());
        Fingerprint::of(name.as_bytes(), &source, &Settings::default()).unwrap()
    }

    #[test]
    fn the_same_text_comes_first() {
        let gone = [
            document("a", "1", 0..9),
            document("b", "1", 0..9),
            document("c", "1", 0..10),
        ];
        let new = [
            document("c", "1", 0..9),
            document("b", "1", 0..9),
            document("x", "1", 0..9),
        ];
        assert_eq!(pair(&new, &gone), [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn the_reference_beats_similarity() {
        let gone = [document("a", "1", 0..9), document("b", "2", 50..59)];
        let new = [document("c", "2", 0..9)];
        assert_eq!(pair(&new, &gone), [Some(1)]);
    }

    #[test]
    fn half_of_the_lines() {
        let gone = [document("a", "1", 0..100), document("b", "", [])];
        for (lines, former) in [(0..100, Some(0)), (40..140, Some(0)), (60..160, None)] {
            let mut new = document("c", "1", lines);
            new.identity = None;
            assert_eq!(pair(&[new], &gone), [former]);
        }
    }

    #[test]
    fn another_reference_is_another_resource_unless_all_else_is_the_same() {
        let gone = [document("a", "1", 0..100)];
        for (lines, former) in [(0..100, Some(0)), (2..102, Some(0)), (10..110, None)] {
            assert_eq!(pair(&[document("a", "2", lines)], &gone), [former]);
        }
    }

    #[test]
    fn the_most_similar_pair_wins() {
        let gone = [document("a", "1", 0..100)];
        let mut new = [document("b", "", 0..70), document("c", "", 0..90)];
        new.iter_mut().for_each(|new| new.identity = None);
        assert_eq!(pair(&new, &gone), [None, Some(0)]);
    }

    #[test]
    fn layout_does_not_matter() {
        let root = "InvalidationBatch xmlns='http://cloudfront.amazonaws.com/doc/2020-05-31/'";
        let one = format!("<{root}><Paths><Quantity>0</Quantity></Paths></InvalidationBatch>");
        let lines = one.replace("><", ">\r\n    <");
        let of = |text: &str| {
            let source = Source::from_bytes("a", text.as_bytes().to_vec());
            Fingerprint::of(b"a", &source, &Settings::default()).unwrap()
        };
        assert_eq!(of(&one).text, of(&lines).text);
        assert_eq!(of(&one).lines, of(&lines).lines);
    }

    /// Thousands of documents of one template are told apart by what few of them have.
    #[test]
    fn many_documents_of_one_template() {
        let many = |prefix: usize| -> Vec<Fingerprint> {
            let one = |n: usize| {
                let own = [1000 + 3 * n, 1001 + 3 * n, 1002 + 3 * n];
                let mut document = document(&format!("{prefix}{n}"), "", (0..50).chain(own));
                document.identity = None;
                document
            };
            (0..2000).map(one).collect()
        };
        let (mut new, gone) = (many(1), many(2));
        new.reverse();
        // Not the same texts.
        new.iter_mut().for_each(|new| new.text += 1);
        let expected: Vec<_> = (0..2000).rev().map(Some).collect();
        assert_eq!(pair(&new, &gone), expected);
    }
}
