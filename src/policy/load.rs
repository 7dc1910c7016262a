//! Finds and reads files of policies: single files, the files of a directory, and patterns with `*`, `?` and `**`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::FILE_NAMES;
use crate::report::Failure;
use crate::source::Source;
use crate::walk::{reason, shown};

/// The largest file of policies in bytes.
const LARGEST: u64 = 4 << 20;

/// The files that a path or a pattern names, sorted; without a pattern, the one file, or those of the directory.
///
/// # Errors
/// Why nothing can be found, as a short phrase.
pub(crate) fn files(directory: &Path, pattern: &str) -> Result<Vec<PathBuf>, String> {
    let absolute = Path::new(pattern).is_absolute();
    let mut found = vec![match absolute {
        true => PathBuf::from("/"),
        false => directory.to_path_buf(),
    }];
    for part in pattern
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
    {
        found = step(found, part).map_err(|error| reason(&error))?;
    }
    let mut files = Vec::new();
    for path in found {
        match path.is_dir() {
            true => files.extend(in_directory(&path).map_err(|error| reason(&error))?),
            // A link that leads nowhere is there, too: reading it says so.
            false if path.symlink_metadata().is_ok() => files.push(path),
            false => {}
        }
    }
    files.sort();
    files.dedup();
    match files.is_empty() {
        true => Err("there is no such file".to_owned()),
        false => Ok(files),
    }
}

/// The `.toml` files of a directory, without configurations.
fn in_directory(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let is_policy = |path: &PathBuf| {
        path.extension().is_some_and(|e| e == "toml") && !path.is_dir() && !is_configuration(path)
    };
    Ok(entries(directory)?.into_iter().filter(is_policy).collect())
}

/// Whether a file is read as something else.
fn is_configuration(path: &Path) -> bool {
    let name = path.file_name();
    name.is_some_and(|name| FILE_NAMES.iter().any(|known| name == *known))
}

/// What a part of a pattern leads to from some directories.
fn step(from: Vec<PathBuf>, part: &str) -> io::Result<Vec<PathBuf>> {
    if part == "**" {
        return below(from);
    }
    if !part.contains(['*', '?']) {
        return Ok(from.into_iter().map(|path| path.join(part)).collect());
    }
    let mut found = Vec::new();
    for directory in from.iter().filter(|path| path.is_dir()) {
        let fits = |path: &PathBuf| {
            let name = path.file_name().map(|name| name.to_string_lossy());
            let matched = name.is_some_and(|name| matches(part.as_bytes(), name.as_bytes()));
            matched && !is_configuration(path)
        };
        found.extend(entries(directory)?.into_iter().filter(fits));
    }
    Ok(found)
}

/// Directories, and all that are below them.
fn below(from: Vec<PathBuf>) -> io::Result<Vec<PathBuf>> {
    let is_directory = |path: &PathBuf| path.is_dir() && !path.is_symlink();
    let mut found = Vec::new();
    let mut open = from;
    while let Some(directory) = open.pop() {
        open.extend(entries(&directory)?.into_iter().filter(is_directory));
        found.push(directory);
    }
    found.sort();
    Ok(found)
}

fn entries(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory)? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Whether a name is of a form in which `*` stands for any bytes and `?` for one.
fn matches(form: &[u8], name: &[u8]) -> bool {
    // Where the last star was, and from where of the name it stands for more.
    let (mut at, mut of, mut star) = (0, 0, None);
    while of < name.len() {
        match form.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(b'?') => (at, of) = (at + 1, of + 1),
            Some(byte) if name.get(of) == Some(byte) => (at, of) = (at + 1, of + 1),
            _ => match star {
                Some((place, from)) => {
                    (at, of) = (place + 1, from + 1);
                    star = Some((place, from + 1));
                }
                None => return false,
            },
        }
    }
    form.iter().skip(at).all(|byte| *byte == b'*')
}

/// The text of a file; `what` it ought to be is told if it cannot be read.
///
/// # Errors
/// Why it cannot be read.
pub(crate) fn read(path: &Path, what: &str) -> Result<Arc<Source>, Failure> {
    let here = std::env::current_dir().and_then(fs::canonicalize);
    let name = here.ok().and_then(|here| path.strip_prefix(here).ok());
    let name = shown(name.unwrap_or(path));
    match crate::read::steering(path, &name, LARGEST) {
        Ok(source) => Ok(Arc::new(source)),
        Err(why) => Err(Failure {
            name: Some(name),
            message: format!("cannot be read as {what}: {why}"),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_names() {
        for (form, name, fits) in [
            ("*.toml", "tls.toml", true),
            ("*.toml", "tls.tomls", false),
            ("t?s.*", "tls.toml", true),
            ("*a*b", "xaxxb", true),
            ("*a*b", "xaxxbx", false),
            ("", "", true),
            ("?", "", false),
            ("**", "x", true),
        ] {
            assert_eq!(
                matches(form.as_bytes(), name.as_bytes()),
                fits,
                "{form} {name}"
            );
        }
    }
}
