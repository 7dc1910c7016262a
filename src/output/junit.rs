//! JUnit's XML: a suite for each file, a test case for each finding. What makes the run fail is a failure, what does not
//! is a skipped test, and a file without findings is a test that passed, so that no report is empty.

use std::collections::HashMap;
use std::io::{self, Write};

use super::escape::xml;
use super::place::{Region, Unit};
use super::{Style, explained, failure_line, is_shown};
use crate::finding::Finding;
use crate::report::{Failure, FileReport, Report};

const TOOL: &str = env!("CARGO_PKG_NAME");

pub(super) fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let mut total = Counts {
        tests: report.failures.len(),
        errors: report.failures.len(),
        ..Counts::default()
    };
    for document in report.files() {
        total.add(&Counts::of(document));
    }
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"{TOOL}\" {}>", total.attributes())?;
    for failure in &report.failures {
        write_failure(failure, &mut out)?;
    }
    for document in report.files() {
        write_suite(document, &mut out)?;
    }
    writeln!(out, "</testsuites>")?;
    out.flush()
}

/// What became of tests.
#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of(document: &FileReport) -> Counts {
        let shown = || document.findings.iter().filter(|f| is_shown(f));
        let failures = shown().filter(|f| fails(document, f)).count();
        Counts {
            tests: shown().count().max(1),
            failures,
            errors: 0,
            skipped: shown().count() - failures,
        }
    }

    fn add(&mut self, other: &Counts) {
        self.tests += other.tests;
        self.failures += other.failures;
        self.errors += other.errors;
        self.skipped += other.skipped;
    }

    fn attributes(&self) -> String {
        let Counts {
            tests,
            failures,
            errors,
            skipped,
        } = self;
        format!(
            "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\""
        )
    }
}

/// Whether the finding makes the run fail.
fn fails(document: &FileReport, finding: &Finding) -> bool {
    let lowest = document.fail_on.lowest();
    lowest.is_some_and(|lowest| finding.level >= lowest)
}

fn write_suite(document: &FileReport, out: &mut dyn Write) -> io::Result<()> {
    let name = xml(&document.name);
    let counts = Counts::of(document).attributes();
    writeln!(out, "  <testsuite name=\"{name}\" {counts}>")?;
    let mut names = Names::default();
    for finding in document.findings.iter().filter(|f| is_shown(f)) {
        write_case(document, finding, &mut names, out)?;
    }
    if document.findings.iter().all(|f| !is_shown(f)) {
        writeln!(
            out,
            "    <testcase name=\"no findings\" classname=\"{name}\" file=\"{name}\"/>"
        )?;
    }
    writeln!(out, "  </testsuite>")
}

fn write_case(
    document: &FileReport,
    finding: &Finding,
    names: &mut Names,
    out: &mut dyn Write,
) -> io::Result<()> {
    let start = Region::new(document.source.as_deref(), finding.span, Unit::Characters).start;
    let (line, column) = (start.line, start.column);
    let rule = finding.rule.name();
    let name = format!("{rule} at {line}:{column} {}", finding.element);
    let name = names.unique(name.trim_end().to_owned());
    let (name, file) = (xml(&name), xml(&document.name));
    writeln!(
        out,
        "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\" line=\"{line}\">"
    )?;
    let (level, message) = (finding.level, xml(&finding.message));
    if fails(document, finding) {
        writeln!(
            out,
            "      <failure type=\"{level}\" message=\"{message}\">"
        )?;
        writeln!(
            out,
            "{file}:{line}:{column}: {level}: {message} [{}]",
            xml(rule)
        )?;
        for line in explained(finding) {
            writeln!(out, "{}", xml(&line))?;
        }
        writeln!(out, "</failure>")?;
    } else {
        writeln!(out, "      <skipped message=\"{level}: {message}\"/>")?;
    }
    writeln!(out, "    </testcase>")
}

fn write_failure(failure: &Failure, out: &mut dyn Write) -> io::Result<()> {
    let name = xml(failure.name.as_deref().unwrap_or(TOOL));
    let file = match failure.name {
        Some(_) => format!(" file=\"{name}\""),
        None => String::new(),
    };
    let message = xml(&failure_line(failure));
    writeln!(
        out,
        "  <testsuite name=\"{name}\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">"
    )?;
    writeln!(
        out,
        "    <testcase name=\"{message}\" classname=\"{name}\"{file}>"
    )?;
    writeln!(out, "      <error type=\"failure\" message=\"{message}\"/>")?;
    writeln!(out, "    </testcase>\n  </testsuite>")
}

/// The names of the tests of a suite: of equal ones, some readers keep only the first.
#[derive(Default)]
struct Names(HashMap<String, u32>);

impl Names {
    fn unique(&mut self, name: String) -> String {
        let number = self.0.entry(name.clone()).or_default();
        *number += 1;
        match *number {
            1 => name,
            n => format!("{name} ({n})"),
        }
    }
}
