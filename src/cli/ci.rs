//! What a run does by itself because it is one of a CI system that says so: nothing that is not certain to be wanted, and
//! never another exit status.

use std::env;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::complain_softly;
use crate::output::{self, Format, Root, Style};
use crate::report::Report;
use crate::walk::{reason, shown};

/// GitHub takes so many bytes of summary from a step.
const MOST_SUMMARY: usize = 1 << 20;

/// From where the code host counts paths: the checkout, if there is one around the current directory; else that directory.
pub(super) fn root() -> Root {
    let Ok(here) = env::current_dir().and_then(fs::canonicalize) else {
        return Root::default();
    };
    let checkouts = [
        ("GITHUB_ACTIONS", "GITHUB_WORKSPACE"),
        ("GITLAB_CI", "CI_PROJECT_DIR"),
    ];
    let checkout = checkouts.iter().find(|(system, _)| is_true(system));
    let root = checkout.and_then(|(_, directory)| fs::canonicalize(env::var_os(directory)?).ok());
    let root = root.filter(|root| here.starts_with(root));
    let root = root.unwrap_or_else(|| here.clone());
    Root::new(here, root)
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
    // pre-commit splits one run into several, each of which would write one.
    let is_part = env::var_os("PRE_COMMIT").is_some();
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

/// Behind what other commands of the step have written.
fn add_summary(path: &Path, report: &Report, style: &Style) -> io::Result<()> {
    let mut file = File::options().append(true).create(true).open(path)?;
    let there = usize::try_from(file.metadata()?.len()).unwrap_or(MOST_SUMMARY);
    let mut text = Vec::new();
    output::write_job_summary(report, style, MOST_SUMMARY.saturating_sub(there), &mut text)?;
    if there + text.len() <= MOST_SUMMARY {
        file.write_all(&text)?;
    }
    Ok(())
}

fn is_true(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| value == "true")
}
