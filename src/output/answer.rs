//! Answers of a dry run: for people, as the body that the service would send, for programs.

use std::collections::HashSet;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style as Paint};
use serde::Serialize;

use super::{Style, json, text};
use crate::dry_run::{Fault, MessageSource, Refusal, Related, Response, Unknown, Verdict};
use crate::finding::Confidence;
use crate::report::{Answered, Answers};
use crate::rule::{OPTIONS, Stage};
use crate::source;
use crate::suggest;

/// A form in which answers can be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFormat {
    /// For people.
    Pretty,
    /// The body of each answer, one after the other; nothing for a call that is accepted.
    Xml,
    /// Everything, for programs; version 1.
    Json,
}

/// Longest message that is shown to people, in characters.
const LONGEST: usize = 2000;
/// So many refusals, and places of one, are shown to people; the rest is counted.
const SHOWN: usize = 50;

/// Prints answers. Failures are in JSON only; elsewhere they are for standard error.
///
/// # Errors
/// What the writer answers.
pub fn write_answers(
    format: AnswerFormat,
    answers: &Answers,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        AnswerFormat::Pretty => pretty(answers, style, out),
        AnswerFormat::Xml => {
            let bodies = answers.answers.iter().filter_map(|a| a.response.to_xml());
            bodies
                .into_iter()
                .try_for_each(|body| writeln!(out, "{body}"))
        }
        AnswerFormat::Json => json::write_value(&Output::new(answers), out),
    }
}

/// The answer in one line: `dist.xml: CreateDistribution would answer 400 MalformedXML`.
pub fn answer_line(answered: &Answered) -> String {
    let ours = |refusal: &Refusal| refusal.message_source == MessageSource::Ours;
    let remark = match answered.response.answer().is_some_and(ours) {
        true => " (the words are ours)",
        false => "",
    };
    let line = verdict_line(&answered.response);
    format!("{}: {line}{remark}", answered.name)
}

fn verdict_line(response: &Response) -> String {
    let who = response.call.unwrap_or("CloudFront");
    let status = match response.status() {
        Some(status) => format!(" {status}"),
        None => String::new(),
    };
    match (response.verdict(), response.answer()) {
        (_, Some(refusal)) => format!("{who} would answer {} {}", refusal.status, refusal.code),
        (Verdict::MayBeRefused, _) => {
            format!("{who} would answer{status}, or may refuse it")
        }
        _ => format!("{who} would accept it{}", status.replace(' ', ": ")),
    }
}

fn pretty(answers: &Answers, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    for (index, answered) in answers.answers.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let page = Page {
            name: &answered.name,
            width: style.width.clamp(40, 500),
            color: style.color,
        };
        page.write(&answered.response, out)?;
    }
    Ok(())
}

/// One answer for people.
struct Page<'a> {
    name: &'a str,
    width: usize,
    color: bool,
}

impl Page<'_> {
    fn write(&self, response: &Response, out: &mut dyn Write) -> io::Result<()> {
        self.headline(response, out)?;
        if let Some(answer) = response.answer() {
            self.body(answer, out)?;
        }
        self.behind(response, out)?;
        if !response.possible.is_empty() {
            let also = match response.answer() {
                Some(_) => "It may also be refused, but that is not sure:",
                None => "It may be refused, but that is not sure:",
            };
            self.title(also, out)?;
            self.refusals(&response.possible, out)?;
        }
        self.losses(response, out)?;
        self.unknown(response, out)
    }

    fn headline(&self, response: &Response, out: &mut dyn Write) -> io::Result<()> {
        let color = match response.verdict() {
            Verdict::Accepted => AnsiColor::Green,
            Verdict::MayBeRefused => AnsiColor::Yellow,
            Verdict::Refused => AnsiColor::Red,
        };
        let name = text::line(self.name);
        let line = self.painted(&verdict_line(response), color.on_default().bold());
        writeln!(out, "{name}: {line}")
    }

    /// What comes when the answer is dealt with, or in its place.
    fn behind(&self, response: &Response, out: &mut dyn Write) -> io::Result<()> {
        let behind = response.behind();
        if behind.is_empty() {
            if response.cut_short && response.answer().is_some() {
                self.title(
                    "What lies behind that is not known: it is read no further.",
                    out,
                )?;
            }
            return Ok(());
        }
        let semantic = |refusal: &&Refusal| refusal.stage == Stage::Semantic;
        let unordered = behind.iter().filter(semantic).count();
        let title = match (response.order_is_known(), unordered == behind.len()) {
            (false, _) => {
                "Or one of these: CloudFront checks them one at a time, in an order that is not known:"
            }
            (true, true) if unordered > 1 => {
                "After that is fixed, one of these: CloudFront checks them one at a time, in an order that is not known:"
            }
            (true, _) if unordered > 1 => {
                "After that is fixed, one after the other; the order of its own checks, the last of these, is not known:"
            }
            (true, _) if behind.len() > 1 => "After that is fixed, one after the other:",
            (true, _) => "After that is fixed:",
        };
        self.title(title, out)?;
        self.refusals(behind, out)
    }

    fn refusals(&self, refusals: &[Refusal], out: &mut dyn Write) -> io::Result<()> {
        for (index, refusal) in refusals.iter().take(SHOWN).enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            let code = format!("{} {}", refusal.status, refusal.code);
            writeln!(out, "  {}", self.painted(&code, Paint::new().bold()))?;
            self.body(refusal, out)?;
        }
        self.more("\n  ", refusals.len(), out)
    }

    /// How many are not shown.
    fn more(&self, before: &str, count: usize, out: &mut dyn Write) -> io::Result<()> {
        match count.saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(out, "{before}… and {more} more; --format json shows all"),
        }
    }

    /// The message and the places.
    fn body(&self, refusal: &Refusal, out: &mut dyn Write) -> io::Result<()> {
        if refusal.message_source == MessageSource::Service || refusal.faults.len() > 1 {
            self.wrapped("  ", "  ", &shortened(&refusal.message), out)?;
        }
        let ours = refusal.message_source == MessageSource::Ours;
        for fault in refusal.faults.iter().take(SHOWN) {
            self.fault(fault, out)?;
        }
        self.more("  ", refusal.faults.len(), out)?;
        if let Some(remark) = remark(refusal, ours) {
            self.wrapped("    ", "    ", &remark, out)?;
        }
        Ok(())
    }

    /// What is wrong, where, and what to do.
    fn fault(&self, fault: &Fault, out: &mut dyn Write) -> io::Result<()> {
        let place = format!(
            "{}:{}:{}: {} [{}]",
            fault.file.as_deref().unwrap_or(self.name),
            fault.start.line,
            fault.start.column,
            shortened(&fault.message),
            fault.rule.name()
        );
        self.wrapped("  → ", "    ", &place, out)?;
        for related in &fault.related {
            let file = related.file.as_deref().unwrap_or(self.name);
            let (line, column) = (related.start.line, related.start.column);
            let place = format!("{file}:{line}:{column}: {}", shortened(&related.message));
            self.wrapped("    ", "    ", &place, out)?;
        }
        match &fault.help {
            Some(help) => self.wrapped("    help: ", "          ", &shortened(help), out),
            None => Ok(()),
        }
    }

    fn losses(&self, response: &Response, out: &mut dyn Write) -> io::Result<()> {
        let title = match (response.losses.is_empty(), response.answer()) {
            (true, _) => return Ok(()),
            (false, None) => "What it would lose or change:",
            (false, Some(_)) => "What it would lose or change, if it were accepted:",
        };
        self.title(title, out)?;
        for loss in response.losses.iter().take(SHOWN) {
            self.fault(loss, out)?;
        }
        self.more("  ", response.losses.len(), out)
    }

    fn unknown(&self, response: &Response, out: &mut dyn Write) -> io::Result<()> {
        if response.unknown.is_empty() {
            return Ok(());
        }
        self.title("Only AWS can tell:", out)?;
        for unknown in &response.unknown {
            self.wrapped("  - ", "    ", &unknown.question, out)?;
        }
        Ok(())
    }

    fn title(&self, title: &str, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out)?;
        self.wrapped("", "", title, out)
    }

    fn wrapped(
        &self,
        first: &str,
        hanging: &str,
        words: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let width = self.width.saturating_sub(text::width(hanging));
        for (index, line) in text::fill(&text::line(words), width).iter().enumerate() {
            let indent = if index == 0 { first } else { hanging };
            writeln!(out, "{indent}{line}")?;
        }
        Ok(())
    }

    fn painted(&self, words: &str, paint: Paint) -> String {
        match self.color {
            true => format!("{}{words}{}", paint.render(), paint.render_reset()),
            false => words.to_owned(),
        }
    }
}

/// What is not sure about a refusal, in one sentence.
fn remark(refusal: &Refusal, ours: bool) -> Option<String> {
    let quotas = refusal.faults.first().map(quotas).unwrap_or_default();
    let inferred = refusal.code_confidence == Confidence::Inferred;
    let mut remarks = Vec::new();
    match refusal.confidence {
        Confidence::Inferred => remarks.push("the refusal is inferred".to_owned()),
        _ if inferred => remarks.push("the code is inferred".to_owned()),
        _ => {}
    }
    if !refusal.alternatives.is_empty() {
        let others = suggest::alternatives(refusal.alternatives.iter().copied(), "or");
        remarks.push(format!("it may be {others}"));
    }
    if !quotas.is_empty() {
        let names = suggest::alternatives(quotas, "or");
        remarks.push(format!("AWS raises quotas: --set {names}=NUMBER"));
    }
    if ours {
        remarks.push("the words are ours".to_owned());
    }
    (!remarks.is_empty()).then(|| format!("({})", remarks.join("; ")))
}

/// The options for the quota that a message speaks of: the one of that number, or, if the user set it, all of the rule.
fn quotas(fault: &Fault) -> Vec<&'static str> {
    if !fault.message.contains("quota") {
        return Vec::new();
    }
    let options = || OPTIONS.iter().filter(|o| o.rule == fault.rule.name());
    let numbers = fault.message.split(|c: char| !c.is_ascii_digit());
    let named: HashSet<i64> = numbers.filter_map(|number| number.parse().ok()).collect();
    match options().find(|option| named.contains(&option.default)) {
        Some(option) => vec![option.name],
        None => options().map(|option| option.name).collect(),
    }
}

fn shortened(words: &str) -> String {
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words.to_owned(),
    }
}

#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    tool: json::Tool,
    answers: Vec<Entry<'a>>,
    errors: Vec<json::Failure<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    file: &'a str,
    operation: &'static str,
    call: Option<&'static str>,
    api_version: &'static str,
    verdict: &'static str,
    status: Option<u16>,
    answer: Option<Told<'a>>,
    order_is_known: bool,
    behind: Vec<Told<'a>>,
    cut_short: bool,
    possible: Vec<Told<'a>>,
    losses: Vec<Place<'a>>,
    unknown: Vec<Open<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    status: u16,
    code: &'static str,
    stage: &'static str,
    message: &'a str,
    message_source: &'static str,
    confidence: &'static str,
    code_confidence: &'static str,
    alternatives: &'static [&'static str],
    faults: Vec<Place<'a>>,
}

#[derive(Serialize)]
struct Place<'a> {
    rule: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    element: &'a str,
    api_path: Option<&'a str>,
    confidence: &'static str,
    span: json::Span,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Other<'a>>,
}

#[derive(Serialize)]
struct Other<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    span: json::Span,
    message: &'a str,
}

#[derive(Serialize)]
struct Open<'a> {
    question: &'a str,
    codes: &'a [&'static str],
    constraint: Option<&'static str>,
}

impl<'a> Output<'a> {
    fn new(answers: &'a Answers) -> Output<'a> {
        Output {
            version: 1,
            tool: json::Tool::new(),
            answers: answers.answers.iter().map(Entry::new).collect(),
            errors: answers.failures.iter().map(json::Failure::new).collect(),
        }
    }
}

impl<'a> Entry<'a> {
    fn new(answered: &'a Answered) -> Entry<'a> {
        let response = &answered.response;
        let told = |refusals: &'a [Refusal]| refusals.iter().map(Told::new).collect();
        Entry {
            file: &answered.name,
            operation: response.operation.name(),
            call: response.call,
            api_version: response.version.date(),
            verdict: response.verdict().name(),
            status: response.status(),
            answer: response.answer().map(Told::new),
            order_is_known: response.order_is_known(),
            behind: told(response.behind()),
            cut_short: response.cut_short,
            possible: told(&response.possible),
            losses: response.losses.iter().map(Place::new).collect(),
            unknown: response.unknown.iter().map(Open::new).collect(),
        }
    }
}

impl<'a> Told<'a> {
    fn new(refusal: &'a Refusal) -> Told<'a> {
        Told {
            status: refusal.status,
            code: refusal.code,
            stage: refusal.stage.name(),
            message: &refusal.message,
            message_source: refusal.message_source.name(),
            confidence: refusal.confidence.name(),
            code_confidence: refusal.code_confidence.name(),
            alternatives: refusal.alternatives,
            faults: refusal.faults.iter().map(Place::new).collect(),
        }
    }
}

impl<'a> Place<'a> {
    fn new(fault: &'a Fault) -> Place<'a> {
        Place {
            rule: fault.rule.name(),
            message: &fault.message,
            help: fault.help.as_deref(),
            element: &fault.element,
            api_path: fault.api_path.as_deref(),
            confidence: fault.confidence.name(),
            span: span(fault.start, fault.end),
            file: fault.file.as_deref(),
            related: fault.related.iter().map(Other::new).collect(),
        }
    }
}

impl<'a> Other<'a> {
    fn new(related: &'a Related) -> Other<'a> {
        Other {
            file: related.file.as_deref(),
            span: span(related.start, related.end),
            message: &related.message,
        }
    }
}

fn span(start: source::Position, end: source::Position) -> json::Span {
    json::Span {
        start: start.into(),
        end: end.into(),
    }
}

impl<'a> Open<'a> {
    fn new(unknown: &'a Unknown) -> Open<'a> {
        Open {
            question: &unknown.question,
            codes: &unknown.codes,
            constraint: unknown.constraint,
        }
    }
}
