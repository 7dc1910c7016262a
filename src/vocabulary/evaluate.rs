//! Evaluates declarative checks.

use std::borrow::Cow;
use std::cell::Cell;

mod repair;

use super::{Bounds, Check, Condition, NativeCheck, Path, Subscription, Term, Test, Values, Words};
use crate::check::{is_all_blank, same, trimmed};
use crate::document::{Element, quoted};
use crate::finding::Finding;
use crate::lookup::{Few, Lookup};
use crate::rules::template_leftover;
use crate::schema::{Kind, NameId, Shape, name};
use crate::scope::Scope;
use crate::source::Span;
use crate::suggest;
use repair::{Place, Repeat};

/// A name is compared with so many others at most, to suggest the nearest.
const MOST_COMPARED: usize = 1000;

/// All names that one check finds unknown are compared with so many others at most; the rest get no suggestion.
const MOST_COMPARED_IN_ALL: usize = 500_000;

/// A subscription with what nearly every run of its check looks at in one place: what lies elsewhere in memory is hardly
/// ever at hand.
pub(crate) struct Prepared {
    subscription: &'static Subscription,
    /// Whether conditions must hold that are not known to.
    is_conditional: bool,
    /// Its only path, if it looks at one element at a time and the path is no longer.
    path: Option<ShortPath>,
    native: Option<NativeCheck>,
}

/// A path, here and not elsewhere.
struct ShortPath {
    steps: [NameId; ShortPath::LONGEST],
    length: u8,
    /// How many elements behind its anchor the first step ended the last time. Structures that need the same checks have
    /// the same members, and most of them in the same places.
    distance: Cell<u32>,
}

impl ShortPath {
    const LONGEST: usize = 3;

    fn of(path: Path) -> Option<ShortPath> {
        let mut steps = [NameId::NONE; ShortPath::LONGEST];
        steps.get_mut(..path.len())?.copy_from_slice(path);
        Some(ShortPath {
            steps,
            length: path.len() as u8,
            distance: Cell::new(0),
        })
    }

    fn steps(&self) -> &[NameId] {
        &self.steps[..usize::from(self.length).min(ShortPath::LONGEST)]
    }

    /// What stands at the path.
    #[inline]
    fn find<'d>(&self, anchor: Element<'d>) -> Found<'d, '_> {
        let [name, rest @ ..] = self.steps() else {
            return Found::One(anchor);
        };
        if let Some(child) = anchor.child_at(self.distance.get(), *name) {
            return find(child, rest);
        }
        let Some(child) = anchor.get(*name) else {
            return Found::Nothing;
        };
        self.distance.set(child.id() - anchor.id());
        match child.node().position {
            0 => find(child, rest),
            _ => Found::Items(child, rest),
        }
    }
}

impl From<&'static Subscription> for Prepared {
    fn from(subscription: &'static Subscription) -> Prepared {
        let check = subscription.check;
        let path = match subscription.paths {
            [path] if check.test.is_of_one() => ShortPath::of(path),
            _ => None,
        };
        let native = match &check.test {
            Test::Native(native) => Some(native.0),
            _ => None,
        };
        // The subscription needs the member, so whoever is asked has it.
        let is_sure =
            |term: &Term| matches!(term.condition, Condition::Present) && matches!(term.path, [_]);
        Prepared {
            subscription,
            is_conditional: !check.when.iter().all(is_sure) || !check.unless.is_empty(),
            path,
            native,
        }
    }
}

#[cfg(test)]
impl Prepared {
    /// Which subscription it is.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self.subscription).addr()
    }
}

/// Runs a check at an anchor that has what the check needs, for an operation for which it matters.
#[inline]
pub(crate) fn run(
    scope: &Scope<'_>,
    prepared: &Prepared,
    anchor: Element<'_>,
    findings: &mut Vec<Finding>,
) {
    if prepared.is_conditional && !applies(prepared.subscription.check, anchor) {
        return;
    }
    if let Some(path) = &prepared.path {
        match (path.find(anchor), prepared.native) {
            (Found::One(subject), Some(native)) => return native(scope, subject, findings),
            (Found::One(subject), None) => {
                let check = prepared.subscription.check;
                return At::new(scope, check, anchor).one(&check.test, subject, findings);
            }
            (Found::Nothing, _) => return,
            (Found::Items(..), _) => {}
        }
    }
    run_at_all(scope, prepared.subscription, anchor, findings);
}

/// Whether the conditions of a check hold. Most checks have none, and should not pay for those of others.
#[inline(never)]
fn applies(check: &Check, anchor: Element<'_>) -> bool {
    check.when.iter().all(|term| holds(anchor, term))
        && !check.unless.iter().any(|term| may_hold(anchor, term))
}

/// Runs a check whose conditions hold at all elements that it selects.
#[inline(never)]
fn run_at_all(
    scope: &Scope<'_>,
    subscription: &'static Subscription,
    anchor: Element<'_>,
    findings: &mut Vec<Finding>,
) {
    let at = At::new(scope, subscription.check, anchor);
    match &subscription.check.test {
        Test::Unique { key, ignore_case } => {
            at.unique(subscription.paths, key, *ignore_case, findings);
        }
        Test::RefersTo(targets) => at.refers_to(subscription.paths, targets, findings),
        test => {
            for path in subscription.paths {
                each(anchor, path, &mut |subject| {
                    at.one(test, subject, findings);
                });
            }
        }
    }
}

/// What stands at a path.
enum Found<'d, 'p> {
    Nothing,
    One(Element<'d>),
    /// The path leads through items of a list, of which there may be several: the first of them, and the rest of it.
    Items(Element<'d>, &'p [NameId]),
}

/// What stands at a path, told without looking at more than one element for each step.
#[inline]
fn find<'d, 'p>(from: Element<'d>, path: &'p [NameId]) -> Found<'d, 'p> {
    let (mut at, mut path) = (from, path);
    while let [step, rest @ ..] = path {
        let Some(child) = at.get(*step) else {
            return Found::Nothing;
        };
        // Only items stand several times; of other elements the first counts, and another rule reports the rest.
        if child.node().position > 0 {
            return Found::Items(child, rest);
        }
        (at, path) = (child, rest);
    }
    Found::One(at)
}

/// Hands all elements at a path to `take`, in document order.
fn each<'d, F: FnMut(Element<'d>)>(from: Element<'d>, path: &[NameId], take: &mut F) {
    match find(from, path) {
        Found::Nothing => {}
        Found::One(element) => take(element),
        Found::Items(first, rest) => each_from(first, rest, take),
    }
}

/// Hands all elements at a path from an item, and from those behind it, to `take`.
fn each_from<'d, F: FnMut(Element<'d>)>(first: Element<'d>, path: &[NameId], take: &mut F) {
    let name = first.node().known_as;
    for item in first.and_following() {
        if item.node().known_as != name {
            continue;
        }
        match find(item, path) {
            Found::Nothing => {}
            Found::One(element) => take(element),
            Found::Items(first, rest) => each_from(first, rest, take),
        }
    }
}

/// The first element at a path.
fn first<'d>(from: Element<'d>, path: &[NameId]) -> Option<Element<'d>> {
    match find(from, path) {
        Found::One(element) => Some(element),
        Found::Nothing => None,
        Found::Items(item, rest) => {
            let mut found = None;
            each_from(item, rest, &mut |element| found = found.or(Some(element)));
            found
        }
    }
}

/// What to say of a value that a template will fill in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    Holds,
    Fails,
}

/// Whether a condition surely holds for an element at the path.
fn holds(anchor: Element<'_>, term: &Term) -> bool {
    let witness = |condition, doubt| witness(anchor, term.path, condition, doubt);
    match term.condition {
        Condition::Absent => witness(&Condition::Present, Doubt::Holds).is_none(),
        Condition::Unfilled => witness(&Condition::Filled, Doubt::Holds).is_none(),
        _ => witness(&term.condition, Doubt::Fails).is_some(),
    }
}

/// Whether a condition holds, or may when templates are filled in.
fn may_hold(anchor: Element<'_>, term: &Term) -> bool {
    let witness = |condition, doubt| witness(anchor, term.path, condition, doubt);
    match term.condition {
        Condition::Absent => witness(&Condition::Present, Doubt::Fails).is_none(),
        Condition::Unfilled => witness(&Condition::Filled, Doubt::Fails).is_none(),
        _ => witness(&term.condition, Doubt::Holds).is_some(),
    }
}

/// The first element at a path for which a condition holds.
fn witness<'d>(
    anchor: Element<'d>,
    path: &[NameId],
    condition: &Condition,
    doubt: Doubt,
) -> Option<Element<'d>> {
    match find(anchor, path) {
        Found::One(element) => satisfies(element, condition, doubt).then_some(element),
        Found::Nothing => None,
        Found::Items(item, rest) => witness_from(item, rest, condition, doubt),
    }
}

/// The same, at a path from an item and from those behind it. By itself, so that [`witness`] is short.
#[inline(never)]
fn witness_from<'d>(
    item: Element<'d>,
    path: &[NameId],
    condition: &Condition,
    doubt: Doubt,
) -> Option<Element<'d>> {
    let mut found = None;
    each_from(item, path, &mut |element| {
        if found.is_none() && satisfies(element, condition, doubt) {
            found = Some(element);
        }
    });
    found
}

/// Whether an element meets a condition, or is taken to.
#[inline]
fn satisfies(element: Element<'_>, condition: &Condition, doubt: Doubt) -> bool {
    match is_in_doubt(element, condition) {
        true => may_satisfy(element, condition, doubt),
        false => meets(element, condition),
    }
}

/// Whether nobody can tell yet if an element meets a condition.
#[inline]
fn is_in_doubt(element: Element<'_>, condition: &Condition) -> bool {
    match condition {
        Condition::Present | Condition::Absent | Condition::Unfilled => false,
        // A placeholder alone may stand for nothing.
        Condition::Filled => template_leftover::is_wholly_unknown(element),
        _ => template_leftover::is_unknown(element),
    }
}

/// The same for a placeholder: other than these two, a condition that it meets as it stands there is met.
#[cold]
fn may_satisfy(element: Element<'_>, condition: &Condition, doubt: Doubt) -> bool {
    let is_open = matches!(condition, Condition::Filled | Condition::Not(_));
    doubt == Doubt::Holds || !is_open && meets(element, condition)
}

/// Whether an element meets a condition as it stands there.
#[inline]
fn meets(element: Element<'_>, condition: &Condition) -> bool {
    let value = || trimmed(element.value());
    let number = || value().parse::<f64>().ok();
    match condition {
        Condition::Present => true,
        Condition::Absent | Condition::Unfilled => false,
        Condition::Filled => is_filled(element),
        Condition::Is(values) => is_one_of(element, value(), values),
        Condition::Not(values) => !value().is_empty() && !is_one_of(element, value(), values),
        Condition::Above(least) => number().is_some_and(|n| n > *least),
        Condition::Below(most) => number().is_some_and(|n| n < *most),
        Condition::Matches(pattern) => pattern.matches(value()),
    }
}

/// Whether a value is one of some. Numbers are compared as numbers.
#[inline]
fn is_one_of(element: Element<'_>, value: &str, values: &[&str]) -> bool {
    let is_number = |shape: &Shape| matches!(shape.kind, Kind::Integer | Kind::Long);
    let is_it = |known: &&str| same(known.as_bytes(), value.as_bytes());
    values.iter().any(is_it)
        || element.shape().is_some_and(is_number)
            && as_compared(element, value).is_some_and(|number| values.contains(&&*number))
}

/// Not blank; a structure that counts its items has some.
pub(crate) fn is_filled(element: Element<'_>) -> bool {
    let Some(shape) = element.shape() else {
        return false;
    };
    if shape.is_scalar() {
        return !is_all_blank(element.value());
    }
    if element.get(name::QUANTITY).is_some() || element.get(name::ITEMS).is_some() {
        return element.items().next().is_some();
    }
    shape.member("Quantity").is_none() || shape.member("Items").is_none()
}

/// A check at one anchor.
struct At<'a, 'd> {
    scope: &'a Scope<'d>,
    check: &'static Check,
    anchor: Element<'a>,
}

/// What a template may name besides paths.
struct Facts<'f>(&'f [(&'static str, String)]);

impl<'a, 'd> At<'a, 'd> {
    fn new(scope: &'a Scope<'d>, check: &'static Check, anchor: Element<'a>) -> At<'a, 'd> {
        At {
            scope,
            check,
            anchor,
        }
    }

    fn one(&self, test: &'static Test, subject: Element<'a>, findings: &mut Vec<Finding>) {
        match test {
            Test::Native(native) => native.0(self.scope, subject, findings),
            Test::Count(bounds) => self.count(subject, bounds, findings),
            Test::Requires(terms) => self.requires(subject, terms, findings),
            Test::Forbids(terms) => self.forbids(subject, terms, findings),
            Test::ExactlyOneOf(terms) => findings.extend(self.one_of_terms(subject, terms, true)),
            Test::AtMostOneOf(terms) => findings.extend(self.one_of_terms(subject, terms, false)),
            Test::Unique { .. } | Test::RefersTo(_) => {}
            _ => self.value(test, subject, findings),
        }
    }

    /// The tests of a value. One that is empty, or not known yet, is another rule's business.
    fn value(&self, test: &'static Test, subject: Element<'a>, findings: &mut Vec<Finding>) {
        let value = trimmed(subject.value());
        if value.is_empty() || subject.has_children() || template_leftover::is_unknown(subject) {
            return;
        }
        // What nearly every value passes is asked here, and what takes words to say elsewhere.
        match test {
            Test::Length(bounds) if self.is_short(value, bounds) => {}
            Test::Characters(class, _) if value.bytes().all(|b| class.holds_ascii(b)) => {}
            Test::NoneOf(values) if !contains(values, value) => {}
            Test::Across(_, except) if contains(except, value) => {}
            Test::Across(..) => self.scope.share(self.check, subject),
            _ => findings.extend(self.wrong_value(test, subject, value)),
        }
    }

    /// What is wrong with a value, if anything.
    #[inline(never)]
    fn wrong_value(
        &self,
        test: &'static Test,
        subject: Element<'a>,
        value: &str,
    ) -> Option<Finding> {
        match test {
            Test::Range(bounds) => self.range(subject, value, *bounds),
            Test::Length(bounds) => self.length(subject, value, *bounds),
            Test::Characters(class, shown) => self.characters(subject, value, class, shown),
            Test::Pattern(pattern, expected) if !pattern.matches(value) => Some(self.finding(
                subject,
                subject.subject_span(),
                Default {
                    message: "{value} is no valid {element}",
                    label: "expected {expected}",
                    help: Some("write {expected}"),
                },
                &[("expected", (*expected).to_owned())],
            )),
            Test::OneOf(values) if !contains(values, &as_compared(subject, value)?) => {
                Some(self.not_one_of(subject, value, *values))
            }
            Test::NoneOf(_) => Some(self.finding(
                subject,
                subject.subject_span(),
                Default {
                    message: "{element} cannot be {value}",
                    label: "not allowed",
                    help: None,
                },
                &[],
            )),
            Test::Equals(wanted) if as_compared(subject, value)? != *wanted => {
                Some(self.differs(subject, wanted))
            }
            _ => None,
        }
    }

    fn differs(&self, subject: Element<'a>, wanted: &'static str) -> Finding {
        // What a secret ought to be is one, too.
        let help = (!subject.is_sensitive()).then_some("write {expected}");
        let expected = match subject.is_sensitive() {
            true => subject.shown_value(),
            false => wanted.to_owned(),
        };
        self.finding(
            subject,
            subject.subject_span(),
            Default {
                message: match subject.is_sensitive() {
                    true => "{element} has another value than it must have",
                    false => "{element} is {value}, not {expected}",
                },
                label: match subject.is_sensitive() {
                    true => "another value",
                    false => "expected {expected}",
                },
                help,
            },
            &[("expected", expected)],
        )
    }

    fn range(&self, subject: Element<'a>, value: &str, bounds: Bounds) -> Option<Finding> {
        let number = number_of_its_type(subject, value)?;
        let (min, max) = self.bounds(&bounds);
        if min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max) {
            return None;
        }
        Some(self.finding(
            subject,
            subject.subject_span(),
            Default {
                message: "{element} is {value}, but must be {allowed}",
                label: match min.is_some_and(|min| number < min) {
                    true => "too small",
                    false => "too large",
                },
                help: Some("write {allowed}"),
            },
            &self.bounds_in_words(bounds),
        ))
    }

    /// Whether a value has an allowed length at a glance: bytes are never fewer than characters.
    fn is_short(&self, value: &str, bounds: &Bounds) -> bool {
        let (min, max) = self.bounds(bounds);
        min.is_none_or(|min| min <= 1.0) && max.is_none_or(|max| value.len() as f64 <= max)
    }

    fn length(&self, subject: Element<'a>, value: &str, bounds: Bounds) -> Option<Finding> {
        let (min, max) = self.bounds(&bounds);
        let length = value.chars().count();
        let number = length as f64;
        if min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max) {
            return None;
        }
        let mut facts = self.bounds_in_words(bounds);
        facts.push(("length", length.to_string()));
        Some(self.finding(
            subject,
            subject.subject_span(),
            Default {
                message: "{element} has {length} characters, but {allowed} are allowed",
                label: match min.is_some_and(|min| number < min) {
                    true => "too short",
                    false => "too long",
                },
                help: Some("write {allowed} characters"),
            },
            &facts,
        ))
    }

    fn characters(
        &self,
        subject: Element<'a>,
        value: &str,
        class: &super::Class,
        shown: &str,
    ) -> Option<Finding> {
        let (at, c) = value.char_indices().find(|(_, c)| !class.contains(*c))?;
        let facts = [
            ("expected", shown.to_owned()),
            (
                "character",
                match subject.is_sensitive() {
                    true => subject.shown_value(),
                    false => quoted(c.encode_utf8(&mut [0; 4])),
                },
            ),
        ];
        Some(self.finding(
            subject,
            part_of_value(subject, at..at + c.len_utf8()),
            Default {
                message: "{element} cannot hold the character {character}",
                label: "not allowed",
                help: Some("allowed are {expected}"),
            },
            &facts,
        ))
    }

    fn not_one_of(&self, subject: Element<'a>, value: &str, values: Values) -> Finding {
        const FEW: usize = 20;
        let near = suggest::nearest(value, values.values.iter().copied());
        let all = suggest::alternatives(values.values.iter().copied(), "or");
        let help = match (near, values.values.len() <= FEW) {
            (Some(_), _) => Some("did you mean {nearest}?"),
            (None, true) => Some("write {expected}"),
            (None, false) => None,
        };
        let facts = [
            ("nearest", near.unwrap_or_default().to_owned()),
            ("expected", all),
        ];
        self.finding(
            subject,
            subject.subject_span(),
            Default {
                message: "{value} is no valid {element}",
                label: "not one of the known values",
                help,
            },
            &facts,
        )
    }

    fn count(&self, subject: Element<'a>, bounds: &Bounds, findings: &mut Vec<Finding>) {
        let Some(count) = counted(subject) else {
            return;
        };
        let (min, max) = self.bounds(bounds);
        let number = count as f64;
        if min.is_some_and(|min| number < min) || max.is_some_and(|max| number > max) {
            findings.push(self.wrong_count(subject, *bounds, count));
        }
    }

    #[cold]
    fn wrong_count(&self, subject: Element<'a>, bounds: Bounds, count: usize) -> Finding {
        let (min, _) = self.bounds(&bounds);
        let mut facts = self.bounds_in_words(bounds);
        facts.push(("count", count.to_string()));
        self.finding(
            subject,
            place_of_count(subject),
            Default {
                message: "{element} has {count} items, but {allowed} are allowed",
                label: match min.is_some_and(|min| (count as f64) < min) {
                    true => "too few",
                    false => "too many",
                },
                help: None,
            },
            &facts,
        )
    }

    /// One finding for each element whose value an earlier one has.
    fn unique(
        &self,
        paths: &'static [Path],
        key: Path,
        ignore_case: bool,
        findings: &mut Vec<Finding>,
    ) {
        if !self.are_few_and_different(paths, key, ignore_case) {
            self.repeated(paths, key, ignore_case, findings);
        }
    }

    /// Whether nothing stands twice, as in nearly all lists. What is empty, or unknown yet, is not told from the rest.
    fn are_few_and_different(&self, paths: &'static [Path], key: Path, ignore_case: bool) -> bool {
        let mut values = Few::new();
        let mut differ = true;
        for path in paths {
            each(self.anchor, path, &mut |selected| {
                if let Some(subject) = first(selected, key).filter(|_| differ) {
                    let value = trimmed(subject.value());
                    let again = match ignore_case {
                        true => values.contains_in_any_case(value),
                        false => values.contains(value),
                    };
                    differ = !again && values.add(value);
                }
            });
        }
        differ
    }

    /// See [`At::unique`].
    #[inline(never)]
    fn repeated(
        &self,
        paths: &'static [Path],
        key: Path,
        ignore_case: bool,
        findings: &mut Vec<Finding>,
    ) {
        let mut seen = Lookup::ignoring_case(ignore_case);
        // One fix takes all repeats out, because all of them change Quantity: the first finding has it.
        let mut repeats = Vec::new();
        for path in paths {
            each(self.anchor, path, &mut |selected| {
                let Some(subject) = first(selected, key) else {
                    return;
                };
                let value = trimmed(subject.value());
                if value.is_empty() || template_leftover::is_unknown(subject) {
                    return;
                }
                if let Some(earlier) = seen.insert(value, selected) {
                    repeats.push(Repeat {
                        again: selected,
                        first: earlier,
                        finding: findings.len(),
                    });
                    let earlier = first(earlier, key).unwrap_or(earlier);
                    findings.push(self.doubled(subject, earlier));
                }
            });
        }
        if let Some((finding, fix)) = self.without_repeats(&repeats, key) {
            findings[finding].fix = Some(fix);
        }
    }

    #[cold]
    fn doubled(&self, subject: Element<'a>, earlier: Element<'a>) -> Finding {
        let finding = self.worded(
            subject,
            subject.subject_span(),
            Default {
                message: "{element} {value} appears twice",
                label: "again",
                help: Some("delete one, or change it"),
            },
            &[],
        );
        finding.also(earlier.subject_span(), "first here")
    }

    /// One finding for all that is missing in the subject, one for each that stands there with a wrong value.
    fn requires(&self, subject: Element<'a>, terms: &'static [Term], findings: &mut Vec<Finding>) {
        let mut missing: Vec<&'static str> = Vec::new();
        let mut lacking: Vec<Path> = Vec::new();
        for term in terms
            .iter()
            .filter(|term| !may_hold(self.anchor, term) && self.is_known(term))
        {
            match first(self.anchor, term.path) {
                Some(there) if !there.value().trim().is_empty() => {
                    findings.push(self.wrong(there, &term.condition));
                }
                _ => {
                    missing.extend(term.path.last().map(|id| id.name()));
                    lacking.push(term.path);
                }
            }
        }
        if !missing.is_empty() {
            let facts = [(
                "wanted",
                suggest::alternatives(missing.iter().copied(), "and"),
            )];
            let words = Default {
                message: "{element} needs {wanted}",
                label: "missing: {wanted}",
                help: Some("add {wanted}"),
            };
            let finding = self.worded(subject, subject.name_span(), words, &facts);
            let places = lacking.iter().map(|path| self.place_at(path));
            let fix = places.collect::<Option<Vec<_>>>();
            let finding = finding.about(missing.join(" "));
            findings.push(finding.fix(fix.and_then(|places| self.repair(&places, &facts))));
        }
    }

    /// Whether the document's version has the member that a condition on the anchor asks for.
    fn is_known(&self, term: &Term) -> bool {
        let version = self.anchor.document().version();
        let member = |id: &NameId| {
            self.anchor
                .shape()
                .and_then(|shape| shape.member(id.name()))
        };
        let member = term.path.first().and_then(member);
        member.is_none_or(|member| member.exists_in(version))
    }

    fn wrong(&self, there: Element<'a>, condition: &Condition) -> Finding {
        let facts = [
            ("wanted", there.shown_name().to_owned()),
            ("expected", expected(condition)),
        ];
        self.finding(
            there,
            there.subject_span(),
            Default {
                message: "{wanted} is {value}, but must be {expected}",
                label: "expected {expected}",
                help: Some("write {expected}"),
            },
            &facts,
        )
    }

    /// One finding for each condition that holds.
    fn forbids(&self, subject: Element<'a>, terms: &'static [Term], findings: &mut Vec<Finding>) {
        for term in terms {
            if let Some(there) = witness(self.anchor, term.path, &term.condition, Doubt::Fails) {
                findings.push(self.forbidden(subject, there, term));
            }
        }
    }

    #[cold]
    fn forbidden(&self, subject: Element<'a>, there: Element<'a>, term: &Term) -> Finding {
        let scalar = there.shape().is_some_and(|s| s.is_scalar());
        let by_value = matches!(
            term.condition,
            Condition::Is(_)
                | Condition::Not(_)
                | Condition::Above(_)
                | Condition::Below(_)
                | Condition::Matches(_)
        );
        let span = match scalar && by_value {
            true => there.subject_span(),
            false => there.name_span(),
        };
        let facts = [("subject", subject.shown_name().to_owned())];
        self.finding(
            there,
            span,
            Default {
                message: match by_value {
                    true => "{element} cannot be {value} here",
                    false => "{element} is not allowed here",
                },
                label: "not allowed",
                help: match by_value {
                    true => None,
                    false => Some("delete {element}"),
                },
            },
            &facts,
        )
    }

    fn one_of_terms(
        &self,
        subject: Element<'a>,
        terms: &'static [Term],
        exactly: bool,
    ) -> Option<Finding> {
        let mut found = terms
            .iter()
            .filter_map(|term| witness(self.anchor, term.path, &term.condition, Doubt::Fails));
        let names = terms
            .iter()
            .filter_map(|t| t.path.last().map(|id| id.name()));
        let facts = [("expected", suggest::alternatives(names, "or"))];
        match (found.next(), found.next()) {
            (Some(one), Some(other)) => {
                let finding = self.finding(
                    other,
                    other.name_span(),
                    Default {
                        message: "only one of {expected} is allowed",
                        label: "one too many",
                        help: Some("delete all but one"),
                    },
                    &facts,
                );
                Some(finding.also(one.name_span(), "the other one"))
            }
            (None, _) if exactly && !terms.iter().any(|term| may_hold(self.anchor, term)) => {
                Some(self.finding(
                    subject,
                    subject.name_span(),
                    Default {
                        message: "{element} needs {expected}",
                        label: "one of them is missing",
                        help: Some("add {expected}"),
                    },
                    &facts,
                ))
            }
            _ => None,
        }
    }

    /// One finding for each element whose value no element at the paths has.
    fn refers_to(
        &self,
        subjects: &'static [Path],
        targets: &'static [Path],
        findings: &mut Vec<Finding>,
    ) {
        if !self.are_of_few(subjects, targets) {
            self.unknown_references(subjects, targets, findings);
        }
    }

    /// Whether all values are those of a few targets, as in nearly all documents.
    fn are_of_few(&self, subjects: &'static [Path], targets: &'static [Path]) -> bool {
        let mut known = Few::new();
        let mut all = true;
        for path in targets {
            each(self.anchor, path, &mut |target| {
                all = all && known.add(trimmed(target.value()));
            });
        }
        for path in subjects {
            each(self.anchor, path, &mut |subject| {
                all = all && known.contains(trimmed(subject.value()));
            });
        }
        all
    }

    /// See [`At::refers_to`].
    #[inline(never)]
    fn unknown_references(
        &self,
        subjects: &'static [Path],
        targets: &'static [Path],
        findings: &mut Vec<Finding>,
    ) {
        let mut known = Lookup::new();
        let mut any = false;
        for path in targets {
            each(self.anchor, path, &mut |target| {
                any |= template_leftover::is_unknown(target);
                known.insert(trimmed(target.value()), target);
            });
        }
        // A target that a template will name may be any.
        if any || known.is_empty() {
            return;
        }
        // Gathered once, when the first unknown name asks for its neighbours.
        let mut names: Option<Vec<&str>> = None;
        let mut left = MOST_COMPARED_IN_ALL;
        for path in subjects {
            each(self.anchor, path, &mut |subject| {
                let value = trimmed(subject.value());
                if !value.is_empty()
                    && known.get(value).is_none()
                    && !template_leftover::is_unknown(subject)
                {
                    let near_ones = names.get_or_insert_with(|| self.names_at(targets));
                    let compared = if left < near_ones.len() {
                        0
                    } else {
                        near_ones.len()
                    };
                    left -= compared;
                    findings.push(self.unknown_reference(subject, value, &near_ones[..compared]));
                }
            });
        }
    }

    /// The first names at some paths, to suggest one of them.
    fn names_at(&self, targets: &'static [Path]) -> Vec<&'a str> {
        let mut names: Vec<&str> = Vec::new();
        for path in targets {
            each(self.anchor, path, &mut |target| {
                let value = trimmed(target.value());
                let may_be_told = !value.is_empty() && !target.is_sensitive();
                if may_be_told && names.len() < MOST_COMPARED {
                    names.push(value);
                }
            });
        }
        names
    }

    fn unknown_reference(&self, subject: Element<'a>, value: &str, known: &[&str]) -> Finding {
        const FEW: usize = 8;
        let near = suggest::nearest(value, known.iter().copied());
        let facts = [
            ("nearest", near.unwrap_or_default().to_owned()),
            (
                "expected",
                suggest::alternatives(known.iter().copied().take(FEW), "or"),
            ),
        ];
        let help = match (near, known.len()) {
            (Some(_), _) => Some("did you mean {nearest}?"),
            (None, 1..=FEW) => Some("write {expected}"),
            _ => None,
        };
        self.finding(
            subject,
            subject.subject_span(),
            Default {
                message: "{element} {value} names nothing in this document",
                label: "unknown",
                help,
            },
            &facts,
        )
    }

    fn bounds(&self, bounds: &Bounds) -> (Option<f64>, Option<f64>) {
        let option = bounds.option.map(|id| self.scope.number(id) as f64);
        (bounds.min, option.or(bounds.max))
    }

    fn bounds_in_words(&self, bounds: Bounds) -> Vec<(&'static str, String)> {
        let (min, max) = self.bounds(&bounds);
        let shown = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
        let allowed = match (min, max) {
            (Some(min), Some(max)) if min == max => format!("exactly {min}"),
            (Some(min), Some(max)) => format!("{min} to {max}"),
            (Some(min), None) => format!("at least {min}"),
            (None, Some(max)) => format!("at most {max}"),
            (None, None) => String::new(),
        };
        vec![
            ("min", shown(min)),
            ("max", shown(max)),
            ("allowed", allowed),
        ]
    }

    /// A finding about an element, with its repair.
    #[cold]
    fn finding(
        &self,
        subject: Element<'a>,
        span: Span,
        default: Default,
        facts: &[(&'static str, String)],
    ) -> Finding {
        let finding = self.worded(subject, span, default, facts);
        match &self.check.words.fix {
            None => finding,
            Some(_) => finding.fix(self.repair(&[Place::There(subject)], facts)),
        }
    }

    fn worded(
        &self,
        subject: Element<'a>,
        span: Span,
        default: Default,
        facts: &[(&'static str, String)],
    ) -> Finding {
        let Words {
            message,
            label,
            note,
            help,
            also,
            fix: _,
        } = *self.check.words;
        let fill = |template: &str| self.fill(template, subject, &Facts(facts));
        let mut finding = Finding::new(
            self.check.rule,
            span,
            fill(message.unwrap_or(default.message)),
        )
        .at(subject.path())
        .label(fill(label.unwrap_or(default.label)));
        if let Some(error) = self.check.error {
            finding = finding.api(Some(error));
        }
        if let Some(level) = self.check.level {
            finding = finding.level(level);
        }
        if let Some(confidence) = self.check.confidence {
            finding = finding.confidence(confidence);
        }
        if let Some(note) = note {
            finding = finding.note(fill(note));
        }
        if let Some(help) = help.or(default.help) {
            finding = finding.help(fill(help));
        }
        if let Some((path, label)) = also
            && let Some(other) = first(self.anchor, path).filter(|o| o.id() != subject.id())
        {
            finding = finding.also(other.subject_span(), fill(label));
        }
        if let Some(quota) = self.quota() {
            finding = finding.note(quota);
        }
        finding
    }

    /// How to tell the tool that AWS has raised the quota.
    fn quota(&self) -> Option<String> {
        let (Test::Range(bounds) | Test::Length(bounds) | Test::Count(bounds)) = self.check.test
        else {
            return None;
        };
        let name = bounds.option?.meta().name;
        Some(format!(
            "AWS raises this quota on request; `--set {name}=NUMBER` tells what yours is"
        ))
    }

    /// Fills a template: `{name}` is a fact, `{Path/To}` the value of the element there.
    fn fill(&self, template: &str, subject: Element<'a>, facts: &Facts<'_>) -> String {
        let mut out = String::with_capacity(template.len() + 16);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match (name, facts.0.iter().find(|(fact, _)| *fact == name)) {
                (_, Some((_, text))) => out.push_str(text),
                ("value", _) => out.push_str(&shown(subject)),
                ("element", _) => out.push_str(subject.shown_name()),
                ("parent", _) => out.push_str(subject.parent().map_or("", Element::shown_name)),
                ("anchor", _) => out.push_str(self.anchor.shown_name()),
                _ => {
                    let child = |from: Option<Element<'a>>, step| from?.child(step);
                    if let Some(element) = name.split('/').fold(Some(self.anchor), child) {
                        out.push_str(&shown(element));
                    }
                }
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

/// The words of a test where the rule has none of its own.
struct Default {
    message: &'static str,
    label: &'static str,
    help: Option<&'static str>,
}

/// A value for messages: numbers, `true` and `false` as they are, all else quoted.
fn shown(element: Element<'_>) -> String {
    const LONGEST: usize = 24;
    let value = trimmed(element.value());
    let bare = element.shape().is_some_and(|shape| {
        use Kind::{Boolean, Float, Integer, Long};
        matches!(shape.kind, Boolean | Float | Integer | Long)
    });
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-');
    if bare && (1..=LONGEST).contains(&value.len()) && value.bytes().all(plain) {
        return value.to_owned();
    }
    element.shown_value()
}

/// The number that a value is. What is none, or does not fit the type of its element, is reported for that.
fn number_of_its_type(element: Element<'_>, value: &str) -> Option<f64> {
    match element.shape()?.kind {
        Kind::Integer => value.parse::<i32>().ok().map(f64::from),
        Kind::Long => value.parse::<i64>().ok().map(|number| number as f64),
        _ => value.parse().ok(),
    }
}

/// A part of a value in the source; the whole value where it is not written there letter by letter.
pub(crate) fn part_of_value(element: Element<'_>, part: std::ops::Range<usize>) -> Span {
    let span = element.value_span();
    let value = element.value();
    let is_written = element.document().source().slice(span) == value;
    if !is_written {
        return element.subject_span();
    }
    let blanks = value.len() - value.trim_start_matches(crate::check::is_blank).len();
    let start = span.start + (blanks + part.start) as u32;
    Span::new(start, span.start + (blanks + part.end) as u32)
}

/// A value as it stands in a list of values: an integer without sign and leading zeros. None if it does not fit its type,
/// which another rule says.
fn as_compared<'v>(element: Element<'_>, value: &'v str) -> Option<Cow<'v, str>> {
    Some(match element.shape()?.kind {
        Kind::Integer | Kind::Long => number_of_its_type(element, value)?.to_string().into(),
        _ => value.into(),
    })
}

fn contains(values: &Values, value: &str) -> bool {
    let Values {
        values,
        prefixes,
        ignore_case,
    } = *values;
    let same = |known: &&str| match ignore_case {
        true => known.eq_ignore_ascii_case(value),
        false => same(known.as_bytes(), value.as_bytes()),
    };
    let begins = |prefix: &&str| {
        let head = value.get(..prefix.len());
        head.is_some_and(|head| match ignore_case {
            true => head.eq_ignore_ascii_case(prefix),
            false => head == *prefix,
        })
    };
    values.iter().any(same) || prefixes.iter().any(begins)
}

/// The number of items in a structure that counts them, or of such elements where they stand directly in the structure.
fn counted(subject: Element<'_>) -> Option<usize> {
    match stands_beside_others(subject) {
        // Counted once, at the last of them: its place is their number.
        true => (!subject.has_follower_of_its_name()).then(|| subject.node().position as usize),
        false => Some(subject.items().count()),
    }
}

fn stands_beside_others(subject: Element<'_>) -> bool {
    subject.node().position > 0 && subject.shape().is_some_and(|s| s.is_scalar())
}

/// Where to point if the number is wrong.
fn place_of_count(subject: Element<'_>) -> Span {
    if stands_beside_others(subject) {
        return subject.name_span();
    }
    match (subject.get(name::ITEMS), subject.get(name::QUANTITY)) {
        (Some(items), _) => items.name_span(),
        (None, Some(quantity)) => quantity.subject_span(),
        (None, None) => subject.name_span(),
    }
}

fn expected(condition: &Condition) -> String {
    match condition {
        Condition::Is(values) => suggest::alternatives(values.iter().copied(), "or"),
        Condition::Not(values) => format!(
            "other than {}",
            suggest::alternatives(values.iter().copied(), "and")
        ),
        Condition::Above(least) => format!("above {least}"),
        Condition::Below(most) => format!("below {most}"),
        Condition::Matches(pattern) => format!("of the form {}", pattern.text),
        _ => "filled in".to_owned(),
    }
}
