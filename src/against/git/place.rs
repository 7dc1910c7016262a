//! Where a path lies, and in which repository.

use std::collections::HashMap;
#[cfg(unix)]
use std::ffi::OsStr;
use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// A path in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    /// Number of the repository.
    pub(super) repository: usize,
    /// The names from its top directory downwards, as git writes them.
    pub(super) parts: Vec<Vec<u8>>,
}

/// The repositories that paths lie in. Each directory is looked at once.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Top directories of the repositories found so far, without links.
    pub(super) tops: Vec<PathBuf>,
    /// The repository of a directory without links.
    repositories: HashMap<PathBuf, Option<usize>>,
    /// Directories as they were written, without links.
    real: HashMap<PathBuf, PathBuf>,
}

impl Places {
    /// Where a file lies, whether it exists or not. A link has a place of its own, but links on the way to it count
    /// for what they lead to. None outside of all repositories.
    pub(super) fn locate(&mut self, file: &Path) -> Option<Location> {
        let name = file.file_name()?;
        let parent = file
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        if !self.real.contains_key(parent) {
            self.real
                .insert(parent.to_path_buf(), without_links(parent));
        }
        let directory = self.real.get(parent)?.clone();
        self.in_repository(&directory.join(name), &directory)
    }

    /// The same for what a file leads to, by the names that the disk has for it. None if it does not exist.
    pub(super) fn locate_target(&mut self, file: &Path) -> Option<Location> {
        let target = fs::canonicalize(file).ok()?;
        let directory = target.parent()?.to_path_buf();
        self.in_repository(&target, &directory)
    }

    fn in_repository(&mut self, file: &Path, directory: &Path) -> Option<Location> {
        let repository = self.repository(directory)?;
        let below = file.strip_prefix(self.tops.get(repository)?).ok()?;
        let parts = below
            .components()
            .map(|part| part.as_os_str().as_encoded_bytes().to_vec());
        Some(Location {
            repository,
            parts: parts.collect(),
        })
    }

    /// The repository that a directory lies in.
    fn repository(&mut self, directory: &Path) -> Option<usize> {
        let known = |dir: &&Path| self.repositories.contains_key(*dir) || is_top(dir);
        let nearest = directory.ancestors().find(known).map(Path::to_path_buf);
        let repository = nearest.and_then(|nearest| {
            let next = self.tops.len();
            let entry = self.repositories.entry(nearest.clone());
            let repository = *entry.or_insert(Some(next));
            if repository == Some(next) {
                self.tops.push(nearest);
            }
            repository
        });
        self.repositories
            .insert(directory.to_path_buf(), repository);
        repository
    }
}

/// Whether a directory is the top of a repository: `.git` is a directory there, or in submodules and further working
/// trees a file that names one.
fn is_top(directory: &Path) -> bool {
    let git = directory.join(".git");
    match fs::metadata(&git) {
        Ok(meta) if meta.is_dir() => fs::symlink_metadata(git.join("HEAD")).is_ok(),
        Ok(meta) => meta.is_file(),
        Err(_) => false,
    }
}

/// The real path of a directory. What does not exist is put below what does, name by name.
fn without_links(directory: &Path) -> PathBuf {
    let absolute = std::path::absolute(directory).unwrap_or_else(|_| directory.to_path_buf());
    for existing in absolute.ancestors() {
        let Ok(mut real) = fs::canonicalize(existing) else {
            continue;
        };
        let rest = absolute.strip_prefix(existing).unwrap_or(Path::new(""));
        for part in rest.components() {
            match part {
                Component::Normal(name) => real.push(name),
                Component::ParentDir => drop(real.pop()),
                _ => {}
            }
        }
        return real;
    }
    absolute
}

/// A name as the operating system takes it.
#[cfg(unix)]
pub(super) fn name(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).to_owned()
}

/// A name as the operating system takes it: git writes UTF-8 where names are no bytes.
#[cfg(not(unix))]
pub(super) fn name(bytes: &[u8]) -> OsString {
    String::from_utf8_lossy(bytes).into_owned().into()
}
