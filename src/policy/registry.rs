//! The names and descriptions of rules that are not built in.
//!
//! They are kept for the life of the process, so that a [`RuleId`] stays a number that everything may copy and whose
//! name anybody may hold. A name is kept once, and so is the text of a policy: what grows is bounded by how many
//! different policies a process reads.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use super::{KeptFile, is_kebab};
use crate::finding::{Confidence, Level};
use crate::rule::{Group, Rule, RuleId};
use crate::schema::VersionRange;

/// The first part of names that are ours.
pub(crate) const OWN_NAMESPACE: &str = "cloudfront-lint";

#[derive(Default)]
struct Registry {
    /// By name: its number, and that of the description that stands in until a policy is read.
    names: HashMap<&'static str, (u32, u32)>,
    rules: Vec<&'static Rule>,
    /// Policies by the name of their file and their text.
    files: HashMap<(&'static str, &'static str), &'static KeptFile>,
}

static REGISTRY: LazyLock<RwLock<Registry>> = LazyLock::new(RwLock::default);

/// What is used when a number is not one of the registry's, which it always is.
static NOBODY: Rule = undefined("");

const fn undefined(name: &'static str) -> Rule {
    Rule {
        name,
        summary: "A rule of a policy that was not read",
        group: Group::Policy,
        level: Level::Error,
        confidence: Confidence::Documented,
        error: None,
        errors: &[],
        versions: VersionRange::ALL,
        mandatory: false,
        fixes: None,
        constraints: &[],
        page: "",
        origin: None,
    }
}

/// The rule of a name `team/rule-name`; none if the name is not of this form, or ours.
pub(crate) fn named(name: &str) -> Option<RuleId> {
    let (namespace, rest) = name.split_once('/')?;
    if !is_kebab(namespace) || !is_kebab(rest) || namespace == OWN_NAMESPACE {
        return None;
    }
    let known = read().names.get(name).copied();
    let (number, definition) = known.unwrap_or_else(|| write().number(name));
    Some(RuleId::of_policy(number, definition))
}

/// Keeps the description of a rule; its name has the form of [`named`].
pub(crate) fn define(rule: Rule) -> RuleId {
    let mut registry = write();
    let (number, _) = registry.number(rule.name);
    let definition = registry.push(rule);
    RuleId::of_policy(number, definition)
}

/// A description.
pub(crate) fn rule(definition: u32) -> &'static Rule {
    read()
        .rules
        .get(definition as usize)
        .copied()
        .unwrap_or(&NOBODY)
}

/// A policy that was read before, by the name of its file and its text.
pub(crate) fn file(name: &str, text: &str) -> Option<&'static KeptFile> {
    read().files.get(&(name, text)).copied()
}

/// Keeps a policy. If another thread was faster, what that thread keeps.
pub(crate) fn keep_file(name: &str, text: &str, file: KeptFile) -> &'static KeptFile {
    let key = (leak(name), leak(text));
    write()
        .files
        .entry(key)
        .or_insert_with(|| Box::leak(Box::new(file)))
}

/// Keeps a text.
pub(crate) fn leak(text: &str) -> &'static str {
    Box::leak(text.to_owned().into_boxed_str())
}

/// Keeps a list.
pub(crate) fn leak_all<T>(list: impl IntoIterator<Item = T>) -> &'static [T] {
    Vec::leak(list.into_iter().collect())
}

impl Registry {
    fn number(&mut self, name: &str) -> (u32, u32) {
        if let Some(known) = self.names.get(name) {
            return *known;
        }
        let name = leak(name);
        let numbers = (self.names.len() as u32, self.push(undefined(name)));
        self.names.insert(name, numbers);
        numbers
    }

    fn push(&mut self, rule: Rule) -> u32 {
        self.rules.push(Box::leak(Box::new(rule)));
        self.rules.len() as u32 - 1
    }
}

fn read() -> std::sync::RwLockReadGuard<'static, Registry> {
    REGISTRY.read().unwrap_or_else(PoisonError::into_inner)
}

fn write() -> std::sync::RwLockWriteGuard<'static, Registry> {
    REGISTRY.write().unwrap_or_else(PoisonError::into_inner)
}
