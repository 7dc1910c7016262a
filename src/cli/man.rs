//! `cloudfront-lint man`: manual pages, made of the same descriptions as `--help`.

use std::path::{Path, PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;

use super::file::write_file;
use super::{Outcome, complain, print, written};
use crate::suggest::{alternatives, nearest};
use crate::walk::shown;

/// Print a manual page, or write all of them into a directory
///
/// To read one: cloudfront-lint man check | man -l -
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The command that the page is about, such as `check` or `policy test` [default: the program as a whole]
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,

    /// Write all pages into this directory
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    directory: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, program: Command) -> Outcome {
    // `help` has no page of its own.
    let mut program = without_help(program);
    // Every command learns its whole name.
    program.build();
    if let Some(directory) = &arguments.directory {
        return write_all(directory, &program);
    }
    let mut command = &program;
    for name in &arguments.command {
        match command
            .get_subcommands()
            .find(|command| command.get_name() == name)
        {
            Some(found) => command = found,
            None => {
                complain(&unknown(name, command));
                return Outcome::Failed;
            }
        }
    }
    print(&page(command))
}

fn without_help(command: Command) -> Command {
    let command = command.disable_help_subcommand(true);
    command.mut_subcommands(without_help)
}

fn unknown(name: &str, command: &Command) -> String {
    let names = || command.get_subcommands().map(Command::get_name);
    match (nearest(name, names()), names().next()) {
        (Some(near), _) => format!("no such command: {name}; did you mean {near}?"),
        (None, Some(_)) => format!(
            "no such command: {name}; expected {}",
            alternatives(names(), "or")
        ),
        (None, None) => format!("{} has no commands", file_name(command)),
    }
}

/// The page of a command as roff.
fn page(command: &Command) -> String {
    let mut text = Vec::new();
    // Writing into memory cannot fail.
    let _ = Man::new(command.clone()).render(&mut text);
    let text = String::from_utf8_lossy(&text);
    let title = format!(
        ".TH {} 1 \"\" \"cloudfront-lint {}\"\n",
        file_name(command),
        env!("CARGO_PKG_VERSION")
    );
    // A page without a date would show its source as one.
    let is_title = |line: &&str| line.starts_with(".TH ");
    let lines = text.split_inclusive('\n');
    lines
        .map(|line| if is_title(&line) { &title } else { line })
        .collect()
}

/// `cloudfront-lint-policy-test`.
fn file_name(command: &Command) -> &str {
    command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
}

fn write_all(directory: &Path, program: &Command) -> Outcome {
    let made = std::fs::create_dir_all(directory);
    if written(made, &shown(directory)) == Outcome::Failed {
        return Outcome::Failed;
    }
    let mut waiting = vec![program];
    while let Some(command) = waiting.pop() {
        let path = directory.join(format!("{}.1", file_name(command)));
        let result = write_file(&path, |out| out.write_all(page(command).as_bytes()));
        if written(result, &shown(&path)) == Outcome::Failed {
            return Outcome::Failed;
        }
        waiting.extend(command.get_subcommands());
    }
    Outcome::Clean
}
