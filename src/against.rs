//! The older documents that updates would replace: `--against PATH`.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::report::Failure;
use crate::walk::{Input, shown};

/// Where the older documents are.
#[derive(Clone, Debug)]
pub enum Against {
    /// One file, for the one document that is checked.
    File(PathBuf),
    /// A directory that holds each older document under the same relative path.
    Directory(PathBuf),
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
        let meta = fs::metadata(path).map_err(|error| failure(crate::walk::reason(&error)))?;
        match (meta.is_dir(), inputs) {
            (true, _) => Ok(Against::Directory(path.to_path_buf())),
            (false, [] | [_]) => Ok(Against::File(path.to_path_buf())),
            (false, _) => Err(failure(format!(
                "is one file, but {} documents are checked: name a directory",
                inputs.len()
            ))),
        }
    }

    /// The older document of an input; none if it is new.
    pub(crate) fn older_path(&self, input: &Input) -> Option<PathBuf> {
        match self {
            Against::File(path) => Some(path.clone()),
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
