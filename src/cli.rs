//! The command line: what can be asked, and the exit status of each outcome.

mod accept;
mod against;
mod baseline;
mod check;
mod ci;
mod completions;
mod diff;
mod dry_run;
mod explain;
mod file;
mod init;
mod man;
mod policies;
mod policy;
mod progress;
mod reading;
mod rules;
mod schema;
mod target;
mod timings;

use std::collections::HashMap;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::{CommandFactory, Parser, Subcommand};

use crate::config::Date;
use crate::walk::Input;

/// How a command ended. The only place where exit statuses are decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Findings.
    Findings,
    /// The run itself failed: usage, input or output.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Failed => 2,
        })
    }
}

/// Checks the XML that is sent to Amazon CloudFront, before it is sent
#[derive(Debug, Parser)]
#[command(name = "cloudfront-lint", version, max_term_width = 80, after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Exit status:
  0  no finding at or above --fail-on
  1  findings
  2  the run itself failed: wrong usage, an unreadable input, nothing to check

Examples:
  cloudfront-lint check cdn/
      every CloudFront document below cdn/
  cloudfront-lint check new.xml --against old.xml
      the same, and what an update of old.xml would be refused for
  cloudfront-lint check cdn/ --against-git origin/main
      the same for the files of a branch
  cloudfront-lint diff old.xml new.xml
      what an update would change, and what becomes of it
  cloudfront-lint explain quantity-mismatch
      what a rule means and how to fix it
  cloudfront-lint schema DistributionConfig
      what a document may hold";

#[derive(Debug, Subcommand)]
enum Command {
    Check(Box<check::Arguments>),
    Diff(diff::Arguments),
    DryRun(Box<dry_run::Arguments>),
    Rules(rules::Arguments),
    Explain(explain::Arguments),
    Schema(schema::Arguments),
    Policy(policy::Arguments),
    Init(init::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| refuse(&error));
    let outcome = match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::DryRun(arguments) => dry_run::run(&arguments),
        Command::Rules(arguments) => rules::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Policy(arguments) => policy::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments, Arguments::command()),
        Command::Man(arguments) => man::run(&arguments, Arguments::command()),
    };
    outcome.into()
}

/// Says what is wrong with the command line, or gives the help that was asked for, and ends.
fn refuse(error: &clap::Error) -> ! {
    let text = error.to_string();
    let steers = |line: &str| crate::output::visible(line) != line;
    if !error.use_stderr() || !text.lines().any(steers) {
        error.exit();
    }
    // It quotes arguments, which may be names of files.
    for line in text.lines() {
        let _ = writeln!(io::stderr(), "{}", crate::output::visible(line));
    }
    std::process::exit(error.exit_code());
}

/// Writes a whole text to standard output.
fn print(text: &str) -> Outcome {
    let mut out = io::stdout().lock();
    written(
        out.write_all(text.as_bytes()).and_then(|()| out.flush()),
        "standard output",
    )
}

/// What a finished write means: a reader that went away is no failure, a full disk is.
fn written(result: io::Result<()>, target: &str) -> Outcome {
    match result {
        Ok(()) => Outcome::Clean,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Clean,
        Err(error) => {
            complain(&format!(
                "cannot write {target}: {}",
                crate::walk::reason(&error)
            ));
            Outcome::Failed
        }
    }
}

/// Today's day, in UTC.
fn today() -> Date {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    Date::of_day(now.map_or(0, |since| since.as_secs() / 86_400))
}

/// Inputs by their names in the report.
fn by_name(inputs: &[Input]) -> HashMap<&str, &Input> {
    inputs
        .iter()
        .map(|input| (&input.name[..], input))
        .collect()
}

/// Says on standard error what does not make the run fail.
fn complain_softly(message: &str) {
    let _ = writeln!(io::stderr(), "warning: {}", crate::output::visible(message));
}

/// Says on standard error why the run failed.
fn complain(message: &str) {
    // There is nowhere left to report that standard error is closed.
    let _ = writeln!(io::stderr(), "error: {}", crate::output::visible(message));
}
