//! What one place says, and what several places together make of a document.

use std::sync::Arc;

use super::Config;
use crate::check::Settings;
use crate::finding::Level;
use crate::limits::Limits;
use crate::placeholder::Placeholder;
use crate::policy::Policies;
use crate::rule::{Operation, OptionId};
use crate::schema::ApiVersion;
use crate::source::Span;
use crate::suppress::Accepted;
use crate::triage::{Choice, FailOn, Selection, Selector};

/// A value and where it is written: bytes into the text of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Its place; empty where it is not from a file.
    pub span: Span,
}

impl<T> At<T> {
    /// From no file.
    pub fn nowhere(value: T) -> At<T> {
        At {
            value,
            span: Span::at(0),
        }
    }
}

/// A rule or group and its level; none is off.
pub type RuleLevel = (Selector, Option<Level>);

/// What one place says about documents: the command line, an override, a configuration file. What it leaves open is
/// decided by places that count less.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// Rules to run and no others.
    pub select: Option<At<Vec<At<Selector>>>>,
    /// Rules not to run.
    pub ignore: Option<At<Vec<At<Selector>>>>,
    /// Levels of rules and groups; none is off.
    pub rules: Vec<At<RuleLevel>>,
    /// Numbers of rules.
    pub options: Vec<At<(OptionId, i64)>>,
    /// From which level on findings make the run fail.
    pub fail_on: Option<At<FailOn>>,
    /// The API version whose schema applies.
    pub api_version: Option<At<ApiVersion>>,
    /// What documents are sent for.
    pub operation: Option<At<Operation>>,
    /// Forms of placeholders whose values are unknown.
    pub placeholders: Option<At<Vec<Placeholder>>>,
    /// Bounds on what is read.
    pub limits: Vec<At<(Limit, u64)>>,
    /// Rules of the user; they add to those of other places.
    pub policies: Policies,
}

impl Layer {
    /// What it says about rules.
    pub(crate) fn choice(&self) -> Choice {
        let names = |list: &Option<At<Vec<At<Selector>>>>| {
            let list = list.iter().flat_map(|list| &list.value);
            list.map(|selector| selector.value).collect()
        };
        Choice {
            select: names(&self.select),
            ignore: names(&self.ignore),
            levels: self.rules.iter().map(|level| level.value).collect(),
        }
    }

    /// Lays it over what places that count less have said.
    fn put(&self, profile: &mut Profile) {
        let choice = self.choice();
        if !choice.is_empty() {
            profile.selection.choices.push(choice);
        }
        let settings = &mut profile.settings;
        for At {
            value: (option, number),
            ..
        } in &self.options
        {
            settings.options.set(*option, *number);
        }
        for At {
            value: (limit, number),
            ..
        } in &self.limits
        {
            limit.set(&mut settings.limits, *number);
        }
        settings.policies = settings.policies.and(&self.policies);
        if let Some(fail_on) = &self.fail_on {
            profile.fail_on = fail_on.value;
        }
        if let Some(version) = &self.api_version {
            settings.api_version = Some(version.value);
        }
        if let Some(operation) = &self.operation {
            settings.operation = Some(operation.value);
        }
        if let Some(placeholders) = &self.placeholders {
            settings.placeholders = placeholders.value.iter().cloned().collect();
        }
    }
}

/// A limit by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// See [`Limits::max_size`].
    MaxSize,
    /// See [`Limits::max_depth`].
    MaxDepth,
    /// See [`Limits::max_attributes`].
    MaxAttributes,
    /// See [`Limits::max_namespaces`].
    MaxNamespaces,
    /// See [`Limits::max_nodes`].
    MaxNodes,
}

impl Limit {
    /// All limits.
    pub const ALL: [Limit; 5] = [
        Limit::MaxSize,
        Limit::MaxDepth,
        Limit::MaxAttributes,
        Limit::MaxNamespaces,
        Limit::MaxNodes,
    ];

    /// The name of the flag and the key.
    pub fn name(self) -> &'static str {
        match self {
            Limit::MaxSize => "max-size",
            Limit::MaxDepth => "max-depth",
            Limit::MaxAttributes => "max-attributes",
            Limit::MaxNamespaces => "max-namespaces",
            Limit::MaxNodes => "max-nodes",
        }
    }

    /// Looks it up by name.
    pub fn find(name: &str) -> Option<Limit> {
        Limit::ALL.into_iter().find(|limit| limit.name() == name)
    }

    /// The number that holds.
    pub fn get(self, limits: &Limits) -> u64 {
        match self {
            Limit::MaxSize => limits.max_size,
            Limit::MaxDepth => limits.max_depth as u64,
            Limit::MaxAttributes => limits.max_attributes as u64,
            Limit::MaxNamespaces => limits.max_namespaces as u64,
            Limit::MaxNodes => limits.max_nodes as u64,
        }
    }

    fn set(self, limits: &mut Limits, number: u64) {
        let count = usize::try_from(number).unwrap_or(usize::MAX);
        match self {
            Limit::MaxSize => limits.max_size = number,
            Limit::MaxDepth => limits.max_depth = count,
            Limit::MaxAttributes => limits.max_attributes = count,
            Limit::MaxNamespaces => limits.max_namespaces = count,
            Limit::MaxNodes => limits.max_nodes = count,
        }
    }
}

/// Everything that holds for a document.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// For the check.
    pub settings: Settings,
    /// Rules that count, and their levels.
    pub selection: Selection,
    /// From which level on its findings make the run fail.
    pub fail_on: FailOn,
    /// The configuration that it is from, with what else that says.
    pub config: Option<Arc<Config>>,
    /// What that accepts in it.
    pub(crate) accepted: Option<Arc<Accepted>>,
}

impl Profile {
    /// What layers make together; later ones beat earlier ones.
    pub fn of<'l>(layers: impl IntoIterator<Item = &'l Layer>) -> Profile {
        let mut profile = Profile::default();
        for layer in layers {
            layer.put(&mut profile);
        }
        profile
    }
}
