//! GitLab's Code Quality report: a JSON array, from which a merge request shows what is new.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::ser::SerializeSeq;
use serde::{Serialize, Serializer};

use super::escape::markdown;
use super::place::{Region, Unit};
use super::{Style, explained, failure_line, is_shown, json};
use crate::finding::{Finding, Level};
use crate::fingerprint::Fingerprint;
use crate::report::Report;

pub(super) fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    json::write_value(&Issues { report, style }, out)
}

struct Issues<'a> {
    report: &'a Report,
    style: &'a Style,
}

#[derive(Serialize)]
struct Issue<'a> {
    description: &'a str,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
    /// GitLab shows the description alone; others who read this form show it, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

#[derive(Serialize)]
struct Content {
    body: String,
}

impl Content {
    fn new(finding: &Finding) -> Option<Content> {
        let lines: Vec<String> = explained(finding)
            .iter()
            .map(|line| markdown(line))
            .collect();
        let body = lines.join("\n\n");
        (!body.is_empty()).then_some(Content { body })
    }
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
}

impl Positions {
    fn new(region: Region) -> Positions {
        let [begin, end] = [region.start, region.end].map(|point| Position {
            line: point.line,
            column: point.column,
        });
        Positions { begin, end }
    }
}

impl Serialize for Issues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut issues = serializer.serialize_seq(None)?;
        self.serialize_failures(&mut issues)?;
        for document in self.report.files() {
            let path = self.style.root.path(&document.name);
            let prints = Fingerprint::all(document);
            let findings = document.findings.iter().zip(prints);
            for (finding, print) in findings.filter(|(finding, _)| is_shown(finding)) {
                let region =
                    Region::new(document.source.as_deref(), finding.span, Unit::Characters);
                issues.serialize_element(&Issue {
                    description: &finding.message,
                    check_name: finding.rule.name(),
                    // Of equal ones GitLab shows one, and other files may have the same mistake.
                    fingerprint: print.hash_in(&path),
                    severity: severity(finding.level),
                    location: Location {
                        path: &path,
                        positions: Positions::new(region),
                    },
                    content: Content::new(finding),
                })?;
            }
        }
        issues.end()
    }
}

impl Issues<'_> {
    /// What could not be checked. What belongs to no file has no place here.
    fn serialize_failures<S: SerializeSeq>(&self, issues: &mut S) -> Result<(), S::Error> {
        let mut alike: HashMap<(&str, &str), u32> = HashMap::new();
        for failure in &self.report.failures {
            let Some(name) = failure.name.as_deref() else {
                continue;
            };
            let number = alike.entry((name, &failure.message)).or_default();
            *number += 1;
            let path = self.style.root.path(name);
            let parts = [&*path, &failure.message, &number.to_string()];
            issues.serialize_element(&Issue {
                description: &failure_line(failure),
                check_name: "failure",
                fingerprint: crate::fingerprint::hash_of(&parts),
                severity: "blocker",
                location: Location {
                    path: &path,
                    positions: Positions::new(Region::new(
                        None,
                        Default::default(),
                        Unit::Characters,
                    )),
                },
                content: None,
            })?;
        }
        Ok(())
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "major",
        Level::Warning => "minor",
        Level::Info => "info",
    }
}
