//! `cloudfront-lint init`: a first configuration.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::check::failure_line;
use super::file::write_new_file;
use super::{Outcome, complain, print};
use crate::check::{self, Settings};
use crate::config::{FILE_NAMES, Survey};
use crate::output;
use crate::read;
use crate::walk::{self, STDIN_NAME, reason, shown};

/// Write a configuration that fits the documents in a directory, with every key explained
///
/// A file that is there already is never replaced.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The directory [default: the current one]
    #[arg(
        value_name = "DIRECTORY",
        default_value = ".",
        hide_default_value = true
    )]
    directory: PathBuf,

    /// Print it instead of writing a file
    #[arg(long)]
    stdout: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let directory = &arguments.directory;
    if !directory.is_dir() {
        complain(&format!("{}: is no directory", shown(directory)));
        return Outcome::Failed;
    }
    let there = FILE_NAMES.iter().map(|name| directory.join(name));
    // Not `exists`: a link that leads nowhere is there, too.
    let mut there = there.filter(|path| path.symlink_metadata().is_ok());
    match there.next() {
        Some(path) if !arguments.stdout => {
            complain(&format!(
                "{}: is there already; --stdout prints what would be written",
                shown(&path)
            ));
            return Outcome::Failed;
        }
        _ => {}
    }
    let (survey, failed) = survey(directory);
    let text = survey.configuration();
    let outcome = match arguments.stdout {
        true => print(&text),
        false => write(&directory.join(FILE_NAMES[0]), &text),
    };
    match failed {
        true => Outcome::Failed,
        false => outcome,
    }
}

/// Looks at all documents. What cannot be read says nothing, and whether there was such.
fn survey(directory: &Path) -> (Survey, bool) {
    let walk = walk::walk(&[directory.to_path_buf()], STDIN_NAME);
    let settings = Settings::default();
    let (mut survey, mut failures) = (Survey::default(), walk.failures);
    for input in &walk.inputs {
        let name = Path::new(&*input.name).strip_prefix(directory);
        let name = name.map_or_else(|_| input.name.to_string(), shown);
        match read::whole(&input.place, &name, settings.limits.max_size) {
            // What is not well-formed is for `check` to tell.
            Ok(source) => {
                if let Ok(document) = check::read(&source, &settings) {
                    survey.add(&document);
                }
            }
            Err(failure) => failures.push(failure),
        }
    }
    for failure in &failures {
        complain(&failure_line(failure));
    }
    (survey, !failures.is_empty())
}

fn write(path: &Path, text: &str) -> Outcome {
    match write_new_file(path, text.as_bytes()) {
        Ok(()) => {
            let message = format!("wrote {}", shown(path));
            let _ = writeln!(io::stderr(), "{}", output::visible(&message));
            Outcome::Clean
        }
        Err(error) => {
            complain(&format!("cannot write {}: {}", shown(path), reason(&error)));
            Outcome::Failed
        }
    }
}
