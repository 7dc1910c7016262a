//! SARIF 2.1.0, for code scanning and editors, within the limits of GitHub. Columns are UTF-16 code units.

mod line_hash;
mod rules;

use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use self::line_hash::LineHashes;
use self::rules::{Driver, RuleTable, level_name};
use super::place::{self, Point, Unit, Uri};
use super::{Style, explained, failure_line, is_shown, json};
use crate::finding::{self, Acceptance, Acceptor, Finding, Level, Safety};
use crate::fingerprint::Fingerprint;
use crate::report::{FileReport, Report};
use crate::source::{Source, Span};

/// GitHub refuses a log with more results.
const MOST_RESULTS: usize = 25_000;

/// GitHub shows so many places of a result.
const MOST_RELATED: usize = 100;

/// What relative addresses are relative to.
const BASE: &str = "%SRCROOT%";

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    json::write_value(&Log::new(report, style), out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    automation_details: Id,
    column_kind: &'static str,
    original_uri_base_ids: Bases,
    invocations: [Invocation<'a>; 1],
    results: Results<'a>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
struct Id {
    id: String,
}

#[derive(Serialize)]
struct Bases {
    #[serde(rename = "%SRCROOT%")]
    root: Base,
}

#[derive(Serialize)]
struct Base {
    description: Text<&'static str>,
}

#[derive(Serialize)]
struct Text<T> {
    text: T,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    level: &'static str,
    message: Text<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location<'a>>,
}

impl<'a> Log<'a> {
    fn new(report: &'a Report, style: &'a Style) -> Log<'a> {
        let rules = RuleTable::new(report);
        let category = style.category.as_deref().unwrap_or(env!("CARGO_PKG_NAME"));
        Log {
            schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            version: "2.1.0",
            runs: [Run {
                tool: Tool {
                    driver: rules.driver(),
                },
                // What stands behind the slash would name one run.
                automation_details: Id {
                    id: format!("{}/", category.trim_end_matches('/')),
                },
                column_kind: "utf16CodeUnits",
                original_uri_base_ids: Bases {
                    // Where it is differs from machine to machine, and is no business of those who get the log.
                    root: Base {
                        description: Text {
                            text: "The root of the checkout; outside of CI, the directory of the run.",
                        },
                    },
                },
                invocations: [Invocation::new(report, style)],
                results: Results {
                    report,
                    style,
                    rules,
                },
            }],
        }
    }
}

impl<'a> Invocation<'a> {
    fn new(report: &'a Report, style: &Style) -> Invocation<'a> {
        let failures = report.failures.iter().map(|failure| Notification {
            level: "error",
            message: Text {
                text: message_text(&failure_line(failure)),
            },
            locations: failure
                .name
                .iter()
                .map(|name| Location::of_file(name, style))
                .collect(),
        });
        let left_out = report.findings().count().saturating_sub(MOST_RESULTS);
        let left_out = (left_out > 0).then(|| Notification {
            level: "warning",
            message: Text {
                text: format!("{left_out} findings are left out: GitHub takes {MOST_RESULTS}"),
            },
            locations: Vec::new(),
        });
        Invocation {
            execution_successful: report.failures.is_empty(),
            tool_execution_notifications: failures.chain(left_out).collect(),
        }
    }
}

/// Serialized one at a time, so that a long report is never held twice.
struct Results<'a> {
    report: &'a Report,
    style: &'a Style,
    rules: RuleTable,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text<String>,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    suppressions: Vec<Suppression<'a>>,
    partial_fingerprints: Fingerprints,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
    properties: Properties,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fingerprints {
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_location_line_hash: Option<String>,
    #[serde(rename = "cloudfrontLint/v1")]
    own: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Properties {
    confidence: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_error: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    logical_locations: Vec<LogicalLocation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<String>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: Artifact,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation<'a> {
    fully_qualified_name: &'a str,
    kind: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    justification: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    description: Text<String>,
    artifact_changes: [Change<'a>; 1],
    properties: FixProperties,
}

#[derive(Serialize)]
struct FixProperties {
    safety: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Change<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Text<&'a str>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut results = serializer.serialize_seq(None)?;
        let mut room = Room::new(self.report);
        // Either all results say how they stand to a baseline, or none.
        let has_baseline = self.report.findings().any(|finding| finding.baselined);
        for document in self.report.files() {
            let hashes = match document.findings.is_empty() {
                true => None,
                false => LineHashes::of(document),
            };
            let prints = Fingerprint::all(document);
            for (finding, print) in document.findings.iter().zip(prints) {
                if room.take(finding) {
                    let mut result = self.result(document, finding, &print);
                    let line = result.line();
                    result.partial_fingerprints.primary_location_line_hash =
                        hashes.as_ref().and_then(|hashes| hashes.line(line));
                    result.baseline_state = has_baseline.then(|| baseline_state(finding));
                    results.serialize_element(&result)?;
                }
            }
        }
        results.end()
    }
}

/// How many results of each rank there is room for: first errors, at last what was accepted.
struct Room([usize; 4]);

impl Room {
    fn new(report: &Report) -> Room {
        let mut counts = [0; 4];
        for finding in report.findings() {
            counts[rank(finding)] += 1;
        }
        let mut left = MOST_RESULTS;
        for count in &mut counts {
            *count = left.min(*count);
            left -= *count;
        }
        Room(counts)
    }

    fn take(&mut self, finding: &Finding) -> bool {
        let left = &mut self.0[rank(finding)];
        let has_room = *left > 0;
        *left = left.saturating_sub(1);
        has_room
    }
}

fn rank(finding: &Finding) -> usize {
    match finding.level {
        _ if !is_shown(finding) => 3,
        Level::Error => 0,
        Level::Warning => 1,
        Level::Info => 2,
    }
}

fn baseline_state(finding: &Finding) -> &'static str {
    match finding.baselined {
        true => "unchanged",
        false => "new",
    }
}

impl Results<'_> {
    fn result<'f>(
        &'f self,
        document: &'f FileReport,
        finding: &'f Finding,
        print: &Fingerprint,
    ) -> SarifResult<'f> {
        let related = self.related(document, finding);
        SarifResult {
            rule_id: finding.rule.name(),
            rule_index: self.rules.index(finding.rule),
            level: level_name(finding.level),
            message: Text {
                text: message(finding, &related),
            },
            locations: [self.primary(document, finding)],
            related_locations: related,
            baseline_state: None,
            suppressions: suppressions(finding),
            partial_fingerprints: Fingerprints {
                primary_location_line_hash: None,
                own: print.hash(),
            },
            fixes: finding
                .fix
                .iter()
                .map(|fix| self.fix(document, fix))
                .collect(),
            properties: Properties {
                confidence: finding.confidence.name(),
                api_error: finding
                    .api_error
                    .map(|e| format!("{} {}", e.status, e.code)),
            },
        }
    }

    fn primary<'f>(&self, document: &FileReport, finding: &'f Finding) -> Location<'f> {
        let source = document.source.as_deref();
        let region = Region::new(source, finding.span);
        let element = Some(&finding.element[..]).filter(|element| !element.is_empty());
        let logical = element.map(|element| LogicalLocation {
            fully_qualified_name: element,
            kind: "element",
        });
        Location {
            logical_locations: logical.into_iter().collect(),
            message: said(&finding.label),
            ..Location::new(&document.name, region, self.style)
        }
    }

    fn related<'f>(&self, document: &FileReport, finding: &'f Finding) -> Vec<Location<'f>> {
        let labels = finding.labels.iter().take(MOST_RELATED).zip(1..);
        let location = |(label, id): (&'f finding::Label, usize)| {
            let other = label.source.as_deref();
            let name = other.map_or(&document.name[..], Source::name);
            let region = Region::new(other.or(document.source.as_deref()), label.span);
            Location {
                id: Some(id),
                message: said(&label.message),
                ..Location::new(name, region, self.style)
            }
        };
        labels.map(location).collect()
    }

    fn fix<'f>(&self, document: &FileReport, fix: &'f finding::Fix) -> Fix<'f> {
        let replacement = |edit: &'f finding::Edit| Replacement {
            deleted_region: Region::new(document.source.as_deref(), edit.span),
            inserted_content: Text {
                text: &edit.content[..],
            },
        };
        Fix {
            description: Text {
                text: message_text(&fix.title),
            },
            artifact_changes: [Change {
                artifact_location: Artifact::new(&document.name, self.style),
                replacements: fix.edits.iter().map(replacement).collect(),
            }],
            properties: FixProperties {
                safety: match fix.safety {
                    Safety::Safe => "safe",
                    Safety::Unsafe => "unsafe",
                },
            },
        }
    }
}

impl SarifResult<'_> {
    fn line(&self) -> u32 {
        let [location] = &self.locations;
        let region = location.physical_location.region.as_ref();
        region.map_or(1, |region| region.start_line)
    }
}

impl Location<'_> {
    fn new(name: &str, region: Region, style: &Style) -> Self {
        let mut location = Location::of_file(name, style);
        location.physical_location.region = Some(region);
        location
    }

    fn of_file(name: &str, style: &Style) -> Self {
        Location {
            id: None,
            physical_location: PhysicalLocation {
                artifact_location: Artifact::new(name, style),
                region: None,
            },
            logical_locations: Vec::new(),
            message: None,
        }
    }
}

impl Artifact {
    fn new(name: &str, style: &Style) -> Artifact {
        match style.root.uri(name) {
            Uri::Relative(uri) => Artifact {
                uri,
                uri_base_id: Some(BASE),
            },
            Uri::Absolute(uri) => Artifact {
                uri,
                uri_base_id: None,
            },
        }
    }
}

impl Region {
    fn new(source: Option<&Source>, span: Span) -> Region {
        let place::Region { start, end } = place::Region::new(source, span, Unit::Utf16);
        let (Point { line, column }, end) = (start, end);
        Region {
            start_line: line,
            start_column: column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// What the finding says, and links to the other places.
fn message(finding: &Finding, related: &[Location]) -> String {
    let words = [finding.message.clone()]
        .into_iter()
        .chain(explained(finding));
    let mut lines: Vec<String> = words.map(|line| message_text(&line)).collect();
    let link = |location: &Location| {
        let words = location
            .message
            .as_ref()
            .map_or("here", |message| &message.text);
        // Brackets in the words would end the link.
        let words = words.replace(['[', ']', '\\'], "");
        Some(format!("[{words}]({})", location.id?))
    };
    let links: Vec<String> = related.iter().filter_map(link).collect();
    if !links.is_empty() {
        lines.push(format!("see: {}", links.join(", ")));
    }
    lines.join("\n")
}

fn said(words: &str) -> Option<Text<String>> {
    (!words.is_empty()).then(|| Text {
        text: message_text(words),
    })
}

/// A text that holds no link, as the format wants it written: only what would be read as one is marked.
fn message_text(words: &str) -> String {
    match words.contains("](") {
        true => words
            .replace('\\', "\\\\")
            .replace('[', "\\[")
            .replace(']', "\\]"),
        false => words.to_owned(),
    }
}

/// Why the finding does not count.
fn suppressions(finding: &Finding) -> Vec<Suppression<'_>> {
    let accepted = finding.accepted.as_ref().filter(|_| finding.suppressed);
    let suppressed = finding.suppressed.then(|| Suppression {
        kind: match accepted.map(|accepted| accepted.by) {
            Some(Acceptor::Configuration) => "external",
            Some(Acceptor::Comment) | None => "inSource",
        },
        justification: accepted.map_or("accepted", Acceptance::words),
    });
    let baselined = finding.baselined.then_some(Suppression {
        kind: "external",
        justification: "accepted by the baseline",
    });
    suppressed.into_iter().chain(baselined).collect()
}
