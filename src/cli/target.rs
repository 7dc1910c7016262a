//! `--output`: formats, and where each goes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::output::Format;
use crate::suggest::{alternatives, nearest};
use crate::walk::shown;

/// A format and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) format: Format,
    /// None: standard output.
    pub(super) file: Option<PathBuf>,
}

fn names() -> impl Iterator<Item = &'static str> + Clone {
    Format::ALL.iter().map(|format| format.name())
}

/// The help of `--output`.
pub(super) fn help() -> String {
    format!(
        "{}, to standard output or to a file; may be repeated [default: pretty]",
        alternatives(names(), "or")
    )
}

/// Reads `FORMAT` or `FORMAT=FILE`; as elsewhere, `-` is no file.
pub(super) fn parse(text: &str) -> Result<Target, String> {
    let (name, file) = match text.split_once('=') {
        Some((_, "")) => return Err("the file name is missing after =".into()),
        Some((name, file)) => (name, Some(file)),
        None => (text, None),
    };
    let format = Format::parse(name).ok_or_else(|| {
        let near = nearest(name, names()).map(|n| format!("; did you mean {n}?"));
        let known = alternatives(names(), "and");
        format!(
            "no such format; there are {known}{}",
            near.unwrap_or_default()
        )
    })?;
    let file = file.filter(|file| *file != "-").map(PathBuf::from);
    Ok(Target { format, file })
}

/// The files that are written.
pub(super) fn files(targets: &[Target]) -> impl Iterator<Item = &Path> {
    targets.iter().filter_map(|target| target.file.as_deref())
}

/// What clap cannot say: each output has a place of its own.
pub(super) fn are_apart(targets: &[Target]) -> Result<(), String> {
    if targets.iter().filter(|t| t.file.is_none()).count() > 1 {
        return Err("only one --output can go to standard output; give the others a file: --output FORMAT=FILE".into());
    }
    let mut seen = BTreeSet::new();
    for file in files(targets) {
        if !seen.insert(real(file)) {
            return Err(format!("two --output name the same file, {}", shown(file)));
        }
    }
    Ok(())
}

/// None of them is a file that is read: nobody wants a report in place of his document.
pub(super) fn spare<'p>(
    targets: &[Target],
    read: impl Iterator<Item = &'p Path> + Clone,
) -> Result<(), String> {
    // Most reports are new files, which nobody can have read.
    for file in files(targets).filter(|file| file.is_file()) {
        let place = real(file);
        if read.clone().any(|path| real(path) == place) {
            let file = shown(file);
            return Err(format!(
                "--output would overwrite {file}, which is one of the documents: name another file"
            ));
        }
    }
    Ok(())
}

/// Where a file is, whatever it is called, even if it is not there yet.
fn real(path: &Path) -> PathBuf {
    let there = fs::canonicalize(path).ok();
    let parent = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    let beside = || {
        let directory = fs::canonicalize(parent.unwrap_or(Path::new("."))).ok()?;
        Some(directory.join(path.file_name()?))
    };
    there
        .or_else(beside)
        .or_else(|| std::path::absolute(path).ok())
        .unwrap_or_else(|| path.to_path_buf())
}
