//! A check that was read, as the value of the vocabulary that the evaluation takes. It is kept for the life of the
//! process, like those that are built in.

use super::plan;
use super::registry::{leak, leak_all};
use crate::finding::{Level, Safety};
use crate::rule::{Operation, RuleId};
use crate::schema::{ApiVersion, NameId, VersionRange};
use crate::vocabulary::{
    Bounds, Change, Check, Class, Condition, Path, Pattern, Repair, Subscription, Term, Test,
    Values, Words,
};

/// A check at one kind of structure.
#[derive(Debug)]
pub(super) struct Kept {
    /// Place of the shape.
    pub(super) shape: usize,
    /// Members without which the check does not matter.
    pub(super) needs: u64,
    pub(super) subscription: &'static Subscription,
}

/// Keeps a check of a rule. `level` is the rule's.
pub(super) fn keep(check: plan::Check, rule: RuleId, level: Level) -> Vec<Kept> {
    let own_level = check.level.as_deref().and_then(level_of);
    let operations = check.operations.iter();
    let operations =
        operations.filter_map(|name| Operation::ALL.into_iter().find(|o| o.name() == name));
    let kept: &'static Check = Box::leak(Box::new(Check {
        rule,
        operations: leak_all(operations),
        when: terms(&check.when),
        unless: terms(&check.unless),
        test: test(check.test),
        words: Box::leak(Box::new(words(check.words))),
        level: Some(own_level.unwrap_or(level)),
        confidence: None,
        error: None,
    }));
    let subscriptions = check.subscriptions.into_iter();
    subscriptions
        .map(|subscription| subscribed(subscription, kept))
        .collect()
}

/// The level of a name.
pub(super) fn level_of(name: &str) -> Option<Level> {
    let all = [Level::Info, Level::Warning, Level::Error];
    all.into_iter().find(|level| level.name() == name)
}

/// A range of places in the list of API versions.
pub(super) fn range_of((first, last): (usize, usize)) -> VersionRange {
    VersionRange {
        first: ApiVersion(first as u8),
        last: ApiVersion(last as u8),
    }
}

fn subscribed(of: plan::Subscription, check: &'static Check) -> Kept {
    let subscription = Subscription {
        versions: range_of(of.versions),
        lacks: of.lacks,
        any: of.any,
        least: of.least,
        complete: of.complete,
        check,
        paths: leak_all(of.paths.iter().map(|p| path(p))),
    };
    Kept {
        shape: of.shape,
        needs: of.needs,
        subscription: Box::leak(Box::new(subscription)),
    }
}

fn path(ids: &[usize]) -> Path {
    leak_all(ids.iter().map(|id| NameId(*id as u16)))
}

fn pattern(text: &str) -> &'static Pattern {
    Box::leak(Box::new(Pattern::new(leak(text))))
}

fn texts(list: &[String]) -> &'static [&'static str] {
    leak_all(list.iter().map(|text| leak(text)))
}

fn words(words: plan::Words) -> Words {
    let kept = |text: Option<String>| text.map(|text| leak(&text));
    Words {
        message: kept(words.message),
        label: kept(words.label),
        note: kept(words.note),
        help: kept(words.help),
        also: words.also.map(|(ids, label)| (path(&ids), leak(&label))),
        fix: words.fix.map(repair),
    }
}

fn repair(of: plan::Repair) -> Repair {
    Repair {
        safety: match of.is_safe {
            true => Safety::Safe,
            false => Safety::Unsafe,
        },
        title: of.title.map(|title| leak(&title)),
        at: leak_all(of.at.iter().map(|ids| path(ids))),
        change: match of.change {
            plan::Change::Value(value) => Change::Value(leak(&value)),
            plan::Change::Remove => Change::Remove,
            plan::Change::Replace(text, template) => {
                Change::Replace(pattern(&text), leak(&template))
            }
            plan::Change::Nearest => Change::Nearest,
        },
    }
}

fn terms(terms: &[plan::Term]) -> &'static [Term] {
    let term = |term: &plan::Term| Term {
        path: path(&term.path),
        condition: condition(&term.condition),
    };
    leak_all(terms.iter().map(term))
}

fn condition(of: &plan::Condition) -> Condition {
    use plan::Condition as C;
    match of {
        C::Present => Condition::Present,
        C::Absent => Condition::Absent,
        C::Filled => Condition::Filled,
        C::Unfilled => Condition::Unfilled,
        C::Is(values) => Condition::Is(texts(values)),
        C::Not(values) => Condition::Not(texts(values)),
        C::Above(least) => Condition::Above(*least),
        C::Below(most) => Condition::Below(*most),
        C::Matches(text) => Condition::Matches(pattern(text)),
    }
}

fn test(of: plan::Test) -> Test {
    use plan::Test as T;
    match of {
        T::Range(of) => Test::Range(bounds(&of)),
        T::Length(of) => Test::Length(bounds(&of)),
        T::Count(of) => Test::Count(bounds(&of)),
        T::Characters(class, ascii, shown) => {
            let pattern = pattern(&class);
            Test::Characters(Class { ascii, pattern }, leak(&shown))
        }
        T::Pattern(text, shown) => Test::Pattern(pattern(&text), leak(&shown)),
        T::OneOf(of) => Test::OneOf(values(&of)),
        T::NoneOf(of) => Test::NoneOf(values(&of)),
        T::Unique { key, ignore_case } => Test::Unique {
            key: path(&key),
            ignore_case,
        },
        T::Requires(of) => Test::Requires(terms(&of)),
        T::Forbids(of) => Test::Forbids(terms(&of)),
        T::ExactlyOneOf(of) => Test::ExactlyOneOf(terms(&of)),
        T::AtMostOneOf(of) => Test::AtMostOneOf(terms(&of)),
        T::RefersTo(paths) => Test::RefersTo(leak_all(paths.iter().map(|p| path(p)))),
        T::Equals(wanted) => Test::Equals(leak(&wanted)),
        T::Across(of, except) => Test::Across(bounds(&of), values(&except)),
        // The grammar of policies has no functions.
        T::Native(_) => Test::Requires(&[]),
    }
}

fn bounds(of: &plan::Bounds) -> Bounds {
    Bounds {
        min: of.min,
        max: of.max,
        option: None,
    }
}

fn values(of: &plan::Values) -> Values {
    Values {
        values: texts(&of.values),
        prefixes: texts(&of.prefixes),
        ignore_case: of.ignore_case,
    }
}
