//! What a run found, in a deterministic order; every output is a view of it.

use std::sync::Arc;

use crate::dry_run::Response;
use crate::finding::{Finding, Level};
use crate::fix::{Applied, Fixing, LeftOut};
use crate::source::{Source, Span};
use crate::suppress::Suppressions;
use crate::triage::FailOn;
use crate::walk::Place;

/// The result of one run.
#[derive(Debug, Default)]
pub struct Report {
    /// Files that steer the run and about which there is something to say, such as configurations; sorted by name.
    pub steering: Vec<FileReport>,
    /// Documents that were checked, sorted by name.
    pub documents: Vec<FileReport>,
    /// Inputs that were passed over, with the reason, sorted by name.
    pub skipped: Vec<Skipped>,
    /// Inputs that could not be checked, sorted by name.
    pub failures: Vec<Failure>,
    /// What was done with fixes.
    pub fixing: Fixing,
    /// The document that came by standard input, fixed as far as it could be; where fixes were asked for.
    pub stdin: Option<Vec<u8>>,
}

/// One document.
#[derive(Debug, Default)]
pub struct FileReport {
    /// The path as it was given, `/` between its parts, or the name given for standard input.
    pub name: Arc<str>,
    /// The text; dropped when there is nothing to show of it.
    pub source: Option<Arc<Source>>,
    /// Values of sensitive elements, sorted; no output may show their text.
    pub secrets: Vec<Span>,
    /// Whether the text was well-formed; if not, secrets are not known by their type.
    pub parsed: bool,
    /// Whether it was compared with an older document.
    pub compared: bool,
    /// From which level on its findings make the run fail.
    pub fail_on: FailOn,
    /// Sorted by place, then by rule.
    pub findings: Vec<Finding>,
    /// What comments accept of findings that are still to come.
    pub(crate) suppressions: Option<Box<Suppressions>>,
    /// What fixes made of it, where any were applied or left out. All else here is about the text that they left.
    pub repair: Option<Box<Repair>>,
}

/// What fixes made of a document.
#[derive(Debug)]
pub struct Repair {
    /// The text before.
    pub before: Arc<Source>,
    /// The text after; none if nothing was changed.
    pub after: Option<Arc<Source>>,
    /// What was done.
    pub applied: Vec<Applied>,
    /// What was not done although it was asked for.
    pub left_out: Vec<LeftOut>,
    /// Where the file is.
    pub(crate) place: Place,
    /// What is to be reported if the new text cannot be written.
    pub(crate) unfixed: Option<FileReport>,
}

/// An input that was passed over.
#[derive(Debug)]
pub struct Skipped {
    /// The path.
    pub name: String,
    /// What kind of reason it is.
    pub cause: Cause,
    /// Why, as a short phrase.
    pub reason: String,
}

/// What makes an input be passed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It is no CloudFront document.
    Foreign,
    /// A configuration excludes it.
    Excluded,
    /// Its configuration has mistakes.
    Configuration,
}

/// An input that could not be checked.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The path; none when the run as a whole failed.
    pub name: Option<String>,
    /// What happened, as a short phrase.
    pub message: String,
}

/// The answers of a dry run.
#[derive(Debug, Default)]
pub struct Answers {
    /// One for each document that could be looked at, sorted by name.
    pub answers: Vec<Answered>,
    /// Inputs for which nothing can be said, sorted by name.
    pub failures: Vec<Failure>,
}

/// What the service would answer to one document.
#[derive(Debug)]
pub struct Answered {
    /// The path as it was given, `/` between its parts, or the name given for standard input.
    pub name: Arc<str>,
    /// The answer.
    pub response: Response,
}

impl Report {
    /// Adds what became of later inputs.
    pub(crate) fn append(&mut self, later: Report) {
        if self.documents.is_empty() {
            self.documents = later.documents;
        } else {
            self.documents.extend(later.documents);
        }
        self.skipped.extend(later.skipped);
        self.failures.extend(later.failures);
        self.stdin = self.stdin.take().or(later.stdin);
    }

    /// Files that fixes have changed, with both texts.
    pub fn repaired(&self) -> impl Iterator<Item = (&FileReport, &Repair, &Source)> {
        self.files().filter_map(|file| {
            let repair = file.repair.as_deref()?;
            Some((file, repair, repair.after.as_deref()?))
        })
    }

    /// Fixes that were asked for and not applied, with the names of their documents.
    pub fn left_out(&self) -> impl Iterator<Item = (&str, &LeftOut)> {
        self.documents.iter().flat_map(|document| {
            let left_out = document.repair.iter().flat_map(|repair| &repair.left_out);
            left_out.map(|left_out| (&document.name[..], left_out))
        })
    }

    /// Number of findings of a level that are neither suppressed nor baselined.
    pub fn count(&self, level: Level) -> usize {
        self.findings()
            .filter(|f| f.level == level && !f.suppressed && !f.baselined)
            .count()
    }

    /// All findings in order.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.files().flat_map(|d| &d.findings)
    }

    /// All files with findings: those that steer the run, then the documents.
    pub fn files(&self) -> impl Iterator<Item = &FileReport> {
        self.steering.iter().chain(&self.documents)
    }
}
