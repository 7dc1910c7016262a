//! The check: a pure function of (source, older document, settings). No I/O, no clock, no environment, no printing.
//!
//! First the document is compared with the schema ([`bind`]), then its elements are walked once and handed to the rules
//! that subscribed to their shape.

mod bind;
mod fit;
mod recognise;
mod values;
mod wanted;

pub(crate) use bind::{Violation, members_in};

use std::sync::Arc;

use crate::document::Document;
use crate::finding::Finding;
use crate::fleet::Facts;
use crate::limits::Limits;
use crate::placeholder::Placeholders;
use crate::policy::Policies;
use crate::rule::{Operation, RuleOptions, id};
use crate::rules;
use crate::schema::ApiVersion;
use crate::scope::Scope;
use crate::source::{Source, Span};
use crate::suppress::{self, Ran, Suppressions};
use crate::syntax;
use crate::triage::Selection;
use crate::update::Update;
use crate::vocabulary::evaluate;
use wanted::{Kind, Wanted};

/// What the caller may decide about a check.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The API version whose schema applies, whatever the namespace says.
    pub api_version: Option<ApiVersion>,
    /// Bounds on what is read.
    pub limits: Limits,
    /// What the document is sent for; none: to update if there is an older document, else to create.
    pub operation: Option<Operation>,
    /// Quotas of the account and other numbers.
    pub options: RuleOptions,
    /// Rules of the user.
    pub policies: Policies,
    /// Whether a comment that ignores a rule must say why.
    pub require_reason: bool,
    /// Forms of placeholders whose values are unknown: values are not checked, elements are.
    pub placeholders: Placeholders,
}

/// The document that an update would replace.
#[derive(Debug)]
pub struct Older<'d> {
    /// Its text; findings keep it to show the old place.
    pub source: Arc<Source>,
    /// The document read from it.
    pub document: &'d Document<'d>,
}

/// The distribution from which a staging distribution was copied.
#[derive(Debug)]
pub struct Primary<'d> {
    /// Its text; findings keep it to show places in it.
    pub source: Arc<Source>,
    /// The document read from it.
    pub document: &'d Document<'d>,
}

/// What a document is checked beside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside<'d> {
    /// The document that an update would replace.
    pub older: Option<&'d Older<'d>>,
    /// The primary distribution; what is checked is its staging distribution.
    pub primary: Option<&'d Primary<'d>>,
}

/// What a check found in one document.
#[derive(Debug, Default)]
pub struct Checked {
    /// Sorted by place, then by rule.
    pub findings: Vec<Finding>,
    /// Values of sensitive elements, sorted; no output may show their text. Gathered where there are findings to show.
    pub secrets: Vec<Span>,
    /// Whether the text was well-formed.
    pub parsed: bool,
    /// What the other documents of a run may contradict, where they are asked.
    pub(crate) facts: Option<Facts>,
    /// What comments of the document accept.
    pub(crate) suppressions: Option<Box<Suppressions>>,
}

/// Checks one document.
pub fn check(source: &Source, older: Option<&Older<'_>>, settings: &Settings) -> Checked {
    let beside = Beside {
        older,
        ..Beside::default()
    };
    check_beside(source, &beside, settings)
}

/// Checks one document together with others that it belongs to. Without an operation in the settings, one that has an
/// older document or a primary distribution is sent to update: only a copy makes staging distributions.
///
/// ```
/// use std::sync::Arc;
/// use cloudfront_lint::{Beside, Primary, Settings, Source, check_beside, read};
///
/// let document = |name: &str, members: &str| {
///     let text = format!(r#"<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
/// {members}</DistributionConfig>"#);
///     Source::from_bytes(name, text.into_bytes())
/// };
/// let settings = Settings::default();
/// let source = Arc::new(document("primary.xml", "<CallerReference>shop</CallerReference>"));
/// let primary = Primary { document: &read(&source, &settings).unwrap(), source: Arc::clone(&source) };
/// let beside = Beside { primary: Some(&primary), ..Beside::default() };
/// let staging = document("staging.xml", "<CallerReference>shop</CallerReference><Staging>true</Staging>");
/// let findings = check_beside(&staging, &beside, &settings).findings;
/// assert!(findings.iter().any(|f| f.rule.name() == "duplicate-caller-reference"));
/// ```
pub fn check_beside(source: &Source, beside: &Beside<'_>, settings: &Settings) -> Checked {
    let mut checked = examine(source, beside, settings, false);
    let ran = Ran {
        selection: &Selection::default(),
        policies: &settings.policies,
        operation: operation_of(beside, settings),
        operation_given: settings.operation.is_some(),
        compared: beside.older.is_some(),
    };
    suppress::settle(&mut checked, None, ran);
    checked
}

/// What a document is sent for.
pub(crate) fn operation_of(beside: &Beside<'_>, settings: &Settings) -> Operation {
    let default = match (beside.older, beside.primary) {
        (None, None) => Operation::Create,
        _ => Operation::Update,
    };
    settings.operation.unwrap_or(default)
}

/// Checks one document; gathers what the others of its run want to know if it has any. Whether somebody accepts what is
/// found is not asked yet.
pub(crate) fn examine(
    source: &Source,
    beside: &Beside<'_>,
    settings: &Settings,
    in_fleet: bool,
) -> Checked {
    let mut document = match syntax::parse(source, &settings.limits) {
        Ok(document) => document,
        Err(finding) => {
            return Checked {
                findings: vec![*finding],
                ..Checked::default()
            };
        }
    };
    let mut findings = Vec::new();
    understand(&mut document, settings, &mut findings);
    let operation = operation_of(beside, settings);
    let mut scope = Scope::new(&document, settings, operation);
    if in_fleet {
        scope = scope.in_fleet();
    }
    walk(&document, &scope, &mut findings);
    let facts = scope.into_facts();
    if let Some(operation) = settings.operation {
        rules::wrong_root::check(&document, operation, &mut findings);
    }
    if let Some(older) = beside.older {
        let update = rules::compare(&document, older, &mut findings);
        let is_same = update.comparison().is_some_and(|c| c.changes.is_empty());
        let (_, said) = update.into_parts();
        findings.extend(said.into_iter().map(|said| said.finding));
        // Nobody sends what is there already, unless they say that they do.
        match is_same {
            _ if settings.operation.is_some() => {}
            true => findings.retain(|finding| finding.rule != id::MISSING_ON_UPDATE),
            false => rules::wrong_root::check_update(&document, &mut findings),
        }
    }
    if let Some(primary) = beside.primary {
        rules::compare_with_primary(&document, primary, operation, &mut findings);
    }
    if operation == Operation::Update {
        rules::response_document::speak_of_update(&document, &mut findings);
    }
    rules::answer(&document, operation, &mut findings);
    findings.sort_by_key(|f| (f.span, f.rule));
    let suppressions = match document.comments.is_empty() {
        true => None,
        false => Suppressions::of(&document, settings),
    };
    let secrets = match findings.is_empty() && suppressions.is_none() {
        true => Vec::new(),
        false => document.secrets(),
    };
    Checked {
        findings,
        secrets,
        parsed: true,
        facts,
        suppressions,
    }
}

/// What a check says of an update, and of which changes.
pub(crate) fn update<'d>(
    document: &'d Document<'d>,
    older: &'d Older<'d>,
    settings: &Settings,
) -> Update<'d> {
    let mut findings = Vec::new();
    let scope = Scope::new(document, settings, Operation::Update);
    walk(document, &scope, &mut findings);
    rules::compare(document, older, &mut findings)
}

/// Reads a document and matches its elements with the schema, for callers that look at it themselves.
///
/// # Errors
/// The first thing that keeps the text from being read.
pub fn read<'s>(source: &'s Source, settings: &Settings) -> Result<Document<'s>, Box<Finding>> {
    let mut document = syntax::parse(source, &settings.limits)?;
    understand(&mut document, settings, &mut Vec::new());
    Ok(document)
}

/// Recognises the root and gives every element its shape.
fn understand(document: &mut Document<'_>, settings: &Settings, findings: &mut Vec<Finding>) {
    document.declare(&settings.placeholders);
    let Some(start) = recognise::recognise(document, settings, findings) else {
        return document.seal();
    };
    let violations = fit::bind_to_version(document, start, findings);
    bind::set_aside_repeats(document, &violations);
    document.survey();
    // Where every element has its shape, binding has marked all secrets.
    if bind::faults(&violations) > 0 || document.is_response() {
        document.seal();
    }
    rules::note_version(document, findings);
    rules::response_document::check_payload(document, findings);
    rules::response_document::strip(document, findings);
    rules::report_violations(document, &violations, findings);
}

/// The one walk: scalars to the value checks, structures to the rules of their shape.
fn walk<'d>(document: &'d Document<'d>, scope: &Scope<'d>, findings: &mut Vec<Finding>) {
    let mut wanted = Wanted::remembered();
    let (version, operation) = (document.version(), scope.operation());
    let in_fleet = scope.is_in_fleet();
    let has_policies = !scope.policies().is_empty();
    for (id, node) in (0..).zip(&document.nodes) {
        let (true, Some(shape)) = (node.checked, node.shape) else {
            continue;
        };
        let element = document.element(id);
        if node.scalar {
            values::check(element, shape.shape(), findings);
            continue;
        }
        if !element.value().is_empty() {
            values::check_text(element, shape.shape(), findings);
        }
        let kind = Kind {
            shape,
            version,
            operation,
            in_fleet,
            present: node.present,
            filled: node.filled,
        };
        for prepared in wanted.at(kind) {
            evaluate::run(scope, prepared, element, findings);
        }
        if has_policies {
            for subscription in kind.checks_of(scope.policies()) {
                evaluate::run(scope, &subscription.into(), element, findings);
            }
        }
    }
    wanted.keep();
    rules::unexpected_attribute::check(document, findings);
    rules::unexpected_text::beside_elements(document, findings);
}

/// Blanks as XML defines them.
pub(crate) fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Whether a text of an XML document is nothing but blanks, as nearly all text between elements is. Below the space, XML
/// has no characters but the other blanks.
pub(crate) fn is_all_blank(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.first().is_some_and(|b| *b > b' ') {
        return false;
    }
    if let Some(last) = bytes.last_chunk() {
        let (words, _) = bytes.as_chunks();
        return is_blank_word(*last) && words.iter().all(|word| is_blank_word(*word));
    }
    // The two ends may overlap.
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some([a, b, c, d]), Some([e, f, g, h])) => is_blank_word([*a, *b, *c, *d, *e, *f, *g, *h]),
        _ => bytes.iter().all(|b| *b <= b' '),
    }
}

/// Whether none of eight bytes is above the space.
fn is_blank_word(bytes: [u8; 8]) -> bool {
    const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);
    const UP: u64 = u64::from_ne_bytes([0x7F - b' '; 8]);
    let word = u64::from_ne_bytes(bytes);
    // The sum sets the high bit of each byte above the space, without a carry into the next.
    (((word & !HIGH) + UP) | word) & HIGH == 0
}

/// Whether two short texts are the same: names and values are, too often for a call each. The two ends of a text, which
/// may overlap, are all of most.
pub(crate) fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    match ends::<8>(one, other) {
        Some(same) if one.len() <= 16 || !same => same,
        Some(_) => one.as_chunks::<8>().0 == other.as_chunks::<8>().0,
        None => ends::<4>(one, other).unwrap_or_else(|| one.iter().zip(other).all(|(a, b)| a == b)),
    }
}

/// Whether the first and the last `N` bytes of two texts are the same; none if they are shorter.
fn ends<const N: usize>(one: &[u8], other: &[u8]) -> Option<bool> {
    let first = one.first_chunk::<N>()? == other.first_chunk::<N>()?;
    Some(first && one.last_chunk::<N>()? == other.last_chunk::<N>()?)
}

/// A text without the blanks around it; nearly all values have none.
pub(crate) fn trimmed(text: &str) -> &str {
    let blank_at = |byte: Option<&u8>| byte.is_some_and(|b| *b <= b' ');
    match blank_at(text.as_bytes().first()) || blank_at(text.as_bytes().last()) {
        true => text.trim_matches(is_blank),
        false => text,
    }
}
