//! `check --add-ignores`: writes comments into the documents that accept what was found.

use clap::Args;

use crate::finding::{Edit, Finding};
use crate::fix;
use crate::report::{Failure, FileReport, Report};
use crate::run::Options;
use crate::source::Source;
use crate::suppress::add;
use crate::walk::{Input, Place, reason};
use crate::write::{self, NotWritten};

/// How comments are written.
#[derive(Debug, Args)]
pub(super) struct AcceptArguments {
    /// Write comments into the documents that ignore what was found, one before each element
    #[arg(
        long,
        conflicts_with_all = ["write_baseline", "fix", "diff"],
        help_heading = "Accept findings"
    )]
    add_ignores: bool,

    /// The reason in these comments
    #[arg(long, value_name = "TEXT", requires = "add_ignores", value_parser = given_reason, help_heading = "Accept findings")]
    reason: Option<String>,
}

fn given_reason(text: &str) -> Result<String, String> {
    match add::wrong_reason(text) {
        Some(why) => Err(why.to_owned()),
        None => Ok(text.trim().to_owned()),
    }
}

impl AcceptArguments {
    /// What keeps the comments from being written.
    pub(super) fn consistent(&self, has_stdin: bool) -> Result<(), String> {
        match self.add_ignores && has_stdin {
            true => Err("--add-ignores writes into files: name one in the place of -".to_owned()),
            false => Ok(()),
        }
    }

    /// Writes the comments, and marks what they accept. Returns what was done, in a sentence.
    pub(super) fn write(
        &self,
        report: &mut Report,
        inputs: &[Input],
        options: &Options,
    ) -> Option<String> {
        if !self.add_ignores {
            return None;
        }
        let why = self.reason.as_deref().unwrap_or(add::NO_REASON);
        let (mut comments, mut files, mut left) = (0, 0, 0);
        let mut by_name = super::by_name(inputs);
        for file in &mut report.documents {
            let Some(input) = by_name.remove(&file.name[..]) else {
                continue;
            };
            match write_into(file, input, options, why) {
                Ok(0) => {}
                Ok(count) => {
                    comments += count;
                    files += 1;
                }
                Err(message) => report.failures.push(Failure {
                    name: Some(file.name.to_string()),
                    message: format!("was not changed: {message}"),
                }),
            }
            left += file.findings.iter().filter(|f| is_open(f)).count();
        }
        Some(told(comments, files, left))
    }
}

fn told(comments: usize, files: usize, left: usize) -> String {
    let count = |n: usize, one: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {one}s"),
    };
    let mut text = match comments {
        0 => "no comments added".to_owned(),
        _ => format!(
            "{} added to {}",
            count(comments, "comment"),
            count(files, "file")
        ),
    };
    if left > 0 {
        text += &format!(
            "; {} cannot be ignored by a comment",
            count(left, "finding")
        );
    }
    text
}

fn is_open(finding: &Finding) -> bool {
    !finding.suppressed && !finding.baselined
}

/// Writes the comments of one document; returns how many.
fn write_into(
    file: &mut FileReport,
    input: &Input,
    options: &Options,
    why: &str,
) -> Result<usize, String> {
    let (Some(source), Place::File(path)) = (&file.source, &input.place) else {
        return Ok(0);
    };
    if !file.parsed || !file.findings.iter().any(is_open) {
        return Ok(0);
    }
    let limits = &options.profiles.of(input).settings.limits;
    let document = add::read(source, limits).map_err(|finding| finding.message)?;
    let open = file.findings.iter().filter(|finding| is_open(finding));
    let edits = add::comments(&document, open, why);
    if edits.is_empty() {
        return Ok(0);
    }
    let all: Vec<&Edit> = edits.iter().collect();
    let bytes = source.encode(&fix::spliced(source.text(), &all));
    let after = Source::from_bytes(source.name(), bytes);
    add::read(&after, limits).map_err(|finding| {
        format!(
            "with the comments, it could not be read: {}",
            finding.message
        )
    })?;
    write::replace(path, source, &after).map_err(|error| match error {
        NotWritten::Changed => "it has changed since it was read".to_owned(),
        NotWritten::Io(error) => reason(&error),
    })?;
    let open = file.findings.iter_mut().filter(|finding| is_open(finding));
    for finding in open.filter(|finding| crate::suppress::is_acceptable(finding.rule)) {
        finding.suppressed = true;
    }
    Ok(edits.len())
}
