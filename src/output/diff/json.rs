//! For programs. Version 1: keys stay, new ones may come.

use std::io::{self, Write};

use serde::Serialize;

use crate::compare::Action;
use crate::diff::{Content, Diff, Entry, Side, Value};
use crate::finding;
use crate::output::Style;
use crate::output::json::{Finding, Span, Tool, write_value};
use crate::source::Source;

pub(super) fn write(diff: &Diff, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    write_value(&Output::new(diff), out)
}

#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    tool: Tool,
    old: Document<'a>,
    new: Document<'a>,
    summary: Summary,
    changes: Vec<Change<'a>>,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Document<'a> {
    file: &'a str,
    root: &'a str,
    api_version: &'a str,
}

#[derive(Serialize)]
struct Summary {
    added: usize,
    removed: usize,
    changed: usize,
    moved: usize,
}

#[derive(Serialize)]
struct Change<'a> {
    action: &'a str,
    element: &'a str,
    old: Option<Element<'a>>,
    new: Option<Element<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    together_with: Option<&'a str>,
    findings: Vec<Finding<'a>>,
}

#[derive(Serialize)]
struct Element<'a> {
    span: Span,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u32>,
    /// Null for a secret, and for an element that holds others.
    value: Option<&'a str>,
    secret: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members: Vec<Member<'a>>,
}

#[derive(Serialize)]
struct Member<'a> {
    element: &'a str,
    value: Option<&'a str>,
    secret: bool,
}

impl<'a> Output<'a> {
    fn new(diff: &'a Diff) -> Output<'a> {
        Output {
            version: 1,
            tool: Tool::new(),
            old: document(&diff.old),
            new: document(&diff.new),
            summary: Summary {
                added: diff.count(Action::Added),
                removed: diff.count(Action::Removed),
                changed: diff.count(Action::Changed),
                moved: diff.count(Action::Moved),
            },
            changes: diff.entries.iter().map(|e| change(e, diff)).collect(),
            findings: diff.findings.iter().map(|f| said(f, diff)).collect(),
        }
    }
}

fn document(side: &Side) -> Document<'_> {
    Document {
        file: side.source.name(),
        root: &side.root,
        api_version: side.version,
    }
}

fn said<'a>(finding: &'a finding::Finding, diff: &'a Diff) -> Finding<'a> {
    let source = &diff.new.source;
    Finding::new(source.name(), Some(source), finding)
}

fn change<'a>(entry: &'a Entry, diff: &'a Diff) -> Change<'a> {
    let [from, to] = [entry.positions.map(|p| p.0), entry.positions.map(|p| p.1)];
    let first = entry.together_with.and_then(|n| diff.entries.get(n));
    let old = entry.old.as_ref();
    let new = entry.new.as_ref();
    Change {
        action: entry.action.name(),
        element: &entry.element,
        old: old.map(|c| element(c, &diff.old.source, from)),
        new: new.map(|c| element(c, &diff.new.source, to)),
        together_with: first.map(|first| &first.element[..]),
        findings: entry.findings.iter().map(|f| said(f, diff)).collect(),
    }
}

fn element<'a>(content: &'a Content, source: &Source, position: Option<u32>) -> Element<'a> {
    let members = match &content.value {
        Value::Elements(leaves) => leaves.iter().map(member).collect(),
        _ => Vec::new(),
    };
    Element {
        span: Span::new(Some(source), content.span),
        position,
        value: value(&content.value),
        secret: matches!(content.value, Value::Secret),
        members,
    }
}

fn member((path, inside): &(String, Value)) -> Member<'_> {
    Member {
        element: path,
        value: value(inside),
        secret: matches!(inside, Value::Secret),
    }
}

fn value(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}
