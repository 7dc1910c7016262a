//! What decides about an answer and stands in no document: the rows of the catalogue that say so, where the document
//! has their element.

use std::collections::{HashMap, HashSet};

use super::Unknown;
use crate::check::trimmed;
use crate::document::{Document, Element, cut};
use crate::finding::Finding;
use crate::rule::{CONSTRAINTS, Constraint, ERRORS, ErrorCode, Operation, RuleId, id};
use crate::rules::{policy_of_another_kind, template_leftover};
use crate::suggest;

/// So many values are named; the others are counted.
const NAMED: usize = 3;
/// Rules about forms that no public answer shows, neither refused nor accepted.
const UNSEEN: [RuleId; 5] = [
    id::MISSPELLED_NAMESPACE,
    id::FOREIGN_NAMESPACE,
    id::DUPLICATE_ELEMENT,
    id::WRONG_ITEM_ELEMENT,
    id::WHITESPACE_IN_VALUE,
];

/// The questions that a call leaves open: those of the call itself, then those about the document in document order.
pub(super) fn questions(
    document: &Document<'_>,
    operation: Operation,
    call: Option<&'static str>,
    has_older: bool,
    findings: &[Finding],
    refused: &[&Finding],
) -> Vec<Unknown> {
    let Some(call) = call else {
        return Vec::new();
    };
    let mut unknown = of_call(call);
    unknown.extend(unseen(document, findings));
    let mut asked = Asked::new(document, operation, call, has_older);
    let mut wrong: Vec<u32> = refused.iter().map(|finding| finding.span.start).collect();
    wrong.sort_unstable();
    // Whether a thing exists does not matter where its name is refused.
    let is_refused = |element: Element<'_>| {
        let first = wrong.partition_point(|at| *at < element.span().start);
        wrong
            .get(first)
            .is_some_and(|at| element.span().contains(*at))
    };
    for element in document.elements().filter(|e| e.node().checked) {
        asked.look_at(element, is_refused);
    }
    unknown.extend(asked.questions());
    unknown
}

/// What no body shows.
pub(super) fn of_call(call: &str) -> Vec<Unknown> {
    let listed = ERRORS.iter().filter(|e| e.operations.contains(&call));
    let questions = listed.filter_map(|error| {
        Some(Unknown {
            question: error.question?.to_owned(),
            codes: vec![error.code],
            constraint: None,
        })
    });
    questions.collect()
}

/// What may be read or refused, the first of each kind: no answer to it is known.
fn unseen(document: &Document<'_>, findings: &[Finding]) -> Vec<Unknown> {
    let unseen = UNSEEN.iter().filter_map(|rule| {
        let of_rule = |finding: &&Finding| finding.rule == *rule && finding.api_error.is_none();
        let mut all = findings.iter().filter(of_rule);
        let first = all.next()?;
        let line = document.source().position(first.span.start).line;
        let more = match all.count() {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        let message = &first.message;
        Some(Unknown {
            question: format!("whether it takes this all the same: {message} (line {line}{more})"),
            codes: Vec::new(),
            constraint: None,
        })
    });
    unseen.collect()
}

/// A row of the catalogue, and the values in the document that it is about.
struct Row<'d> {
    row: &'static Constraint,
    values: Vec<&'d str>,
    seen: HashSet<&'d str>,
    /// Codes for these values.
    codes: Vec<&'static str>,
    /// Where the first of them stands.
    first: u32,
}

struct Asked<'d> {
    document: &'d Document<'d>,
    rows: Vec<Row<'d>>,
    /// By the last name of a path: the names before it, nearest first, and the row.
    paths: HashMap<&'static str, Vec<(Vec<&'static str>, usize)>>,
}

impl<'d> Asked<'d> {
    fn new(
        document: &'d Document<'d>,
        operation: Operation,
        call: &str,
        has_older: bool,
    ) -> Asked<'d> {
        let root = document.payload().name();
        let mut asked = Asked {
            document,
            rows: Vec::new(),
            paths: HashMap::new(),
        };
        let rows = CONSTRAINTS.iter().filter(|row| {
            row.question.is_some()
                && row.versions.contains(document.version())
                && !(has_older && row.needs == "older")
        });
        for row in rows {
            let code = row.errors.iter().find(|(of, _)| *of == operation);
            let Some((_, code)) = code else { continue };
            let listed = ErrorCode::find(code).is_some_and(|e| e.operations.contains(&call));
            if listed || row.element.split('/').next() == Some(root) {
                asked.add(row, code);
            }
        }
        asked
    }

    fn add(&mut self, row: &'static Constraint, code: &'static str) {
        for path in row.element.split(", ") {
            let mut steps = path.rsplit('/');
            if let Some(last) = steps.next() {
                let paths = self.paths.entry(last).or_default();
                paths.push((steps.collect(), self.rows.len()));
            }
        }
        self.rows.push(Row {
            row,
            values: Vec::new(),
            seen: HashSet::new(),
            codes: std::iter::once(code)
                .chain(row.alternatives.iter().copied())
                .collect(),
            first: 0,
        });
    }

    fn look_at(&mut self, element: Element<'d>, is_refused: impl Fn(Element<'d>) -> bool) {
        let Some(paths) = self.paths.get(element.name()) else {
            return;
        };
        let value = trimmed(element.value());
        let is_open = !value.is_empty()
            && !element.is_sensitive()
            && !is_refused(element)
            && !template_leftover::is_unknown(element)
            // These are in every account.
            && !policy_of_another_kind::is_managed(value);
        if !is_open {
            return;
        }
        for (before, row) in paths {
            let row = &mut self.rows[*row];
            let form = row.row.question_of.as_ref();
            if stands_in(element, before)
                && form.is_none_or(|form| form.matches(value))
                && row.seen.insert(value)
            {
                if row.values.is_empty() {
                    row.first = element.id();
                }
                row.values.push(value);
            }
        }
    }

    fn questions(self) -> Vec<Unknown> {
        let mut rows: Vec<Row<'d>> = self.rows;
        rows.retain(|row| !row.values.is_empty());
        rows.sort_by_key(|row| row.first);
        let document = self.document;
        let questions = rows.into_iter().filter_map(|row| {
            Some(Unknown {
                question: fill(row.row.question?, &row.values, document),
                codes: row.codes,
                constraint: Some(row.row.id),
            })
        });
        questions.collect()
    }
}

/// Whether the elements around one have these names, the nearest first.
fn stands_in(element: Element<'_>, names: &[&str]) -> bool {
    let mut around = element;
    names.iter().all(|name| match around.parent() {
        Some(parent) => {
            around = parent;
            parent.name() == *name
        }
        None => false,
    })
}

/// The question with `{value}` filled in. A part in brackets is left out where the path in it leads nowhere.
fn fill(question: &str, values: &[&str], document: &Document<'_>) -> String {
    let question = question.replace("{value}", &named(values, "or"));
    let Some((before, rest)) = question.split_once('[') else {
        return question;
    };
    let Some((part, after)) = rest.split_once(']') else {
        return question;
    };
    let path = part
        .split_once('{')
        .and_then(|(_, path)| path.split_once('}'));
    let Some((path, _)) = path else {
        return question;
    };
    let found = at(document, path);
    match found.is_empty() {
        true => format!("{before}{after}"),
        false => {
            let part = part.replace(&format!("{{{path}}}"), &named(&found, "and"));
            format!("{before}{part}{after}")
        }
    }
}

/// The values at a path below the configuration of a distribution.
fn at<'d>(document: &'d Document<'d>, path: &str) -> Vec<&'d str> {
    let payload = document.payload();
    let mut found = vec![payload.child("DistributionConfig").unwrap_or(payload)];
    for step in path.split('/') {
        let below = found.into_iter().flat_map(Element::children);
        found = below
            .filter(|e| e.shape().is_some() && e.name() == step)
            .collect();
    }
    let values = found.into_iter().map(|e| trimmed(e.value()));
    values.filter(|value| !value.is_empty()).collect()
}

/// A few values in words.
fn named(values: &[&str], conjunction: &str) -> String {
    let more = values.len().saturating_sub(NAMED);
    let rest = (more > 0).then(|| format!("{more} more"));
    let shown = values.iter().take(NAMED).map(|value| cut(value));
    suggest::alternatives(shown.chain(rest.as_deref()), conjunction)
}
