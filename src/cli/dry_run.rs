//! `cloudfront-lint dry-run`: what the service would answer.

mod staging;

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::against::AgainstArguments;
use super::check::failure_line;
use super::reading::{Reading, terminal_width};
use super::{Outcome, complain, written};
use crate::dry_run::{Call, Verdict};
use crate::output::{self, AnswerFormat, Style};
use crate::report::{Answers, Failure};
use crate::rule::Operation;
use crate::run::{self, Options};
use crate::suggest;
use crate::walk::{self, Walk, shown};

/// Say what CloudFront would answer if a document were sent
///
/// Nothing is sent. The answer comes in the order of the service's own checks, with what lies behind it and what no
/// document can show.
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  cloudfront-lint dry-run create dist.xml
      what CreateDistribution would answer
  cloudfront-lint dry-run update new.xml --against old.xml
      what UpdateDistribution would answer, if the distribution is as in old.xml
  cloudfront-lint dry-run copy shop.xml --request copy.xml --write new.xml
      what CopyDistribution would answer, and the document that it would make
  cloudfront-lint dry-run promote primary.xml staging.xml
      what promoting the staging distribution would do to the primary one
  cloudfront-lint dry-run create batch.xml --format xml
      the body of the answer, as CreateInvalidation would write it

Exit status: 0 accepted as far as the documents show, 1 refused, 2 the run failed.";

#[derive(Debug, Subcommand)]
enum Command {
    Create(Create),
    Update(Update),
    Copy(staging::Copy),
    Promote(staging::Promote),
}

/// Send documents that create something: a distribution, an invalidation, a policy …
#[derive(Debug, Args)]
struct Create {
    #[command(flatten)]
    common: Common,
}

/// Send documents that replace a configuration
#[derive(Debug, Args)]
struct Update {
    #[command(flatten)]
    common: Common,

    #[command(flatten)]
    against: AgainstArguments,
}

/// What all operations have.
#[derive(Debug, Args)]
struct Common {
    /// Bodies of the calls; `-` reads standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// What standard input is called
    #[arg(
        long,
        value_name = "PATH",
        default_value = walk::STDIN_NAME,
        hide_default_value = true,
        help_heading = "Input"
    )]
    stdin_filename: String,

    /// The operation of the API, such as UpdateDistribution [default: the one that takes the
    /// document's root]
    #[arg(long, value_name = "NAME", value_parser = call, help_heading = "Checks")]
    call: Option<Call>,

    #[command(flatten)]
    form: Form,
}

/// How documents are read and answers printed.
#[derive(Debug, Args)]
struct Form {
    /// pretty for people, xml for the body of the answer (none if the call is accepted), json for
    /// programs
    #[arg(
        short = 'o',
        long,
        alias = "output",
        value_name = "FORMAT",
        default_value = "pretty",
        hide_possible_values = true,
        help_heading = "Output"
    )]
    format: Format,

    #[command(flatten)]
    reading: Reading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Pretty,
    Xml,
    Json,
}

/// Where answers go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stream {
    Output,
    Errors,
}

impl Stream {
    fn name(self) -> &'static str {
        match self {
            Stream::Output => "standard output",
            Stream::Errors => "standard error",
        }
    }
}

fn call(name: &str) -> Result<Call, String> {
    Call::named(name).ok_or_else(|| {
        match suggest::nearest(name, Call::all().filter_map(Call::name)) {
            Some(near) => format!("no such operation; did you mean {near}?"),
            None => "no operation of the API that takes a body to create, update or copy something"
                .to_owned(),
        }
    })
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    match &arguments.command {
        Command::Create(create) => send(&create.common, Operation::Create, None),
        Command::Update(update) => send(&update.common, Operation::Update, Some(&update.against)),
        Command::Copy(copy) => staging::copy(copy),
        Command::Promote(promote) => staging::promote(promote),
    }
}

/// Sends each document by itself.
fn send(common: &Common, operation: Operation, against: Option<&AgainstArguments>) -> Outcome {
    let call = common.call.unwrap_or(operation.into());
    if call.operation() != operation {
        let name = call.name().unwrap_or_default();
        let right = call.operation().name();
        complain(&format!(
            "{name} is no operation to {}: say `dry-run {right}`",
            operation.name()
        ));
        return Outcome::Failed;
    }
    let directories: Vec<&PathBuf> = common
        .files
        .iter()
        .filter(|path| fs::metadata(path).is_ok_and(|meta| meta.is_dir()))
        .collect();
    for directory in &directories {
        complain(&format!("{}: is a directory: name files", shown(directory)));
    }
    if !directories.is_empty() {
        return Outcome::Failed;
    }
    let mut finder = common.form.reading.config.finder();
    let Walk {
        mut inputs,
        failures,
        ..
    } = walk::configured(&common.files, &common.stdin_filename, &mut finder, false);
    let layer = common.form.reading.layer(Some(operation));
    let mut options = Options {
        profiles: finder.assign(&mut inputs, &layer),
        ..Options::default()
    };
    let older =
        against.map(|older| older.open(&inputs, &options.profiles.together().settings.limits));
    let mut answers = match older.transpose() {
        Ok(older) => {
            options.against = older.flatten();
            run::answer(&inputs, call, &options)
        }
        // Without the older documents the answer would be half of what was asked for.
        Err(failures) => Answers {
            failures,
            ..Answers::default()
        },
    };
    answers.failures.extend(failures);
    answers.failures.extend(finder.mistakes());
    deliver(&common.form, &answers, Stream::Output)
}

/// Prints the answers, says on standard error what failed, and decides how the run ended.
fn deliver(form: &Form, answers: &Answers, stream: Stream) -> Outcome {
    let outcome = written(print(form, answers, stream), stream.name());
    if form.format == Format::Xml {
        // The body alone says neither of whom it is nor whether there is one.
        for answered in &answers.answers {
            let line = output::answer_line(answered);
            let _ = writeln!(io::stderr(), "{}", output::visible(&line));
        }
    }
    for failure in &answers.failures {
        complain(&failure_line(failure));
    }
    match outcome {
        Outcome::Failed => Outcome::Failed,
        _ => outcome_of(answers),
    }
}

fn outcome_of(answers: &Answers) -> Outcome {
    let refused = |verdict: Verdict| verdict == Verdict::Refused;
    let mut verdicts = answers.answers.iter().map(|a| a.response.verdict());
    match (answers.failures.as_slice(), verdicts.any(refused)) {
        ([], true) => Outcome::Findings,
        ([], false) => Outcome::Clean,
        ([Failure { .. }, ..], _) => Outcome::Failed,
    }
}

fn print(form: &Form, answers: &Answers, stream: Stream) -> io::Result<()> {
    let style = Style {
        color: match stream {
            Stream::Output => form.reading.color_on(&io::stdout()),
            Stream::Errors => form.reading.color_in_file(),
        },
        width: terminal_width(),
        ..Style::default()
    };
    let format = match form.format {
        Format::Pretty => AnswerFormat::Pretty,
        Format::Xml => AnswerFormat::Xml,
        Format::Json => AnswerFormat::Json,
    };
    let target: Box<dyn Write> = match stream {
        Stream::Output => Box::new(io::stdout().lock()),
        Stream::Errors => Box::new(io::stderr().lock()),
    };
    let mut out = BufWriter::with_capacity(64 << 10, target);
    output::write_answers(format, answers, &style, &mut out)?;
    out.flush()
}
