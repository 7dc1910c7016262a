//! The dry run: what the service would answer to a call, from the findings about its body.
//!
//! Findings are put into the order of the service's own stages ([`Stage`]) and into its words, where a public answer
//! shows them (`rules/messages.toml`). Like `check`, a pure function: no I/O, no clock, no environment.

mod message;
mod place;
mod staging;
mod unknown;
mod xml;

use crate::check::{self, Beside, Older, Settings};
use crate::document::Document;
use crate::finding::{Confidence, Finding, Level};
use crate::namespace::Namespace;
use crate::rule::{Constraint, ErrorCode, Group, Operation, RuleId, Stage, id};
use crate::rules;
use crate::schema::{ApiVersion, Root, roots};
use crate::source::{Position, Source};
use crate::syntax;
use message::Speaker;
use place::Places;

pub use staging::{Rehearsal, dry_run_copy, dry_run_promote};

/// What is called: an operation, and perhaps the very one of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    operation: Operation,
    name: Option<&'static str>,
}

impl Call {
    /// The operation of the API with this name, such as `UpdateDistribution`; none if it takes no body that is known.
    pub fn named(name: &str) -> Option<Call> {
        Call::all().find(|call| call.name == Some(name))
    }

    /// All operations of the API that create, update or copy something with a body.
    pub fn all() -> impl Iterator<Item = Call> {
        roots().iter().flat_map(|root| {
            let call = |operation: Operation| Call {
                operation,
                name: operation.call(root),
            };
            Operation::ALL
                .map(call)
                .into_iter()
                .filter(|call| call.name.is_some())
        })
    }

    /// What it does.
    pub fn operation(self) -> Operation {
        self.operation
    }

    /// The name of the operation of the API; none if that follows from the document.
    pub fn name(self) -> Option<&'static str> {
        self.name
    }
}

/// The operation of the API is the one that takes the document's root.
impl From<Operation> for Call {
    fn from(operation: Operation) -> Call {
        Call {
            operation,
            name: None,
        }
    }
}

/// What the service would answer to one call, as far as the document shows it.
#[derive(Clone, Debug)]
pub struct Response {
    /// What the document is sent for.
    pub operation: Operation,
    /// The operation of the API that is called; none if the document does not tell.
    pub call: Option<&'static str>,
    /// The API version that is called.
    pub version: ApiVersion,
    /// All refusals in the order in which the service would tell them, one after the other as each is fixed; the first
    /// is its answer. The order among those of [`Stage::Semantic`] is not known: they stand in document order.
    pub refusals: Vec<Refusal>,
    /// What may be refused, too: it is inferred, or a quota that AWS raises. In the same order.
    pub possible: Vec<Refusal>,
    /// What is accepted and takes something away, or changes it: warnings about an update. In document order.
    pub losses: Vec<Fault>,
    /// What decides as well, and stands in no document.
    pub unknown: Vec<Unknown>,
    /// What lies behind the answer could not be looked at, because the document cannot be read or is of another kind.
    pub cut_short: bool,
}

/// One answer that is an error.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The `Code` element of the `ErrorResponse`.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// How far the request gets.
    pub stage: Stage,
    /// The `Message` element of the `ErrorResponse`.
    pub message: String,
    /// Whose words the message is in.
    pub message_source: MessageSource,
    /// How sure the refusal is.
    pub confidence: Confidence,
    /// How sure it is that it comes with this code.
    pub code_confidence: Confidence,
    /// Codes that may come instead.
    pub alternatives: &'static [&'static str],
    /// What is wrong, in document order; more than one only where the service tells all in one answer.
    pub faults: Vec<Fault>,
}

/// Whose words a message is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageSource {
    /// The service's, as a public answer shows them.
    Service,
    /// Those of cloudfront-lint: the service's are not known.
    Ours,
}

impl MessageSource {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            MessageSource::Service => "service",
            MessageSource::Ours => env!("CARGO_PKG_NAME"),
        }
    }
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The rule that says so.
    pub rule: RuleId,
    /// What is wrong, in our words.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// The file with the place, where it is not the one that is sent.
    pub file: Option<String>,
    /// Path of element names from the root; empty where no element is known.
    pub element: String,
    /// The place as the API writes it, `distributionConfig.origins.items.1.member.domainName`, where it is known.
    pub api_path: Option<String>,
    /// Where the text that is wrong begins.
    pub start: Position,
    /// The first place behind it.
    pub end: Position,
    /// How sure it is.
    pub confidence: Confidence,
    /// Places in other files that make it wrong.
    pub related: Vec<Related>,
}

/// A place in another file than the fault itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// The file; none if it is the one that is sent.
    pub file: Option<String>,
    /// Where the text begins.
    pub start: Position,
    /// The first place behind it.
    pub end: Position,
    /// A few words.
    pub message: String,
}

/// Something that decides about the answer and stands in no document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// `whether …`, in our words.
    pub question: String,
    /// What is answered if not; empty where nobody knows.
    pub codes: Vec<&'static str>,
    /// The row of the catalogue, where it is about something in the document.
    pub constraint: Option<&'static str>,
}

/// Whether a call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Not as far as the document shows.
    Accepted,
    /// Perhaps: it is inferred, or a quota that AWS raises.
    MayBeRefused,
    /// Yes.
    Refused,
}

impl Verdict {
    /// The name used in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Accepted => "accepted",
            Verdict::MayBeRefused => "may-be-refused",
            Verdict::Refused => "refused",
        }
    }
}

impl Response {
    /// What the service answers first; none if it accepts the call as far as the document shows.
    pub fn answer(&self) -> Option<&Refusal> {
        self.refusals.first()
    }

    /// What it answers later, as each is fixed.
    pub fn behind(&self) -> &[Refusal] {
        self.refusals.get(1..).unwrap_or_default()
    }

    /// Whether the call is refused.
    pub fn verdict(&self) -> Verdict {
        match (self.refusals.as_slice(), self.possible.as_slice()) {
            ([], []) => Verdict::Accepted,
            ([], _) => Verdict::MayBeRefused,
            _ => Verdict::Refused,
        }
    }

    /// Whether another refusal may come in place of the first: the service's own checks have no known order.
    pub fn order_is_known(&self) -> bool {
        let semantic = |refusal: &Refusal| refusal.stage == Stage::Semantic;
        !(self.answer().is_some_and(semantic) && self.behind().iter().any(semantic))
    }

    /// HTTP status of the answer; none for an accepted call whose status is not known.
    pub fn status(&self) -> Option<u16> {
        match self.answer() {
            Some(refusal) => Some(refusal.status),
            None => success(self.call?),
        }
    }

    /// The body of the answer, an `ErrorResponse` of the API version that is called; none if the call is accepted, for
    /// the service alone knows what it would answer then. `RequestId` is all zeros.
    pub fn to_xml(&self) -> Option<String> {
        let refusal = self.answer()?;
        Some(xml::error_response(self.version, refusal))
    }
}

/// Status of an accepted call, where it is documented here: creating makes something, updating answers it.
fn success(call: &str) -> Option<u16> {
    let distribution = call.contains("Distribution") && !call.contains("Tenant");
    match call {
        "CreateInvalidation" | "CopyDistribution" => Some(201),
        _ if distribution && call.starts_with("Create") => Some(201),
        _ if distribution && call.starts_with("Update") => Some(200),
        _ => None,
    }
}

/// Says what the service would answer if a document were sent.
///
/// `older` is the document that an update would replace. The version that is called is that of
/// [`Settings::api_version`], or else the one that the namespace names; [`Settings::operation`] is not looked at.
///
/// ```
/// use cloudfront_lint::{Operation, Settings, Source, Stage, dry_run};
///
/// let text = br#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
///   <Paths><Quantity>2</Quantity><Items><Path>/index.html</Path></Items></Paths>
/// </InvalidationBatch>"#;
/// let source = Source::from_bytes("batch.xml", text.to_vec());
/// let response = dry_run(Operation::Create, &source, None, &Settings::default())?;
///
/// assert_eq!(response.call, Some("CreateInvalidation"));
/// assert_eq!(response.status(), Some(400));
/// let answer = response.answer().unwrap();
/// assert_eq!((answer.code, answer.stage), ("MalformedXML", Stage::Model));
/// assert_eq!(
///     answer.message,
///     "1 validation error detected: Value null at 'invalidationBatch.callerReference' \
///      failed to satisfy constraint: Member must not be null"
/// );
/// // What comes when that is fixed:
/// assert_eq!(response.behind()[0].code, "InconsistentQuantities");
/// assert!(response.to_xml().unwrap().contains("<Code>MalformedXML</Code>"));
/// # Ok::<(), Box<cloudfront_lint::Finding>>(())
/// ```
///
/// # Errors
/// The finding that says why the document was not read, where that is a limit of ours: what the service would answer
/// is not known then.
pub fn dry_run(
    call: impl Into<Call>,
    source: &Source,
    older: Option<&Older<'_>>,
    settings: &Settings,
) -> Result<Response, Box<Finding>> {
    let call = call.into();
    let settings = Settings {
        operation: Some(call.operation),
        ..settings.clone()
    };
    // The service reads no comments: what somebody has accepted is refused all the same.
    let beside = Beside {
        older,
        ..Beside::default()
    };
    let findings = check::examine(source, &beside, &settings, false).findings;
    let document = match check::read(source, &settings) {
        Ok(document) => document,
        Err(finding) if finding.api_error.is_none() => return Err(finding),
        Err(finding) => return Ok(unreadable(call, source, &finding, &settings)),
    };
    Ok(Answering::new(call, &document, older).respond(findings, &Places::of(source)))
}

/// The text is no XML: that is all the service says.
fn unreadable(call: Call, source: &Source, finding: &Finding, settings: &Settings) -> Response {
    let mut speaker = Speaker::new(None);
    // Its first tag may be whole all the same.
    let first = syntax::sniff(source.text());
    let root = first.and_then(|tag| Root::find(tag.local));
    let meant = root.and_then(|root| call.operation.call(root));
    let named = match Namespace::of(first.and_then(|tag| tag.namespace).unwrap_or_default()) {
        Namespace::Version(version) => Some(version),
        _ => None,
    };
    Response {
        operation: call.operation,
        call: call.name.or(meant).or_else(|| only_call(call.operation)),
        version: settings.api_version.or(named).unwrap_or(ApiVersion::LATEST),
        refusals: refusals(&[finding], &Places::of(source), &mut speaker),
        possible: Vec::new(),
        losses: Vec::new(),
        unknown: Vec::new(),
        cut_short: true,
    }
}

/// The one operation of the API that does this, if there is only one.
fn only_call(operation: Operation) -> Option<&'static str> {
    let mut calls = roots().iter().filter_map(|root| operation.call(root));
    calls.next().filter(|_| calls.next().is_none())
}

/// A document that was read, on its way to an answer.
struct Answering<'d> {
    call: Call,
    /// The operation of the API.
    name: Option<&'static str>,
    document: &'d Document<'d>,
    /// The operation takes another root.
    wrong_root: bool,
    /// What would be replaced is known.
    has_older: bool,
}

impl<'d> Answering<'d> {
    fn new(call: Call, document: &'d Document<'d>, older: Option<&Older<'_>>) -> Answering<'d> {
        let own = call_of(call.operation, document);
        // What is updated decides which operation is called, not what is sent.
        let replaced = older.and_then(|older| call_of(call.operation, older.document));
        let name = call
            .name
            .or(replaced)
            .or(own)
            .or_else(|| only_call(call.operation));
        let is_sent = document.recognised().is_some();
        Answering {
            call,
            name,
            document,
            wrong_root: is_sent && name != own,
            has_older: older.is_some(),
        }
    }

    /// What is refused and what may be, without what is not known.
    fn refusals(self, findings: &[Finding], places: &Places<'_>) -> Response {
        let told = |certain: bool| -> Vec<&Finding> {
            let told = findings.iter().filter(|f| f.api_error.is_some());
            told.filter(|f| is_certain(f) == certain).collect()
        };
        let answers = |certain: bool| {
            let mut speaker = Speaker::new(Some(self.document));
            refusals(&told(certain), places, &mut speaker)
        };
        Response {
            operation: self.call.operation,
            call: self.name,
            version: self.document.version(),
            refusals: answers(true),
            possible: answers(false),
            losses: Vec::new(),
            unknown: Vec::new(),
            cut_short: false,
        }
    }

    fn respond(self, mut findings: Vec<Finding>, places: &Places<'_>) -> Response {
        if self.wrong_root && !findings.iter().any(is_of_another_kind) {
            let operation = self.call.operation;
            findings.push(rules::wrong_root::report(
                self.document,
                operation,
                self.name,
            ));
        }
        // As another kind of document it would be read by other rules.
        if findings.iter().any(is_of_another_kind) {
            findings.retain(is_of_another_kind);
        }
        let certain: Vec<&Finding> = findings
            .iter()
            .filter(|f| f.api_error.is_some() && is_certain(f))
            .collect();
        let cut_short =
            self.document.recognised().is_none() || findings.iter().any(is_of_another_kind);
        let unknown = match cut_short {
            true => Vec::new(),
            false => unknown::questions(
                self.document,
                self.call.operation,
                self.name,
                self.has_older,
                &findings,
                &certain,
            ),
        };
        Response {
            losses: losses(&findings, places),
            unknown,
            cut_short,
            ..self.refusals(&findings, places)
        }
    }
}

/// The operation of the API that takes what a document sends, or the part of it that can be sent.
fn call_of(operation: Operation, document: &Document<'_>) -> Option<&'static str> {
    document.recognised()?;
    operation.call(Root::find(document.payload().name())?)
}

/// Whether the document is none for the call.
fn is_of_another_kind(finding: &Finding) -> bool {
    [id::WRONG_ROOT, id::DOCUMENT_KIND_CHANGED].contains(&finding.rule)
}

/// Whether the service surely refuses. An answer of the API is worth no more than a warning in a directory; here it is
/// the body.
fn is_certain(finding: &Finding) -> bool {
    finding.level == Level::Error || finding.rule == id::RESPONSE_DOCUMENT
}

/// Findings as answers, in the order of the service's stages. All violations of the model come in one.
fn refusals(findings: &[&Finding], places: &Places<'_>, speaker: &mut Speaker<'_>) -> Vec<Refusal> {
    let mut told: Vec<(Stage, &Finding)> = findings
        .iter()
        .filter_map(|finding| Some((stage_of(finding.api_error?.code), *finding)))
        .collect();
    told.sort_by_key(|(stage, finding)| (*stage, finding.span, finding.rule));
    let (model, others): (Vec<_>, Vec<_>) = told
        .into_iter()
        .partition(|(stage, _)| *stage == Stage::Model);
    let model: Vec<&Finding> = model.into_iter().map(|(_, finding)| finding).collect();
    let mut refusals: Vec<Refusal> = others
        .into_iter()
        .filter_map(|(_, finding)| refusal(finding, places, speaker))
        .collect();
    let before = refusals.partition_point(|refusal| refusal.stage < Stage::Model);
    refusals.splice(before..before, violations(&model, places, speaker));
    refusals
}

fn stage_of(code: &str) -> Stage {
    ErrorCode::find(code).map_or(Stage::Semantic, |error| error.stage)
}

fn refusal(finding: &Finding, places: &Places<'_>, speaker: &mut Speaker<'_>) -> Option<Refusal> {
    let error = finding.api_error?;
    let said = speaker.words(finding);
    let (message, message_source) = match said {
        Some(text) => (text, MessageSource::Service),
        None => (finding.message.clone(), MessageSource::Ours),
    };
    Some(Refusal {
        code: error.code,
        status: error.status,
        stage: stage_of(error.code),
        message,
        message_source,
        confidence: confidence(finding),
        code_confidence: code_confidence(finding),
        alternatives: alternatives(finding),
        faults: vec![fault(finding, places, speaker.api_path(finding))],
    })
}

/// All violations of the model in one answer, as the service counts them.
fn violations(
    findings: &[&Finding],
    places: &Places<'_>,
    speaker: &mut Speaker<'_>,
) -> Option<Refusal> {
    let error = findings.first()?.api_error?;
    let told = speaker.violations(findings);
    let least = |of: fn(&Finding) -> Confidence| {
        let all = findings.iter().map(|finding| of(finding));
        all.min().unwrap_or(Confidence::Inferred)
    };
    Some(Refusal {
        code: error.code,
        status: error.status,
        stage: Stage::Model,
        message: told.message,
        message_source: told.source,
        confidence: least(confidence),
        code_confidence: least(code_confidence),
        alternatives: match findings {
            [only] => alternatives(only),
            _ => &[],
        },
        faults: findings
            .iter()
            .zip(told.api_paths)
            .map(|(finding, api_path)| fault(finding, places, api_path))
            .collect(),
    })
}

/// What cannot be read is refused, even if nobody has seen with which code.
fn confidence(finding: &Finding) -> Confidence {
    match is_certain(finding) {
        true => finding.confidence.max(Confidence::Documented),
        false => finding.confidence,
    }
}

/// Where all that is known of a refusal is inferred, so is its code, even if the refusal itself is sure.
fn code_confidence(finding: &Finding) -> Confidence {
    let rows = finding.rule.meta().constraints;
    let known = rows.iter().filter_map(|row| Constraint::find(row));
    let known = known.map(|row| row.confidence).max();
    finding.confidence.min(known.unwrap_or(finding.confidence))
}

/// Other codes for the one fact that a rule is about. A row about several elements has a code for each instead.
fn alternatives(finding: &Finding) -> &'static [&'static str] {
    let [row] = finding.rule.meta().constraints else {
        return &[];
    };
    let code = finding.api_error.map_or("", |error| error.code);
    // Nor has one with two quotas.
    let is_its_own = |row: &&Constraint| !row.alternatives.contains(&code);
    let row = Constraint::find(row).filter(|row| !row.element.contains(", "));
    row.filter(is_its_own).map_or(&[], |row| row.alternatives)
}

/// What an update loses without being refused.
fn losses(findings: &[Finding], places: &Places<'_>) -> Vec<Fault> {
    let of_updates = |finding: &&Finding| {
        finding.rule.meta().group == Group::Update && finding.api_error.is_none()
    };
    let lost = findings.iter().filter(of_updates);
    lost.map(|finding| fault(finding, places, None)).collect()
}

fn fault(finding: &Finding, places: &Places<'_>, api_path: Option<String>) -> Fault {
    let spot = places.spot(finding.span, None);
    Fault {
        rule: finding.rule,
        message: finding.message.clone(),
        help: finding.help.clone(),
        element: finding.element.clone(),
        api_path,
        start: spot.start,
        end: spot.end,
        confidence: confidence(finding),
        related: places.related(finding, spot.file.as_deref()),
        file: spot.file,
    }
}
