//! The policies that commands read: those of the command line and those of the configuration.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::reading::ConfigArguments;
use super::{Outcome, complain};
use crate::finding::Finding;
use crate::policy::{BrokenPolicy, Policies, load};
use crate::report::Failure;
use crate::source::Source;
use crate::walk::shown;

/// Rules of the user.
#[derive(Debug, Default, Args)]
pub(super) struct PolicyArguments {
    /// Check rules of your own, too, which this file holds; may be repeated, and be a directory
    #[arg(long = "policy", value_name = "FILE", help_heading = "Checks")]
    files: Vec<PathBuf>,
}

/// Why policies cannot be used.
#[derive(Debug, Default)]
pub(super) struct Unusable {
    pub(super) broken: Vec<BrokenPolicy>,
    pub(super) failures: Vec<Failure>,
}

impl PolicyArguments {
    /// The texts of the files, and the rules in them.
    pub(super) fn read(&self) -> Result<(Vec<Arc<Source>>, Policies), Unusable> {
        read(&self.files)
    }
}

/// The texts of files, of the files of directories, and the rules in them.
pub(super) fn read(paths: &[PathBuf]) -> Result<(Vec<Arc<Source>>, Policies), Unusable> {
    let mut unusable = Unusable::default();
    let mut sources: Vec<Arc<Source>> = Vec::new();
    for path in paths {
        match files(path) {
            Ok(found) => sources.extend(found),
            Err(failures) => unusable.failures.extend(failures),
        }
    }
    match Policies::read(sources.iter().cloned()) {
        Ok(policies) if unusable.failures.is_empty() => return Ok((sources, policies)),
        Ok(_) => {}
        Err(broken) => unusable.broken = broken,
    }
    Err(unusable)
}

fn files(path: &Path) -> Result<Vec<Arc<Source>>, Vec<Failure>> {
    let failure = |message: String| {
        vec![Failure {
            name: Some(shown(path)),
            message,
        }]
    };
    let files = match path.is_dir() {
        true => load::files(path, "").map_err(|_| {
            failure("is a directory without policies: no file in it ends in .toml".to_owned())
        })?,
        false => vec![path.to_path_buf()],
    };
    let (mut sources, mut failures) = (Vec::new(), Vec::new());
    for file in files {
        match load::read(&file, "a policy") {
            Ok(source) => sources.push(source),
            Err(failure) => failures.push(failure),
        }
    }
    match failures.is_empty() {
        true => Ok(sources),
        false => Err(failures),
    }
}

/// The policies of the command line, and those of the configuration that holds in the current directory. What is wrong
/// with them is said on standard error.
pub(super) fn here(
    policies: &PolicyArguments,
    config: &ConfigArguments,
) -> Result<Policies, Outcome> {
    let (sources, given) = policies.read().map_err(|unusable| unusable.complain())?;
    let mut finder = config.finder().with_policies(sources);
    let Some(found) = finder.in_directory(Path::new(".")) else {
        return Ok(given);
    };
    if found.config.is_some() && found.broken.is_empty() {
        return Ok(found.policies.and(&given));
    }
    complain_of(&found.source, &found.mistakes);
    for broken in &found.broken {
        complain_of(&broken.source, &broken.findings);
    }
    if let Some(failure) = &found.failure {
        complain_of_failure(failure);
    }
    Err(Outcome::Failed)
}

impl Unusable {
    /// Says what is wrong.
    pub(super) fn complain(&self) -> Outcome {
        for broken in &self.broken {
            complain_of(&broken.source, &broken.findings);
        }
        self.failures.iter().for_each(complain_of_failure);
        Outcome::Failed
    }
}

fn complain_of_failure(failure: &Failure) {
    match &failure.name {
        Some(name) => complain(&format!("{name}: {}", failure.message)),
        None => complain(&failure.message),
    }
}

fn complain_of(source: &Source, findings: &[Finding]) {
    for finding in findings {
        let at = source.position(finding.span.start);
        let help = finding.help.as_deref();
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        let (name, line, column) = (source.name(), at.line, at.column);
        complain(&format!(
            "{name}:{line}:{column}: {}{help}",
            finding.message
        ));
    }
}
