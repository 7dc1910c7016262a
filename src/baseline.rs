//! Findings that were accepted earlier, in a file: one line of JSON for each, sorted, so that git can merge two versions.
//!
//! ```text
//! {"cloudfront-lint-baseline":1}
//! {"file":"cdn/shop.xml","rule":"weak-viewer-tls","element":"/DistributionConfig/ViewerCertificate/MinimumProtocolVersion","subject":"TLSv1"}
//! ```
//!
//! An entry is the [`Fingerprint`] of a finding and the path of its document, from the directory of the baseline. It has
//! no line, no column and no count: a change elsewhere brings no finding back, and a new finding is never taken for an
//! old one that went. The order of the lines means nothing to the reader, and neither does a line that stands twice.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::check::Checked;
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::fingerprint::{Fingerprint, Text};
use crate::report::FileReport;
use crate::rule::{RuleId, id};
use crate::source::{Source, Span};

/// The name of a baseline that was given no other.
pub(crate) const FILE_NAME: &str = "cloudfront-lint-baseline.jsonl";
/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    #[serde(rename = "cloudfront-lint-baseline")]
    version: u32,
}

/// A finding that is accepted. Ordered as the lines of the file are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The path of the document from the directory of the baseline, with `/`.
    file: String,
    rule: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    element: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    subject: String,
    #[serde(default = "first", skip_serializing_if = "is_first")]
    number: u32,
}

fn first() -> u32 {
    1
}

fn is_first(number: &u32) -> bool {
    *number == first()
}

impl Entry {
    fn new(file: &str, print: &Fingerprint) -> Entry {
        Entry {
            file: file.to_owned(),
            rule: print.rule.name().to_owned(),
            element: print.element.clone(),
            subject: print.subject.clone(),
            number: print.number,
        }
    }
}

/// What was accepted earlier, for those who must know it while documents are checked: it is not fixed.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// By the names of documents, with their absolute paths.
    of: HashMap<String, (Arc<Baseline>, PathBuf)>,
}

impl Earlier {
    /// Says what holds for a document. `path` is absolute.
    pub(crate) fn add(&mut self, name: String, baseline: Arc<Baseline>, path: PathBuf) {
        self.of.insert(name, (baseline, path));
    }

    /// Marks the findings of a document that were accepted.
    pub(crate) fn mark(&self, source: &Source, checked: &mut Checked) {
        let Some((baseline, path)) = self.of.get(source.name()) else {
            return;
        };
        let text = Text {
            source: Some(source),
            secrets: &checked.secrets,
            parsed: checked.parsed,
        };
        let name = baseline.name_of(path);
        let prints = Fingerprint::of(text, &checked.findings);
        for (finding, print) in checked.findings.iter_mut().zip(&prints) {
            finding.baselined = !finding.suppressed
                && is_acceptable(finding.rule)
                && baseline.entries.contains_key(&Entry::new(&name, print));
        }
    }
}

/// A file of findings that were accepted earlier.
#[derive(Clone, Debug)]
pub(crate) struct Baseline {
    /// The directory from which the paths of documents begin.
    directory: PathBuf,
    source: Arc<Source>,
    entries: HashMap<Entry, Lines>,
}

/// Where an entry stands.
#[derive(Clone, Debug)]
struct Lines {
    first: Span,
    /// A merge may leave a line twice.
    more: Vec<Span>,
    used: bool,
}

/// What a run knows of an entry that accepted nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing: its document was not checked, or its rule did not run.
    Nothing,
    /// Its finding is not there any more.
    NotFound,
    /// Its document is not there any more.
    NoFile,
    /// There is no such rule any more.
    NoRule,
}

/// What is wrong with a baseline, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Line, from 1.
    pub(crate) line: u32,
    /// Column in Unicode scalar values, from 1.
    pub(crate) column: u32,
    /// A short phrase.
    pub(crate) message: String,
}

impl Baseline {
    /// One without entries. Its paths begin from `directory`, which is absolute.
    pub(crate) fn empty(directory: impl Into<PathBuf>) -> Baseline {
        Baseline {
            directory: directory.into(),
            source: Arc::new(Source::from_bytes(FILE_NAME, Vec::new())),
            entries: HashMap::new(),
        }
    }

    /// Reads the text of one. Its paths begin from `directory`, which is absolute.
    ///
    /// # Errors
    /// The first mistake.
    pub(crate) fn read(source: Source, directory: impl Into<PathBuf>) -> Result<Baseline, Broken> {
        if let Some(error) = source.decode_error() {
            let at = source.position(error.span.start);
            return Err(broken(at.line, at.column, error.message.clone()));
        }
        let mut entries: HashMap<Entry, Lines> = HashMap::new();
        let mut headed = false;
        for number in 1..=source.line_count() {
            let span = source.line_span(number);
            let line = source.slice(span);
            if line.trim().is_empty() {
                continue;
            }
            if !headed {
                header(line, number)?;
                headed = true;
                continue;
            }
            let entry: Entry =
                serde_json::from_str(line).map_err(|e| unreadable(line, number, &e))?;
            let lines = entries.entry(entry);
            let lines = lines.and_modify(|lines| lines.more.push(span));
            lines.or_insert_with(|| Lines {
                first: span,
                more: Vec::new(),
                used: false,
            });
        }
        match headed {
            true => Ok(Baseline {
                directory: directory.into(),
                source: Arc::new(source),
                entries,
            }),
            false => Err(broken(1, 1, no_header())),
        }
    }

    /// Marks the findings of a document that are accepted. `path` is absolute.
    pub(crate) fn mark(&mut self, file: &mut FileReport, path: &Path) {
        if self.entries.is_empty() || file.findings.is_empty() {
            return;
        }
        let name = self.name_of(path);
        let prints = Fingerprint::all(file);
        for (finding, print) in file.findings.iter_mut().zip(&prints) {
            if finding.suppressed || !is_acceptable(finding.rule) {
                continue;
            }
            if let Some(line) = self.entries.get_mut(&Entry::new(&name, print)) {
                line.used = true;
                finding.baselined = true;
            }
        }
    }

    /// What the baseline accepts and is not there any more, as findings at its lines. `known` says what the run knows, given
    /// the path of a document as the baseline writes it and the name of a rule.
    pub(crate) fn stale(&self, known: impl Fn(&str, &str) -> Known) -> Option<FileReport> {
        let mut findings = Vec::new();
        for (entry, lines) in self.entries.iter().filter(|(_, lines)| !lines.used) {
            let message = match known(&entry.file, &entry.rule) {
                Known::Nothing => continue,
                Known::NotFound => {
                    format!("this {} is no longer in {}", entry.rule, entry.file)
                }
                Known::NoFile => format!("{} is not there any more", entry.file),
                Known::NoRule => format!("there is no rule {} any more", entry.rule),
            };
            let all = std::iter::once(&lines.first).chain(&lines.more);
            findings.extend(all.map(|line| self.speak_of(entry, *line, &message)));
        }
        findings.sort_by_key(|finding| finding.span);
        (!findings.is_empty()).then(|| FileReport {
            name: self.source.name().into(),
            source: Some(Arc::clone(&self.source)),
            parsed: true,
            findings,
            ..FileReport::default()
        })
    }

    fn speak_of(&self, entry: &Entry, line: Span, message: &str) -> Finding {
        let text = self.source.text();
        let after = text.get(line.end as usize..).unwrap_or_default();
        let end = after.find('\n').map_or(after.len(), |end| end + 1);
        let mut finding = Finding::new(id::STALE_BASELINE_ENTRY, line, message)
            .at(&entry.element[..])
            .help("remove the line, or write the baseline again with --write-baseline");
        finding.fix = Some(Fix {
            title: "remove the line".to_owned(),
            safety: Safety::Safe,
            edits: vec![Edit {
                span: Span::new(line.start, line.end + end as u32),
                content: String::new(),
            }],
        });
        finding
    }

    /// Takes in what documents have now: each with its absolute path. Entries of other documents stay, and those for
    /// which `keep` holds, given the path and the name of the rule. The text, and how many entries are new and how many are gone.
    pub(crate) fn rewritten<'f>(
        &self,
        files: impl Iterator<Item = (&'f FileReport, &'f Path)>,
        keep: impl Fn(&str, &str) -> bool,
    ) -> Rewritten {
        let mut now: Vec<Entry> = Vec::new();
        for (file, path) in files {
            let name = self.name_of(path);
            let prints = Fingerprint::all(file);
            let accepted = file.findings.iter().zip(&prints);
            let accepted = accepted.filter(|(f, _)| !f.suppressed && is_acceptable(f.rule));
            now.extend(accepted.map(|(_, print)| Entry::new(&name, print)));
        }
        let new = now
            .iter()
            .filter(|entry| !self.entries.contains_key(*entry));
        let new = new.count();
        let kept = self.entries.keys();
        let kept = kept.filter(|entry| keep(&entry.file, &entry.rule));
        now.extend(kept.cloned());
        now.sort();
        now.dedup();
        Rewritten {
            text: written(&now),
            new,
            gone: (self.entries.len() + new).saturating_sub(now.len()),
            entries: now.len(),
        }
    }

    /// A path as the baseline writes it.
    pub(crate) fn name_of(&self, path: &Path) -> String {
        relative(&self.directory, path)
    }

    /// The path of a document that an entry speaks of, without `..`.
    pub(crate) fn path_of(&self, name: &str) -> PathBuf {
        let mut path = self.directory.clone();
        for component in Path::new(name).components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => drop(path.pop()),
                other => path.push(other),
            }
        }
        path
    }
}

/// A baseline as it is to be written.
pub(crate) struct Rewritten {
    pub(crate) text: String,
    /// Entries that were not there before.
    pub(crate) new: usize,
    /// Entries that were.
    pub(crate) gone: usize,
    /// All entries.
    pub(crate) entries: usize,
}

/// Whether findings of a rule can be accepted. A document that nobody could read would pass.
pub(crate) fn is_acceptable(rule: RuleId) -> bool {
    !rule.meta().mandatory && rule != id::STALE_BASELINE_ENTRY
}

fn written(entries: &[Entry]) -> String {
    let header = serde_json::to_string(&Header { version: VERSION });
    let lines = entries.iter().map(serde_json::to_string);
    std::iter::once(header)
        .chain(lines)
        // Strings and numbers can always be written.
        .filter_map(Result::ok)
        .map(|line| line + "\n")
        .collect()
}

fn header(line: &str, number: u32) -> Result<(), Broken> {
    match serde_json::from_str::<Header>(line) {
        Ok(header) if header.version == VERSION => Ok(()),
        Ok(header) => Err(broken(
            number,
            1,
            format!(
                "the baseline is of version {}, and this cloudfront-lint reads version {VERSION}",
                header.version
            ),
        )),
        Err(_) => Err(broken(number, 1, no_header())),
    }
}

fn no_header() -> String {
    format!(
        "no baseline: the first line must be {{\"cloudfront-lint-baseline\":{VERSION}}}; to begin anew, remove the file and use --write-baseline"
    )
}

fn unreadable(line: &str, number: u32, error: &serde_json::Error) -> Broken {
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| line.starts_with(mark))
    {
        return broken(
            number,
            1,
            "a conflict that git left: keep the lines of both sides, and remove the marks"
                .to_owned(),
        );
    }
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    // The parser counts bytes.
    let bytes = line.as_bytes().get(..error.column().saturating_sub(1));
    let before = String::from_utf8_lossy(bytes.unwrap_or_default())
        .chars()
        .count();
    broken(number, before as u32 + 1, message.to_owned())
}

fn broken(line: u32, column: u32, message: String) -> Broken {
    Broken {
        line,
        column,
        message,
    }
}

/// The way from one absolute directory to a path, with `/`; the path itself where there is none.
fn relative(directory: &Path, path: &Path) -> String {
    let parts = |path: &Path| -> Vec<String> {
        let mut parts = Vec::new();
        for component in path.components() {
            match component {
                Component::CurDir => {}
                Component::ParentDir => {
                    parts.pop();
                }
                other => parts.push(other.as_os_str().to_string_lossy().into_owned()),
            }
        }
        parts
    };
    let (from, to) = (parts(directory), parts(path));
    let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = (same..from.len()).map(|_| "..".to_owned());
    up.chain(to[same..].iter().cloned())
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Baseline, Broken> {
        Baseline::read(Source::from_bytes("b.jsonl", text.into()), "/site")
    }

    const HEADER: &str = "{\"cloudfront-lint-baseline\":1}\n";

    #[test]
    fn paths_begin_at_the_baseline() {
        let from = |directory: &str, path: &str| relative(Path::new(directory), Path::new(path));
        assert_eq!(from("/site", "/site/cdn/a.xml"), "cdn/a.xml");
        assert_eq!(from("/site/lint", "/site/cdn/./b/../a.xml"), "../cdn/a.xml");
        assert_eq!(from("/", "/a.xml"), "a.xml");
    }

    #[test]
    fn mistakes_have_a_place() {
        let mistake = |text: &str| {
            let broken = read(&format!("{HEADER}{text}")).unwrap_err();
            (broken.line, broken.column, broken.message)
        };
        assert_eq!(mistake("{\"file\":\"a\"}").2, "missing field `rule`");
        let (line, column, message) = mistake("\n{\"file\":\"é\",\"rule\":\"x\",\"line\":3}");
        assert_eq!((line, column), (3, 29));
        assert!(message.starts_with("unknown field `line`"), "{message}");
        assert_eq!(mistake("{\"file\"").0, 2);
        assert!(mistake("<<<<<<< HEAD").2.contains("conflict"));
        assert!(read("").unwrap_err().message.starts_with("no baseline"));
        let later = read("{\"cloudfront-lint-baseline\":2}\n").unwrap_err();
        assert!(later.message.contains("version 2"), "{}", later.message);
    }

    #[test]
    fn order_and_repetition_mean_nothing() {
        let (a, b) = (
            "{\"file\":\"a\",\"rule\":\"x\"}\n",
            "{\"file\":\"b\",\"rule\":\"x\"}\n",
        );
        let baseline = read(&format!("{HEADER}{b}{a}{b}")).unwrap();
        let again = baseline.rewritten(std::iter::empty(), |_, _| true);
        assert_eq!(again.text, format!("{HEADER}{a}{b}"));
        assert_eq!((again.new, again.gone, again.entries), (0, 0, 2));
    }
}
