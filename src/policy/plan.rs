//! A check as it was read, before the build script writes it as a static table or the program keeps it for its run.
//!
//! The same things as in the vocabulary, with owned texts, and with numbers for what the schema names.

use super::model::Versions;

/// Places of names in the schema's list of names.
pub(crate) type Path = Vec<usize>;

/// One check, and the structures at which it is made.
pub(crate) struct Check {
    /// `create`, `update`, `copy`; empty: all.
    pub(crate) operations: Vec<String>,
    pub(crate) when: Vec<Term>,
    pub(crate) unless: Vec<Term>,
    pub(crate) test: Test,
    pub(crate) words: Words,
    /// `info`, `warning`, `error`, if not the rule's.
    pub(crate) level: Option<String>,
    /// If not the rule's.
    #[allow(dead_code)] // Of the rule book alone.
    pub(crate) confidence: Option<String>,
    /// Code and status, if not the rule's.
    #[allow(dead_code)] // Of the rule book alone.
    pub(crate) error: Option<(String, i64)>,
    pub(crate) subscriptions: Vec<Subscription>,
}

/// How what a check found is repaired.
pub(crate) struct Repair {
    pub(crate) is_safe: bool,
    pub(crate) title: Option<String>,
    /// What is changed, seen from the anchor; nothing: the element that the finding is about.
    pub(crate) at: Vec<Path>,
    pub(crate) change: Change,
}

pub(crate) enum Change {
    Value(String),
    Remove,
    Replace(String, String),
    Nearest,
}

/// A check at one kind of structure.
pub(crate) struct Subscription {
    /// Place of the shape in the schema.
    pub(crate) shape: usize,
    /// Members without which the check does not matter.
    pub(crate) needs: u64,
    pub(crate) lacks: u64,
    pub(crate) any: u64,
    pub(crate) least: u32,
    pub(crate) complete: u64,
    pub(crate) versions: Versions,
    pub(crate) paths: Vec<Path>,
}

#[derive(Default)]
pub(crate) struct Words {
    pub(crate) message: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) also: Option<(Path, String)>,
    pub(crate) fix: Option<Repair>,
}

pub(crate) struct Term {
    pub(crate) path: Path,
    pub(crate) condition: Condition,
}

#[derive(Clone)]
pub(crate) enum Condition {
    Present,
    Absent,
    Filled,
    Unfilled,
    Is(Vec<String>),
    Not(Vec<String>),
    Above(f64),
    Below(f64),
    Matches(String),
}

impl Condition {
    /// The element must be there for it to hold.
    pub(crate) fn needs(&self) -> bool {
        !matches!(self, Condition::Absent | Condition::Unfilled)
    }
}

pub(crate) enum Test {
    Range(Bounds),
    Length(Bounds),
    /// The class in brackets, its ASCII characters, and in words.
    Characters(String, u128, String),
    Pattern(String, String),
    OneOf(Values),
    NoneOf(Values),
    Count(Bounds),
    Unique {
        key: Path,
        ignore_case: bool,
    },
    Requires(Vec<Term>),
    Forbids(Vec<Term>),
    ExactlyOneOf(Vec<Term>),
    AtMostOneOf(Vec<Term>),
    RefersTo(Vec<Path>),
    Equals(String),
    Across(Bounds, Values),
    /// The name of a function of the rule's module.
    #[allow(dead_code)] // Of the rule book alone.
    Native(String),
}

impl Test {
    /// It looks at the value of what is selected.
    pub(crate) fn is_of_values(&self) -> bool {
        use Test::{Characters, Equals, Length, NoneOf, OneOf, Pattern, Range, RefersTo};
        matches!(
            self,
            Range(_)
                | Length(_)
                | Characters(..)
                | Pattern(..)
                | OneOf(_)
                | NoneOf(_)
                | RefersTo(_)
                | Equals(_)
        )
    }

    /// All paths are looked at together.
    pub(crate) fn is_grouped(&self) -> bool {
        matches!(self, Test::Unique { .. } | Test::RefersTo(_))
    }
}

#[derive(Default)]
pub(crate) struct Bounds {
    pub(crate) min: Option<f64>,
    pub(crate) max: Option<f64>,
    /// The name of a number that the user may set.
    #[allow(dead_code)] // Of the rule book alone.
    pub(crate) option: Option<String>,
}

#[derive(Default)]
pub(crate) struct Values {
    /// Sorted.
    pub(crate) values: Vec<String>,
    pub(crate) prefixes: Vec<String>,
    pub(crate) ignore_case: bool,
}
