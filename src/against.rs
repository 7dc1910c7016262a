//! The older documents that updates would replace: `--against PATH` and `--against-git REV`.

mod git;

use std::fs;
use std::path::{Component, Path, PathBuf};

pub use git::Git;

use crate::limits::Limits;
use crate::read;
use crate::report::Failure;
use crate::source::Source;
use crate::walk::{Input, Place, reason, shown};

/// Where the older documents are.
#[derive(Clone, Debug)]
pub enum Against {
    /// One file, for the one document that is checked.
    File(PathBuf),
    /// A directory that holds each older document under the same relative path.
    Directory(PathBuf),
    /// The same paths at a revision of git.
    Git(Git),
}

impl Against {
    /// Looks what the path is, for the inputs of a run.
    ///
    /// # Errors
    /// The path cannot be read, or is one file for several documents.
    pub fn open(path: &Path, inputs: &[Input]) -> Result<Against, Failure> {
        let failure = |message: String| Failure {
            name: Some(shown(path)),
            message,
        };
        let meta = fs::metadata(path).map_err(|error| failure(reason(&error)))?;
        match (meta.is_dir(), inputs) {
            (true, _) => Ok(Against::Directory(path.to_path_buf())),
            (false, [] | [_]) => Ok(Against::File(path.to_path_buf())),
            (false, _) => Err(failure(format!(
                "is one file, but {} documents are checked: name a directory",
                inputs.len()
            ))),
        }
    }

    /// Finds the inputs at a revision of git: `HEAD`, `origin/main`, a tag, a commit. Starts `git` once for each
    /// repository; it runs until the last copy of the result is gone.
    ///
    /// # Errors
    /// There is no git, a document is in no repository, or a repository does not have the revision.
    pub fn at_revision(
        revision: &str,
        inputs: &[Input],
        limits: &Limits,
    ) -> Result<Against, Vec<Failure>> {
        Git::open(revision, inputs, limits).map(Against::Git)
    }

    /// The older document of an input; none if it is new. `limit` bounds its size in bytes.
    ///
    /// # Errors
    /// It is there, but cannot be read.
    pub fn older(&self, input: &Input, limit: u64) -> Result<Option<Source>, Failure> {
        match self {
            Against::Git(git) => git.older(input, limit),
            Against::File(_) | Against::Directory(_) => self
                .older_path(input)
                .map(|path| read::whole(&Place::File(path.clone()), &shown(&path), limit))
                .transpose(),
        }
    }

    /// What it is called in messages.
    pub(crate) fn shown(&self) -> String {
        match self {
            Against::File(path) | Against::Directory(path) => shown(path),
            Against::Git(git) => git.revision().to_owned(),
        }
    }

    fn older_path(&self, input: &Input) -> Option<PathBuf> {
        match self {
            Against::File(path) => Some(path.clone()),
            Against::Git(_) => None,
            Against::Directory(root) => {
                let by_name = input
                    .relative
                    .file_name()
                    .map(PathBuf::from)
                    .filter(|_| input.named);
                // A path that leads upwards would leave the directory, and might find the document itself.
                let downwards = |path: &PathBuf| {
                    path.components()
                        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
                };
                let below = Some(input.relative.clone()).filter(downwards);
                below
                    .into_iter()
                    .chain(by_name)
                    .map(|path| root.join(path))
                    .find(|path| path.is_file())
            }
        }
    }
}
