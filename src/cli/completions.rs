//! `cloudfront-lint completions`: what a shell needs to complete our words.

use clap::builder::PossibleValuesParser;
use clap::{Args, Command};
use clap_complete::Shell;

use super::{Outcome, print};
use crate::output::Format;
use crate::rule::{Group, Operation, RuleId};
use crate::triage::FailOn;

/// Print completions for a shell
///
/// They complete commands, flags, files, and the names of rules, groups and formats.
#[derive(Debug, Args)]
#[command(after_long_help = AFTER_HELP)]
pub(super) struct Arguments {
    /// bash, zsh, fish, powershell or elvish
    #[arg(value_name = "SHELL", hide_possible_values = true)]
    shell: Shell,
}

const AFTER_HELP: &str = "\
Where the output goes:
  bash        ~/.local/share/bash-completion/completions/cloudfront-lint
  zsh         a file _cloudfront-lint in a directory of $fpath
  fish        ~/.config/fish/completions/cloudfront-lint.fish
  powershell  the file that $PROFILE names, at its end
  elvish      ~/.config/elvish/rc.elv, at its end";

/// Runs the command.
pub(super) fn run(arguments: &Arguments, program: Command) -> Outcome {
    let name = program.get_name().to_owned();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut with_names(program), name, &mut script);
    let script = String::from_utf8_lossy(&script);
    print(&match arguments.shell {
        // clap_complete 4.6 takes the hyphen of the program for a space in the places that it jumps to.
        Shell::Bash => script.replace("cloudfront__subcmd__lint", "cloudfront__lint"),
        _ => script.into_owned(),
    })
}

/// The program with all values that can be listed. What reads them says more about mistakes than a list can, so that only
/// shells are given the list.
fn with_names(program: Command) -> Command {
    let rules: Vec<&str> = RuleId::all().map(RuleId::name).collect();
    let groups = Group::ALL.iter().map(|group| group.name());
    let selectors: Vec<&str> = ["all"]
        .into_iter()
        .chain(groups)
        .chain(rules.iter().copied())
        .collect();
    let formats: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    let levels: Vec<&str> = FailOn::ALL.iter().map(|level| level.name()).collect();
    let operations = Operation::ALL.map(Operation::name).to_vec();
    let values = [
        ("check", "select", selectors.clone()),
        ("check", "ignore", selectors),
        ("check", "output", formats),
        ("check", "fail_on", levels),
        ("check", "operation", operations),
        ("explain", "name", rules),
    ];
    values
        .into_iter()
        .fold(program, |program, (command, argument, values)| {
            let with_values =
                |argument: clap::Arg| argument.value_parser(PossibleValuesParser::new(values));
            program.mut_subcommand(command, |command| command.mut_arg(argument, with_values))
        })
}
