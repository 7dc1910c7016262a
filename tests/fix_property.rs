//! Random documents with random faults: what fixes make of them can be read, has no error that was not there, and stays as
//! it is when it is fixed once more.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use cloudfront_lint::schema::ApiVersion;
use cloudfront_lint::{
    Beside, Edit, Finding, Fix, Fixed, Level, RULES, Safety, Settings, Source, check, fix, read,
};
use support::generate::{document, sendable};
use support::page::{Reading, examples};
use support::random::Random;
use support::tree::Layout;
use support::unmark;

fn source(text: &str) -> Source {
    Source::from_bytes("a.xml", text.as_bytes().to_vec())
}

fn findings(text: &str) -> Vec<Finding> {
    check(&source(text), None, &Settings::default()).findings
}

fn is_read(text: &str) -> bool {
    read(&source(text), &Settings::default()).is_ok()
}

/// Errors by their rules: paths change with names and ids.
fn errors(findings: &[Finding]) -> BTreeMap<&'static str, usize> {
    let mut errors = BTreeMap::new();
    for finding in findings.iter().filter(|f| f.level == Level::Error) {
        *errors.entry(finding.rule.name()).or_default() += 1;
    }
    errors
}

fn fixed(text: &str, with_unsafe: bool) -> (String, Fixed) {
    let wanted = |_: &Finding, fix: &Fix| with_unsafe || fix.safety == Safety::Safe;
    let source = source(text);
    let fixed = fix(&source, &Beside::default(), &Settings::default(), wanted);
    let after = fixed.source.as_ref().unwrap_or(&source).text().to_owned();
    (after, fixed)
}

/// What holds for each document, whatever is wrong with it.
#[track_caller]
fn expect_promises(text: &str, tally: &mut Tally) {
    for with_unsafe in [false, true] {
        let before = findings(text);
        let (after, done) = fixed(text, with_unsafe);
        let show = || {
            let applied: Vec<_> = done
                .applied
                .iter()
                .map(|a| (a.rule.name(), &a.title))
                .collect();
            format!(
                "{applied:#?}\n{:#?}\nof\n{text}\nmade\n{after}",
                done.left_out
            )
        };
        assert!(
            is_read(&after) || !is_read(text),
            "cannot be read: {}",
            show()
        );
        let left = findings(&after);
        let (had, has) = (errors(&before), errors(&left));
        // What can be read at last shows what else is wrong with it.
        for (rule, count) in has.iter().filter(|_| is_read(text)) {
            let had = had.get(rule).copied().unwrap_or_default();
            assert!(*count <= had, "{count} of {rule}, not {had}: {}", show());
        }
        let reported = done.checked.findings.iter().map(|f| &f.message);
        assert!(reported.eq(left.iter().map(|f| &f.message)), "{}", show());
        let (again, more) = fixed(&after, with_unsafe);
        assert!(
            again == after,
            "fixed again: {:#?}\n{again}\nafter {}",
            more.applied,
            show()
        );
        tally.add(&done);
    }
}

/// What was done, to see that something was.
#[derive(Default)]
struct Tally {
    applied: BTreeMap<&'static str, usize>,
    left_out: BTreeMap<String, usize>,
}

impl Tally {
    fn add(&mut self, fixed: &Fixed) {
        for applied in &fixed.applied {
            *self.applied.entry(applied.rule.name()).or_default() += 1;
        }
        for left_out in &fixed.left_out {
            let reason = format!("{}: {}", left_out.rule.name(), left_out.reason);
            *self.left_out.entry(reason).or_default() += 1;
        }
    }
}

impl Tally {
    /// A fix may uncover what was hidden, but it neither breaks the document nor leaves what it is for.
    #[track_caller]
    fn expect_no_useless_fix(&self) {
        let is_useless =
            |reason: &&String| !reason.contains("the document would have another error");
        let useless: Vec<_> = self.left_out.keys().filter(is_useless).collect();
        assert!(useless.is_empty(), "{useless:#?}");
    }
}

/// The elements of a text without markup in comments: whole, and their content. Found by tags, so that a text that is
/// half broken already can be broken further.
fn elements(text: &str) -> Vec<(Range<usize>, Range<usize>)> {
    let mut open: Vec<(usize, usize, &str)> = Vec::new();
    let mut elements = Vec::new();
    for (start, _) in text.match_indices('<') {
        let Some(length) = text[start..].find('>') else {
            break;
        };
        let (tag, end) = (&text[start + 1..start + length], start + length + 1);
        match tag.strip_prefix('/') {
            Some(name) => {
                if let Some((outer, inner, _)) = open.pop_if(|(_, _, open)| *open == name.trim()) {
                    elements.push((outer..end, inner..start));
                }
            }
            None if tag.starts_with(['?', '!']) => {}
            None if tag.ends_with('/') => elements.push((start..end, end..end)),
            None => {
                let name = tag.split_whitespace().next().unwrap_or_default();
                open.push((start, end, name));
            }
        }
    }
    elements
}

/// Puts a fault into a text.
fn spoil(text: &mut String, random: &mut Random) {
    let elements = elements(text);
    if elements.is_empty() {
        return;
    }
    let (whole, content) = random.pick(&elements).clone();
    let value = text[content.clone()].to_owned();
    let is_value = !value.contains('<');
    let name: String = text[whole.start + 1..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric())
        .collect();
    match random.below(11) {
        0 if is_value => text.replace_range(content, &format!(" {value}\n ")),
        1 if is_value => text.replace_range(content, &value.to_uppercase()),
        2 if is_value => text.replace_range(content, &value.to_lowercase()),
        3 if value.parse::<i64>().is_ok() => {
            let number = random.between(-1, 5).to_string();
            text.replace_range(content, &number);
        }
        4 => text.replace_range(whole, ""),
        5 => {
            let copy = text[whole.clone()].to_owned();
            text.insert_str(whole.end, &copy);
        }
        6 if ["Items", "Quantity"].contains(&&name[..]) => {
            // The items without the list around them, or no number.
            text.replace_range(whole, value.trim());
        }
        7 => {
            let other = ["Item", "member", &name.to_lowercase(), "Names", "Alias"];
            let other = (*random.pick(&other)).to_owned();
            let renamed = format!("<{other}>{value}</{other}>");
            if whole.start > 0 && text[whole.clone()].contains('>') && content.end < whole.end {
                text.replace_range(whole, &renamed);
            }
        }
        8 => text.insert_str(content.start, "<!-- left over -->"),
        9 if is_value => text.replace_range(content, &format!("/{value}/")),
        10 => text.replace_range(content, ""),
        _ => {}
    }
}

fn spoilt(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..1 + random.below(4) {
        spoil(&mut text, random);
    }
    match random.below(6) {
        0 => text.replace('\n', "\r\n"),
        1 => text.trim_end().to_owned(),
        _ => text,
    }
}

#[test]
fn random_documents_with_random_faults() {
    let mut tally = Tally::default();
    let kinds: Vec<_> = ApiVersion::all()
        .flat_map(|version| sendable(version).map(move |root| (version, root)))
        .collect();
    for (number, (version, root)) in kinds.into_iter().enumerate() {
        let mut random = Random::new(number as u64 * 7919);
        let tree = document(root, version, &mut random);
        let layout = [Layout::PRETTY, Layout::ONE_LINE, Layout::PREFIXED][number % 3];
        let text = tree.write(version, layout);
        for _ in 0..2 {
            expect_promises(&spoilt(&text, &mut random), &mut tally);
        }
    }
    assert!(tally.applied.len() >= 10, "{:#?}", tally.applied);
    tally.expect_no_useless_fix();
}

#[test]
fn valid_documents_with_random_faults() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/valid");
    let mut tally = Tally::default();
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    for (number, path) in paths.iter().enumerate() {
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        let mut random = Random::new(number as u64);
        expect_promises(&text, &mut tally);
        for _ in 0..20 {
            expect_promises(&spoilt(&text, &mut random), &mut tally);
        }
    }
    assert!(tally.applied.len() >= 15, "{:#?}", tally.applied);
    tally.expect_no_useless_fix();
}

#[test]
fn the_examples_of_all_pages() {
    let mut tally = Tally::default();
    for rule in &RULES {
        for example in examples(rule, "Fails").unwrap() {
            let reading = Reading::of(&example.block.info).unwrap();
            let marked = reading.document(&example.block.text).unwrap();
            let (text, _) = unmark(&marked).unwrap();
            expect_promises(&text, &mut tally);
            expect_promises(&text.replace('\n', "\r\n"), &mut tally);
            expect_promises(&text.replace(['\n', '\r'], " "), &mut tally);
        }
    }
    assert!(tally.applied.len() >= 30, "{:#?}", tally.applied);
    tally.expect_no_useless_fix();
}

#[test]
fn only_what_the_edits_name_changes() {
    let mut random = Random::new(17);
    for _ in 0..2000 {
        let text: String = (0..random.below(40))
            .map(|_| *random.pick(&['a', 'ß', '€', '𝄞']))
            .collect();
        let places: Vec<usize> = text
            .char_indices()
            .map(|(at, _)| at)
            .chain([text.len()])
            .collect();
        let fixes: Vec<Fix> = (0..random.below(6))
            .map(|number| {
                let mut edits: Vec<Edit> = (0..1 + random.below(2))
                    .map(|_| {
                        let mut ends = [*random.pick(&places), *random.pick(&places)];
                        ends.sort_unstable();
                        let span = cloudfront_lint::Span::new(ends[0] as u32, ends[1] as u32);
                        let content = number.to_string().repeat(random.below(3));
                        Edit { span, content }
                    })
                    .collect();
                edits.sort_by_key(|edit| edit.span);
                Fix {
                    title: String::new(),
                    safety: Safety::Safe,
                    edits,
                }
            })
            .collect();
        let after = fix::apply(&text, &fixes.iter().collect::<Vec<_>>());
        // The old characters that are left stand in their order; all that is new is in a fix.
        let mut rest = text.chars();
        let mut new: HashMap<char, usize> = HashMap::new();
        for c in after.chars() {
            match c.is_ascii_digit() {
                true => *new.entry(c).or_default() += 1,
                false => assert!(rest.any(|old| old == c), "{text} {after} {fixes:?}"),
            }
        }
        for (number, fix) in fixes.iter().enumerate() {
            let whole: usize = fix.edits.iter().map(|edit| edit.content.len()).sum();
            let digit = char::from_digit(number as u32, 10).unwrap();
            let has = new.get(&digit).copied().unwrap_or_default();
            assert!(has == 0 || has == whole, "{text} {after} {fixes:?}");
        }
    }
}
