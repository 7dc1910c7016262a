//! The vocabulary of declarative checks: what the `[check]` of a rule file can say, as data.
//!
//! The build script reads the rule files and writes these values; nothing is parsed when the program starts. A check is
//! anchored at a structure, its paths lead from there downwards, and it is looked at only where the structure has the
//! members that the check needs.

pub(crate) mod evaluate;

use std::sync::OnceLock;

use regex::Regex;

use crate::document::Element;
use crate::finding::{ApiError, Confidence, Finding, Level, Safety};
use crate::rule::{Operation, OptionId, RuleId};
use crate::schema::{ApiVersion, NameId, VersionRange};
use crate::scope::Scope;

/// Names of elements from an anchor downwards; the items of a list by their name: `Aliases`, `Items`, `CNAME`.
pub type Path = &'static [NameId];

/// A check at one kind of structure.
#[derive(Debug)]
pub struct Subscription {
    /// API versions in which it is looked at.
    pub versions: VersionRange,
    /// Members that the structure must not have, a bit for each place in its list of members.
    pub(crate) lacks: u64,
    /// Members of which it must have `least`.
    pub(crate) any: u64,
    /// How many of them.
    pub(crate) least: u32,
    /// A structure that has all these members, none of them empty, cannot fail; 0 if that tells nothing.
    pub(crate) complete: u64,
    /// What to check.
    pub check: &'static Check,
    /// What is checked; an empty path is the structure itself.
    pub paths: &'static [Path],
}

impl Subscription {
    /// Whether a structure that has the members which the check needs can give a finding at all in this version.
    pub(crate) fn is_wanted(&self, present: u64, filled: u64, version: ApiVersion) -> bool {
        present & self.lacks == 0
            && (self.least == 0 || (present & self.any).count_ones() >= self.least)
            && (self.complete == 0 || filled & self.complete != self.complete)
            && self.versions.contains(version)
    }
}

/// One check of a rule.
#[derive(Debug)]
pub struct Check {
    /// The rule that speaks.
    pub rule: RuleId,
    /// The operations for which it matters; empty: all.
    pub operations: &'static [Operation],
    /// All of these must hold, seen from the anchor.
    pub when: &'static [Term],
    /// None of these may hold.
    pub unless: &'static [Term],
    /// What must be so.
    pub test: Test,
    /// The words of its findings, where the test's own would not do.
    // Apart from the rest, for they are hardly ever needed.
    pub words: &'static Words,
    /// The level of its findings, if not the rule's.
    pub level: Option<Level>,
    /// The confidence of its findings, if not the rule's.
    pub confidence: Option<Confidence>,
    /// What the API answers, if not what the rule says.
    pub error: Option<ApiError>,
}

/// Templates: `{value}`, `{element}` … are filled in; a path in braces stands for the value found there.
#[derive(Debug)]
pub struct Words {
    /// What is wrong.
    pub message: Option<&'static str>,
    /// At the place.
    pub label: Option<&'static str>,
    /// Why.
    pub note: Option<&'static str>,
    /// What to do.
    pub help: Option<&'static str>,
    /// Another place to show, seen from the anchor, and what to say there.
    pub also: Option<(Path, &'static str)>,
    /// How to repair it, where a check knows.
    pub fix: Option<Repair>,
}

/// How what a check found is repaired.
#[derive(Debug)]
pub struct Repair {
    /// Whether it may be done without asking.
    pub safety: Safety,
    /// A template for what it does; none: in words of its own.
    pub title: Option<&'static str>,
    /// What is changed, seen from the anchor; nothing: the element that the finding is about.
    pub at: &'static [Path],
    /// What is done there.
    pub change: Change,
}

/// What a repair does to an element. It is offered only if the check is content with the result.
#[derive(Debug)]
pub enum Change {
    /// It gets this value; where it is missing, it is put in.
    Value(&'static str),
    /// It is deleted; an item of a list is no longer counted.
    Remove,
    /// Its value, if the whole of it matches, is replaced by a template with `$1` for the first group.
    Replace(&'static Pattern, &'static str),
    /// It gets the nearest of the values that the check knows, or the nearest number within the bounds.
    Nearest,
}

/// A condition on what stands at a path.
#[derive(Debug)]
pub struct Term {
    /// Seen from the anchor.
    pub path: Path,
    /// What must be so there.
    pub condition: Condition,
}

/// What may be asked of the elements at a path. Where there are several, one is enough.
#[derive(Debug)]
pub enum Condition {
    /// There is such an element.
    Present,
    /// There is none.
    Absent,
    /// There is one that is not blank; if it counts items, it has some.
    Filled,
    /// There is none that is filled.
    Unfilled,
    /// Its value is one of these.
    Is(&'static [&'static str]),
    /// It has a value, and that is none of these.
    Not(&'static [&'static str]),
    /// It is a number above this.
    Above(f64),
    /// It is a number below this.
    Below(f64),
    /// The whole value matches.
    Matches(&'static Pattern),
}

/// What must be so for the elements that a check selects.
#[derive(Debug)]
pub enum Test {
    /// A number within bounds.
    Range(Bounds),
    /// A length, in characters, within bounds.
    Length(Bounds),
    /// Nothing but the characters of a class, which is said in words.
    Characters(Class, &'static str),
    /// The whole value has a form, which is said in words.
    Pattern(&'static Pattern, &'static str),
    /// One of some values.
    OneOf(Values),
    /// None of some values.
    NoneOf(Values),
    /// A number of items within bounds.
    Count(Bounds),
    /// No two of the selected elements have the same value, or the same value at a path below them.
    Unique {
        /// Where the value stands; empty: the element itself.
        key: Path,
        /// Letters are compared without regard to case.
        ignore_case: bool,
    },
    /// All of these hold, seen from the anchor.
    Requires(&'static [Term]),
    /// None of these holds, seen from the anchor.
    Forbids(&'static [Term]),
    /// One of these holds, seen from the anchor.
    ExactlyOneOf(&'static [Term]),
    /// No two of these hold, seen from the anchor.
    AtMostOneOf(&'static [Term]),
    /// The value is that of an element at one of these paths, seen from the anchor.
    RefersTo(&'static [Path]),
    /// The value is this text.
    Equals(&'static str),
    /// So many distributions of a run may have the value, but for some values. Needs the other documents.
    Across(Bounds, Values),
    /// A check that is written in Rust.
    Native(Native),
}

impl Test {
    /// Whether it needs the other documents of the run.
    pub(crate) fn is_of_many(&self) -> bool {
        matches!(self, Test::Across(..))
    }

    /// Whether it looks at one element at a time.
    pub(crate) fn is_of_one(&self) -> bool {
        !matches!(self, Test::Unique { .. } | Test::RefersTo(_))
    }
}

/// A check written in Rust, for one element that was selected.
pub(crate) type NativeCheck = fn(&Scope<'_>, Element<'_>, &mut Vec<Finding>);

/// The function of a native check.
#[derive(Clone, Copy)]
pub struct Native(pub(crate) NativeCheck);

impl std::fmt::Debug for Native {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Native")
    }
}

/// Smallest and largest, both inclusive.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Smallest.
    pub min: Option<f64>,
    /// Largest.
    pub max: Option<f64>,
    /// The option that replaces the largest, where it is a quota that AWS raises.
    pub option: Option<OptionId>,
}

/// Values to compare with.
#[derive(Clone, Copy, Debug)]
pub struct Values {
    /// The values themselves, sorted.
    pub values: &'static [&'static str],
    /// Beginnings that are as good as a value.
    pub prefixes: &'static [&'static str],
    /// Letters are compared without regard to case.
    pub ignore_case: bool,
}

/// A class of characters.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    /// Which ASCII characters are in it, a bit for each.
    pub(crate) ascii: u128,
    /// The class as a regular expression, for the other characters.
    pub pattern: &'static Pattern,
}

impl Class {
    /// Whether a byte is an ASCII character in it.
    pub(crate) fn holds_ascii(&self, byte: u8) -> bool {
        // Of one half, the first or the second: to shift 128 bits takes several instructions.
        let halves = [self.ascii as u64, (self.ascii >> u64::BITS) as u64];
        byte.is_ascii() && halves[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }

    /// Whether a character is in it.
    pub fn contains(&self, c: char) -> bool {
        match u8::try_from(c) {
            Ok(byte) if byte.is_ascii() => self.holds_ascii(byte),
            _ => self.pattern.matches(c.encode_utf8(&mut [0; 4])),
        }
    }
}

/// A regular expression, compiled on first use. The build script has proved that it is valid.
#[derive(Debug)]
pub struct Pattern {
    /// As the rule file has it.
    pub text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(crate) const fn new(text: &'static str) -> Pattern {
        Pattern {
            text,
            compiled: OnceLock::new(),
        }
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        self.compiled().is_none_or(|regex| regex.is_match(text))
    }

    /// The text by a template for its groups, if the whole of it matches.
    pub(crate) fn rewrite(&self, text: &str, template: &str) -> Option<String> {
        let groups = self.compiled()?.captures(text)?;
        let mut new = String::new();
        groups.expand(template, &mut new);
        Some(new)
    }

    fn compiled(&self) -> Option<&Regex> {
        let compile = || Regex::new(&format!("^(?:{})$", self.text)).ok();
        self.compiled.get_or_init(compile).as_ref()
    }
}
