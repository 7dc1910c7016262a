//! `cloudfront-lint completions`: what a shell needs to complete our words.

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, ValueHint};
use clap_complete::Shell;

use super::{Outcome, print};
use crate::dry_run::Call;
use crate::output::Format;
use crate::output::diff::DiffFormat;
use crate::rule::{ERRORS, Group, Operation, RuleId};
use crate::schema::{ApiVersion, roots};
use crate::triage::FailOn;

/// Print completions for a shell
///
/// They complete commands, flags, files, and what can be listed: rules, groups, error codes, formats, API versions.
/// Those for PowerShell and elvish know commands, flags and files alone.
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
        // It also leaves out for fish what is no flag.
        Shell::Fish => script.into_owned() + &words_for_fish(),
        // And for elvish all that comes after a word that is no command, and files.
        Shell::Elvish => script.replace("    $completions[$command]\n", ELVISH),
        _ => script.into_owned(),
    })
}

/// Offers what belongs to the innermost command, and files.
const ELVISH: &str = "    \
    while (not (has-key $completions $command)) {
        set command = (str:join ';' [(str:split ';' $command)][..-1])
    }
    $completions[$command]
    if (> (count $words) 2) {
        edit:complete-filename $words[-1]
    }
";

/// The program with all values that can be listed. What reads them says more about mistakes than a list can, so that only
/// shells are given the list.
fn with_names(command: Command) -> Command {
    let name = command.get_name().to_owned();
    let command = command.mut_args(|argument| {
        let id = argument.get_id().as_str();
        match values(&name, id) {
            values if !values.is_empty() => {
                argument.value_parser(PossibleValuesParser::new(values))
            }
            _ if id == "stdin_filename" => argument.value_hint(ValueHint::FilePath),
            _ => argument,
        }
    });
    command.mut_subcommands(with_names)
}

/// What an argument of a command can be; nothing if that is no list.
fn values(command: &str, argument: &str) -> Vec<&'static str> {
    let rules = || RuleId::all().map(RuleId::name);
    match (command, argument) {
        ("check", "select" | "ignore") => ["all"]
            .into_iter()
            .chain(Group::ALL.iter().map(|group| group.name()))
            .chain(rules())
            .collect(),
        ("check", "output") => Format::ALL.iter().map(|format| format.name()).collect(),
        ("diff", "format") => DiffFormat::ALL.iter().map(|format| format.name()).collect(),
        (_, "fail_on") => FailOn::ALL.iter().map(|level| level.name()).collect(),
        (_, "operation") => Operation::ALL.map(Operation::name).to_vec(),
        (_, "api_version") => ApiVersion::all().map(ApiVersion::date).collect(),
        (_, "call") => Call::all().filter_map(Call::name).collect(),
        ("explain", "name") => rules().chain(ERRORS.iter().map(|e| e.code)).collect(),
        ("schema", "root") => roots().iter().map(|root| root.name).collect(),
        _ => Vec::new(),
    }
}

fn words_for_fish() -> String {
    let line = |(command, argument)| {
        let is_used = format!("__fish_cloudfront_lint_using_subcommand {command}");
        let words = values(command, argument).join(" ");
        format!("complete -c cloudfront-lint -n \"{is_used}\" -f -a \"{words}\"\n")
    };
    [("explain", "name"), ("schema", "root")].map(line).concat()
}
