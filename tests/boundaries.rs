//! Boundary cases of every declarative check, derived from the examples on the pages: one below and one above each
//! bound, each legal value and an illegal one, a key that stands twice, a required element that is gone.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fmt::Write as _;

use cloudfront_lint::schema::{ApiVersion, Kind, NameId, SHAPES, Shape};
use cloudfront_lint::vocabulary::{Bounds, Check, Path, Subscription, Term, Test};
use cloudfront_lint::{
    Document, Element, Operation, RuleOptions, SUBSCRIPTIONS, Settings, Source, Span, check, read,
};
use support::page::{Reading, examples};
use support::unmark;

/// A document that a page shows.
struct Sample {
    text: String,
    operation: Option<Operation>,
}

/// What a changed document should give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Wanted {
    Finding,
    Nothing,
}

/// A changed document.
struct Case {
    text: String,
    wanted: Wanted,
    what: String,
    options: RuleOptions,
}

impl Case {
    fn new(text: String, wanted: Wanted, what: impl Into<String>) -> Case {
        Case {
            text,
            wanted,
            what: what.into(),
            options: RuleOptions::default(),
        }
    }
}

#[test]
fn every_check_holds_at_its_boundaries() {
    let mut failures = String::new();
    let (mut checks, mut cases) = (Vec::<*const Check>::new(), 0);
    for subscription in SUBSCRIPTIONS.iter().copied().flatten() {
        let of: *const Check = subscription.check;
        if checks.contains(&of) {
            continue;
        }
        checks.push(of);
        match boundaries(subscription.check) {
            Ok(number) => cases += number,
            Err(failure) => {
                let _ = writeln!(failures, "{failure}");
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
    assert!(
        cases >= checks.len(),
        "{cases} cases of {} checks",
        checks.len()
    );
}

/// Tries the examples of the rule until one shows the check at all its boundaries.
fn boundaries(check: &'static Check) -> Result<usize, String> {
    if matches!(
        check.test,
        Test::Native(_)
            | Test::Pattern(..)
            | Test::Characters(..)
            | Test::Forbids(_)
            | Test::AtMostOneOf(_)
            // What takes several documents is in tests/cli/fleet.rs.
            | Test::Across(..)
    ) {
        // The examples themselves are all there is to show.
        return Ok(0);
    }
    let mut reasons = Vec::new();
    for sample in samples(check) {
        match try_sample(check, &sample) {
            Ok(0) => {}
            Ok(number) => return Ok(number),
            Err(reason) => reasons.push(reason),
        }
    }
    let name = check.rule.name();
    Err(match reasons.first() {
        None => format!("{name}: no example shows what {:?} selects", check.test),
        Some(reason) => format!("{name}: {reason}"),
    })
}

/// The documents of the page, completed.
fn samples(check: &Check) -> Vec<Sample> {
    let rule = check.rule.meta();
    let mut samples = Vec::new();
    for section in ["Passes", "Fails"] {
        for example in examples(rule, section).unwrap() {
            let reading = Reading::of(&example.block.info).unwrap();
            let marked = reading.document(&example.block.text).unwrap();
            samples.push(Sample {
                text: unmark(&marked).unwrap().0,
                operation: reading.operation.or(check.operations.first().copied()),
            });
        }
    }
    samples
}

/// The subscriptions of one check, each with its shape.
fn subscriptions(
    check: &'static Check,
) -> impl Iterator<Item = (&'static Shape, &'static Subscription)> {
    let all = SUBSCRIPTIONS
        .iter()
        .zip(&SHAPES)
        .flat_map(|(list, shape)| list.iter().map(move |s| (shape, s)));
    all.filter(move |(_, s)| std::ptr::eq(s.check, check))
}

fn try_sample(check: &'static Check, sample: &Sample) -> Result<usize, String> {
    let source = Source::from_bytes("sample.xml", sample.text.clone().into_bytes());
    let document = read(&source, &Settings::default()).map_err(|f| f.message.clone())?;
    let mut cases = Vec::new();
    for (shape, subscription) in subscriptions(check) {
        let anchors = document
            .elements()
            .filter(|e| e.shape().is_some_and(|s| std::ptr::eq(s, shape)));
        for anchor in anchors {
            for path in subscription.paths {
                let mut subjects = Vec::new();
                at(anchor, path, &mut subjects);
                for subject in subjects {
                    derive(check, &document, anchor, subject, &mut cases);
                }
            }
        }
    }
    for case in &cases {
        let found = gives(check, case, sample.operation);
        if found != case.wanted {
            return Err(format!(
                "{}: wanted {:?}, got {found:?}, in\n{}",
                case.what,
                case.wanted,
                clipped(&case.text)
            ));
        }
    }
    Ok(cases.len())
}

fn clipped(text: &str) -> &str {
    text.get(..4000).unwrap_or(text)
}

fn gives(of: &Check, case: &Case, operation: Option<Operation>) -> Wanted {
    let source = Source::from_bytes("case.xml", case.text.clone().into_bytes());
    let settings = Settings {
        operation,
        options: case.options.clone(),
        ..Settings::default()
    };
    let findings = check(&source, None, &settings).findings;
    match findings.iter().any(|f| f.rule == of.rule) {
        true => Wanted::Finding,
        false => Wanted::Nothing,
    }
}

fn at<'d>(from: Element<'d>, path: &[NameId], found: &mut Vec<Element<'d>>) {
    match path.split_first() {
        None => found.push(from),
        Some((step, rest)) => {
            for child in from.children().filter(|c| c.name() == step.name()) {
                at(child, rest, found);
            }
        }
    }
}

fn replaced(document: &Document<'_>, span: Span, by: &str) -> String {
    let text = document.source().text();
    format!(
        "{}{by}{}",
        &text[..span.start as usize],
        &text[span.end as usize..]
    )
}

/// The changed documents for one selected element.
fn derive(
    check: &Check,
    document: &Document<'_>,
    anchor: Element<'_>,
    subject: Element<'_>,
    cases: &mut Vec<Case>,
) {
    use Wanted::{Finding, Nothing};
    let scalar = subject.shape().is_some_and(Shape::is_scalar);
    let with_value = |value: &str| replaced(document, subject.value_span(), value);
    let written = scalar && !subject.value_span().is_empty();
    match &check.test {
        Test::Range(bounds) if written => {
            for (number, wanted) in around(*bounds, step(*bounds)) {
                let number = number.to_string();
                cases.push(Case::new(
                    with_value(&number),
                    wanted,
                    format!("number {number}"),
                ));
            }
            raised(*bounds, cases, |number| with_value(&number.to_string()));
        }
        Test::Length(bounds) if written => {
            let value = subject.value();
            for (length, wanted) in around(*bounds, 1.0) {
                if length >= 1.0 {
                    let what = format!("{length} characters");
                    cases.push(Case::new(
                        with_value(&of_length(value, length as usize)),
                        wanted,
                        what,
                    ));
                }
            }
            raised(*bounds, cases, |number| {
                with_value(&of_length(value, number as usize))
            });
        }
        Test::Count(bounds) => {
            for (count, wanted) in around(*bounds, 1.0) {
                if count >= 1.0 {
                    let text = with_items(document, subject, count as usize);
                    cases
                        .extend(text.map(|text| Case::new(text, wanted, format!("{count} items"))));
                }
            }
            if let Some(text) = with_items(document, subject, 1) {
                let _ = text;
                raised(*bounds, cases, |count| {
                    with_items(document, subject, count as usize).unwrap()
                });
            }
        }
        Test::OneOf(values) if written => {
            for value in values.values {
                cases.push(Case::new(with_value(value), Nothing, *value));
            }
            // What is no number at all is another rule's business.
            let number = subject
                .shape()
                .is_some_and(|s| matches!(s.kind, Kind::Integer));
            let other = if number { "999" } else { "zzz" };
            cases.push(Case::new(with_value(other), Finding, other));
        }
        Test::NoneOf(values) if written => {
            for value in values.values {
                cases.push(Case::new(with_value(value), Finding, *value));
            }
            for prefix in values.prefixes {
                let value = format!("{prefix}zzz");
                cases.push(Case::new(with_value(&value), Finding, value));
            }
        }
        Test::RefersTo(_) | Test::Equals(_) if written => {
            cases.push(Case::new(with_value("zzz"), Finding, "zzz"));
        }
        Test::Unique { key, .. } => {
            let mut keys = Vec::new();
            at(subject, key, &mut keys);
            if let Some(key) = keys.first()
                && let Some(text) = doubled(document, *key)
            {
                cases.push(Case::new(text, Finding, "the same item twice"));
            }
        }
        Test::Requires(terms) | Test::ExactlyOneOf(terms) => {
            for term in *terms {
                if let Some(text) = without(document, anchor, term) {
                    let path: Vec<&str> = term.path.iter().map(|id| id.name()).collect();
                    let what = format!("without {}", path.join("/"));
                    cases.push(Case::new(text, Finding, what));
                }
            }
        }
        _ => {}
    }
}

fn step(bounds: Bounds) -> f64 {
    let whole = |n: Option<f64>| n.is_none_or(|n| n.fract() == 0.0);
    match whole(bounds.min) && whole(bounds.max) {
        true => 1.0,
        false => 0.01,
    }
}

/// Both sides of each bound.
fn around(bounds: Bounds, step: f64) -> Vec<(f64, Wanted)> {
    let mut numbers = Vec::new();
    if let Some(min) = bounds.min {
        numbers.extend([(min - step, Wanted::Finding), (min, Wanted::Nothing)]);
    }
    if let Some(max) = bounds.max {
        numbers.extend([(max, Wanted::Nothing), (max + step, Wanted::Finding)]);
    }
    numbers
}

/// The largest number as the user has set it.
fn raised(bounds: Bounds, cases: &mut Vec<Case>, text: impl Fn(f64) -> String) {
    let (Some(option), Some(max)) = (bounds.option, bounds.max) else {
        return;
    };
    for (above, wanted) in [(3.0, Wanted::Nothing), (4.0, Wanted::Finding)] {
        let mut options = RuleOptions::default();
        options.set(option, max as i64 + 3);
        cases.push(Case {
            options,
            ..Case::new(
                text(max + above),
                wanted,
                format!("{above} above a raised quota"),
            )
        });
    }
}

/// A value like this one, so many characters long.
fn of_length(value: &str, length: usize) -> String {
    let filler = value
        .chars()
        .last()
        .filter(|c| c.is_ascii_alphanumeric())
        .unwrap_or('a');
    value
        .chars()
        .chain(std::iter::repeat(filler))
        .take(length)
        .collect()
}

/// The document with so many items: copies of the last one.
fn with_items(document: &Document<'_>, subject: Element<'_>, count: usize) -> Option<String> {
    let text = document.source().text();
    let slice = |span: Span| &text[span.start as usize..span.end as usize];
    if subject.shape().is_some_and(Shape::is_scalar) {
        // Items that stand directly in their structure.
        let parent = subject.parent()?;
        let mut siblings = parent.children().filter(|c| c.name() == subject.name());
        if siblings.next()?.span() != subject.span() || siblings.next().is_some() {
            return None;
        }
        return Some(replaced(
            document,
            subject.span(),
            &slice(subject.span()).repeat(count),
        ));
    }
    let items = subject.child("Items")?;
    let all: Vec<Element<'_>> = items.children().collect();
    let (first, last) = (all.first()?, all.last()?);
    let mut inner: String = all
        .iter()
        .take(count)
        .map(|item| slice(item.span()))
        .collect();
    inner.push_str(&slice(last.span()).repeat(count.saturating_sub(all.len())));
    let span = Span::new(first.span().start, last.span().end);
    Some(counted(document, subject, span, &inner, count))
}

/// The document with other text in a span, and the number of items set.
fn counted(
    document: &Document<'_>,
    wrapper: Element<'_>,
    span: Span,
    by: &str,
    count: usize,
) -> String {
    let text = replaced(document, span, by);
    let Some(quantity) = wrapper.child("Quantity").map(|q| q.value_span()) else {
        return text;
    };
    let shift = match quantity.start > span.start {
        true => by.len() as i64 - i64::from(span.end - span.start),
        false => 0,
    };
    let moved = |offset: u32| (i64::from(offset) + shift) as usize;
    format!(
        "{}{count}{}",
        &text[..moved(quantity.start)],
        &text[moved(quantity.end)..]
    )
}

/// The document with the item around an element standing twice.
fn doubled(document: &Document<'_>, key: Element<'_>) -> Option<String> {
    let mut item = key;
    while item.parent()?.shape()?.item().is_none() {
        let siblings = item.parent()?;
        let flattened = item.shape()?.is_scalar()
            && siblings
                .shape()?
                .member(item.name())?
                .shapes
                .iter()
                .any(|(_, s)| s.shape().is_flattened());
        if flattened {
            break;
        }
        item = item.parent()?;
    }
    let span = item.span();
    let text = &document.source().text()[span.start as usize..span.end as usize];
    let twice = format!("{text}{text}");
    let parent = item.parent()?;
    Some(match parent.name() {
        "Items" => {
            let wrapper = parent.parent()?;
            counted(document, wrapper, span, &twice, wrapper.items().count() + 1)
        }
        _ => replaced(document, span, &twice),
    })
}

/// The document without what a condition asks for; none if it is not there.
fn without(document: &Document<'_>, anchor: Element<'_>, term: &Term) -> Option<String> {
    let path: Path = term.path;
    let mut found = Vec::new();
    at(anchor, path, &mut found);
    let [element] = found[..] else {
        return None;
    };
    Some(replaced(document, element.span(), ""))
}

#[test]
fn versions_bound_every_subscription() {
    for (list, shape) in SUBSCRIPTIONS.iter().zip(&SHAPES) {
        for subscription in *list {
            let rule = subscription.check.rule.meta();
            let versions = subscription.versions;
            assert!(!versions.is_empty(), "{}", rule.name);
            let outside =
                ApiVersion::all().find(|v| versions.contains(*v) && !rule.versions.contains(*v));
            assert_eq!(outside, None, "{} at {}", rule.name, shape.name);
        }
    }
}
