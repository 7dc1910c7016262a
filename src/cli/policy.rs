//! `cloudfront-lint policy`: what authors of policies need.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::check::failure_line;
use super::policies::{self, PolicyArguments};
use super::reading::ConfigArguments;
use super::{Outcome, complain, print};
use crate::check::Settings;
use crate::finding::Finding;
use crate::output::visible;
use crate::policy::{self, Example, KeptFile, KeptRule, Policies, Shown, load};
use crate::rule::RuleId;
use crate::source::Source;
use crate::walk::shown;

/// Try rules of your own
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Test(TestArguments),
}

/// Check whether rules of your own find what they should
///
/// A rule has examples in its table, `fails = ['''…''']` and `passes = ['''…''']`: documents, or fragments that are
/// completed to the smallest valid document. Longer ones stand beside the file: for team.toml in the directory team/, in a
/// subdirectory for each rule if there are several, as fail-*.xml and pass-*.xml.
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
struct TestArguments {
    /// Policies, or directories of them [default: those of the configuration]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Print only what does not hold, and the summary
    #[arg(short, long)]
    quiet: bool,

    #[command(flatten)]
    config: ConfigArguments,
}

const AFTER_HELP: &str = "\
Examples:
  cloudfront-lint policy test policy/
      the examples of all policies of a directory

Exit status: 0 all examples hold, 1 some do not, 2 the run failed.";

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    match &arguments.command {
        Command::Test(arguments) => test(arguments),
    }
}

fn test(arguments: &TestArguments) -> Outcome {
    let read = match arguments.paths.is_empty() {
        true => policies::here(&PolicyArguments::default(), &arguments.config),
        false => policies::read(&arguments.paths)
            .map(|(_, policies)| policies)
            .map_err(|unusable| unusable.complain()),
    };
    let policies = match read {
        Ok(policies) => policies,
        Err(outcome) => return outcome,
    };
    if policies.is_empty() {
        complain("there is no policy to test: name a file, or write `policies` in a configuration");
        return Outcome::Failed;
    }
    let mut tally = Tally::default();
    for file in policies.files() {
        tally.file(file, arguments.quiet);
    }
    tally.end()
}

/// What was tested so far, in words.
#[derive(Default)]
struct Tally {
    out: String,
    rules: usize,
    held: usize,
    wrong: usize,
    /// Rules without any example.
    bare: usize,
    failures: Vec<String>,
}

/// An example, and what it is called.
struct Case<'e> {
    name: String,
    fails: bool,
    shown: &'e Shown,
}

impl Tally {
    fn file(&mut self, file: &'static KeptFile, quiet: bool) {
        let policies = Policies::of_file(file);
        let settings = Settings {
            policies,
            ..Settings::default()
        };
        let beside = match beside(file) {
            Ok(beside) => beside,
            Err(failures) => {
                self.failures.extend(failures);
                Vec::new()
            }
        };
        let before = self.out.len();
        let _ = writeln!(self.out, "{}", visible(&file.name));
        let headed = self.out.len();
        for rule in &file.rules {
            let own = rule.examples.iter().map(|example| Case {
                name: format!("line {}, {}", example.line, said(example.fails)),
                fails: example.fails,
                shown: &example.shown,
            });
            let documents = beside.iter().filter(|(id, ..)| *id == rule.id);
            let documents = documents.map(|(_, name, example)| Case {
                name: name.clone(),
                fails: example.fails,
                shown: &example.shown,
            });
            let cases: Vec<Case<'_>> = own.chain(documents).collect();
            self.rule(rule, &cases, &settings, quiet);
        }
        // There is nothing to tell.
        if self.out.len() == headed && quiet {
            self.out.truncate(before);
        }
    }

    fn rule(&mut self, rule: &KeptRule, cases: &[Case<'_>], settings: &Settings, quiet: bool) {
        self.rules += 1;
        let name = rule.id.name();
        if !cases.iter().any(|case| case.fails) {
            self.bare += 1;
            let what = match cases.is_empty() {
                true => "no example",
                false => "no example that fails: nothing shows that it finds anything",
            };
            let _ = writeln!(self.out, "  {name}: {what}");
        } else if !quiet {
            let _ = writeln!(self.out, "  {name}");
        }
        for case in cases {
            self.case(rule, case, settings, quiet);
        }
    }

    fn case(&mut self, rule: &KeptRule, case: &Case<'_>, settings: &Settings, quiet: bool) {
        let name = visible(&case.name);
        let owner = match quiet {
            true => format!("{}: ", rule.id.name()),
            false => String::new(),
        };
        match policy::outcome(rule.id, case.fails, case.shown, settings) {
            Err(why) => {
                self.wrong += 1;
                let _ = writeln!(self.out, "    wrong  {owner}{name}: {}", visible(&why));
            }
            Ok(outcome) => {
                match &outcome.wrong {
                    Some(why) => {
                        self.wrong += 1;
                        let _ = writeln!(self.out, "    wrong  {owner}{name}: {}", visible(why));
                    }
                    None => {
                        self.held += 1;
                        if quiet {
                            return;
                        }
                        let _ = writeln!(self.out, "    holds  {name}");
                    }
                }
                for finding in &outcome.findings {
                    let _ = writeln!(self.out, "           {}", line(&outcome.source, finding));
                }
            }
        }
    }

    /// Prints all, and decides how the run ended.
    fn end(mut self) -> Outcome {
        let some = |count: usize, what: &str| match count {
            1 => format!("1 {what}"),
            n => format!("{n} {what}s"),
        };
        let (examples, rules) = (
            some(self.held + self.wrong, "example"),
            some(self.rules, "rule"),
        );
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let _ = match (self.held, self.wrong) {
            (0, 0) => write!(self.out, "no example of {rules}"),
            (_, 0) => write!(self.out, "{examples} of {rules}: all hold"),
            (held, wrong) => write!(
                self.out,
                "{examples} of {rules}: {held} hold, {wrong} wrong"
            ),
        };
        let _ = match self.bare {
            0 => writeln!(self.out),
            bare => writeln!(
                self.out,
                "; {} without an example that fails",
                some(bare, "rule")
            ),
        };
        let printed = print(&self.out);
        self.failures.iter().for_each(|failure| complain(failure));
        match (printed, self.wrong) {
            (Outcome::Clean, _) if !self.failures.is_empty() => Outcome::Failed,
            (Outcome::Clean, 1..) => Outcome::Findings,
            (printed, _) => printed,
        }
    }
}

fn said(fails: bool) -> &'static str {
    match fails {
        true => "fails",
        false => "passes",
    }
}

/// A finding in one line.
fn line(source: &Source, finding: &Finding) -> String {
    let at = source.position(finding.span.start);
    let place = format!("{}:{}", at.line, at.column);
    visible(&format!("{place}: {}: {}", finding.level, finding.message))
}

/// The documents beside a file, with the rules that they belong to.
fn beside(file: &KeptFile) -> Result<Vec<(RuleId, String, Example)>, Vec<String>> {
    let directory = Path::new(&file.name).with_extension("");
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    let mut take = |rule: RuleId, directory: &Path| {
        for (form, fails) in [("fail*.xml", true), ("pass*.xml", false)] {
            for path in load::files(directory, form).unwrap_or_default() {
                match load::read(&path, "an example") {
                    Ok(source) => {
                        let example = Example::whole(fails, source.text());
                        found.push((rule, shown(&path), example));
                    }
                    Err(failure) => failures.push(failure_line(&failure)),
                }
            }
        }
    };
    for rule in &file.rules {
        let last = rule.id.name().rsplit('/').next().unwrap_or_default();
        take(rule.id, &directory.join(last));
    }
    match &file.rules[..] {
        [only] => take(only.id, &directory),
        _ => failures.extend(without_rule(&directory)),
    }
    match failures.is_empty() {
        true => Ok(found),
        false => Err(failures),
    }
}

/// A document of which nobody knows whose it is must not look like one that was tried.
fn without_rule(directory: &Path) -> Vec<String> {
    let files = ["fail*.xml", "pass*.xml"].into_iter();
    let files = files.flat_map(|form| load::files(directory, form).unwrap_or_default());
    let why = "belongs to none of several rules: put it into a directory named after its rule";
    files
        .map(|path| format!("{}: {why}", shown(&path)))
        .collect()
}
