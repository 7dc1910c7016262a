//! What a run does by itself because it is one of a CI system that says so: nothing that is not certain to be wanted, and
//! never another exit status.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::complain_softly;
use super::target::{self, Target};
use crate::output::{self, Format, Root, Style};
use crate::report::Report;
use crate::walk::{Input, reason, shown};

/// GitHub takes so many bytes of summary from a step.
const MOST_SUMMARY: usize = 1 << 20;

/// From where the code host counts paths: the checkout, if it says where that is; else the current directory.
pub(super) fn root() -> Root {
    let Ok(here) = env::current_dir() else {
        return Root::default();
    };
    let checkouts = [
        ("GITHUB_ACTIONS", "GITHUB_WORKSPACE"),
        ("GITLAB_CI", "CI_PROJECT_DIR"),
    ];
    let checkout = checkouts.iter().find(|(system, _)| is_true(system));
    let checkout = checkout.and_then(|(_, directory)| env::var_os(directory));
    // One that is not there is that of another machine, or outside of a container.
    let checkout = checkout.map(PathBuf::from).filter(|root| root.is_dir());
    let root = checkout.unwrap_or_else(|| here.clone());
    // As it is called, and as it is called where no link is followed: either may be given.
    let names = fs::canonicalize(&root).into_iter().chain([root]).collect();
    Root::new(fs::canonicalize(&here).unwrap_or(here), names)
}

/// On GitHub's runner, adds annotations and a job summary, unless the run writes that format anyway.
pub(super) fn report(report: &Report, style: &Style, asked_for: &[Format]) {
    if !is_true("GITHUB_ACTIONS") {
        return;
    }
    if !asked_for.contains(&Format::GITHUB) {
        // The runner reads both streams, and programs read the other one.
        let _ = output::write_annotations(report, style, &mut io::stderr().lock());
    }
    // Each part would write one.
    let is_part = is_part();
    let file = env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty());
    if let Some(file) = file.map(PathBuf::from)
        && !is_part
        && !asked_for.contains(&Format::MARKDOWN)
        && let Err(error) = add_summary(&file, report, style)
    {
        let (file, why) = (shown(&file), reason(&error));
        complain_softly(&format!("cannot write the job summary {file}: {why}"));
    }
}

/// Whether the run may be one of several that pre-commit splits a long list of files into.
fn is_part() -> bool {
    env::var_os("PRE_COMMIT").is_some()
}

/// Tells of files that would hold the findings of one part, where files are passed.
pub(super) fn warn_of_parts(targets: &[Target], inputs: &[Input]) {
    if !is_part() || !inputs.iter().any(|input| input.named) {
        return;
    }
    for file in target::files(targets) {
        let file = shown(file);
        complain_softly(&format!(
            "{file} may hold a part of the findings: pre-commit runs this more than once if there are many files, and each \
             run writes it anew; set pass_filenames: false and name directories in args"
        ));
    }
}

/// Behind what other commands of the step have written.
fn add_summary(path: &Path, report: &Report, style: &Style) -> io::Result<()> {
    let mut file = File::options().append(true).create(true).open(path)?;
    let there = usize::try_from(file.metadata()?.len()).unwrap_or(MOST_SUMMARY);
    let mut text = Vec::new();
    // --quiet is about the terminal: a page of nothing but a headline would tell nobody that the run was clean.
    let style = Style {
        quiet: false,
        ..style.clone()
    };
    output::write_job_summary(
        report,
        &style,
        MOST_SUMMARY.saturating_sub(there),
        &mut text,
    )?;
    if there + text.len() <= MOST_SUMMARY {
        file.write_all(&text)?;
    }
    Ok(())
}

fn is_true(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| value == "true")
}
