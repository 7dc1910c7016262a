//! What a person asks of two documents: each difference, and what the rules about updates say of it. Plain data.

use std::sync::Arc;

use crate::check::{self, Older, Settings, trimmed};
use crate::compare::{Action, Change, Comparison};
use crate::document::{Document, Element};
use crate::finding::Finding;
use crate::rule::{Operation, id};
use crate::rules;
use crate::schema::ApiVersion;
use crate::source::{Source, Span};

/// Two documents and what differs.
#[derive(Debug)]
pub(crate) struct Diff {
    pub(crate) old: Side,
    pub(crate) new: Side,
    /// In the order of the newer document.
    pub(crate) entries: Vec<Entry>,
    /// About the update as a whole.
    pub(crate) findings: Vec<Finding>,
}

/// One of the two documents.
#[derive(Debug)]
pub(crate) struct Side {
    pub(crate) source: Arc<Source>,
    /// Name of the element that is compared.
    pub(crate) root: String,
    /// Date of its API version.
    pub(crate) version: &'static str,
}

/// One difference.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) action: Action,
    /// Path from the configuration, as in findings.
    pub(crate) element: String,
    pub(crate) old: Option<Content>,
    pub(crate) new: Option<Content>,
    /// What the rules say of it.
    pub(crate) findings: Vec<Finding>,
    /// Place in its list before and after, from 1, where it has moved.
    pub(crate) positions: Option<(u32, u32)>,
    /// The difference, counted from 0, whose findings speak of this one, too.
    pub(crate) together_with: Option<usize>,
}

/// An element of one of the documents.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) span: Span,
    pub(crate) value: Value,
}

/// What an element holds, fit to be printed but for characters that steer a terminal.
#[derive(Debug)]
pub(crate) enum Value {
    Text(String),
    /// It is compared and never shown.
    Secret,
    /// The values inside, each with its path below the element.
    Elements(Vec<(String, Value)>),
}

/// Compares two documents; none if one of them is no CloudFront document.
pub(crate) fn diff(
    older: &Older<'_>,
    source: &Arc<Source>,
    new: &Document<'_>,
    settings: &Settings,
) -> Option<Diff> {
    let (comparison, said) = check::update(new, older, settings).into_parts();
    let comparison = comparison?;
    let mut entries: Vec<Entry> = (comparison.changes.iter())
        .map(|change| Entry::new(change, &comparison))
        .collect();
    let mut general = Vec::new();
    for said in said {
        let mut finding = [said.finding];
        rules::answer(new, Operation::Update, &mut finding);
        let [finding] = finding;
        // A rule that speaks of several differences is heard at the one that it points at.
        let points_at = |place: &&usize| {
            let span = comparison.changes[**place].place().span();
            span.start <= finding.span.start && finding.span.end <= span.end
        };
        let smallest = |place: &&usize| comparison.changes[**place].place().span().len();
        let pointed = said.changes.iter().filter(points_at).min_by_key(smallest);
        match pointed.or(said.changes.first()).copied() {
            Some(own) => {
                let others = said.changes.iter().filter(|place| **place != own);
                others.for_each(|other| entries[*other].together_with = Some(own));
                entries[own].findings.push(finding);
            }
            // What both documents lack is no difference.
            None if finding.rule == id::MISSING_ON_UPDATE => {}
            None => general.push(finding),
        }
    }
    let side = |source: &Arc<Source>, element: Element<'_>| Side {
        source: Arc::clone(source),
        root: element.shown_name().to_owned(),
        version: element.document().version().date(),
    };
    Some(Diff {
        old: side(&older.source, comparison.old),
        new: side(source, comparison.new),
        entries,
        findings: general,
    })
}

impl Diff {
    /// How often something was done.
    pub(crate) fn count(&self, action: Action) -> usize {
        self.entries.iter().filter(|e| e.action == action).count()
    }
}

impl Entry {
    fn new(change: &Change<'_>, comparison: &Comparison<'_>) -> Entry {
        let element = change.element();
        let around = match change.new {
            Some(_) => comparison.new,
            None => comparison.old,
        };
        let position = |element: Element<'_>| element.node().position;
        let positions = match (change.action, change.old, change.new) {
            (Action::Moved, Some(old), Some(new)) => Some((position(old), position(new))),
            _ => None,
        };
        // Of two kinds of documents, the names say it all.
        let content = |element: Element<'_>| match comparison.kinds_differ() {
            true => Content {
                span: element.name_span(),
                value: Value::Text(element.shown_name().to_owned()),
            },
            false => Content::of(element, others_version(element, comparison)),
        };
        Entry {
            action: change.action,
            element: below(element, around),
            old: change.old.map(content),
            new: change.new.map(content),
            findings: Vec::new(),
            positions,
            together_with: None,
        }
    }
}

/// The API version of the document that an element is not in.
fn others_version(element: Element<'_>, comparison: &Comparison<'_>) -> ApiVersion {
    let [old, new] = [comparison.old, comparison.new].map(Element::document);
    match std::ptr::eq(element.document(), new) {
        true => old.version(),
        false => new.version(),
    }
}

/// The path of an element, without what a response has around the configuration.
fn below(element: Element<'_>, configuration: Element<'_>) -> String {
    let path = element.path();
    let outside = configuration.parent().map_or(String::new(), Element::path);
    match path.strip_prefix(&outside) {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => path,
    }
}

impl Content {
    fn of(element: Element<'_>, other: ApiVersion) -> Content {
        let leaf = !element.has_children();
        Content {
            span: match leaf {
                true => element.subject_span(),
                false => element.name_span(),
            },
            value: match leaf {
                true => Value::of(element, other),
                false => Value::Elements(leaves(element, other)),
            },
        }
    }
}

impl Value {
    /// What is a secret in the API version of either document is one in both: the other side may say the same.
    fn of(element: Element<'_>, other: ApiVersion) -> Value {
        let member = element.parent().and_then(Element::shape);
        let member = member.and_then(|shape| shape.member(element.name()));
        let there = member.and_then(|member| member.shape_in(other));
        match element.is_sensitive() || there.is_some_and(|shape| shape.shape().sensitive) {
            true => Value::Secret,
            false => Value::Text(trimmed(element.value()).to_owned()),
        }
    }
}

/// The values inside an element that the schema knows, in document order, but for numbers of items, for what stands in
/// its path already, and for what is empty.
fn leaves(element: Element<'_>, other: ApiVersion) -> Vec<(String, Value)> {
    let outside = element.path().len() + 1;
    let mut found = Vec::new();
    let mut open: Vec<Element<'_>> = vec![element];
    while let Some(next) = open.pop() {
        if next.has_children() {
            let known = next.children().filter(|child| child.shape().is_some());
            let at = open.len();
            open.extend(known);
            open[at..].reverse();
        } else if next.name() != "Quantity" && !is_key(next) && !trimmed(next.value()).is_empty() {
            let path = next.path();
            let below = path.get(outside..).unwrap_or_default().to_owned();
            found.push((below, Value::of(next, other)));
        }
    }
    found
}

/// Whether an element is the member that identifies the item around it.
fn is_key(element: Element<'_>) -> bool {
    let item = element.parent().filter(|item| item.node().position > 0);
    let identity = item.and_then(Element::identity);
    identity.is_some_and(|(key, _)| key == element.name())
}
