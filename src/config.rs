//! Configuration: `cloudfront-lint.toml`. Read with the place of every value, then validated as a whole, so that all
//! mistakes are told at once.

mod date;
mod find;
mod init;
mod keys;
mod layer;
mod paths;
mod preset;
mod read;
mod schema;
mod show;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use date::Date;
pub(crate) use find::Excluded;
pub use find::{FILE_NAMES, Finder, Found};
pub use init::Survey;
pub use layer::{At, Layer, Limit, Profile, RuleLevel};
pub use paths::{PathPattern, PathPatterns};
pub use preset::{PRESETS, Preset};
pub use schema::json_schema;
pub use show::{Setting, settings};

use crate::finding::Finding;
use crate::rule::RuleId;
use crate::source::{Source, Span};
use crate::suppress::{Accepted, Effects, ElementPattern};
use keys::Part;

/// A configuration file without mistakes.
#[derive(Clone, Debug)]
pub struct Config {
    /// Its text; all places are in it.
    pub source: Arc<Source>,
    /// The directory from which all its paths and patterns begin.
    pub directory: PathBuf,
    /// What it begins with; none: the preset `default`.
    pub preset: Option<At<&'static Preset>>,
    /// What holds for all files.
    pub base: Layer,
    /// What holds for some files; later ones beat earlier ones.
    pub overrides: Vec<Override>,
    /// What is not looked at.
    pub exclude: PathPatterns,
    /// Findings that are accepted.
    pub ignored: Vec<Ignored>,
    /// Whether every accepted finding needs a reason.
    pub require_reason: bool,
    /// Where the file says so.
    require_reason_at: Option<Span>,
    /// The file of findings that were accepted earlier, as it is written.
    pub baseline: Option<At<String>>,
    /// Files and directories with rules of the user, as they are written.
    pub policies: Vec<At<String>>,
}

/// What holds for some files.
#[derive(Clone, Debug)]
pub struct Override {
    /// The table in the text.
    pub span: Span,
    /// The files.
    pub files: PathPatterns,
    /// What holds for them.
    pub layer: Layer,
}

/// A finding that is accepted: `[[ignore]]`.
#[derive(Clone, Debug)]
pub struct Ignored {
    /// The table in the text, to its last value.
    pub span: Span,
    /// Its rule.
    pub rule: At<RuleId>,
    /// The path of elements where it is; none: everywhere.
    pub at: Option<At<ElementPattern>>,
    /// The files where it is; none: all.
    pub files: Option<PathPatterns>,
    /// Why it is accepted.
    pub reason: Option<At<String>>,
    /// The last day on which it is.
    pub until: Option<At<Date>>,
}

impl Config {
    /// Reads the text of a configuration. Its paths begin from `directory`, which is absolute, without `..` and links,
    /// if files are to be found below it.
    ///
    /// # Errors
    /// Every mistake, as a finding in the text.
    ///
    /// ```
    /// use std::path::Path;
    /// use std::sync::Arc;
    /// use cloudfront_lint::{Config, Layer, Level, RuleId, Source, Standing};
    ///
    /// let text = "[rules]\nquantity-mismatch = \"warning\"\n";
    /// let source = Arc::new(Source::from_bytes("cloudfront-lint.toml", text.into()));
    /// let config = Arc::new(Config::read(source, "/site").unwrap());
    /// let profile = config.profile(Path::new("/site/shop.xml"), &Layer::default(), None);
    /// let rule = RuleId::find("quantity-mismatch").unwrap();
    /// assert_eq!(profile.selection.standing(rule), Standing::On(Some(Level::Warning)));
    /// ```
    pub fn read(
        source: Arc<Source>,
        directory: impl Into<PathBuf>,
    ) -> Result<Config, Vec<Finding>> {
        let (config, findings) = Config::draft(source, directory);
        match findings.is_empty() {
            true => Ok(config),
            false => Err(findings),
        }
    }

    /// What is left of a text without its mistakes, and these, sorted by place.
    fn draft(source: Arc<Source>, directory: impl Into<PathBuf>) -> (Config, Vec<Finding>) {
        let (part, mut findings) = read::read(&source, keys::FILE);
        findings.sort_by_key(|finding| (finding.span, finding.rule));
        (Config::new(source, directory.into(), part), findings)
    }

    fn new(source: Arc<Source>, directory: PathBuf, part: Part) -> Config {
        let patterns = |patterns: Option<At<Vec<PathPattern>>>| {
            PathPatterns(patterns.map(|at| at.value).unwrap_or_default())
        };
        let ignored = |part: Part| {
            Some(Ignored {
                span: part.span,
                rule: part.rule?,
                at: part.at,
                files: part.files.map(|files| PathPatterns(files.value)),
                reason: part.reason,
                until: part.until,
            })
        };
        let overrides = part.overrides.into_iter().map(|part| Override {
            span: part.span,
            files: patterns(part.files),
            layer: part.layer,
        });
        let of_preset = || part.preset.as_ref()?.value.require_reason;
        let required = part
            .require_reason
            .as_ref()
            .map(|at| at.value)
            .or_else(of_preset);
        Config {
            source,
            directory,
            base: part.layer,
            overrides: overrides.collect(),
            require_reason: required.unwrap_or(false),
            require_reason_at: part.require_reason.map(|at| at.span),
            preset: part.preset,
            exclude: patterns(part.exclude),
            ignored: part.ignored.into_iter().filter_map(ignored).collect(),
            baseline: part.baseline,
            policies: part.policies,
        }
    }

    /// A path as its patterns see it.
    pub fn relative(&self, path: &Path) -> PathBuf {
        paths::below(&self.directory, path)
    }

    /// Everything that holds for a file: `over`, which is mostly the command line, beats overrides, and these what the
    /// file says for all. `path` is absolute, without `..` and links; `today` decides what is accepted no longer.
    pub fn profile(self: &Arc<Config>, path: &Path, over: &Layer, today: Option<Date>) -> Profile {
        let holding = self.ignored_of(path, today);
        Profile {
            accepted: Accepted::new(self, holding, &Effects::of(self)),
            ..self.profile_of(&self.overrides_of(path), over)
        }
    }

    /// The `[[ignore]]` that hold for a file, by their indices.
    pub(crate) fn ignored_of(&self, path: &Path, today: Option<Date>) -> Vec<usize> {
        if self.ignored.is_empty() {
            return Vec::new();
        }
        let relative = self.relative(path);
        let holds = |one: &Ignored| {
            let files = one.files.as_ref();
            files.is_none_or(|files| files.find(&relative, false).is_some())
                && !one.is_expired(today)
        };
        let ignored = self.ignored.iter().enumerate();
        ignored
            .filter(|(_, one)| holds(one))
            .map(|(index, _)| index)
            .collect()
    }

    /// The overrides that hold for a file, by their indices.
    pub(crate) fn overrides_of(&self, path: &Path) -> Vec<usize> {
        if self.overrides.is_empty() {
            return Vec::new();
        }
        let relative = self.relative(path);
        let overrides = self.overrides.iter().enumerate();
        overrides
            .filter(|(_, one)| one.files.find(&relative, false).is_some())
            .map(|(index, _)| index)
            .collect()
    }

    pub(crate) fn profile_of(self: &Arc<Config>, overrides: &[usize], over: &Layer) -> Profile {
        let overrides = overrides
            .iter()
            .filter_map(|index| self.overrides.get(*index));
        let preset = self.preset.as_ref().map(|preset| preset.value.layer());
        let layers = preset
            .iter()
            .chain([&self.base])
            .chain(overrides.map(|one| &one.layer))
            .chain([over]);
        let mut profile = Profile::of(layers);
        profile.settings.require_reason = self.require_reason;
        profile.config = Some(Arc::clone(self));
        profile
    }
}
