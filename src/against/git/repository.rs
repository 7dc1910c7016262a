//! One repository at one revision.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::objects::{Answer, Object, Objects};
use super::rename::Fingerprint;
use super::tree::{self, Entry, Kind, Tree};
use super::{as_checked_out, clone, place};
use crate::check::Settings;
use crate::source::Source;
use crate::walk::{reason, shown};

/// Most links that are followed from one path, as for the operating system.
const MAX_LINKS: usize = 40;
/// Largest directory that is read, in bytes: millions of names.
const MAX_TREE: u64 = 1 << 30;
/// Longest target of a link in bytes.
const MAX_LINK: u64 = 4096;

/// A repository whose revision is known.
#[derive(Debug)]
pub(super) struct Repository {
    top: PathBuf,
    pub(super) objects: Objects,
    /// What stands before its paths: the path of a submodule, with a slash at its end.
    pub(super) prefix: String,
    /// The top directory at the revision; none before the first commit.
    root: Option<String>,
    /// Directories that were read, by their ids.
    trees: HashMap<String, Arc<Tree>>,
}

/// A file that was found at the revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    pub(super) id: String,
    /// Its path in the repository.
    pub(super) path: Vec<Vec<u8>>,
}

impl Repository {
    /// Starts git and asks it for the revision.
    ///
    /// # Errors
    /// Why there is nothing to compare with, in a sentence.
    pub(super) fn open(top: &Path, revision: &str) -> Result<Repository, String> {
        let mut repository = Repository::start(top)?;
        match repository.directory_of(revision)? {
            Some(root) => repository.root = Some(root),
            None if clone::is_before_first_commit(top, revision) => {}
            None => {
                let complaint = repository.objects.end();
                return Err(unknown(top, revision, complaint.as_deref()));
            }
        }
        Ok(repository)
    }

    /// A submodule at the commit that this repository had there at its revision; empty if it did not have it yet.
    ///
    /// # Errors
    /// Why there is nothing to compare with, in a sentence.
    pub(super) fn submodule(&mut self, top: &Path, path: &[Vec<u8>]) -> Result<Repository, String> {
        let mut repository = Repository::start(top)?;
        let path_in_words = String::from_utf8_lossy(&path.join(&b'/')).into_owned();
        repository.prefix = format!("{}{path_in_words}/", self.prefix);
        let Some(commit) = self.commit_at(path)? else {
            return Ok(repository);
        };
        repository.root = repository.directory_of(&commit)?;
        match repository.root {
            Some(_) => Ok(repository),
            None => Err(format!(
                "the submodule in {} does not have commit {commit}, which belongs to this revision; {}",
                shown(top),
                clone::how_to_fetch(top, &commit)
            )),
        }
    }

    fn start(top: &Path) -> Result<Repository, String> {
        Ok(Repository {
            top: top.to_path_buf(),
            objects: Objects::start(top).map_err(|error| no_git(&error))?,
            prefix: String::new(),
            root: None,
            trees: HashMap::new(),
        })
    }

    /// The top directory of a revision; none if there is no such revision.
    fn directory_of(&mut self, revision: &str) -> Result<Option<String>, String> {
        let answer = self.objects.ask(&format!("{revision}^{{tree}}"), MAX_TREE);
        match answer.map_err(|complaint| refused(&self.top, &complaint))? {
            Answer::Found(object) => self.keep(object).map(Some),
            Answer::TooLarge => Err(self.unreadable("the top directory")),
            Answer::Missing => Ok(None),
        }
    }

    /// The commit of the submodule at a path.
    fn commit_at(&mut self, path: &[Vec<u8>]) -> Result<Option<String>, String> {
        let Some(mut directory) = self.root.clone() else {
            return Ok(None);
        };
        for (number, name) in path.iter().enumerate() {
            let is_last = number + 1 == path.len();
            match self.tree(&directory)?.get(name) {
                Some(entry) if is_last && entry.kind == Kind::Submodule => {
                    return Ok(Some(entry.id.clone()));
                }
                Some(entry) if entry.kind == Kind::Directory => directory = entry.id.clone(),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The file at a path at the revision, behind links that were there at that time. None if there was none.
    ///
    /// # Errors
    /// Git could not give a directory on the way.
    pub(super) fn file(&mut self, path: &[Vec<u8>]) -> Result<Option<File>, String> {
        let Some(root) = self.root.clone() else {
            return Ok(None);
        };
        let mut rest: VecDeque<Vec<u8>> = path.iter().cloned().collect();
        // The directories on the way, each with the name that led to it.
        let mut way: Vec<(Vec<u8>, String)> = vec![(Vec::new(), root)];
        let mut links = 0;
        while let Some(name) = rest.pop_front() {
            match &name[..] {
                b"" | b"." => continue,
                b".." if way.len() > 1 => {
                    way.pop();
                    continue;
                }
                _ => {}
            }
            let Some((_, directory)) = way.last() else {
                return Ok(None);
            };
            let Some(Entry { kind, id }) = self.tree(directory)?.get(&name).cloned() else {
                return Ok(None);
            };
            match kind {
                Kind::Directory => way.push((name, id)),
                Kind::File if rest.is_empty() => {
                    let mut path: Vec<_> = way.into_iter().skip(1).map(|(name, _)| name).collect();
                    path.push(name);
                    return Ok(Some(File { id, path }));
                }
                Kind::Link if links < MAX_LINKS => {
                    links += 1;
                    let target = self.link(&id)?;
                    if target.starts_with(b"/") {
                        return Ok(None);
                    }
                    for part in target.split(|b| *b == b'/').rev() {
                        rest.push_front(part.to_vec());
                    }
                }
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The files at the revision that are not in the working tree any more, of those with wanted names, in the order of
    /// their paths.
    ///
    /// # Errors
    /// Git could not give a directory.
    pub(super) fn gone(&mut self, wanted: impl Fn(&[u8]) -> bool) -> Result<Vec<File>, String> {
        let mut gone = Vec::new();
        let mut directories = Vec::new();
        directories.extend(self.root.clone().map(|root| (Vec::new(), root)));
        while let Some((path, id)) = directories.pop() {
            let below = |name: &[u8]| {
                let mut path: Vec<Vec<u8>> = path.clone();
                path.push(name.to_vec());
                path
            };
            let mut present = None;
            for (name, entry) in &*self.tree(&id)? {
                let id = entry.id.clone();
                match entry.kind {
                    Kind::Directory => directories.push((below(name), id)),
                    Kind::File if wanted(name) => {
                        let present = present.get_or_insert_with(|| self.names_in(&path));
                        if !present.contains(name) {
                            let path = below(name);
                            gone.push(File { id, path });
                        }
                    }
                    _ => {}
                }
            }
        }
        gone.sort_by(|a, b| a.path.cmp(&b.path));
        if clone::is_sparse(&self.top) {
            self.keep_deleted(&mut gone)?;
        }
        Ok(gone)
    }

    /// What a file is recognised by; none if it is no document that can be read.
    ///
    /// # Errors
    /// Git ended.
    pub(super) fn fingerprint(
        &self,
        file: &File,
        settings: &Settings,
    ) -> Result<Option<Fingerprint>, String> {
        let Answer::Found(object) = self.objects.ask(&file.id, settings.limits.max_size)? else {
            return Ok(None);
        };
        let name = file.path.last().map_or(&[][..], Vec::as_slice);
        let source = Source::from_bytes("", as_checked_out(object.bytes));
        Ok(Fingerprint::of(name, &source, settings))
    }

    /// The names in a directory of the working tree.
    fn names_in(&self, path: &[Vec<u8>]) -> HashSet<Vec<u8>> {
        let mut directory = self.top.clone();
        directory.extend(path.iter().map(|name| place::name(name)));
        let entries = fs::read_dir(directory).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().as_encoded_bytes().to_vec())
            .collect()
    }

    /// In a sparse checkout a file may be absent and yet not gone; gone is what the commit checked out does not have.
    fn keep_deleted(&mut self, gone: &mut Vec<File>) -> Result<(), String> {
        let root = self.directory_of("HEAD")?;
        let asked_for = std::mem::replace(&mut self.root, root);
        let mut deleted = Vec::new();
        for file in gone.drain(..) {
            if self.file(&file.path)?.is_none() {
                deleted.push(file);
            }
        }
        *gone = deleted;
        self.root = asked_for;
        Ok(())
    }

    /// A directory.
    fn tree(&mut self, id: &str) -> Result<Arc<Tree>, String> {
        if let Some(tree) = self.trees.get(id) {
            return Ok(Arc::clone(tree));
        }
        match self.objects.ask(id, MAX_TREE)? {
            Answer::Found(object) => {
                let id = self.keep(object)?;
                self.trees.get(&id).cloned()
            }
            _ => None,
        }
        .ok_or_else(|| self.unreadable(&format!("directory {id}")))
    }

    fn keep(&mut self, object: Object) -> Result<String, String> {
        let Object { id, bytes } = object;
        let tree = tree::parse(&bytes, id.len() / 2)
            .ok_or_else(|| self.unreadable(&format!("directory {id}")))?;
        self.trees.insert(id.clone(), Arc::new(tree));
        Ok(id)
    }

    fn link(&self, id: &str) -> Result<Vec<u8>, String> {
        match self.objects.ask(id, MAX_LINK)? {
            Answer::Found(object) => Ok(object.bytes),
            _ => Err(self.unreadable(&format!("link {id}"))),
        }
    }

    /// Lets go of what is only needed to find files.
    pub(super) fn forget_directories(&mut self) {
        self.trees = HashMap::new();
    }

    /// Why git has an id but no content.
    pub(super) fn without_content(&self, revision: &str) -> String {
        match clone::is_partial(&self.top) {
            true => format!(
                "is not in this partial clone yet; fetch it first: git diff {revision} > /dev/null"
            ),
            false => "is missing in the repository; git fsck tells more".to_owned(),
        }
    }

    fn unreadable(&self, what: &str) -> String {
        let top = shown(&self.top);
        match clone::is_partial(&self.top) {
            true => {
                format!(
                    "{what} is not in the partial clone in {top}; fetch it first: git fetch --refetch"
                )
            }
            false => format!("git cannot read {what} in {top}; git fsck tells more"),
        }
    }
}

fn no_git(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => {
            "git was not found; install it, or name the older documents with --against PATH".into()
        }
        _ => format!("git could not be started: {}", reason(error)),
    }
}

/// Git ended before it gave an answer.
fn refused(top: &Path, complaint: &str) -> String {
    let top = shown(top);
    match complaint.contains("dubious ownership") {
        true => format!(
            "git says: {complaint}; if you trust it: git config --global --add safe.directory {top}"
        ),
        false => format!("git says of the repository in {top}: {complaint}"),
    }
}

/// Git works, but does not know the revision.
fn unknown(top: &Path, revision: &str, complaint: Option<&str>) -> String {
    let shallow = match clone::is_shallow(top) {
        true => ", a shallow clone",
        false => "",
    };
    let said = complaint.map_or_else(String::new, |said| format!(" (git says: {said})"));
    let advice = clone::how_to_fetch(top, revision);
    format!(
        "no such revision in the repository in {}{shallow}{said}; {advice}",
        shown(top)
    )
}
