//! README.md is true: what it shows is what the program prints, and its commands are those that are tested.
//!
//! A fenced block after `<!-- output of: cloudfront-lint ARGUMENTS -->` is what that command prints in the root of the
//! repository, standard output first, then standard error. `…` alone on a line stands for lines that are left out.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

const MARKER: &str = "<!-- output of: cloudfront-lint ";
const LEFT_OUT: &str = "…";
const MAIN_JOB: &str = "cargo run --release -- check testdata/tour";
const UPDATE: &str = "UPDATE_GENERATED=1 cargo test --test readme";

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    text.replace("\r\n", "\n")
}

/// What a person sees who runs the program in the root of the repository.
fn output(arguments: &str) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_cloudfront-lint"))
        .args(arguments.split_whitespace())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CLICOLOR_FORCE")
        .env_remove("GITHUB_ACTIONS")
        .env_remove("GITLAB_CI")
        .env("NO_COLOR", "1")
        .output()
        .expect("the program runs");
    let printed = [run.stdout, run.stderr].concat();
    String::from_utf8(printed).unwrap().replace("\r\n", "\n")
}

/// A block that shows output, with the range of its text in README.md.
struct Block<'a> {
    arguments: &'a str,
    text: &'a str,
    range: std::ops::Range<usize>,
}

fn blocks(readme: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    for (at, _) in readme.match_indices(MARKER) {
        let rest = &readme[at + MARKER.len()..];
        let (arguments, _) = rest.split_once(" -->\n```").expect("a block follows");
        let fence = at + MARKER.len() + arguments.len() + " -->\n```".len();
        let start = fence + readme[fence..].find('\n').expect("the fence has an end") + 1;
        let length = readme[start..].find("```\n").expect("the block has an end");
        let range = start..start + length;
        blocks.push(Block {
            arguments,
            text: &readme[range.clone()],
            range,
        });
    }
    blocks
}

/// Whether the lines shown stand in the output: the same lines in the same order, with gaps only where `…` says so.
fn shows(shown: &str, printed: &str) -> bool {
    let shown: Vec<&str> = shown.lines().collect();
    let printed: Vec<&str> = printed.lines().collect();
    let parts: Vec<&[&str]> = shown.split(|line| line.trim() == LEFT_OUT).collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return shown == printed;
    };
    let Some(mut rest) = printed.strip_prefix(*first) else {
        return false;
    };
    for part in middle {
        let found = rest.windows(part.len().max(1)).position(|w| w == *part);
        match found {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The program as README.md has it, with full blocks replaced by what the program prints now.
#[test]
fn output_is_what_the_program_prints() {
    let readme = read("README.md");
    let (mut updated, mut wrong, mut end) = (String::new(), Vec::new(), 0);
    let blocks = blocks(&readme);
    assert!(!blocks.is_empty(), "README.md shows no output");
    for block in blocks {
        let printed = output(block.arguments);
        let shortened = block.text.lines().any(|line| line.trim() == LEFT_OUT);
        let right = match shortened {
            true => shows(block.text, &printed),
            false => block.text == printed,
        };
        updated += &readme[end..block.range.start];
        updated += if shortened { block.text } else { &printed };
        end = block.range.end;
        if !right {
            wrong.push((block.arguments, shortened, printed));
        }
    }
    updated += &readme[end..];
    if std::env::var_os("UPDATE_GENERATED").is_some() && updated != readme {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        fs::write(path, updated).unwrap();
        wrong.retain(|(_, shortened, _)| *shortened);
    }
    let explain = |(arguments, shortened, printed): &(&str, bool, String)| {
        let advice = match shortened {
            true => "shorten this by hand",
            false => UPDATE,
        };
        format!("cloudfront-lint {arguments} ({advice}) prints:\n{printed}\n")
    };
    let report: String = wrong.iter().map(explain).collect();
    assert!(
        report.is_empty(),
        "README.md shows other output\n\n{report}"
    );
}

#[test]
fn commands_are_those_that_are_tested() {
    let (readme, ci) = (read("README.md"), read(".ci/run"));
    let mut commands = ci
        .lines()
        .filter(|line| line.starts_with("cargo ") || line.contains(" cargo "))
        .filter(|line| !line.starts_with('#'));
    let test = commands.next().expect(".ci/run has a command");
    let main_job = commands.next().expect(".ci/run has a second command");
    assert!(
        main_job.starts_with(MAIN_JOB),
        ".ci/run has another main command: {main_job}"
    );
    for command in [MAIN_JOB, test] {
        assert!(
            readme.lines().any(|line| line == command),
            "no line of README.md is: {command}"
        );
    }
}

#[test]
fn every_flag_is_described() {
    let (readme, help) = (read("README.md"), output("check --help"));
    let words = help.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
    let flags = words.filter(|word| word.starts_with("--") && word.len() > 2);
    for flag in flags {
        assert!(readme.contains(flag), "README.md does not describe {flag}");
    }
}

#[test]
fn the_example_is_the_one_in_the_documentation() {
    let (readme, library) = (read("README.md"), read("src/lib.rs"));
    let documentation: Vec<&str> = library
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let documentation = documentation.join("\n");
    let example = documentation.split("```").nth(1).unwrap();
    assert!(
        readme.contains(&format!("```rust{example}```")),
        "README.md has another example than src/lib.rs:\n{example}"
    );
}

#[test]
fn gaps_are_only_where_they_are_marked() {
    let printed = "a\nb\nc\nd\n";
    for right in [
        "a\n…\nd\n",
        "a\nb\n…\n",
        "…\nc\nd\n",
        "…\nb\n…\n",
        "a\n…\nc\n  …\nd\n",
    ] {
        assert!(shows(right, printed), "{right}");
    }
    for wrong in ["a\n…\nc\n", "b\n…\n", "a\n…\nc\n…\nb\n…\n", "…\nb\nd\n…\n"] {
        assert!(!shows(wrong, printed), "{wrong}");
    }
}
