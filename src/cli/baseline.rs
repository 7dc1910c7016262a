//! `check --baseline`: findings that were accepted earlier are marked; `--write-baseline` accepts those of now.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::file::write_file;
use crate::baseline::{self, Baseline, Earlier, Known};
use crate::config::{Finder, Profile, Setting};
use crate::finding::Finding;
use crate::read;
use crate::report::{Failure, FileReport, Report};
use crate::rule::{Operation, RuleId};
use crate::run::Options;
use crate::suppress::Ran;
use crate::walk::{Input, Place, reason, shown};

/// The largest baseline in bytes.
const LARGEST: u64 = 1 << 30;

/// Where the findings stand that were accepted earlier.
#[derive(Debug, Args)]
pub(super) struct BaselineArguments {
    /// Findings that were accepted earlier do not count; what is no longer found is told
    #[arg(long, value_name = "FILE", help_heading = "Accept findings")]
    baseline: Option<PathBuf>,

    /// Accept the findings of now: write them into the baseline [default: cloudfront-lint-baseline.jsonl]
    #[arg(long, conflicts_with = "diff", help_heading = "Accept findings")]
    write_baseline: bool,
}

/// The baselines of a run: one for all documents, or that of each configuration.
pub(super) struct Baselines {
    files: Vec<File>,
    /// For each document by its name: the baseline.
    of: HashMap<String, usize>,
    write: bool,
    /// Where each document really is.
    paths: HashMap<String, PathBuf>,
}

struct File {
    path: PathBuf,
    name: String,
    baseline: Baseline,
    /// It was named by nobody.
    is_default: bool,
}

impl BaselineArguments {
    /// Puts the flag in the place of what the configuration says.
    pub(super) fn show(&self, settings: &mut Vec<Setting>) {
        let Some(path) = &self.baseline else {
            return;
        };
        settings.retain(|setting| setting.key != "baseline");
        let top = settings.partition_point(|setting| setting.table.is_none());
        settings.insert(top, Setting::given("baseline", &shown(path)));
    }

    /// Reads the baselines that hold for the inputs.
    pub(super) fn open(
        &self,
        inputs: &[Input],
        options: &Options,
    ) -> Result<Baselines, Vec<Failure>> {
        let mut baselines = Baselines {
            files: Vec::new(),
            of: HashMap::new(),
            write: self.write_baseline,
            paths: HashMap::new(),
        };
        let mut known: HashMap<PathBuf, Option<usize>> = HashMap::new();
        let mut failures = Vec::new();
        let mut directories = Directories::default();
        for input in inputs {
            let profile = options.profiles.of(input);
            let Some((path, is_default)) = self.path(profile) else {
                continue;
            };
            let index = *known.entry(path).or_insert_with_key(|path| {
                match File::read(path, is_default, self.write_baseline) {
                    Ok(file) => {
                        baselines.files.push(file);
                        Some(baselines.files.len() - 1)
                    }
                    Err(failure) => {
                        failures.push(failure);
                        None
                    }
                }
            });
            if let Some(index) = index {
                baselines.of.insert(input.name.to_string(), index);
                let path = match &input.place {
                    Place::File(path) => directories.real(path),
                    Place::Stdin => directories.real(Path::new(&*input.name)),
                };
                baselines.paths.insert(input.name.to_string(), path);
            }
        }
        match failures.is_empty() {
            true => Ok(baselines),
            false => Err(failures),
        }
    }

    /// The baseline of a document, and whether nobody named it.
    fn path(&self, profile: &Profile) -> Option<(PathBuf, bool)> {
        if let Some(path) = &self.baseline {
            return Some((path.clone(), false));
        }
        let configured = profile.config.as_ref().and_then(|config| {
            let name = config.baseline.as_ref()?;
            Some(config.directory.join(&name.value))
        });
        match configured {
            Some(path) => Some((path, false)),
            None => self
                .write_baseline
                .then(|| (PathBuf::from(baseline::FILE_NAME), true)),
        }
    }
}

impl File {
    fn read(path: &Path, is_default: bool, write: bool) -> Result<File, Failure> {
        let name = name_of(path);
        let failure = |message: String| Failure {
            name: Some(name.clone()),
            message,
        };
        let directory = path.parent().filter(|dir| !dir.as_os_str().is_empty());
        let directory = real(directory.unwrap_or(Path::new(".")));
        let baseline = match fs::metadata(path) {
            Err(_) if write => Baseline::empty(directory),
            Ok(meta) if write && meta.is_file() && meta.len() == 0 => Baseline::empty(directory),
            Err(error) => {
                let why = reason(&error);
                return Err(failure(format!(
                    "{why}; --write-baseline writes a baseline"
                )));
            }
            Ok(_) => {
                let place = Place::File(path.to_path_buf());
                let source = read::whole(&place, &name, LARGEST)?;
                Baseline::read(source, directory).map_err(|broken| {
                    let (line, column) = (broken.line, broken.column);
                    failure(format!("line {line}, column {column}: {}", broken.message))
                })?
            }
        };
        Ok(File {
            path: path.to_path_buf(),
            name,
            baseline,
            is_default,
        })
    }
}

impl Baselines {
    /// What fixes must know of them.
    pub(super) fn earlier(&self) -> Earlier {
        let shared: Vec<_> = (self.files.iter())
            .map(|file| Arc::new(file.baseline.clone()))
            .collect();
        let mut earlier = Earlier::default();
        for (name, index) in &self.of {
            if let (Some(baseline), Some(path)) = (shared.get(*index), self.paths.get(name)) {
                earlier.add(name.clone(), Arc::clone(baseline), path.clone());
            }
        }
        earlier
    }

    /// The path of a baseline, by its name in reports.
    pub(super) fn path_of(&self, name: &str) -> Option<&Path> {
        let file = self.files.iter().find(|file| file.name == name);
        file.map(|file| &*file.path)
    }

    /// Marks what was accepted earlier, and tells what is not found any more.
    pub(super) fn apply(
        &mut self,
        report: &mut Report,
        inputs: &[Input],
        options: &Options,
        finder: &Finder,
    ) {
        for file in &mut report.documents {
            let index = self.of.get(&*file.name).copied();
            let place = index.zip(self.paths.get(&*file.name));
            if let Some((index, path)) = place
                && let Some(of) = self.files.get_mut(index)
            {
                of.baseline.mark(file, path);
            }
        }
        if !self.write {
            let stale = self.stale(report, inputs, options, finder);
            report.steering.extend(stale);
            report.steering.sort_by(|a, b| a.name.cmp(&b.name));
        }
    }

    fn stale(
        &self,
        report: &Report,
        inputs: &[Input],
        options: &Options,
        finder: &Finder,
    ) -> Vec<FileReport> {
        let mut stale = Vec::new();
        for (index, file) in self.files.iter().enumerate() {
            let seen = self.seen(index, report, inputs, options);
            let is_gone = |path: &Path| finder.walked_over(path) && !path.exists();
            let found = file.baseline.stale(|name, rule| match seen.get(name) {
                _ if RuleId::find(rule).is_none() => Known::NoRule,
                Some(seen) => seen.knows(rule),
                None if is_gone(&file.baseline.path_of(name)) => Known::NoFile,
                None => Known::Nothing,
            });
            let Some(mut found) = found else {
                continue;
            };
            let profile = self.profile(index, inputs, options);
            profile.selection.apply(&mut found.findings);
            found.fail_on = profile.fail_on;
            if !found.findings.is_empty() {
                stale.push(found);
            }
        }
        stale
    }

    /// What holds for a baseline: the same as for the first document that it speaks of.
    fn profile<'o>(&self, index: usize, inputs: &[Input], options: &'o Options) -> &'o Profile {
        let first = inputs
            .iter()
            .find(|input| self.of.get(&*input.name) == Some(&index));
        first.map_or(&options.profiles.base, |first| options.profiles.of(first))
    }

    /// The documents of a baseline that were checked, by their names in it.
    fn seen<'o>(
        &self,
        index: usize,
        report: &Report,
        inputs: &[Input],
        options: &'o Options,
    ) -> HashMap<String, Seen<'o>> {
        let by_name = super::by_name(inputs);
        let documents = report.documents.iter().filter_map(|file| {
            let of = self.of.get(&*file.name).filter(|of| **of == index)?;
            let name = self
                .files
                .get(*of)?
                .baseline
                .name_of(self.paths.get(&*file.name)?);
            let profile = options.profiles.of(by_name.get(&file.name[..])?);
            let updates = file.compared || options.primary.is_some();
            let default = match updates {
                true => Operation::Update,
                false => Operation::Create,
            };
            let ran = Ran {
                selection: &profile.selection,
                policies: &profile.settings.policies,
                operation: profile.settings.operation.unwrap_or(default),
                operation_given: profile.settings.operation.is_some(),
                compared: file.compared,
            };
            let parsed = file.parsed;
            Some((name, Seen { parsed, ran }))
        });
        documents.collect()
    }

    /// Writes the baselines, and marks what they accept. Returns what was done, in sentences.
    pub(super) fn write(
        &self,
        report: &mut Report,
        inputs: &[Input],
        options: &Options,
    ) -> Vec<String> {
        if !self.write {
            return Vec::new();
        }
        if !report.failures.is_empty() {
            return vec!["the baseline was not written, because the run failed".to_owned()];
        }
        let mut told = Vec::new();
        let mut failures = Vec::new();
        for (index, file) in self.files.iter().enumerate() {
            match self.write_one(index, file, report, inputs, options) {
                Ok(message) => told.push(message),
                Err(message) => failures.push(Failure {
                    name: Some(file.name.clone()),
                    message: format!("the baseline was not changed: {message}"),
                }),
            }
        }
        report.failures.extend(failures);
        told
    }

    fn write_one(
        &self,
        index: usize,
        file: &File,
        report: &mut Report,
        inputs: &[Input],
        options: &Options,
    ) -> Result<String, String> {
        let seen = self.seen(index, report, inputs, options);
        let is_mine = |document: &&FileReport| self.of.get(&*document.name) == Some(&index);
        let documents = report.documents.iter().filter(is_mine);
        let documents = documents
            .filter_map(|document| Some((document, self.paths.get(&*document.name)?.as_path())));
        // What comes by standard input may never have been a file.
        let may_be_no_file = inputs.iter().any(|input| input.place == Place::Stdin);
        let rewritten = file
            .baseline
            .rewritten(documents, |name, rule| match seen.get(name) {
                _ if RuleId::find(rule).is_none() => false,
                Some(seen) => seen.knows(rule) == Known::Nothing,
                // A document that nobody checked just now, unless it is gone.
                None => may_be_no_file || file.baseline.path_of(name).exists(),
            });
        write_file(&file.path, |out| out.write_all(rewritten.text.as_bytes()))
            .map_err(|error| reason(&error))?;
        let mut left = 0;
        let mine = report.documents.iter_mut();
        for document in mine.filter(|document| self.of.get(&*document.name) == Some(&index)) {
            accept(document);
            let open = |f: &&Finding| !f.suppressed && !f.baselined;
            left += document.findings.iter().filter(open).count();
        }
        let (entries, new, gone) = (rewritten.entries, rewritten.new, rewritten.gone);
        let name = &file.name;
        let noun = if entries == 1 { "finding" } else { "findings" };
        let hint = match file.is_default {
            true => format!(
                "; check with --baseline {name}, or write `baseline = \"{name}\"` into the configuration"
            ),
            false => String::new(),
        };
        let left = match left {
            0 => String::new(),
            n => format!("; {n} cannot be accepted"),
        };
        Ok(format!(
            "{name} accepts {entries} {noun}: {new} new, {gone} gone{left}{hint}"
        ))
    }
}

struct Seen<'o> {
    parsed: bool,
    ran: Ran<'o>,
}

impl Seen<'_> {
    /// What is known of a finding of a rule that is not there.
    fn knows(&self, rule: &str) -> Known {
        match RuleId::find(rule) {
            None => Known::NoRule,
            Some(rule) if self.ran.policies.have_lost(rule) => Known::NoRule,
            Some(rule) if self.parsed && self.ran.has(rule) => Known::NotFound,
            Some(_) => Known::Nothing,
        }
    }
}

fn accept(document: &mut FileReport) {
    for finding in &mut document.findings {
        if !finding.suppressed && baseline::is_acceptable(finding.rule) {
            finding.baselined = true;
        }
    }
}

/// A path as it is shown: from the current directory on, where it lies below.
fn name_of(path: &Path) -> String {
    let here = std::env::current_dir().map(|here| real(&here));
    let below = here.ok().and_then(|here| path.strip_prefix(here).ok());
    shown(below.unwrap_or(path))
}

fn real(directory: &Path) -> PathBuf {
    fs::canonicalize(directory)
        .or_else(|_| std::path::absolute(directory))
        .unwrap_or_else(|_| directory.to_path_buf())
}

/// Where files really are. Each directory is asked once in a row.
#[derive(Default)]
struct Directories {
    last: Option<(PathBuf, PathBuf)>,
}

impl Directories {
    fn real(&mut self, file: &Path) -> PathBuf {
        let directory = file.parent().filter(|dir| !dir.as_os_str().is_empty());
        let directory = directory.unwrap_or(Path::new("."));
        let known = self.last.take().filter(|(given, _)| given == directory);
        let (given, real) = known.unwrap_or_else(|| (directory.to_path_buf(), real(directory)));
        let path = real.join(file.file_name().unwrap_or_default());
        self.last = Some((given, real));
        path
    }
}
