//! The flags that name older documents, for every command that compares.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::against::Against;
use crate::limits::Limits;
use crate::report::Failure;
use crate::walk::Input;

/// Where the older documents are.
#[derive(Debug, Args)]
#[command(next_help_heading = "Checks")]
pub(super) struct AgainstArguments {
    /// The document that an update would replace, as you have it or as the API answered; or a
    /// directory of them with the same relative paths
    #[arg(long, value_name = "PATH")]
    against: Option<PathBuf>,

    /// The documents that updates would replace are the same files at this revision of git, by
    /// their names then: HEAD, origin/main, a tag, a commit
    // A hook names HEAD; the arguments that come behind it can name another revision.
    #[arg(
        long,
        value_name = "REV",
        conflicts_with = "against",
        overrides_with = "against_git"
    )]
    against_git: Option<String>,
}

impl AgainstArguments {
    /// The older document, or the directory of them.
    pub(super) fn file(&self) -> Option<&Path> {
        self.against.as_deref()
    }

    /// Finds the older documents of the inputs; none if no flag asks for them.
    ///
    /// # Errors
    /// What keeps them from being found.
    pub(super) fn open(
        &self,
        inputs: &[Input],
        limits: &Limits,
    ) -> Result<Option<Against>, Vec<Failure>> {
        match (&self.against, &self.against_git) {
            (Some(path), _) => Against::open(path, inputs).map_err(|failure| vec![failure]),
            (None, Some(revision)) => Against::at_revision(revision, inputs, limits),
            (None, None) => return Ok(None),
        }
        .map(Some)
    }
}
