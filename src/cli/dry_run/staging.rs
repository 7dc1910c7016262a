//! `cloudfront-lint dry-run copy` and `promote`: what continuous deployment would make, and what is answered.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::{Form, Stream, deliver};
use crate::check::Settings;
use crate::cli::file::write_file;
use crate::cli::{Outcome, written};
use crate::dry_run::{Rehearsal, Verdict, dry_run_copy, dry_run_promote};
use crate::read::whole;
use crate::report::{Answered, Answers, Failure};
use crate::source::Source;
use crate::staging::{Made, NotMade, Role};
use crate::walk::{self, Place, shown};

/// Copy a primary distribution, which makes a staging distribution
///
/// The copy is the primary distribution with the CallerReference and Enabled (default: true) of the request and Staging,
/// without aliases and without a continuous deployment policy. That it drops the last two, rather than refuses a
/// distribution that has them, is inferred.
#[derive(Debug, Args)]
pub(super) struct Copy {
    /// The distribution that serves viewers, as you have it or as the API answered; `-` reads standard input
    #[arg(value_name = "PRIMARY")]
    primary: PathBuf,

    /// The CopyDistributionRequest that is sent; `-` reads standard input
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    request: PathBuf,

    #[command(flatten)]
    common: Common,
}

/// Promote a staging distribution: its configuration replaces that of the primary distribution
///
/// The primary distribution keeps its aliases and its continuous deployment policy, and surely its CallerReference and
/// Staging, which cannot change.
#[derive(Debug, Args)]
pub(super) struct Promote {
    /// The distribution that serves viewers, as you have it or as the API answered; `-` reads standard input
    #[arg(value_name = "PRIMARY")]
    primary: PathBuf,

    /// The staging distribution that is promoted; `-` reads standard input
    #[arg(value_name = "STAGING")]
    staging: PathBuf,

    #[command(flatten)]
    common: Common,
}

/// What both have.
#[derive(Debug, Args)]
struct Common {
    /// What standard input is called
    #[arg(
        long,
        value_name = "PATH",
        default_value = walk::STDIN_NAME,
        hide_default_value = true,
        help_heading = "Input"
    )]
    stdin_filename: String,

    /// Write the document that would be made, unless the call is refused; `-` is standard output, and the answer goes to
    /// standard error then. A file that is there is replaced, as by cp, but not one that was read, except that promote
    /// may replace PRIMARY
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    write: Option<PathBuf>,

    #[command(flatten)]
    form: Form,
}

pub(super) fn copy(copy: &Copy) -> Outcome {
    let files = [
        (Role::Primary, &copy.primary),
        (Role::Request, &copy.request),
    ];
    let kept = [&copy.primary, &copy.request];
    rehearse(&copy.common, files, &kept, |primary, request, settings| {
        dry_run_copy(primary, request, settings)
    })
}

pub(super) fn promote(promote: &Promote) -> Outcome {
    let files = [
        (Role::Primary, &promote.primary),
        (Role::Staging, &promote.staging),
    ];
    rehearse(&promote.common, files, &[&promote.staging], dry_run_promote)
}

/// Reads two files, and prints and writes what comes of them. Those in `kept` are not written.
fn rehearse(
    common: &Common,
    files: [(Role, &PathBuf); 2],
    kept: &[&PathBuf],
    work: impl Fn(&Arc<Source>, &Arc<Source>, &Settings) -> Result<Rehearsal, NotMade>,
) -> Outcome {
    let stream = match common.writes_to_output() {
        true => Stream::Errors,
        false => Stream::Output,
    };
    let rehearsed = consistent(common, &files, kept).and_then(|()| {
        // Both are copies of the primary distribution in the end, so what holds for that holds.
        let settings = settings(common, files[0].1)?;
        let [one, two] = read(common, &files, settings.limits.max_size)?;
        let rehearsal = catch_unwind(AssertUnwindSafe(|| work(&one, &two, &settings)));
        let rehearsal = rehearsal.map_err(|_| vec![failure(None, INTERNAL_ERROR)])?;
        let name = one.name().to_owned();
        let sources = [(files[0].0, one), (files[1].0, two)];
        let rehearsal = rehearsal.map_err(|error| vec![not_made(&sources, &error)])?;
        Ok((name, rehearsal))
    });
    let (name, Rehearsal { response, made }) = match rehearsed {
        Ok(rehearsed) => rehearsed,
        Err(failures) => {
            let answers = Answers {
                failures,
                ..Answers::default()
            };
            return deliver(&common.form, &answers, stream);
        }
    };
    let is_refused = response.verdict() == Verdict::Refused;
    let answers = Answers {
        answers: vec![Answered {
            name: name.into(),
            response,
        }],
        ..Answers::default()
    };
    let outcome = deliver(&common.form, &answers, stream);
    let Some(path) = common.write.as_ref().filter(|_| outcome != Outcome::Failed) else {
        return outcome;
    };
    match made.filter(|_| !is_refused) {
        Some(made) => match write(path, &made) {
            Outcome::Clean => outcome,
            failed => failed,
        },
        None => {
            let target = shown_target(path);
            let _ = writeln!(
                io::stderr(),
                "{target} is not written: the call would be refused"
            );
            outcome
        }
    }
}

const INTERNAL_ERROR: &str =
    "internal error: please report this, with the documents if they can be shared";

impl Common {
    fn writes_to_output(&self) -> bool {
        self.write.as_ref().is_some_and(|path| is_standard(path))
    }
}

fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn shown_target(path: &Path) -> String {
    match is_standard(path) {
        true => "standard output".to_owned(),
        false => crate::output::visible(&shown(path)).to_string(),
    }
}

fn failure(name: Option<String>, message: &str) -> Failure {
    Failure {
        name,
        message: message.to_owned(),
    }
}

/// What clap cannot say.
fn consistent(
    common: &Common,
    files: &[(Role, &PathBuf); 2],
    kept: &[&PathBuf],
) -> Result<(), Vec<Failure>> {
    if files.iter().all(|(_, path)| is_standard(path)) {
        return Err(vec![failure(
            None,
            "standard input cannot be both documents",
        )]);
    }
    let Some(target) = common.write.as_ref().filter(|path| !is_standard(path)) else {
        return Ok(());
    };
    let is_it = |path: &&&PathBuf| !is_standard(path) && is_same_file(path, target);
    match kept.iter().find(is_it) {
        Some(_) => Err(vec![failure(
            Some(shown(target)),
            "is read by this command, so --write must name another file",
        )]),
        None => Ok(()),
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| {
        let absolute = || std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        std::fs::canonicalize(path).unwrap_or_else(|_| absolute())
    };
    real(one) == real(other)
}

fn settings(common: &Common, primary: &Path) -> Result<Settings, Vec<Failure>> {
    let path = match is_standard(primary) {
        true => Path::new(&common.stdin_filename),
        false => primary,
    };
    common.form.reading.settings(path)
}

fn read(
    common: &Common,
    files: &[(Role, &PathBuf); 2],
    limit: u64,
) -> Result<[Arc<Source>; 2], Vec<Failure>> {
    let read = |path: &Path| {
        let (place, name) = match is_standard(path) {
            true => (Place::Stdin, common.stdin_filename.clone()),
            false => (Place::File(path.to_path_buf()), shown(path)),
        };
        whole(&place, &name, limit).map(Arc::new)
    };
    match files.map(|(_, path)| read(path)) {
        [Ok(one), Ok(two)] => Ok([one, two]),
        results => Err(results.into_iter().filter_map(Result::err).collect()),
    }
}

/// Why nothing was made, at its place.
fn not_made(sources: &[(Role, Arc<Source>); 2], error: &NotMade) -> Failure {
    let source = sources.iter().find(|(role, _)| *role == error.role);
    let message = match error.position {
        Some(at) => format!("line {}, column {}: {}", at.line, at.column, error.message),
        None => error.message.clone(),
    };
    failure(source.map(|(_, source)| source.name().to_owned()), &message)
}

fn write(path: &Path, made: &Made) -> Outcome {
    let result = match is_standard(path) {
        true => {
            let mut out = io::stdout().lock();
            out.write_all(made.bytes()).and_then(|()| out.flush())
        }
        false => write_file(path, |out| out.write_all(made.bytes())),
    };
    written(result, &shown_target(path))
}
