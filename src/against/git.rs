//! The older documents at a revision of git: `--against-git REV`.
//!
//! All of it rests on one process for each repository, `git cat-file --batch`: it knows what a revision is, and gives
//! directories and files by their ids. No path is ever sent to it, so none can be misread.

mod clone;
mod objects;
mod opening;
mod place;
mod rename;
mod repository;
mod tree;

use std::collections::HashMap;
use std::sync::Arc;

use crate::limits::Limits;
use crate::report::Failure;
use crate::source::Source;
use crate::walk::{Input, Place};
use objects::Answer;
use opening::Opening;
use repository::Repository;

/// Every file in git that Git LFS keeps elsewhere begins with this.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
/// An XML declaration ends within so many bytes.
const HEAD: usize = 200;

/// The documents at a revision. Git runs until the last copy of this is gone.
#[derive(Clone, Debug)]
pub struct Git(Arc<Documents>);

#[derive(Debug)]
struct Documents {
    revision: String,
    /// Those that could be used.
    repositories: HashMap<usize, Repository>,
    /// The older document of each input that has one.
    older: HashMap<Place, Older>,
}

/// A file at the revision.
#[derive(Debug)]
struct Older {
    repository: usize,
    id: String,
    /// Its path in the repository.
    path: String,
}

impl Git {
    /// Finds the older documents of the inputs. Contents are read only to follow renames.
    ///
    /// # Errors
    /// All that keeps older documents from being found: no git, no repository, no such revision.
    pub(super) fn open(
        revision: &str,
        inputs: &[Input],
        limits: &Limits,
    ) -> Result<Git, Vec<Failure>> {
        let documents = Opening::new(revision, inputs, limits)?.find()?;
        Ok(Git(Arc::new(documents)))
    }

    /// What was asked for.
    pub(super) fn revision(&self) -> &str {
        &self.0.revision
    }

    /// The older document of an input, named `REV:path`; none if it is new.
    pub(super) fn older(&self, input: &Input, limit: u64) -> Result<Option<Source>, Failure> {
        let documents = &*self.0;
        let Some(older) = documents.older.get(&input.place) else {
            return Ok(None);
        };
        let Some(repository) = documents.repositories.get(&older.repository) else {
            return Ok(None);
        };
        let name = format!("{}:{}{}", documents.revision, repository.prefix, older.path);
        let failure = |message: String| Failure {
            name: Some(name.clone()),
            message,
        };
        match repository.objects.ask(&older.id, limit) {
            Ok(Answer::Found(object)) if object.bytes.starts_with(LFS_POINTER) => Err(failure(
                "is kept in Git LFS, and git has only a pointer to it: check the revision out into another directory \
                 (git worktree add), and name that with --against PATH"
                    .into(),
            )),
            Ok(Answer::Found(object)) => {
                Ok(Some(Source::from_bytes(name, as_checked_out(object.bytes))))
            }
            Ok(Answer::TooLarge) => Err(failure("is larger than --max-size".into())),
            Ok(Answer::Missing) => Err(failure(repository.without_content(&documents.revision))),
            Err(message) => Err(failure(message)),
        }
    }
}

/// Git keeps a file with the attribute `working-tree-encoding` as UTF-8, also if it says of itself that it is UTF-16.
fn as_checked_out(bytes: Vec<u8>) -> Vec<u8> {
    let Some(end) = memchr::memmem::find(&bytes[..bytes.len().min(HEAD)], b"?>") else {
        return bytes;
    };
    let declaration = bytes[..end].to_ascii_lowercase();
    let holds = |part: &[u8]| memchr::memmem::find(&declaration, part).is_some();
    match std::str::from_utf8(&bytes) {
        Ok(text) if holds(b"<?xml") && holds(b"utf-16") => {
            let encode = match holds(b"utf-16be") {
                true => u16::to_be_bytes,
                false => u16::to_le_bytes,
            };
            let text = text.trim_start_matches('\u{feff}');
            let units = [0xfeff].into_iter().chain(text.encode_utf16());
            units.flat_map(encode).collect()
        }
        _ => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Encoding;

    #[test]
    fn a_document_that_is_utf_16_outside_of_git() {
        for (name, encoding) in [
            ("UTF-16", Encoding::Utf16Le),
            ("utf-16le", Encoding::Utf16Le),
            ("UTF-16BE", Encoding::Utf16Be),
            ("UTF-8", Encoding::Utf8),
        ] {
            let text = format!("<?xml version=\"1.0\" encoding=\"{name}\"?>\n<Größe/>");
            let source = Source::from_bytes("a.xml", as_checked_out(text.clone().into_bytes()));
            assert_eq!((source.text(), source.encoding()), (&text[..], encoding));
        }
        for text in ["", "?>", "<a b='utf-16'>?></a>", "<?xml encoding='utf-16'"] {
            assert_eq!(as_checked_out(text.into()), text.as_bytes());
        }
    }
}
