//! `cloudfront-lint diff`: what differs between two documents.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::check::failure_line;
use super::reading::{ColorArgument, ConfigArguments, LimitArguments, terminal_width};
use super::{Outcome, complain, written};
use crate::check::{self, Older, Settings};
use crate::diff::{self, Diff};
use crate::document::Document;
use crate::output::Style;
use crate::output::diff::{DiffFormat, write};
use crate::read;
use crate::report::Failure;
use crate::run::unreadable;
use crate::source::Source;
use crate::suggest;
use crate::walk::{Place, shown};

/// Compare two documents: what an update from OLD to NEW changes, and what CloudFront does with it
///
/// The order of unordered lists, blanks, comments and what CloudFront fills in by itself make no difference. Either may
/// be an answer of the API or of another API version: what it configures is compared.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// The older document, such as GetDistribution answered; `-` reads standard input
    #[arg(value_name = "OLD")]
    old: PathBuf,

    /// The newer document; `-` reads standard input
    #[arg(value_name = "NEW")]
    new: PathBuf,

    /// What standard input is called in messages
    #[arg(
        long,
        value_name = "PATH",
        default_value = "<stdin>",
        hide_default_value = true,
        help_heading = "Input"
    )]
    stdin_filename: String,

    /// pretty, markdown (for a comment on a pull request) or json [default: pretty]
    #[arg(
        short = 'o',
        long,
        alias = "output",
        value_name = "FORMAT",
        value_parser = format,
        help_heading = "Output"
    )]
    format: Option<DiffFormat>,

    /// Print differences only: neither title nor summary
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,

    #[command(flatten)]
    color: ColorArgument,

    #[command(flatten)]
    config: ConfigArguments,

    #[command(flatten)]
    limits: LimitArguments,
}

const AFTER_HELP: &str = "\
Exit status: 0 the two mean the same, 1 they differ, 2 one of them cannot be read.";

fn format(name: &str) -> Result<DiffFormat, String> {
    DiffFormat::parse(name).ok_or_else(|| {
        let names = DiffFormat::ALL.iter().map(|f| f.name());
        let near = suggest::nearest(name, names.clone());
        let near = near.map(|n| format!("; did you mean {n}?"));
        let all = suggest::alternatives(names, "and");
        format!(
            "no such format; there are {all}{}",
            near.unwrap_or_default()
        )
    })
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let compared = catch_unwind(AssertUnwindSafe(|| compare(arguments)));
    let failures = match compared {
        Ok(Ok(diff)) => return print(&diff, arguments),
        Ok(Err(failures)) => failures,
        Err(_) => vec![Failure {
            name: None,
            message: "internal error: please report this, with the documents if they can be shared"
                .to_owned(),
        }],
    };
    for failure in &failures {
        complain(&failure_line(failure));
    }
    Outcome::Failed
}

fn print(diff: &Diff, arguments: &Arguments) -> Outcome {
    let stdout = io::stdout();
    let style = Style {
        color: arguments.color.is_on(&stdout),
        width: terminal_width(),
        quiet: arguments.quiet,
        ..Style::default()
    };
    let format = arguments.format.unwrap_or(DiffFormat::ALL[0]);
    let result = write(format, diff, &style, &mut stdout.lock());
    match (written(result, "standard output"), diff.entries.is_empty()) {
        (Outcome::Clean, true) => Outcome::Clean,
        (Outcome::Clean, false) => Outcome::Findings,
        (outcome, _) => outcome,
    }
}

fn compare(arguments: &Arguments) -> Result<Diff, Vec<Failure>> {
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if is_stdin(&arguments.old) && is_stdin(&arguments.new) {
        return Err(vec![Failure {
            name: None,
            message: "standard input cannot be both documents".to_owned(),
        }]);
    }
    let layer = arguments.limits.layer();
    let mut finder = arguments.config.finder();
    let mut settings = |path: &Path| {
        let path = match is_stdin(path) {
            true => Path::new(&arguments.stdin_filename),
            false => path,
        };
        finder.profile(path, &layer).map(|profile| profile.settings)
    };
    let settings = [settings(&arguments.old)?, settings(&arguments.new)?];
    let read = |path: &Path, settings: &Settings| {
        let (place, name) = match is_stdin(path) {
            true => (Place::Stdin, arguments.stdin_filename.clone()),
            false => (Place::File(path.to_path_buf()), shown(path)),
        };
        read::whole(&place, &name, settings.limits.max_size).map(Arc::new)
    };
    let [of_old, of_new] = &settings;
    let sources = [read(&arguments.old, of_old), read(&arguments.new, of_new)];
    // What is wrong with one is said even if the other is not there at all.
    let document = |at: usize| match &sources[at] {
        Ok(source) => document(source, &settings[at]),
        Err(failure) => Err(failure.clone()),
    };
    let [old, new] = both([document(0), document(1)])?;
    let [Ok(old_source), Ok(new_source)] = &sources else {
        return Err(Vec::new());
    };
    let older = Older {
        source: Arc::clone(old_source),
        document: &old,
    };
    // Both were recognised, so they can be compared.
    diff::diff(&older, new_source, &new, of_new).ok_or_else(Vec::new)
}

/// Both results, or all that went wrong.
fn both<T>(results: [Result<T, Failure>; 2]) -> Result<[T; 2], Vec<Failure>> {
    match results {
        [Ok(one), Ok(two)] => Ok([one, two]),
        results => Err(results.into_iter().filter_map(Result::err).collect()),
    }
}

fn document<'s>(source: &'s Arc<Source>, settings: &Settings) -> Result<Document<'s>, Failure> {
    let document = check::read(source, settings).map_err(|finding| unreadable(source, &finding))?;
    let root = document.root();
    let message = match document.recognised() {
        None => Some(format!(
            "the root {} is no CloudFront document",
            root.shown_name()
        )),
        // What is compared of an answer is what was inside.
        Some(_) if document.is_response() && document.payload().id() == root.id() => {
            let name = root.shown_name();
            Some(format!(
                "{name} is an answer of the API without a configuration to compare"
            ))
        }
        Some(_) => None,
    };
    match message {
        Some(message) => Err(Failure {
            name: Some(source.name().to_owned()),
            message,
        }),
        None => Ok(document),
    }
}
