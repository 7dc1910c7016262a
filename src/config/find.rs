//! Which configuration holds for a file: the nearest one from its directory upwards, up to the root of its repository.
//! Each directory is asked once.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{At, Config, Date, Layer, Profile, Setting, settings};
use crate::finding::Finding;
use crate::policy::{BrokenPolicy, Policies, load};
use crate::read;
use crate::report::{Failure, FileReport};
use crate::rule::{RuleId, id};
use crate::run::{Profiles, unreadable};
use crate::source::{Source, Span};
use crate::suppress::{self, Accepted, Effects};
use crate::triage::Selector;
use crate::walk::{Input, Place, shown, stdin_path};

/// The names of a configuration file; of two in one directory the first holds.
pub const FILE_NAMES: [&str; 2] = ["cloudfront-lint.toml", ".cloudfront-lint.toml"];

/// The largest configuration in bytes.
const LARGEST: u64 = 4 << 20;

/// A configuration file that was found.
#[derive(Debug)]
pub struct Found {
    /// Where it is.
    path: PathBuf,
    /// Its text.
    pub source: Arc<Source>,
    /// What it says; none if it has mistakes or cannot be read.
    pub config: Option<Arc<Config>>,
    /// What it says, mistakes left out; none if it cannot be read.
    draft: Option<Arc<Config>>,
    /// The mistakes of its text alone.
    slips: Vec<Finding>,
    /// Its mistakes.
    pub mistakes: Vec<Finding>,
    /// Why it cannot be read.
    pub failure: Option<Failure>,
    /// The rules of the user that it names, and those of the command line.
    pub policies: Policies,
    /// The policies that it names and that have mistakes.
    pub broken: Vec<BrokenPolicy>,
    /// The overrides that held for some file.
    overrides: Vec<bool>,
    /// The patterns of `exclude` that spoke of something.
    excludes: Vec<bool>,
    /// What came of what it accepts.
    effects: Arc<Effects>,
    /// The name of another one beside it, which is not read.
    shadowed: Option<&'static str>,
}

/// Where configurations come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// From nowhere.
    Isolated,
    /// The first one found holds for all files.
    Given,
    /// From the directories of the files.
    Nearest,
}

/// What holds in a directory.
#[derive(Clone, Copy, Debug, Default)]
struct Here {
    config: Option<usize>,
    excluded: Option<Excluded>,
}

/// The pattern that takes a path out of a walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Excluded {
    config: usize,
    pattern: usize,
}

/// Finds configurations, and remembers which were used.
#[derive(Debug)]
pub struct Finder {
    mode: Mode,
    found: Vec<Found>,
    /// By directory, without links and `..`.
    places: HashMap<PathBuf, Here>,
    /// The directory asked for last, as it was given, and what it really is.
    last: Option<(PathBuf, PathBuf, Here)>,
    /// Directories that were walked.
    walked: Vec<PathBuf>,
    /// Policies that hold for all files.
    policies: Vec<Arc<Source>>,
    /// The day on which it is asked.
    today: Option<Date>,
}

impl Finder {
    fn new(mode: Mode) -> Finder {
        Finder {
            mode,
            found: Vec::new(),
            places: HashMap::new(),
            last: None,
            walked: Vec::new(),
            policies: Vec::new(),
            today: None,
        }
    }

    /// Lets policies without mistakes hold beside those that configurations name.
    #[must_use]
    pub fn with_policies(mut self, policies: Vec<Arc<Source>>) -> Finder {
        self.policies = policies;
        if !self.policies.is_empty() {
            for found in &mut self.found {
                found.read_policies(&self.policies);
            }
        }
        self
    }

    /// Reads no configuration at all.
    pub fn isolated() -> Finder {
        Finder::new(Mode::Isolated)
    }

    /// Reads the configurations that are nearest to the files.
    pub fn nearest() -> Finder {
        Finder::new(Mode::Nearest)
    }

    /// Reads one configuration for all files.
    pub fn given(path: &Path) -> Finder {
        let mut finder = Finder::new(Mode::Given);
        let directory = path.parent().filter(|dir| !dir.as_os_str().is_empty());
        let directory = real(directory.unwrap_or(Path::new(".")));
        finder
            .found
            .push(Found::read(path, shown(path), &directory));
        finder
    }

    /// Says which day it is: what is accepted up to a day before is accepted no longer.
    #[must_use]
    pub fn on(mut self, today: Date) -> Finder {
        self.today = Some(today);
        self
    }

    /// The configurations that were found.
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// The configuration that holds in a directory.
    pub fn in_directory(&mut self, directory: &Path) -> Option<&Found> {
        let (_, here) = self.here(directory);
        here.config.map(|index| &self.found[index])
    }

    /// Everything that holds for a file, with the place that it is from; and why a walk passes it over.
    pub fn settings(&mut self, file: &Path, over: &Layer) -> (Vec<Setting>, Option<String>) {
        let excluded = self
            .excludes_file(file)
            .map(|excluded| self.reason(excluded));
        let (directory, here) = self.here(directory_of(file));
        let path = directory.join(file.file_name().unwrap_or_default());
        let found = here.config.and_then(|index| self.found.get(index));
        let config = found.and_then(|found| found.config.as_ref());
        let policies = found.map(|found| &found.policies);
        let policies =
            policies.map_or_else(|| over.policies.clone(), |own| own.and(&over.policies));
        let settings = settings(config, &path, over, &policies, self.today);
        (settings, excluded)
    }

    /// Notes that a directory is walked as a whole.
    pub(crate) fn walks(&mut self, directory: &Path) {
        self.walked.push(real(directory));
    }

    /// Whether a path lies in a directory that was walked as a whole. It is absolute, without `..` and links.
    pub(crate) fn walked_over(&self, path: &Path) -> bool {
        self.walked.iter().any(|walked| path.starts_with(walked))
    }

    /// What holds in a directory, and where it really is.
    fn here(&mut self, directory: &Path) -> (&Path, Here) {
        let is_last =
            matches!(&self.last, Some((given, ..)) if given.as_os_str() == directory.as_os_str());
        if !is_last {
            let (path, here) = match self.mode {
                Mode::Isolated => (PathBuf::new(), Here::default()),
                Mode::Given => {
                    let path = real(directory);
                    let here = Here {
                        config: Some(0),
                        excluded: self.excluded_by(Some(0), &path, true),
                    };
                    (path, here)
                }
                Mode::Nearest => {
                    let path = real(directory);
                    let here = self.look_upwards(&path);
                    (path, here)
                }
            };
            self.last = Some((directory.to_path_buf(), path, here));
        }
        match &self.last {
            Some((_, path, here)) => (path, *here),
            None => (Path::new(""), Here::default()),
        }
    }

    /// Asks a directory and those above it, each once, up to the root of the repository.
    fn look_upwards(&mut self, directory: &Path) -> Here {
        let mut unknown = Vec::new();
        let mut here = Here::default();
        for above in directory.ancestors() {
            if let Some(known) = self.places.get(above) {
                here = *known;
                break;
            }
            unknown.push(above);
            if above.join(".git").exists() {
                break;
            }
        }
        for path in unknown.into_iter().rev() {
            here.excluded = here
                .excluded
                .or_else(|| self.excluded_by(here.config, path, true));
            here.config = self.in_place(path).or(here.config);
            self.places.insert(path.to_path_buf(), here);
        }
        here
    }

    /// The configuration that stands in a directory.
    fn in_place(&mut self, directory: &Path) -> Option<usize> {
        // A link that leads nowhere is there, too: it must not look as if nobody had said anything.
        let is_there = |name: &&&str| directory.join(name).symlink_metadata().is_ok();
        let mut names = FILE_NAMES.iter().filter(is_there);
        let file = directory.join(names.next()?);
        let from_here = std::env::current_dir().map(|dir| real(&dir));
        let name = from_here.ok().and_then(|dir| file.strip_prefix(dir).ok());
        let mut found = Found::read(&file, shown(name.unwrap_or(&file)), directory);
        found.shadowed = names.next().copied();
        if !self.policies.is_empty() {
            found.read_policies(&self.policies);
        }
        self.found.push(found);
        Some(self.found.len() - 1)
    }

    fn excluded_by(
        &mut self,
        config: Option<usize>,
        path: &Path,
        is_directory: bool,
    ) -> Option<Excluded> {
        let index = config?;
        let found = self.found.get_mut(index)?;
        let config = found
            .config
            .as_ref()
            .filter(|config| !config.exclude.0.is_empty())?;
        let relative = config.relative(path);
        for pattern in config.exclude.speaking(&relative, is_directory) {
            found.excludes[pattern] = true;
        }
        let pattern = config.exclude.find(&relative, is_directory)?;
        Some(Excluded {
            config: index,
            pattern,
        })
    }

    /// The pattern that excludes a directory or one above it.
    pub(crate) fn excludes_directory(&mut self, directory: &Path) -> Option<Excluded> {
        self.here(directory).1.excluded
    }

    /// The pattern that excludes a file or a directory above it.
    pub(crate) fn excludes_file(&mut self, file: &Path) -> Option<Excluded> {
        let (directory, here) = self.here(directory_of(file));
        if here.excluded.is_some() || here.config.is_none() {
            return here.excluded;
        }
        let path = directory.join(file.file_name().unwrap_or_default());
        self.excluded_by(here.config, &path, false)
    }

    /// Why a path is passed over, as a short phrase.
    pub(crate) fn reason(&self, excluded: Excluded) -> String {
        let found = &self.found[excluded.config];
        let pattern = found
            .config
            .as_ref()
            .and_then(|config| config.exclude.0.get(excluded.pattern));
        let line = pattern.map_or(1, |pattern| found.source.line_of(pattern.span.start));
        format!("excluded by {}:{line}", found.source.name())
    }

    /// Gives every input the profile that holds for it. `over` beats all configurations.
    pub fn assign(&mut self, inputs: &mut [Input], over: &Layer) -> Profiles {
        let mut profiles = Profiles::from(Profile::of([over]));
        if self.mode == Mode::Isolated {
            return profiles;
        }
        let (mut first, mut one_for_all) = (None, true);
        let mut known: HashMap<(usize, [Vec<usize>; 2]), u32> = HashMap::new();
        let today = self.today;
        for input in inputs {
            let path = path_of(input);
            let (directory, here) = self.here(directory_of(path));
            let Some(index) = here.config else {
                one_for_all = false;
                continue;
            };
            let path = directory.join(path.file_name().unwrap_or_default());
            let found = &mut self.found[index];
            let Some(config) = &found.config else {
                let no_profile = || profiles.add_broken(found.source.name());
                input.profile = *known
                    .entry((index, Default::default()))
                    .or_insert_with(no_profile);
                continue;
            };
            if let Some(broken) = found.broken.first() {
                let no_profile = || profiles.add_broken(broken.source.name());
                input.profile = *known
                    .entry((index, Default::default()))
                    .or_insert_with(no_profile);
                continue;
            }
            let overrides = config.overrides_of(&path);
            for one in &overrides {
                found.overrides[*one] = true;
            }
            one_for_all &= *first.get_or_insert(index) == index;
            let parts = (index, [overrides, config.ignored_of(&path, today)]);
            input.profile = match known.get(&parts) {
                Some(profile) => *profile,
                None => {
                    let [overrides, ignored] = parts.1.clone();
                    let mut profile = Profile {
                        accepted: Accepted::new(config, ignored, &found.effects),
                        ..config.profile_of(&overrides, over)
                    };
                    profile.settings.policies = found.policies.and(&over.policies);
                    let added = profiles.add(profile);
                    known.insert(parts, added);
                    added
                }
            };
        }
        let first = first
            .filter(|_| one_for_all)
            .and_then(|first: usize| self.found.get(first));
        let config = first.and_then(|found| found.config.as_ref());
        profiles.together = config.map(|config| config.profile_of(&[], over));
        profiles
    }

    /// The path of a configuration that was found, by its name in reports.
    pub(crate) fn path_of(&self, name: &str) -> Option<&Path> {
        let found = self.found.iter().find(|found| found.source.name() == name);
        found.map(|found| &*found.path)
    }

    /// What there is to say of the configurations themselves, sorted by name: their mistakes, and what had no effect in
    /// a run that saw all they speak of. `complete`: every input could be read.
    pub fn reports(&self, over: &Layer, complete: bool) -> Vec<FileReport> {
        let mut reports: Vec<FileReport> = self
            .found
            .iter()
            .map(|found| {
                let mut findings = found.mistakes.clone();
                let mut fail_on = Profile::default().fail_on;
                if let Some(config) = &found.config {
                    let profile = config.profile_of(&[], over);
                    fail_on = profile.fail_on;
                    findings.extend(found.shadowed.map(shadowed));
                    let covered = complete && self.covers(config);
                    if covered {
                        findings.extend(unused(found, config));
                    }
                    let complaints =
                        suppress::complaints(config, &found.effects, covered, self.today);
                    findings.extend(complaints);
                    profile.selection.apply(&mut findings);
                }
                findings.sort_by_key(|finding| (finding.span, finding.rule));
                FileReport {
                    name: found.source.name().into(),
                    source: Some(Arc::clone(&found.source)),
                    parsed: true,
                    fail_on,
                    findings,
                    ..FileReport::default()
                }
            })
            .filter(|report| !report.findings.is_empty())
            .collect();
        let broken = self.found.iter().flat_map(|found| &found.broken);
        reports.extend(broken.map(BrokenPolicy::report));
        reports.sort_by(|a, b| a.name.cmp(&b.name));
        reports.dedup_by(|a, b| a.name == b.name);
        reports
    }

    /// The configurations that could not be used.
    pub fn failures(&self) -> impl Iterator<Item = Failure> {
        let of_configurations = self.found.iter().filter_map(|found| {
            let mistakes = found.mistakes.len();
            let of_mistakes = (mistakes > 0).then(|| Failure {
                name: None,
                message: format!(
                    "{} has {}: the documents for which it holds were not checked",
                    found.source.name(),
                    match mistakes {
                        1 => "a mistake".to_owned(),
                        n => format!("{n} mistakes"),
                    }
                ),
            });
            found.failure.clone().or(of_mistakes)
        });
        let broken = self.found.iter().flat_map(|found| &found.broken);
        let mut of_policies: Vec<Failure> = broken.map(BrokenPolicy::failure).collect();
        of_policies.dedup_by(|a, b| a.message == b.message);
        of_configurations.chain(of_policies)
    }

    /// Whether all files were walked for which a configuration may hold.
    fn covers(&self, config: &Config) -> bool {
        let walked = |walked: &PathBuf| config.directory.starts_with(walked);
        self.walked.iter().any(walked)
    }

    /// Every mistake by itself, with its place, for commands that do not report findings.
    pub fn mistakes(&self) -> impl Iterator<Item = Failure> {
        self.found.iter().flat_map(|found| {
            let own = found
                .mistakes
                .iter()
                .map(|mistake| (&found.source, mistake));
            let of_policies = found.broken.iter().flat_map(|broken| {
                let mistakes = broken.findings.iter();
                mistakes.map(|mistake| (&broken.source, mistake))
            });
            let told = own.chain(of_policies).map(|(source, mistake)| {
                let mut failure = unreadable(source, mistake);
                if let Some(help) = &mistake.help {
                    failure.message += &format!(" ({help})");
                }
                failure
            });
            told.chain(found.failure.clone())
        })
    }

    /// What holds for one file.
    ///
    /// # Errors
    /// The mistakes of its configuration.
    pub fn profile(&mut self, file: &Path, over: &Layer) -> Result<Profile, Vec<Failure>> {
        let (directory, here) = self.here(directory_of(file));
        let path = directory.join(file.file_name().unwrap_or_default());
        let Some(found) = here.config.and_then(|index| self.found.get(index)) else {
            return Ok(Profile::of([over]));
        };
        match &found.config {
            Some(config) if found.broken.is_empty() => Ok(config.profile(&path, over, self.today)),
            _ => Err(self.mistakes().collect()),
        }
    }
}

/// Overrides and patterns that match nothing, after a run that saw all of which they may speak.
fn unused(found: &Found, config: &Config) -> Vec<Finding> {
    let overrides = config.overrides.iter().zip(&found.overrides);
    let overrides = overrides.filter(|(_, used)| !**used).map(|(one, _)| {
        let span = one.files.0.first().map_or(one.span, |first| {
            let last = one.files.0.last().unwrap_or(first);
            first.span.to(last.span)
        });
        Finding::new(
            id::UNUSED_CONFIGURATION,
            span,
            "this override holds for no file",
        )
        .help("correct the pattern, or remove the override")
    });
    let excludes = config.exclude.0.iter().zip(&found.excludes);
    let excludes = excludes.filter(|(_, used)| !**used).map(|(pattern, _)| {
        Finding::new(
            id::UNUSED_CONFIGURATION,
            pattern.span,
            "this pattern excludes nothing",
        )
        .help("correct the pattern, or remove it")
    });
    overrides.chain(excludes).collect()
}

impl Found {
    fn read(path: &Path, name: String, directory: &Path) -> Found {
        let empty = || Arc::new(Source::from_bytes(name.clone(), Vec::new()));
        let mut found = Found {
            path: path.to_path_buf(),
            source: empty(),
            config: None,
            draft: None,
            slips: Vec::new(),
            mistakes: Vec::new(),
            failure: None,
            policies: Policies::default(),
            broken: Vec::new(),
            overrides: Vec::new(),
            excludes: Vec::new(),
            effects: Arc::default(),
            shadowed: None,
        };
        let source = match read::steering(path, &name, LARGEST) {
            Ok(source) => Arc::new(source),
            Err(why) => {
                found.failure = Some(Failure {
                    name: Some(name),
                    message: format!("cannot be read as a configuration: {why}"),
                });
                return found;
            }
        };
        found.source = Arc::clone(&source);
        let (config, slips) = Config::draft(source, directory);
        found.overrides = vec![false; config.overrides.len()];
        found.excludes = vec![false; config.exclude.0.len()];
        found.effects = Effects::of(&config);
        found.draft = Some(Arc::new(config));
        found.slips = slips;
        found.read_policies(&[]);
        found
    }

    /// Reads the policies that it names, besides others. What it says of rules must fit them.
    fn read_policies(&mut self, others: &[Arc<Source>]) {
        let Some(config) = self.draft.clone() else {
            return;
        };
        let mut sources = others.to_vec();
        let mut mistakes = Vec::new();
        for named in &config.policies {
            match policy_files(&config.directory, named) {
                Ok(files) => sources.extend(files),
                Err(more) => mistakes.extend(more),
            }
        }
        (self.policies, self.broken) = match Policies::read(sources) {
            Ok(policies) => (policies, Vec::new()),
            Err(broken) => (Policies::default(), broken),
        };
        if mistakes.is_empty() && self.broken.is_empty() {
            mistakes = unknown_rules(&config, &self.policies);
        }
        mistakes.extend(self.slips.iter().cloned());
        mistakes.sort_by_key(|finding| (finding.span, finding.rule));
        self.config = mistakes.is_empty().then_some(config);
        self.mistakes = mistakes;
    }
}

/// The policies that an entry of `policies` names.
fn policy_files(directory: &Path, named: &At<String>) -> Result<Vec<Arc<Source>>, Vec<Finding>> {
    let mistake = |message: String| {
        Finding::new(id::INVALID_CONFIGURATION_VALUE, named.span, message)
            .label("no policy")
            .help("write the path of a file or a directory from here on, such as `policy/*.toml`")
    };
    let files = load::files(directory, &named.value)
        .map_err(|why| vec![mistake(format!("`{}` names no policy: {why}", named.value))])?;
    let (mut sources, mut mistakes) = (Vec::new(), Vec::new());
    for file in files {
        match load::read(&file, "a policy") {
            Ok(source) => sources.push(source),
            Err(Failure { name, message }) => {
                mistakes.push(mistake(format!("{} {message}", name.unwrap_or_default())));
            }
        }
    }
    match mistakes.is_empty() {
        true => Ok(sources),
        false => Err(mistakes),
    }
}

/// Whoever edits the other file must not wonder why nothing changes.
fn shadowed(name: &'static str) -> Finding {
    let message = format!("{name} in the same directory is not read");
    Finding::new(id::UNUSED_CONFIGURATION, Span::at(0), message).help("keep one of the two files")
}

/// Names of rules that no policy has.
fn unknown_rules(config: &Config, policies: &Policies) -> Vec<Finding> {
    let layers = std::iter::once(&config.base).chain(config.overrides.iter().map(|one| &one.layer));
    let mut named: Vec<(RuleId, Span)> = Vec::new();
    for layer in layers {
        let lists = [&layer.select, &layer.ignore].into_iter().flatten();
        let selectors = lists
            .flat_map(|list| &list.value)
            .map(|at| (at.value, at.span));
        let levels = layer.rules.iter().map(|at| (at.value.0, at.span));
        named.extend(
            selectors
                .chain(levels)
                .filter_map(|(selector, span)| match selector {
                    Selector::Rule(rule) => Some((rule, span)),
                    _ => None,
                }),
        );
    }
    named.extend(
        config
            .ignored
            .iter()
            .map(|one| (one.rule.value, one.rule.span)),
    );
    let unknown = named
        .into_iter()
        .filter_map(|(rule, span)| Some((rule, span, policies.unknown(rule)?)));
    let finding = |(rule, span, help): (RuleId, Span, String)| {
        let message = format!("no policy has a rule {}", rule.name());
        Finding::new(id::INVALID_CONFIGURATION_VALUE, span, message)
            .label("unknown")
            .help(help)
    };
    unknown.map(finding).collect()
}

/// A directory without links and `..`; as it is where it cannot be found.
fn real(directory: &Path) -> PathBuf {
    fs::canonicalize(directory)
        .or_else(|_| std::path::absolute(directory))
        .unwrap_or_else(|_| directory.to_path_buf())
}

fn directory_of(file: &Path) -> &Path {
    file.parent()
        .filter(|directory| !directory.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// The path by which a configuration knows an input.
fn path_of(input: &Input) -> &Path {
    match &input.place {
        Place::File(path) => path,
        Place::Stdin => stdin_path(&input.name),
    }
}
