//! `cloudfront-lint check`: the main job.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anstream::stream::RawStream;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use supports_hyperlinks::Stream;

use super::accept::AcceptArguments;
use super::against::AgainstArguments;
use super::baseline::BaselineArguments;
use super::file::write_file;
use super::policies::{PolicyArguments, Unusable};
use super::progress::Progress;
use super::reading::{Reading, terminal_width};
use super::target::{self, Target};
use super::timings::Stages;
use super::{Outcome, ci, complain, written};
use crate::against::Against;
use crate::config::{At, Finder, Layer};
use crate::fix::{Fixing, Mode};
pub(super) use crate::output::failure_line;
use crate::output::{self, ColumnUnit, Format, Style};
use crate::policy::{BrokenPolicy, Policies};
use crate::read;
use crate::report::{Failure, FileReport, Report};
use crate::rule::Operation;
use crate::run::{self, Options, Profiles};
use crate::source::Source;
use crate::suggest::alternatives;
use crate::triage::{FailOn, Selector};
use crate::walk::{self, Place, Walk, reason, shown};
use crate::watch::Watch;

/// Check documents: what is wrong, where, and what CloudFront answers
///
/// Directories are searched for .xml files whose root is a CloudFront document; what .gitignore excludes is left out.
/// A file that is named is always checked. Several documents are compared with each other, as those of one account.
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// Files and directories; `-` reads standard input [default: the current directory]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// Read more paths from a file, one a line; `-` reads standard input
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    files_from: Option<PathBuf>,

    /// The paths in --files-from end with NUL instead of a line break
    #[arg(short = '0', long, requires = "files_from", help_heading = "Input")]
    null: bool,

    /// What standard input is called in messages; older documents are looked for under this path
    #[arg(
        long,
        value_name = "PATH",
        default_value = walk::STDIN_NAME,
        hide_default_value = true,
        help_heading = "Input"
    )]
    stdin_filename: String,

    /// Skip named files that are no CloudFront documents, as is done in directories
    #[arg(long, help_heading = "Input")]
    skip_foreign: bool,

    /// Finding nothing to check is no failure
    #[arg(long, help_heading = "Input")]
    allow_empty: bool,

    /// What a configuration excludes holds for files that are named, too; for pre-commit
    #[arg(long, help_heading = "Input")]
    force_exclude: bool,

    /// List the files that would be looked at, and stop
    #[arg(long, help_heading = "Input", conflicts_with_all = ["output", "statistics", "timings", "fix", "diff", "add_ignores", "write_baseline"])]
    show_files: bool,

    /// Print what holds for a file and from where each value is, and stop
    #[arg(long, value_name = "FILE", help_heading = "Configuration", conflicts_with_all = ["paths", "files_from", "show_files", "timings", "fix", "diff", "add_ignores", "write_baseline"])]
    show_settings: Option<PathBuf>,

    #[command(flatten)]
    against: AgainstArguments,

    /// The document is the staging distribution of this primary distribution, as you have it or as the API answered
    #[arg(long, value_name = "PATH", help_heading = "Checks")]
    primary: Option<PathBuf>,

    /// What the documents are sent for: create, update or copy [default: update with an older document or --primary, else create]
    #[arg(long, value_name = "OPERATION", value_parser = operation, help_heading = "Checks")]
    operation: Option<Operation>,

    /// Only these rules or groups, separated by commas; a rule beats its group
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = Selector::parse, help_heading = "Checks")]
    select: Vec<Selector>,

    /// Not these rules or groups, separated by commas; `fleet` where the documents belong to several accounts
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = ignorable, help_heading = "Checks")]
    ignore: Vec<Selector>,

    /// Exit with status 1 from this level on: error, warning, info or never [default: error]
    #[arg(
        long,
        value_name = "LEVEL",
        value_parser = fail_on,
        help_heading = "Checks"
    )]
    fail_on: Option<FailOn>,

    /// Fix what can be fixed without changing what a document means; from standard input, the document is printed
    #[arg(long, help_heading = "Fixes")]
    fix: bool,

    /// Fix what may change what it means, too; without --fix or --diff, show these fixes
    #[arg(long, help_heading = "Fixes")]
    unsafe_fixes: bool,

    /// Print what --fix would change as a unified diff, and write nothing; exit with status 1 if there is one
    #[arg(long, conflicts_with_all = ["output", "statistics", "add_ignores", "write_baseline"], help_heading = "Fixes")]
    diff: bool,

    #[arg(short, long, value_name = "FORMAT[=FILE]", value_parser = target::parse, help_heading = "Output", help = target::help())]
    output: Vec<Target>,

    /// In GitHub Actions, add no annotations and no job summary
    #[arg(long, help_heading = "Output")]
    no_ci: bool,

    /// What the SARIF log is one of, where several runs check one commit [default: cloudfront-lint]
    #[arg(long, value_name = "NAME", help_heading = "Output", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    category: Option<String>,

    /// Count the findings of each rule instead of listing them; in pretty, concise, markdown and beside the list in json
    #[arg(long, help_heading = "Output")]
    statistics: bool,

    /// What columns count in concise output, as the editor that reads it does: characters, bytes or utf-16
    #[arg(
        long,
        value_name = "UNIT",
        default_value = ColumnUnit::Characters.name(),
        value_parser = PossibleValuesParser::new(ColumnUnit::ALL.map(ColumnUnit::name)).map(column_unit),
        hide_possible_values = true,
        help_heading = "Output"
    )]
    column_unit: ColumnUnit,

    /// Tell on standard error what took how long, and which files took longest
    #[arg(long, help_heading = "Output")]
    timings: bool,

    /// Print findings only: no summary, no progress bar
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,

    #[command(flatten)]
    policies: PolicyArguments,

    #[command(flatten)]
    baseline: BaselineArguments,

    #[command(flatten)]
    accept: AcceptArguments,

    #[command(flatten)]
    reading: Reading,
}

const AFTER_HELP: &str = "\
Examples:
  git diff --name-only | cloudfront-lint check --files-from - --skip-foreign
      the files that were changed
  cloudfront-lint check cdn/ --against-git origin/main
      what a pull request would do to the distributions
  cloudfront-lint check cdn/ -o concise -o json=report.json
      one line per finding, and everything for a program
  aws s3 cp s3://bucket/dist.xml - | cloudfront-lint check -
      standard input

Exit status: 0 no finding at or above --fail-on, 1 findings, 2 the run failed.";

fn operation(name: &str) -> Result<Operation, String> {
    let known = Operation::ALL.into_iter().find(|o| o.name() == name);
    known.ok_or_else(|| "no such operation; there are create, update and copy".to_owned())
}

fn fail_on(name: &str) -> Result<FailOn, String> {
    let names = || FailOn::ALL.iter().map(|fail_on| fail_on.name());
    FailOn::find(name)
        .ok_or_else(|| format!("no such level; there are {}", alternatives(names(), "and")))
}

fn column_unit(name: String) -> ColumnUnit {
    let unit = ColumnUnit::ALL.into_iter().find(|unit| unit.name() == name);
    unit.unwrap_or_default()
}

fn ignorable(name: &str) -> Result<Selector, String> {
    match Selector::parse(name)? {
        Selector::Rule(rule) if rule.meta().mandatory => {
            Err("this rule cannot be ignored: a document that was not read would pass".into())
        }
        selector => Ok(selector),
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    if let Err(message) = target::are_apart(&arguments.output) {
        complain(&message);
        return Outcome::Failed;
    }
    if let Some(file) = &arguments.show_settings {
        return show_settings(file, arguments);
    }
    let paths = match paths(arguments) {
        Ok(paths) => paths,
        Err(message) => {
            complain(&message);
            return Outcome::Failed;
        }
    };
    let (sources, policies) = match arguments.policies.read() {
        Ok(read) => read,
        Err(unusable) => return deliver(arguments, &unusable_policies(&unusable), false),
    };
    let has_stdin = paths.iter().any(|path| path.as_os_str() == "-");
    if let Err(message) = arguments.accept.consistent(has_stdin) {
        complain(&message);
        return Outcome::Failed;
    }
    let mut stages = Stages::start();
    let watch = Arc::new(Watch::new(arguments.timings));
    let progress = match arguments.quiet {
        true => None,
        false => Progress::of(&watch, has_stdin),
    };
    let finder = arguments.reading.config.finder().on(super::today());
    let mut finder = finder.with_policies(sources);
    let Walk {
        mut inputs,
        skipped,
        skips_stdin,
        failures,
    } = walk::configured(
        &paths,
        &arguments.stdin_filename,
        &mut finder,
        arguments.force_exclude,
    );
    if arguments.show_files {
        drop(progress);
        return show_files(&inputs, &failures);
    }
    if let Err(message) = target::spare(&arguments.output, documents(arguments, &inputs)) {
        drop(progress);
        complain(&message);
        return Outcome::Failed;
    }
    ci::warn_of_parts(&arguments.output, &inputs);
    let layer = layer(arguments, policies);
    let mut options = Options {
        profiles: finder.assign(&mut inputs, &layer),
        skip_foreign: arguments.skip_foreign,
        fixing: fixing(arguments),
        watch: (progress.is_some() || arguments.timings).then(|| Arc::clone(&watch)),
        ..Options::default()
    };
    if let Err(message) = known_rules(arguments, &finder, &layer.policies) {
        drop(progress);
        complain(&message);
        return Outcome::Failed;
    }
    stages.end("finding files and configurations");
    let limits = &options.profiles.together().settings.limits;
    let older = arguments.against.open(&inputs, limits);
    let primary = primary(arguments, &inputs, &options.profiles);
    let mut done = Vec::new();
    let baselines = arguments.baseline.open(&inputs, &options);
    let mut report = match both(both(older, primary), baselines) {
        Ok(((against, primary), mut baselines)) => {
            (options.against, options.primary) = (against, primary);
            if options.fixing.is_on() {
                options.earlier = baselines.earlier();
            }
            let mut report = run::run(&inputs, &options);
            if options.fixing.mode == Mode::Apply {
                run::write_fixes(&mut report);
            }
            report.failures.extend(failures);
            report_on_configuration(&finder, &layer, &mut report);
            baselines.apply(&mut report, &inputs, &options, &finder);
            // A text from standard input is still to be saved by somebody.
            if options.fixing.is_on() && !has_stdin {
                let place = |name: &str| finder.path_of(name).or(baselines.path_of(name));
                run::fix_steering(&mut report, |name| place(name).map(Path::to_path_buf));
            }
            done.extend(arguments.accept.write(&mut report, &inputs, &options));
            done.extend(baselines.write(&mut report, &inputs, &options));
            report
        }
        // Without the older documents the answer would be half of what was asked for.
        Err(mut missing) => {
            missing.extend(failures);
            let mut report = Report {
                failures: missing,
                fixing: options.fixing,
                ..Report::default()
            };
            report_on_configuration(&finder, &layer, &mut report);
            report
        }
    };
    stages.end("reading and checking");
    stages.split("comparing documents with each other", watch.fleet());
    drop(progress);
    report.skipped.extend(skipped);
    if skips_stdin && options.fixing.mode == Mode::Apply {
        // Whoever replaces a text by what is printed would lose it.
        let mut text = Vec::new();
        match io::stdin().lock().read_to_end(&mut text) {
            Ok(_) => report.stdin = Some(text),
            Err(error) => report.failures.push(Failure {
                name: Some(arguments.stdin_filename.clone()),
                message: reason(&error),
            }),
        }
    }
    report.skipped.sort_by(|a, b| a.name.cmp(&b.name));
    warn_if_nothing_was_compared(arguments, options.against.as_ref(), &report);
    note_if_nothing_was_checked(arguments, &paths, &mut report);
    report.failures.sort_by(|a, b| a.name.cmp(&b.name));
    let outcome = match options.fixing.mode {
        Mode::Show => deliver_diff(arguments, &report),
        _ => deliver(arguments, &report, has_stdin),
    };
    for what in done.iter().filter(|_| !arguments.quiet) {
        let _ = writeln!(io::stderr(), "{}", output::visible(what));
    }
    if arguments.timings {
        stages.end("writing what was found");
        stages.print(&watch);
    }
    outcome
}

fn fixing(arguments: &Arguments) -> Fixing {
    let mode = match (arguments.diff, arguments.fix) {
        (true, _) => Mode::Show,
        (false, true) => Mode::Apply,
        (false, false) => Mode::Offer,
    };
    Fixing {
        mode,
        with_unsafe: arguments.unsafe_fixes,
    }
}

/// The files that are read as documents.
fn documents<'a>(
    arguments: &'a Arguments,
    inputs: &'a [walk::Input],
) -> impl Iterator<Item = &'a Path> + Clone {
    let inputs = inputs.iter().filter_map(|input| match &input.place {
        Place::File(path) => Some(path.as_path()),
        Place::Stdin => None,
    });
    inputs
        .chain(arguments.primary.as_deref())
        .chain(arguments.against.file())
}

/// What the command line says about documents.
fn layer(arguments: &Arguments, policies: Policies) -> Layer {
    let selectors = |selectors: &[Selector]| {
        let selectors: Vec<_> = selectors.iter().copied().map(At::nowhere).collect();
        (!selectors.is_empty()).then_some(At::nowhere(selectors))
    };
    Layer {
        select: selectors(&arguments.select),
        ignore: selectors(&arguments.ignore),
        fail_on: arguments.fail_on.map(At::nowhere),
        policies,
        ..arguments.reading.layer(arguments.operation)
    }
}

/// Nothing is checked with policies that have mistakes.
fn unusable_policies(unusable: &Unusable) -> Report {
    let failures = unusable.broken.iter().map(BrokenPolicy::failure);
    Report {
        steering: unusable.broken.iter().map(BrokenPolicy::report).collect(),
        failures: failures.chain(unusable.failures.iter().cloned()).collect(),
        ..Report::default()
    }
}

/// Whether every rule on the command line is built in, or one of a policy that was read.
fn known_rules(arguments: &Arguments, finder: &Finder, policies: &Policies) -> Result<(), String> {
    let of_configurations = finder.found().iter().map(|found| &found.policies);
    let all = of_configurations.fold(policies.clone(), |all, more| all.and(more));
    for (flag, selectors) in [("select", &arguments.select), ("ignore", &arguments.ignore)] {
        for selector in selectors {
            if let Selector::Rule(rule) = selector
                && let Some(help) = all.unknown(*rule)
            {
                let name = rule.name();
                return Err(format!("--{flag} {name}: no policy has this rule; {help}"));
            }
        }
    }
    Ok(())
}

/// Adds what there is to say of the configurations; one with mistakes makes the run fail.
fn report_on_configuration(finder: &Finder, layer: &Layer, report: &mut Report) {
    report.steering = finder.reports(layer, report.failures.is_empty());
    report.failures.extend(finder.failures());
}

/// The primary distribution of the one document.
fn primary(
    arguments: &Arguments,
    inputs: &[walk::Input],
    profiles: &Profiles,
) -> Result<Option<Arc<Source>>, Vec<Failure>> {
    let Some(path) = &arguments.primary else {
        return Ok(None);
    };
    if inputs.len() > 1 {
        let count = inputs.len();
        return Err(vec![Failure {
            name: Some(shown(path)),
            message: format!(
                "is the primary distribution of one staging distribution, but {count} documents are checked: name one"
            ),
        }]);
    }
    let profile = inputs
        .first()
        .map_or(&profiles.base, |input| profiles.of(input));
    let limit = profile.settings.limits.max_size;
    let place = Place::File(path.clone());
    match read::whole(&place, &shown(path), limit) {
        Ok(source) => Ok(Some(Arc::new(source))),
        Err(failure) => Err(vec![failure]),
    }
}

/// Both, or all that went wrong.
fn both<A, B>(
    one: Result<A, Vec<Failure>>,
    other: Result<B, Vec<Failure>>,
) -> Result<(A, B), Vec<Failure>> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => {
            let failures = one.err().into_iter().chain(other.err());
            Err(failures.flatten().collect())
        }
    }
}

/// The paths on the command line and those of `--files-from`; without any, the current directory.
fn paths(arguments: &Arguments) -> Result<Vec<PathBuf>, String> {
    let mut paths = arguments.paths.clone();
    match &arguments.files_from {
        Some(file) => paths.extend(listed_paths(file, arguments.null)?),
        None if paths.is_empty() => paths.push(PathBuf::from(".")),
        None => {}
    }
    let is_stdin = |path: &PathBuf| path.as_os_str() == "-";
    if arguments.files_from.as_ref().is_some_and(is_stdin) && paths.iter().any(is_stdin) {
        return Err("standard input cannot be both a document and the list of files".into());
    }
    Ok(paths)
}

fn listed_paths(file: &Path, null: bool) -> Result<Vec<PathBuf>, String> {
    let mut bytes = Vec::new();
    let read = match file.as_os_str() == "-" {
        true => io::stdin().lock().read_to_end(&mut bytes),
        false => File::open(file).and_then(|mut f| f.read_to_end(&mut bytes)),
    };
    read.map_err(|error| {
        format!(
            "cannot read the list of files {}: {}",
            file.display(),
            reason(&error)
        )
    })?;
    let separator = if null { 0 } else { b'\n' };
    let lines = bytes.split(|b| *b == separator);
    let lines = lines.map(|line| {
        if null {
            line
        } else {
            line.strip_suffix(b"\r").unwrap_or(line)
        }
    });
    Ok(lines
        .filter(|line| !line.is_empty())
        .map(path_from_bytes)
        .collect())
}

#[cfg(unix)]
fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_from_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Prints what holds for a file as TOML, each value with its origin behind it.
fn show_settings(file: &Path, arguments: &Arguments) -> Outcome {
    if file.is_dir() {
        complain(&format!("{}: is a directory: name a file", shown(file)));
        return Outcome::Failed;
    }
    let stdin = &arguments.stdin_filename;
    let (file, name) = match file.as_os_str() == "-" {
        true => (walk::stdin_path(stdin), stdin.clone()),
        false => (file, shown(file)),
    };
    let (sources, policies) = match arguments.policies.read() {
        Ok(read) => read,
        Err(unusable) => return deliver(arguments, &unusable_policies(&unusable), false),
    };
    let layer = layer(arguments, policies);
    let finder = arguments.reading.config.finder().on(super::today());
    let mut finder = finder.with_policies(sources);
    let (mut settings, excluded) = finder.settings(file, &layer);
    arguments.baseline.show(&mut settings);
    let mut report = Report::default();
    report_on_configuration(&finder, &layer, &mut report);
    if !report.failures.is_empty() {
        return deliver(arguments, &report, false);
    }
    let lines: Vec<String> = settings.iter().map(ToString::to_string).collect();
    let short = lines
        .iter()
        .map(|line| line.chars().count())
        .filter(|width| *width <= 48);
    let width = short.max().unwrap_or(0);
    let mut text = format!("# What holds for {}\n", name);
    if let Some(why) = excluded {
        text += &format!("# {why}\n");
    }
    let mut before = None;
    for (setting, line) in settings.iter().zip(lines) {
        if let Some(head) = setting.head(before) {
            text += &format!("\n{head}\n");
        }
        before = Some(setting);
        text += &format!("{line:width$}  # {}\n", setting.origin);
    }
    let text: String = text
        .lines()
        .map(|line| output::visible(line) + "\n")
        .collect();
    super::print(&text)
}

fn show_files(inputs: &[walk::Input], failures: &[Failure]) -> Outcome {
    for failure in failures {
        complain(&failure_line(failure));
    }
    let list: String = inputs
        .iter()
        .map(|input| output::visible(&input.name) + "\n")
        .collect();
    match (super::print(&list), failures) {
        (outcome, []) => outcome,
        _ => Outcome::Failed,
    }
}

/// A wrong directory of older documents looks like a directory of new ones: say so, without failing.
fn warn_if_nothing_was_compared(arguments: &Arguments, against: Option<&Against>, report: &Report) {
    let Some(against) = against else {
        return;
    };
    let compared = report.documents.iter().any(|document| document.compared);
    if !compared && !report.documents.is_empty() && report.failures.is_empty() && !arguments.quiet {
        let message = format!(
            "warning: {} holds no older document of any that is checked",
            against.shown()
        );
        let _ = writeln!(io::stderr(), "{}", output::visible(&message));
    }
}

/// Checking nothing is a failure unless somebody said otherwise: a wrong path must not look like success.
fn note_if_nothing_was_checked(arguments: &Arguments, paths: &[PathBuf], report: &mut Report) {
    let skipped_on_request =
        (arguments.skip_foreign || arguments.force_exclude) && !report.skipped.is_empty();
    if report.documents.is_empty()
        && report.failures.is_empty()
        && !arguments.allow_empty
        && !skipped_on_request
    {
        let message = match report.skipped.len() {
            0 if paths.is_empty() => "nothing to check: the list of files is empty".to_owned(),
            0 => "nothing to check: no .xml file found".to_owned(),
            1 => {
                "nothing to check: the only .xml file found holds no CloudFront document".to_owned()
            }
            n => format!(
                "nothing to check: none of the {n} .xml files found holds a CloudFront document"
            ),
        };
        report.failures.push(Failure {
            name: None,
            message: message + " (--allow-empty accepts that)",
        });
    }
}

/// Writes every output, says on standard error what failed, and decides how the run ended.
fn deliver(arguments: &Arguments, report: &Report, has_stdin: bool) -> Outcome {
    let default = [Target {
        format: Format::PRETTY,
        file: None,
    }];
    let targets = if arguments.output.is_empty() {
        &default[..]
    } else {
        &arguments.output
    };
    let mut outcome = outcome_of(report);
    if let Some(document) = &report.stdin {
        let mut out = io::stdout().lock();
        let result = out.write_all(document).and_then(|()| out.flush());
        if written(result, "standard output") == Outcome::Failed {
            outcome = Outcome::Failed;
        }
    }
    for target in targets {
        let result = match &target.file {
            // The document is there, or would be.
            None if has_stdin && report.fixing.is_on() => to_stream(
                target.format,
                io::stderr(),
                Stream::Stderr,
                arguments,
                report,
            ),
            None => to_stream(
                target.format,
                io::stdout(),
                Stream::Stdout,
                arguments,
                report,
            ),
            Some(path) => to_file(path, target.format, arguments, report),
        };
        let name = target
            .file
            .as_deref()
            .map_or_else(|| "standard output".to_owned(), shown);
        if written(result, &name) == Outcome::Failed {
            outcome = Outcome::Failed;
        }
    }
    say_what_failed(report);
    if !arguments.no_ci {
        let asked_for: Vec<Format> = targets.iter().map(|target| target.format).collect();
        ci::report(report, &style(arguments, false), &asked_for);
    }
    let shown_by_pretty = targets
        .iter()
        .any(|t| t.file.is_none() && t.format == Format::PRETTY);
    if !arguments.quiet && !shown_by_pretty {
        let _ = writeln!(io::stderr(), "{}", output::summary(report));
    }
    outcome
}

/// Prints the changes that fixes would make, and decides how the run ended.
fn deliver_diff(arguments: &Arguments, report: &Report) -> Outcome {
    let stdout = io::stdout();
    let color = arguments.reading.color_on(&stdout);
    let mut out = BufWriter::with_capacity(64 << 10, stdout.lock());
    let result = output::write_patch(report, color, &mut out).and_then(|()| out.flush());
    let is_written = written(result, "standard output") != Outcome::Failed;
    say_what_failed(report);
    if !arguments.quiet {
        let _ = writeln!(io::stderr(), "{}", output::patch_summary(report));
    }
    match (
        is_written && report.failures.is_empty(),
        report.repaired().next(),
    ) {
        (false, _) => Outcome::Failed,
        (true, Some(_)) => Outcome::Findings,
        (true, None) => Outcome::Clean,
    }
}

/// Fixes that were left out are named up to this number: nobody reads more.
const MOST_LEFT_OUT: usize = 20;

/// What could not be done, on standard error.
fn say_what_failed(report: &Report) {
    for failure in &report.failures {
        complain(&failure_line(failure));
    }
    let mut all_left_out = report.left_out();
    for (name, left_out) in all_left_out.by_ref().take(MOST_LEFT_OUT) {
        let place = match &left_out.element[..] {
            "" => String::new(),
            element => format!(" at {element}"),
        };
        let message = format!(
            "warning: {name}: {}{place} was not fixed ({}): {}",
            left_out.rule.name(),
            left_out.title,
            left_out.reason
        );
        let _ = writeln!(io::stderr(), "{}", output::visible(&message));
    }
    match all_left_out.count() {
        0 => {}
        more => drop(writeln!(
            io::stderr(),
            "warning: {more} more were not fixed"
        )),
    }
    // After a failure, nobody knows otherwise which files are new.
    if report.fixing.mode == Mode::Apply && !report.failures.is_empty() {
        for (document, ..) in report.repaired() {
            let message = format!("note: {}: was fixed", document.name);
            let _ = writeln!(io::stderr(), "{}", output::visible(&message));
        }
    }
}

fn outcome_of(report: &Report) -> Outcome {
    let fails = |file: &FileReport| {
        let lowest = file.fail_on.lowest();
        let mut findings = file.findings.iter();
        findings.any(|f| lowest.is_some_and(|l| f.level >= l) && !f.suppressed && !f.baselined)
    };
    match report.failures.is_empty() {
        false => Outcome::Failed,
        true if report.files().any(fails) => Outcome::Findings,
        true => Outcome::Clean,
    }
}

fn style(arguments: &Arguments, color: bool) -> Style {
    Style {
        color,
        width: terminal_width(),
        statistics: arguments.statistics,
        quiet: arguments.quiet,
        root: ci::root(),
        category: arguments.category.clone(),
        column_unit: arguments.column_unit,
        links: false,
    }
}

/// Prints on a standard stream.
fn to_stream(
    target: Format,
    stream: impl RawStream,
    which: Stream,
    arguments: &Arguments,
    report: &Report,
) -> io::Result<()> {
    let color = arguments.reading.color_on(&stream);
    let style = Style {
        links: color && supports_hyperlinks::on(which),
        ..style(arguments, color)
    };
    let mut out = BufWriter::with_capacity(64 << 10, stream);
    output::write(target, report, &style, &mut out)?;
    out.flush()
}

fn to_file(path: &Path, format: Format, arguments: &Arguments, report: &Report) -> io::Result<()> {
    let style = style(arguments, arguments.reading.color_in_file());
    write_file(path, |out| output::write(format, report, &style, out))
}
