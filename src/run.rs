//! A run: every input through the one street, in parallel, results in the order of the inputs.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::against::Against;
use crate::check::{self, Checked, Older, Settings};
use crate::finding::Finding;
use crate::namespace::Namespace;
use crate::report::{Failure, FileReport, Report, Skipped};
use crate::rule::id;
use crate::schema::Root;
use crate::source::{Source, Span};
use crate::syntax;
use crate::triage::Selection;
use crate::walk::{Input, Place, reason, shown};

/// Fewer inputs than this are checked on the calling thread: starting a pool costs more.
const SMALL_RUN: usize = 5;
/// Files below this many bytes are read without asking for their size.
const SMALL: usize = 64 << 10;
/// What is read of a document that is too large: enough to see whether it is meant for CloudFront.
const HEAD: u64 = 64 << 10;
/// Stack of a worker in bytes. No stage recurses over the depth of a document; this is a margin, not a need.
const STACK_SIZE: usize = 8 << 20;

/// What a run is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// For each document.
    pub settings: Settings,
    /// Rules that count.
    pub selection: Selection,
    /// Older documents.
    pub against: Option<Against>,
    /// Pass over named files that are no CloudFront documents, too.
    pub skip_foreign: bool,
}

/// Checks all inputs. The report is the same for every number of threads.
pub fn run(inputs: &[Input], options: &Options) -> Report {
    let outcomes: Vec<Outcome> = if inputs.len() < SMALL_RUN {
        inputs.iter().map(|input| one(input, options)).collect()
    } else {
        in_parallel(inputs, options)
    };
    let mut report = Report::default();
    for outcome in outcomes {
        match outcome {
            Outcome::Checked(file, failure) => {
                report.documents.push(file);
                report.failures.extend(failure);
            }
            Outcome::Skipped(skipped) => report.skipped.push(skipped),
            Outcome::Failed(failure) => report.failures.push(failure),
        }
    }
    report
}

fn in_parallel(inputs: &[Input], options: &Options) -> Vec<Outcome> {
    let work = || inputs.par_iter().map(|input| one(input, options)).collect();
    match rayon::ThreadPoolBuilder::new()
        .stack_size(STACK_SIZE)
        .build()
    {
        Ok(pool) => pool.install(work),
        // No threads to be had: the same work on this one.
        Err(_) => inputs.iter().map(|input| one(input, options)).collect(),
    }
}

enum Outcome {
    Checked(FileReport, Option<Failure>),
    Skipped(Skipped),
    Failed(Failure),
}

fn one(input: &Input, options: &Options) -> Outcome {
    let failed = |message: String| {
        Outcome::Failed(Failure {
            name: Some(input.name.clone()),
            message,
        })
    };
    let limit = options.settings.limits.max_size;
    let source = match read(&input.place, limit) {
        Ok(Read::Whole(bytes)) => Source::from_bytes(input.name.clone(), bytes),
        Ok(Read::TooLarge(size, head)) => {
            let head = Source::from_bytes(input.name.clone(), head);
            return match is_passed_over(input, &head, options) {
                true => skipped(input, NOT_OURS),
                false => too_large(input, size, options),
            };
        }
        Err(error) => return failed(reason(&error)),
    };
    if is_passed_over(input, &source, options) {
        return skipped(input, NOT_OURS);
    }
    let (older, failure) = match older_source(input, options) {
        Ok(older) => (older, None),
        Err(failure) => (None, Some(failure)),
    };
    checked(input, source, older, failure, options)
}

/// The reason of every skipped input.
const NOT_OURS: &str = "no CloudFront XML";

fn is_passed_over(input: &Input, source: &Source, options: &Options) -> bool {
    (!input.named || options.skip_foreign) && !is_cloudfront(source)
}

fn skipped(input: &Input, reason: &str) -> Outcome {
    Outcome::Skipped(Skipped {
        name: input.name.clone(),
        reason: reason.to_owned(),
    })
}

fn too_large(input: &Input, size: u64, options: &Options) -> Outcome {
    let source = Arc::new(Source::from_bytes(input.name.clone(), Vec::new()));
    let findings = vec![syntax::too_large(size, &options.settings.limits)];
    let file = FileReport {
        name: input.name.clone(),
        source: Some(source),
        findings,
        ..FileReport::default()
    };
    Outcome::Checked(file, None)
}

enum Read {
    Whole(Vec<u8>),
    /// With its size, as far as that is known, and its beginning.
    TooLarge(u64, Vec<u8>),
}

/// The whole of a small file, as nearly all documents are, without asking for its size first; none if it is not small.
fn read_small(file: &mut File, limit: u64) -> io::Result<Option<Vec<u8>>> {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; SMALL]);
    }
    BUFFER.with_borrow_mut(|buffer| {
        let mut length = 0;
        while length < SMALL {
            match file.read(&mut buffer[length..]) {
                Ok(0) => return Ok((length as u64 <= limit).then(|| buffer[..length].to_vec())),
                Ok(more) => length += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    })
}

/// Reads an input, but never much more than the limit.
fn read(place: &Place, limit: u64) -> io::Result<Read> {
    let mut bytes = Vec::new();
    match place {
        Place::Stdin => io::stdin()
            .lock()
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)?,
        Place::File(path) => {
            let mut file = File::open(path)?;
            if let Some(bytes) = read_small(&mut file, limit)? {
                return Ok(Read::Whole(bytes));
            }
            let length = file.metadata()?.len();
            if length > limit {
                file.seek(SeekFrom::Start(0))?;
                file.take(HEAD).read_to_end(&mut bytes)?;
                return Ok(Read::TooLarge(length, bytes));
            }
            bytes.reserve_exact(length as usize + 1);
            file.seek(SeekFrom::Start(0))?;
            file.by_ref()
                .take(limit.saturating_add(1))
                .read_to_end(&mut bytes)?
        }
    };
    let length = bytes.len() as u64;
    Ok(if length > limit {
        bytes.truncate(HEAD as usize);
        Read::TooLarge(length, bytes)
    } else {
        Read::Whole(bytes)
    })
}

/// Whether the root of a text, well-formed or not, says that the document is meant for CloudFront.
fn is_cloudfront(source: &Source) -> bool {
    let Some(root) = syntax::sniff(source.text()) else {
        return false;
    };
    let uri = root.namespace.unwrap_or("");
    let known = Root::find(root.local).filter(|r| !r.common_name).is_some();
    match Namespace::of(uri) {
        Namespace::None => known,
        Namespace::Foreign => known && uri.contains("amazonaws"),
        _ => true,
    }
}

/// Reads the older document of an input.
fn older_source(input: &Input, options: &Options) -> Result<Option<Arc<Source>>, Failure> {
    let path = options
        .against
        .as_ref()
        .and_then(|against| against.older_path(input));
    path.map(|path| read_older(&path, options.settings.limits.max_size))
        .transpose()
}

fn read_older(path: &Path, limit: u64) -> Result<Arc<Source>, Failure> {
    read_whole(&Place::File(path.to_path_buf()), shown(path), limit)
}

/// The text of one document that is not checked itself. `limit` is its largest size in bytes.
pub(crate) fn read_whole(place: &Place, name: String, limit: u64) -> Result<Arc<Source>, Failure> {
    let failure = |message: String| Failure {
        name: Some(name.clone()),
        message,
    };
    match read(place, limit) {
        Ok(Read::Whole(bytes)) => Ok(Arc::new(Source::from_bytes(name, bytes))),
        Ok(Read::TooLarge(..)) => Err(failure("is larger than --max-size".into())),
        Err(error) => Err(failure(reason(&error))),
    }
}

/// Checks a document. `failure` says that its older document could not be had; its own findings count all the same.
fn checked(
    input: &Input,
    source: Source,
    older: Option<Arc<Source>>,
    failure: Option<Failure>,
    options: &Options,
) -> Outcome {
    let settings = &options.settings;
    let (checked, later_failure) = guarded(input, || compare(&source, older.as_ref(), settings));
    let mut findings = checked.findings;
    options.selection.apply(&mut findings);
    let file = FileReport {
        name: input.name.clone(),
        source: (!findings.is_empty()).then(|| Arc::new(source)),
        secrets: checked.secrets,
        parsed: checked.parsed,
        compared: older.is_some() && later_failure.is_none(),
        findings,
    };
    Outcome::Checked(file, failure.or(later_failure))
}

/// Checks a document, against the older one where there is one that can be read.
fn compare(
    source: &Source,
    older: Option<&Arc<Source>>,
    settings: &Settings,
) -> (Checked, Option<Failure>) {
    let Some(older) = older else {
        return (check::check(source, None, settings), None);
    };
    // The version given for the new document does not speak of the old one.
    let read_as = Settings {
        api_version: None,
        ..settings.clone()
    };
    match check::read(older, &read_as) {
        Ok(document) => {
            let older = Older {
                source: Arc::clone(older),
                document: &document,
            };
            (check::check(source, Some(&older), settings), None)
        }
        Err(finding) => {
            let failure = unreadable(older, &finding);
            (check::check(source, None, settings), Some(failure))
        }
    }
}

/// Why a document could not be understood, and where.
pub(crate) fn unreadable(older: &Source, finding: &Finding) -> Failure {
    let position = older.position(finding.span.start);
    let (line, column) = (position.line, position.column);
    Failure {
        name: Some(older.name().to_owned()),
        message: format!("line {line}, column {column}: {}", finding.message),
    }
}

/// Does the work for one input; a panic stops neither the run nor the other inputs.
fn guarded(
    input: &Input,
    work: impl FnOnce() -> (Checked, Option<Failure>),
) -> (Checked, Option<Failure>) {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| crashed(input, panic.as_ref()))
}

/// A rule panicked: a bug of ours, which must neither hide nor stop the other documents.
fn crashed(input: &Input, panic: &(dyn std::any::Any + Send)) -> (Checked, Option<Failure>) {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or(panic.downcast_ref::<&str>().copied());
    let message = format!("internal error: {}", text.unwrap_or("a rule panicked"));
    let finding = Finding::new(id::INTERNAL_ERROR, Span::at(0), message.clone())
        .help("please report this, with the document if it can be shared");
    let failure = Failure {
        name: Some(input.name.clone()),
        message,
    };
    (
        Checked {
            findings: vec![finding],
            ..Checked::default()
        },
        Some(failure),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;

    #[test]
    fn a_panic_is_a_finding_and_a_failure() {
        let input = Input {
            name: "site.xml".to_owned(),
            place: Place::Stdin,
            named: true,
            relative: "site.xml".into(),
        };
        let (checked, failure) = guarded(&input, || panic!("rule {} went wrong", "x"));
        let finding = &checked.findings[0];
        assert_eq!(
            (finding.rule, finding.level),
            (id::INTERNAL_ERROR, Level::Error)
        );
        assert_eq!(finding.message, "internal error: rule x went wrong");
        let failure = failure.unwrap();
        assert_eq!(failure.name.as_deref(), Some("site.xml"));
        assert_eq!(failure.message, finding.message);
    }
}
