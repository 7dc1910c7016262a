//! The examples of a policy: documents in which a rule must find something, or nothing.

use std::sync::Arc;

use crate::check::{Older, Settings, check, read};
use crate::finding::{Edit, Finding, Fix};
use crate::fix;
use crate::rule::{Operation, RuleId};
use crate::schema::{ApiVersion, Root};
use crate::smallest::{Fragment, unmark};
use crate::source::{Source, Span};

/// A document, or a part of one, that shows what a rule finds.
#[derive(Debug)]
pub(crate) struct Example {
    /// The rule must find something in it.
    pub(crate) fails: bool,
    /// Line of the policy on which it stands; 0 in a file of its own.
    pub(crate) line: u32,
    pub(crate) shown: Shown,
}

impl Example {
    /// A document in a file of its own.
    pub(crate) fn whole(fails: bool, text: &str) -> Example {
        let shown = Shown {
            xml: text.to_owned(),
            ..Shown::default()
        };
        Example::new(fails, shown)
    }

    pub(super) fn new(fails: bool, shown: Shown) -> Example {
        Example {
            fails,
            line: 0,
            shown,
        }
    }
}

/// What an example says.
#[derive(Debug)]
pub(crate) struct Shown {
    /// A document or a fragment. What a finding should mark may stand between `⟦` and `⟧`.
    pub(crate) xml: String,
    /// The root around a fragment.
    pub(crate) root: &'static str,
    pub(crate) version: ApiVersion,
    /// What the document is sent for.
    pub(crate) operation: Option<Operation>,
    /// The document that an update would replace.
    pub(crate) against: Option<String>,
    /// What is left when the fixes of the rule are applied.
    pub(crate) fixed: Option<String>,
}

impl Default for Shown {
    fn default() -> Shown {
        Shown {
            xml: String::new(),
            root: "DistributionConfig",
            version: ApiVersion::LATEST,
            operation: None,
            against: None,
            fixed: None,
        }
    }
}

/// What became of an example.
pub(crate) struct Outcome {
    /// The whole document.
    pub(crate) source: Source,
    /// What the rule found.
    pub(crate) findings: Vec<Finding>,
    /// Why the example does not hold; none if it does.
    pub(crate) wrong: Option<String>,
}

/// Runs an example of a rule. All rules of the settings' policies are checked, but only this one counts.
///
/// # Errors
/// A sentence that says why the example is no document.
pub(crate) fn outcome(
    rule: RuleId,
    fails: bool,
    shown: &Shown,
    settings: &Settings,
) -> Result<Outcome, String> {
    let update = shown.against.as_ref().map(|_| Operation::Update);
    let operation = shown.operation.or(update);
    let document = |block: &str| whole(block, shown, operation);
    let (text, mark) = unmark(&document(&shown.xml)?)?;
    let source = Source::from_bytes("example", text.into_bytes());
    let settings = Settings {
        operation,
        ..settings.clone()
    };
    let recognised = read(&source, &settings).map_err(|finding| unreadable(&source, &finding))?;
    if recognised.recognised().is_none() {
        return Err("its root is none that CloudFront knows".to_owned());
    }
    let older = shown.against.as_deref().map(document).transpose()?;
    let older = older.map(|text| Arc::new(Source::from_bytes("older", text.into_bytes())));
    let mut findings = match &older {
        None => check(&source, None, &settings).findings,
        Some(older) => {
            let document = &read(older, &settings).map_err(|f| unreadable(older, &f))?;
            let older = Older {
                source: Arc::clone(older),
                document,
            };
            check(&source, Some(&older), &settings).findings
        }
    };
    findings.retain(|finding| finding.rule == rule);
    let wrong = match fails {
        true => {
            lacks(&source, &findings, mark, shown).or_else(|| differs(&source, &findings, shown))
        }
        false if mark.is_some() => Some("a document that passes has no marks".to_owned()),
        false => (!findings.is_empty()).then(|| "the rule should find nothing".to_owned()),
    };
    Ok(Outcome {
        source,
        findings,
        wrong,
    })
}

/// The whole document around a block.
fn whole(block: &str, shown: &Shown, operation: Option<Operation>) -> Result<String, String> {
    let block = block.trim_start();
    if block.starts_with("<?xml") || block.starts_with("<!--") {
        return Ok(block.to_owned());
    }
    let fragment = Fragment::read(block)?;
    if Root::find(fragment.name()).is_some() {
        return Ok(block.to_owned());
    }
    let update = operation == Some(Operation::Update);
    fragment.complete(shown.root, shown.version, update)
}

fn unreadable(source: &Source, finding: &Finding) -> String {
    let line = source.position(finding.span.start).line;
    format!("it cannot be read: line {line}: {}", finding.message)
}

/// Says what the rule should have found.
fn lacks(
    source: &Source,
    findings: &[Finding],
    mark: Option<Span>,
    shown: &Shown,
) -> Option<String> {
    if findings.is_empty() {
        // A fragment that may stand in several places may have been put into another than was meant.
        let fragment = Fragment::read(&shown.xml).ok();
        let place = fragment.and_then(|f| f.place(shown.root, shown.version));
        let place = place.map(|place| format!("; the fragment was put at {place}"));
        return Some(format!(
            "the rule finds nothing{}",
            place.unwrap_or_default()
        ));
    }
    let mark = mark.filter(|mark| !findings.iter().any(|finding| finding.span == *mark))?;
    Some(format!("no finding marks `{}`", source.slice(mark)))
}

/// Says what the fixes write if it is not what the example shows.
fn differs(source: &Source, findings: &[Finding], shown: &Shown) -> Option<String> {
    let wanted = shown.fixed.as_deref()?;
    let fixes: Vec<&Fix> = findings.iter().filter_map(|f| f.fix.as_ref()).collect();
    if fixes.is_empty() {
        return Some("the rule offers no fix".to_owned());
    }
    if fix::apply(source.text(), &fixes).contains(wanted.trim()) {
        return None;
    }
    let edits = fixes.iter().flat_map(|fix| &fix.edits);
    let edit = |edit: &Edit| {
        let at = source.position(edit.span.start);
        format!("`{}` at {}:{}", edit.content, at.line, at.column)
    };
    let edits: Vec<String> = edits.map(edit).collect();
    Some(format!(
        "the fix is another: it writes {}",
        edits.join(", ")
    ))
}
