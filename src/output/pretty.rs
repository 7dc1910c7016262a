//! For people: the source with labels, reasons and help. The only file that knows miette, which
//! draws the boxes; it is given small texts, for it counts lines from the start of what it is
//! given, joins distant labels, panics past column 65,535 and prints whatever it finds.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use anstyle::{AnsiColor, Style as Paint};
use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, Severity, SourceCode, SourceSpan, SpanContents, ThemeCharacters,
    ThemeStyles,
};
use rayon::prelude::*;

use super::snippet::{MAX_MARKS, Mark, Snippet};
use super::{Style, concise, is_shown, link, statistics, summary, text};
use crate::finding::{Confidence, Finding, Level, Safety};
use crate::report::{FileReport, Report};
use crate::secrets;
use crate::source::{Source, Span};

/// Findings that one task draws.
const TASK: usize = 32;

/// Tasks whose text is held in memory at a time.
const TASKS_AT_ONCE: usize = 256;

/// Below this, threads cost more than they save.
const FEW_TASKS: usize = 4;

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if style.statistics {
        let any = statistics::write_table(report, out)?;
        return write_summary(report, style, any, out);
    }
    let pages: Vec<Page> = report.files().map(Page::new).collect();
    let tasks: Vec<(&Page, &[Finding])> = pages
        .iter()
        .flat_map(|page| {
            page.document
                .findings
                .chunks(TASK)
                .map(move |part| (page, part))
        })
        .collect();
    let painter = Painter::new(style, report.fixing.with_unsafe);
    let mut any = false;
    for tasks in tasks.chunks(TASKS_AT_ONCE) {
        for text in painter.draw(tasks) {
            // Each finding starts with a blank line; the first needs none.
            let text = if any {
                &text[..]
            } else {
                text.trim_start_matches('\n')
            };
            any |= !text.is_empty();
            out.write_all(text.as_bytes())?;
        }
    }
    write_summary(report, style, any, out)
}

fn write_summary(report: &Report, style: &Style, gap: bool, out: &mut dyn Write) -> io::Result<()> {
    match (style.quiet, gap) {
        (true, _) => Ok(()),
        (false, true) => writeln!(out, "\n{}", summary(report)),
        (false, false) => writeln!(out, "{}", summary(report)),
    }
}

/// A document, and what of it must not be seen.
struct Page<'a> {
    document: &'a FileReport,
    secrets: OnceLock<Cow<'a, [Span]>>,
}

impl<'a> Page<'a> {
    fn new(document: &'a FileReport) -> Page<'a> {
        Page {
            document,
            secrets: OnceLock::new(),
        }
    }

    fn secrets(&self, source: &Source) -> &[Span] {
        self.secrets.get_or_init(|| {
            if !self.document.parsed {
                return Cow::Owned(secrets::by_name(source.text()));
            }
            let known = &self.document.secrets;
            let commented = secrets::in_comments(source.text());
            match commented.is_empty() && text::are_apart(known) {
                true => Cow::Borrowed(known),
                false => Cow::Owned(text::joined([known, &commented[..]].concat())),
            }
        })
    }
}

/// Draws findings; made once, for it is dear to make.
struct Painter {
    color: bool,
    links: bool,
    /// Whether fixes are shown that may change what a document means.
    with_unsafe: bool,
    width: usize,
    /// By level and by the number of labels before the primary one, since miette colours labels
    /// in order. One serves all without colour.
    handlers: Vec<GraphicalReportHandler>,
    /// Secrets of other files, by the address of the source.
    others: Mutex<HashMap<usize, Arc<[Span]>>>,
}

impl Painter {
    fn new(style: &Style, with_unsafe: bool) -> Painter {
        // Nobody reads lines as long as miette's limit, nor as short as nothing.
        let width = style.width.clamp(40, 500);
        let levels = [Level::Info, Level::Warning, Level::Error];
        let handlers = match style.color {
            false => vec![handler(width, ThemeStyles::none())],
            true => levels
                .into_iter()
                .flat_map(|level| (0..MAX_MARKS).map(move |before| theme(level, before)))
                .map(|theme| handler(width, theme))
                .collect(),
        };
        Painter {
            color: style.color,
            links: style.links,
            with_unsafe,
            width,
            handlers,
            others: Mutex::default(),
        }
    }

    fn draw(&self, tasks: &[(&Page, &[Finding])]) -> Vec<String> {
        match tasks.len() > FEW_TASKS {
            true => tasks
                .par_iter()
                .map(|(page, part)| self.draw_part(page, part))
                .collect(),
            false => tasks
                .iter()
                .map(|(page, part)| self.draw_part(page, part))
                .collect(),
        }
    }

    fn draw_part(&self, page: &Page, part: &[Finding]) -> String {
        let mut out = String::new();
        for finding in part.iter().filter(|finding| is_shown(finding)) {
            out.push('\n');
            // A finding that cannot be drawn is still reported.
            match catch_unwind(AssertUnwindSafe(|| self.draw_finding(page, finding))) {
                Ok(Ok(text)) => out.push_str(&text),
                _ => {
                    let style = Style {
                        color: self.color,
                        links: self.links,
                        ..Style::default()
                    };
                    out.push_str(&concise::line(page.document, finding, &style));
                    out.push('\n');
                }
            }
        }
        out
    }

    fn draw_finding(&self, page: &Page, finding: &Finding) -> Result<String, fmt::Error> {
        let (snippet, hidden) = self.snippet(page, finding);
        let before = snippet
            .labels
            .iter()
            .take_while(|label| !label.primary)
            .count();
        let header = self.header(finding);
        let mut out = String::with_capacity(1024);
        let drawing = Drawing {
            header,
            level: finding.level,
            snippet,
        };
        self.handler(finding.level, before)
            .render_report(&mut out, &drawing)?;
        if drawing.snippet.frames.is_empty() {
            out.push_str(&format!("  ╰─[{}:1:1]\n", text::line(&page.document.name)));
        }
        self.footer(finding, hidden, &mut out);
        Ok(out)
    }

    fn handler(&self, level: Level, before: usize) -> &GraphicalReportHandler {
        match self.color {
            true => &self.handlers[level as usize * MAX_MARKS + before.min(MAX_MARKS - 1)],
            false => &self.handlers[0],
        }
    }

    /// The excerpts, and how many labels they leave out.
    fn snippet(&self, page: &Page, finding: &Finding) -> (Snippet, usize) {
        let mut snippet = Snippet::default();
        let others = finding.labels.iter().take(MAX_MARKS - 1);
        let hidden = finding.labels.len() - others.len();
        let source = page
            .document
            .source
            .as_deref()
            .filter(|source| !source.text().is_empty());
        if let Some(source) = source {
            let own = Mark {
                span: finding.span,
                text: &finding.label,
                primary: true,
            };
            let same_file = others.clone().filter(|label| label.source.is_none());
            let marks: Vec<Mark> = std::iter::once(own).chain(same_file.map(mark)).collect();
            snippet.add(source, page.secrets(source), &marks, self.width);
        }
        let mut foreign: Vec<(&Arc<Source>, Vec<Mark>)> = Vec::new();
        for label in others {
            let Some(source) = &label.source else {
                continue;
            };
            match foreign
                .iter_mut()
                .find(|(known, _)| Arc::ptr_eq(known, source))
            {
                Some((_, marks)) => marks.push(mark(label)),
                None => foreign.push((source, vec![mark(label)])),
            }
        }
        for (source, marks) in foreign {
            snippet.add(source, &self.other_secrets(source), &marks, self.width);
        }
        (snippet, hidden)
    }

    fn other_secrets(&self, source: &Arc<Source>) -> Arc<[Span]> {
        let key = Arc::as_ptr(source) as usize;
        let known = |painter: &Painter| {
            painter
                .others
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&key)
                .cloned()
        };
        known(self).unwrap_or_else(|| {
            // Found without the lock: at worst twice.
            let secrets: Arc<[Span]> = secrets::by_name(source.text()).into();
            let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
            others.entry(key).or_insert(secrets).clone()
        })
    }

    fn paint(&self, paint: Paint) -> Paint {
        if self.color { paint } else { Paint::new() }
    }

    /// `error[rule]: message`, in lines.
    fn header(&self, finding: &Finding) -> String {
        let title = format!("{}[{}]:", finding.level, finding.rule.name());
        let lines = text::wrap(
            &format!("{title} {}", text::line(&finding.message)),
            self.width - 4,
        );
        let tint = self.paint(hue(finding.level).on_default().bold());
        let bold = self.paint(Paint::new().bold());
        let mut out = String::new();
        for (n, line) in lines.iter().enumerate() {
            match line.strip_prefix(&title).filter(|_| n == 0) {
                Some(rest) => {
                    let rule = link::rule_name(finding.rule, self.links);
                    let title = title.replacen(finding.rule.name(), &rule, 1);
                    out += &format!("{tint}{title}{tint:#}{bold}{rest}{bold:#}");
                }
                None => out += &format!("\n{bold}{line}{bold:#}"),
            }
        }
        out
    }

    /// What to do, and why.
    fn footer(&self, finding: &Finding, hidden: usize, out: &mut String) {
        let fix = finding.fix.as_ref().and_then(|fix| match fix.safety {
            Safety::Safe => Some(("fix", &fix.title)),
            Safety::Unsafe => self.with_unsafe.then_some(("unsafe fix", &fix.title)),
        });
        let is_said = |help: &&String| fix.is_some_and(|(_, title)| title == *help);
        if let Some(help) = finding.help.as_ref().filter(|help| !is_said(help)) {
            self.remark("help", help, out);
        }
        if let Some((kind, title)) = fix {
            self.remark(kind, title, out);
        }
        for note in &finding.notes {
            self.remark("note", note, out);
        }
        if hidden > 0 {
            let places = if hidden == 1 { "place" } else { "places" };
            let more = format!("{hidden} more {places} not shown");
            self.remark("note", &more, out);
        }
        if let Some(error) = finding.api_error {
            let answers = match finding.confidence {
                Confidence::Inferred => "probably answers",
                _ => "answers",
            };
            let answer = format!("CloudFront {answers} {} {}", error.status, error.code);
            self.remark("note", &answer, out);
        }
    }

    fn remark(&self, title: &str, remark: &str, out: &mut String) {
        let bold = self.paint(Paint::new().bold());
        let indent = title.len() + 4;
        for (n, line) in text::wrap(&text::line(remark), self.width - indent)
            .iter()
            .enumerate()
        {
            match n {
                0 => *out += &format!("  {bold}{title}:{bold:#} {line}\n"),
                _ => *out += &format!("{:indent$}{line}\n", ""),
            }
        }
    }
}

fn mark(label: &crate::finding::Label) -> Mark<'_> {
    Mark {
        span: label.span,
        text: &label.message,
        primary: false,
    }
}

fn hue(level: Level) -> AnsiColor {
    match level {
        Level::Error => AnsiColor::Red,
        Level::Warning => AnsiColor::Yellow,
        Level::Info => AnsiColor::Cyan,
    }
}

fn handler(width: usize, styles: ThemeStyles) -> GraphicalReportHandler {
    let characters = ThemeCharacters {
        advice: "›".into(),
        ..ThemeCharacters::unicode()
    };
    GraphicalReportHandler::new_themed(GraphicalTheme { characters, styles })
        .with_width(width)
        .with_wrap_lines(false)
        .with_context_lines(1)
        .with_urls(false)
        .without_cause_chain()
        .without_syntax_highlighting()
}

/// Plain colours, which dark and light terminals both make readable: the level's own for the
/// primary label, magenta for the others.
fn theme(level: Level, before: usize) -> ThemeStyles {
    let plain = ThemeStyles::none().error;
    let own = match level {
        Level::Error => plain.red().bold(),
        Level::Warning => plain.yellow().bold(),
        Level::Info => plain.cyan().bold(),
    };
    let mut highlights = vec![plain.magenta().bold(); MAX_MARKS];
    highlights[before] = own;
    ThemeStyles {
        error: plain.red().bold(),
        warning: plain.yellow().bold(),
        advice: plain.cyan().bold(),
        help: plain,
        link: plain.bold(),
        linum: plain.dimmed(),
        highlights,
    }
}

/// A finding as miette sees it; the boxes of its snippet are parts of one text.
#[derive(Debug)]
struct Drawing {
    header: String,
    level: Level,
    snippet: Snippet,
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.header)
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn severity(&self) -> Option<Severity> {
        Some(match self.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Info => Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.snippet.labels.iter().map(|label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            match label.primary {
                true => LabeledSpan::new_primary_with_span(text, label.range.clone()),
                false => LabeledSpan::new_with_span(text, label.range.clone()),
            }
        })))
    }
}

impl SourceCode for Drawing {
    /// Always the whole box. A span over two boxes is refused, which keeps them apart. Asked for
    /// no context, miette wants the place of a label for the box's title.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        _context_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let end = span.offset() + span.len();
        let within = |part: &&super::snippet::Frame| {
            part.range.contains(&span.offset()) && end <= part.range.end
        };
        let part = self
            .snippet
            .frames
            .iter()
            .find(within)
            .ok_or(MietteError::OutOfBounds)?;
        let (line, column) = match self
            .snippet
            .labels
            .iter()
            .find(|l| l.range.start == span.offset())
        {
            Some(label) if context_before == 0 => (label.at.line - 1, label.at.column - 1),
            _ => (part.first - 1, 0),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            part.name.clone(),
            &self.snippet.text.as_bytes()[part.range.clone()],
            part.range.clone().into(),
            line as usize,
            column as usize,
            part.lines as usize,
        )))
    }
}
