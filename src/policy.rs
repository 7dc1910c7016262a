//! Policies: rules of the user, in TOML, with the vocabulary of our own.
//!
//! A file is read with the place of every key and compiled against the schema by the grammar that the build script
//! compiles the rule book with. What comes out are the same values, so that evaluation, levels, suppressions, baselines
//! and outputs do not know whose rule it is.

mod book;
pub(crate) mod compile;
mod example;
mod file;
mod keep;
pub(crate) mod load;
mod model;
mod plan;
mod reader;
pub(crate) mod registry;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use example::{Example, Shown, outcome};

use crate::finding::Finding;
use crate::report::{Failure, FileReport};
use crate::rule::{RuleId, id};
use crate::schema::{ApiVersion, SHAPES, ShapeId};
use crate::source::{Source, Span};
use crate::suggest;
use crate::vocabulary::Subscription;
use keep::Kept;

/// Rules of the user, for [`Settings`](crate::Settings).
///
/// ```
/// use std::sync::Arc;
/// use cloudfront_lint::{Policies, Settings, Source, check};
///
/// let policy = r#"
/// [[rule]]
/// name    = "team/reference"
/// summary = "CallerReference is no date"
/// select  = "InvalidationBatch/CallerReference"
/// pattern = '\d{4}-\d{2}-\d{2}'
/// expected = "a date"
/// "#;
/// let source = Arc::new(Source::from_bytes("team.toml", policy.into()));
/// let policies = Policies::read([source]).unwrap();
///
/// let text = br#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
///   <Paths><Quantity>1</Quantity><Items><Path>/index.html</Path></Items></Paths>
///   <CallerReference>first try</CallerReference>
/// </InvalidationBatch>"#;
/// let source = Source::from_bytes("batch.xml", text.to_vec());
/// let settings = Settings { policies, ..Settings::default() };
/// let findings = check(&source, None, &settings).findings;
/// assert_eq!(findings[0].rule.name(), "team/reference");
/// assert_eq!(findings[0].message, "\"first try\" is no valid CallerReference");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Policies(Option<Arc<Set>>);

#[derive(Debug)]
struct Set {
    files: Vec<&'static KeptFile>,
    /// Sorted by name.
    rules: Vec<RuleId>,
    /// The checks at each shape.
    checks: Vec<Vec<(u64, &'static Subscription)>>,
}

/// A file without mistakes, kept for the life of the process.
#[derive(Debug)]
pub(crate) struct KeptFile {
    /// The name of the file.
    pub(crate) name: String,
    pub(crate) rules: Vec<KeptRule>,
}

/// One rule of a file.
#[derive(Debug)]
pub(crate) struct KeptRule {
    pub(crate) id: RuleId,
    /// The name in the text.
    pub(crate) span: Span,
    checks: Vec<Kept>,
    pub(crate) examples: Vec<Example>,
}

/// A file of policies that has mistakes.
#[derive(Debug)]
pub struct BrokenPolicy {
    /// Its text.
    pub source: Arc<Source>,
    /// All mistakes, sorted by place.
    pub findings: Vec<Finding>,
}

impl BrokenPolicy {
    /// What a report says of it.
    pub(crate) fn report(&self) -> FileReport {
        FileReport {
            name: self.source.name().into(),
            source: Some(Arc::clone(&self.source)),
            parsed: true,
            findings: self.findings.clone(),
            ..FileReport::default()
        }
    }

    /// What it means for the run.
    pub(crate) fn failure(&self) -> Failure {
        let mistakes = match self.findings.len() {
            1 => "a mistake".to_owned(),
            n => format!("{n} mistakes"),
        };
        Failure {
            name: None,
            message: format!(
                "{} has {mistakes}: the documents for which it holds were not checked",
                self.source.name()
            ),
        }
    }
}

impl Policies {
    /// Reads files of policies. What is read once is kept for the life of the process, by name and text.
    ///
    /// # Errors
    /// The files with mistakes.
    pub fn read(
        sources: impl IntoIterator<Item = Arc<Source>>,
    ) -> Result<Policies, Vec<BrokenPolicy>> {
        let mut broken = Vec::new();
        let mut files: Vec<&'static KeptFile> = Vec::new();
        // By name: the file that has it first.
        let mut names: BTreeMap<RuleId, &str> = BTreeMap::new();
        for source in sources {
            match file::read(&source) {
                Ok(file) if files.iter().any(|known| std::ptr::eq(*known, file)) => {}
                Ok(file) => {
                    let findings = twice(file, &names);
                    names.extend(file.rules.iter().map(|rule| (rule.id, &file.name[..])));
                    match findings.is_empty() {
                        true => files.push(file),
                        false => broken.push(BrokenPolicy { source, findings }),
                    }
                }
                Err(findings) => broken.push(BrokenPolicy { source, findings }),
            }
        }
        match broken.is_empty() {
            true => Ok(Policies::of(files)),
            false => Err(broken),
        }
    }

    fn of(files: Vec<&'static KeptFile>) -> Policies {
        let rules = || files.iter().flat_map(|file| &file.rules);
        if rules().next().is_none() {
            return Policies(None);
        }
        let mut ids: Vec<RuleId> = rules().map(|rule| rule.id).collect();
        ids.sort();
        let mut checks = vec![Vec::new(); SHAPES.len()];
        for kept in rules().flat_map(|rule| &rule.checks) {
            if let Some(list) = checks.get_mut(kept.shape) {
                list.push((kept.needs, kept.subscription));
            }
        }
        Policies(Some(Arc::new(Set {
            files,
            rules: ids,
            checks,
        })))
    }

    /// The rules of one file.
    pub(crate) fn of_file(file: &'static KeptFile) -> Policies {
        Policies::of(vec![file])
    }

    /// Whether there is no rule.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The rules, sorted by name.
    pub fn rules(&self) -> &[RuleId] {
        self.0.as_ref().map_or(&[], |set| &set.rules)
    }

    /// These and others, each file once.
    #[must_use]
    pub fn and(&self, others: &Policies) -> Policies {
        let mut files = self.files().to_vec();
        let is_new =
            |file: &&&'static KeptFile| !self.files().iter().any(|f| std::ptr::eq(*f, **file));
        files.extend(others.files().iter().filter(is_new));
        match files.len() == self.files().len() {
            true => self.clone(),
            false => Policies::of(files),
        }
    }

    /// The rule of a name, with what it says.
    pub fn find(&self, name: &str) -> Option<RuleId> {
        self.rules()
            .iter()
            .copied()
            .find(|rule| rule.name() == name)
    }

    /// Whether these are the policies that would have a rule, by the name of its team, and have it no more.
    pub(crate) fn have_lost(&self, rule: RuleId) -> bool {
        let team = |rule: RuleId| rule.name().split('/').next();
        let of_team = |one: &RuleId| team(*one) == team(rule);
        rule.is_of_policy() && self.rules().iter().any(of_team) && !self.rules().contains(&rule)
    }

    /// Why a rule that was named cannot be meant: it is that of a policy, and none of these has it.
    pub(crate) fn unknown(&self, rule: RuleId) -> Option<String> {
        if !rule.is_of_policy() || self.rules().contains(&rule) {
            return None;
        }
        let near = suggest::nearest(rule.name(), self.rules().iter().map(|rule| rule.name()));
        Some(match near {
            Some(near) => format!("did you mean {near}?"),
            None if self.is_empty() => "no policy was read; `--policy FILE` reads one, and so does `policies` in a configuration".to_owned(),
            None => "`cloudfront-lint rules` lists the rules of the policies that are read".to_owned(),
        })
    }

    /// Whether any rule needs the other documents of a run.
    pub(crate) fn need_others(&self) -> bool {
        let checks = self.0.iter().flat_map(|set| set.checks.iter().flatten());
        checks.into_iter().any(|(_, s)| s.check.test.is_of_many())
    }

    /// The files, in the order in which they were read.
    pub(crate) fn files(&self) -> &[&'static KeptFile] {
        self.0.as_ref().map_or(&[], |set| &set.files)
    }

    /// The checks that can find something at a structure of a shape with these members, of which some are not empty.
    pub(crate) fn for_structure(
        &self,
        shape: ShapeId,
        present: u64,
        filled: u64,
        version: ApiVersion,
    ) -> impl Iterator<Item = &'static Subscription> {
        let checks = self
            .0
            .as_ref()
            .and_then(|set| set.checks.get(shape.index()));
        let all = checks.into_iter().flatten();
        all.filter(move |(needs, _)| present & needs == *needs)
            .map(|(_, subscription)| *subscription)
            .filter(move |subscription| subscription.is_wanted(present, filled, version))
    }
}

/// A name stands for one rule.
fn twice(file: &KeptFile, names: &BTreeMap<RuleId, &str>) -> Vec<Finding> {
    let known = |rule: &KeptRule| Some((rule.span, rule.id.name(), *names.get(&rule.id)?));
    let twice = file.rules.iter().filter_map(known);
    let finding = |(span, name, other): (Span, &str, &str)| {
        mistake(span, format!("there is a rule {name} already, in {other}"))
            .label("a second one")
            .help("give one of them another name")
    };
    twice.map(finding).collect()
}

/// What is wrong in a file of policies.
fn mistake(span: Span, message: impl Into<String>) -> Finding {
    Finding::new(id::INVALID_POLICY, span, message)
}

/// Whether a word is in lower case with hyphens.
pub(crate) fn is_kebab(word: &str) -> bool {
    let is_part = |part: &str| {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        !part.is_empty() && part.bytes().all(fits)
    };
    word.split('-').all(is_part)
}
