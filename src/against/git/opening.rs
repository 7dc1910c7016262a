//! From inputs to the files that they were at the revision.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::clone;
use super::place::{Location, Places};
use super::rename::{self, Fingerprint};
use super::repository::{File, Repository};
use super::{Documents, Older};
use crate::check::{self, Settings};
use crate::limits::Limits;
use crate::read::{Read, read};
use crate::report::Failure;
use crate::source::Source;
use crate::walk::{Input, Place, STDIN_NAME};

/// What is known so far.
pub(super) struct Opening<'i> {
    revision: &'i str,
    inputs: &'i [Input],
    limits: &'i Limits,
    places: Places,
    /// Where each input lies.
    locations: Vec<Option<Location>>,
    /// Those opened so far; an error where one could not be opened.
    repositories: HashMap<usize, Result<Repository, String>>,
}

impl<'i> Opening<'i> {
    /// Finds the repositories of the inputs, and the revision in each.
    pub(super) fn new(
        revision: &'i str,
        inputs: &'i [Input],
        limits: &'i Limits,
    ) -> Result<Opening<'i>, Vec<Failure>> {
        if revision.is_empty() || revision.chars().any(char::is_control) {
            let message = "is not what a revision looks like: HEAD, origin/main, v1.0, 3f2a1bc";
            return Err(vec![failure(Some(&format!("{revision:?}")), message)]);
        }
        let mut places = Places::default();
        let locate = |input: &Input| match &input.place {
            Place::File(path) => places.locate(path),
            Place::Stdin if *input.name == *STDIN_NAME => None,
            Place::Stdin => places.locate(&input.relative),
        };
        let locations = inputs.iter().map(locate).collect();
        let mut opening = Opening {
            revision,
            inputs,
            limits,
            places,
            locations,
            repositories: HashMap::new(),
        };
        let here = std::env::current_dir().and_then(std::fs::canonicalize);
        let here = here.unwrap_or_default();
        for number in 0..opening.places.tops.len() {
            opening.open(number, &here);
        }
        let failures = [opening.outside(), opening.unusable()].concat();
        match failures.is_empty() {
            true => Ok(opening),
            false => Err(failures),
        }
    }

    /// Opens a repository, and before it the one that it is a submodule of.
    fn open(&mut self, number: usize, here: &Path) {
        if self.repositories.contains_key(&number) {
            return;
        }
        let Some(top) = self.places.tops.get(number).cloned() else {
            return;
        };
        let opened = match self.surrounding(&top, here) {
            Some(outside) => {
                self.open(outside.repository, here);
                match self.repositories.get_mut(&outside.repository) {
                    Some(Ok(outer)) => outer.submodule(&top, &outside.parts),
                    Some(Err(message)) => Err(message.clone()),
                    None => return,
                }
            }
            None => Repository::open(&top, self.revision),
        };
        self.repositories.insert(number, opened);
    }

    /// Where a submodule lies in the repository around it. For who works inside of the submodule it is a repository
    /// like any other.
    fn surrounding(&mut self, top: &Path, here: &Path) -> Option<Location> {
        if here.starts_with(top) {
            return None;
        }
        let location = self.places.locate(top)?;
        let outer = self.places.tops.get(location.repository)?;
        clone::is_submodule(outer, &location.parts, top).then_some(location)
    }

    /// Repositories that cannot be used; one that holds no document is no failure.
    fn unusable(&self) -> Vec<Failure> {
        let mut messages = BTreeSet::new();
        for (number, repository) in &self.repositories {
            let within = |location: &Option<Location>| {
                location.as_ref().is_some_and(|l| l.repository == *number)
            };
            if let Err(message) = repository
                && self.documents_where(within).next().is_some()
            {
                messages.insert(message);
            }
        }
        let failures = messages.into_iter();
        failures
            .map(|message| failure(Some(self.revision), message))
            .collect()
    }

    /// Documents that no repository knows.
    fn outside(&self) -> Vec<Failure> {
        let mut documents = self.documents_where(Option::is_none);
        let Some(first) = documents.next() else {
            return Vec::new();
        };
        // Its name sorts before all paths but the oddest.
        if first.place == Place::Stdin && *first.name == *STDIN_NAME {
            let message = "has no path in git; --stdin-filename PATH gives it one";
            return vec![failure(Some(&first.name), message)];
        }
        let others = match documents.count() {
            0 => String::new(),
            1 => ", nor is 1 other document".to_owned(),
            n => format!(", nor are {n} other documents"),
        };
        let message = format!(
            "is in no git repository{others}; name the older documents with --against PATH"
        );
        vec![failure(Some(&first.name), message)]
    }

    /// The inputs at such places that are documents.
    fn documents_where(
        &self,
        wanted: impl Fn(&Option<Location>) -> bool,
    ) -> impl Iterator<Item = &'i Input> {
        let limits = self.limits;
        let inputs = self.inputs.iter().zip(&self.locations);
        inputs
            .filter(move |(_, location)| wanted(location))
            .map(|(input, _)| input)
            .filter(move |input| input.named || is_document(input, limits))
    }

    /// Finds the older document of each input.
    pub(super) fn find(mut self) -> Result<Documents, Vec<Failure>> {
        let older = self
            .older()
            .map_err(|message| vec![failure(Some(self.revision), message)])?;
        let mut repositories = HashMap::new();
        for (number, repository) in self.repositories {
            if let Ok(mut repository) = repository {
                repository.forget_directories();
                repositories.insert(number, repository);
            }
        }
        Ok(Documents {
            revision: self.revision.to_owned(),
            repositories,
            older,
        })
    }

    fn older(&mut self) -> Result<HashMap<Place, Older>, String> {
        let mut older = HashMap::new();
        let mut missing: BTreeMap<usize, Vec<&Input>> = BTreeMap::new();
        let locations = std::mem::take(&mut self.locations);
        for (input, location) in self.inputs.iter().zip(locations) {
            let Some(location) = location else { continue };
            let repository = location.repository;
            match self.file(input, &location)? {
                Some(file) => {
                    older.insert(input.place.clone(), Older::new(repository, file));
                }
                None => missing.entry(repository).or_default().push(input),
            }
        }
        for (number, mut missing) in missing {
            // What comes from standard input can be read only once.
            missing.retain(|input| input.place != Place::Stdin);
            older.extend(self.renamed(number, &missing)?);
        }
        Ok(older)
    }

    /// What documents that were not at their path at the revision were called then. Directories are listed only if
    /// there is such a document, and contents are read only if another one is gone.
    fn renamed(
        &mut self,
        number: usize,
        missing: &[&Input],
    ) -> Result<Vec<(Place, Older)>, String> {
        let Some(Ok(repository)) = self.repositories.get_mut(&number) else {
            return Ok(Vec::new());
        };
        if !missing.iter().any(|input| is_document(input, self.limits)) {
            return Ok(Vec::new());
        }
        let settings = settings(self.limits);
        let endings: HashSet<Vec<u8>> = missing.iter().map(|i| ending(&name(i))).collect();
        let wanted = |name: &[u8]| ending(name) == b"xml" || endings.contains(&ending(name));
        let mut gone = Vec::new();
        for file in repository.gone(wanted)? {
            if let Some(fingerprint) = repository.fingerprint(&file, &settings)? {
                gone.push((file, fingerprint));
            }
        }
        if gone.is_empty() {
            return Ok(Vec::new());
        }
        let (files, gone): (Vec<File>, Vec<Fingerprint>) = gone.into_iter().unzip();
        let new = missing.iter();
        let new = new.filter_map(|input| Some((*input, fingerprint(input, &settings)?)));
        let (inputs, new): (Vec<&Input>, Vec<Fingerprint>) = new.unzip();
        let former = inputs.into_iter().zip(rename::pair(&new, &gone));
        Ok(former
            .filter_map(|(input, former)| {
                let file = files.get(former?)?.clone();
                Some((input.place.clone(), Older::new(number, file)))
            })
            .collect())
    }

    /// An input at the revision: what was at its path, or else at the path of what it leads to.
    fn file(&mut self, input: &Input, location: &Location) -> Result<Option<File>, String> {
        let Some(Ok(repository)) = self.repositories.get_mut(&location.repository) else {
            return Ok(None);
        };
        let file = repository.file(&location.parts)?;
        let (None, Place::File(path)) = (&file, &input.place) else {
            return Ok(file);
        };
        match self.places.locate_target(path) {
            Some(target) if target.repository == location.repository && target != *location => {
                repository.file(&target.parts)
            }
            _ => Ok(None),
        }
    }
}

impl Older {
    fn new(repository: usize, file: File) -> Older {
        let path = String::from_utf8_lossy(&file.path.join(&b'/')).into_owned();
        Older {
            repository,
            id: file.id,
            path,
        }
    }
}

/// Whether a file holds a CloudFront document that can be read.
fn is_document(input: &Input, limits: &Limits) -> bool {
    let Ok(Read::Whole(bytes)) = read(&input.place, input.size, limits.max_size) else {
        return false;
    };
    let source = Source::from_bytes(input.name.clone(), bytes);
    check::read(&source, &settings(limits)).is_ok_and(|document| document.recognised().is_some())
}

fn settings(limits: &Limits) -> Settings {
    Settings {
        limits: limits.clone(),
        ..Settings::default()
    }
}

fn fingerprint(input: &Input, settings: &Settings) -> Option<Fingerprint> {
    let Ok(Read::Whole(bytes)) = read(&input.place, input.size, settings.limits.max_size) else {
        return None;
    };
    let source = Source::from_bytes(input.name.clone(), bytes);
    Fingerprint::of(&name(input), &source, settings)
}

/// The name of an input's file, as git writes it.
fn name(input: &Input) -> Vec<u8> {
    let name = input.relative.file_name();
    name.map_or_else(Vec::new, |name| name.as_encoded_bytes().to_vec())
}

/// What follows the last dot of a name, in lower case.
fn ending(name: &[u8]) -> Vec<u8> {
    let ending = name.rsplit(|b| *b == b'.').next().unwrap_or_default();
    ending.to_ascii_lowercase()
}

fn failure(name: Option<&str>, message: impl Into<String>) -> Failure {
    Failure {
        name: name.map(str::to_owned),
        message: message.into(),
    }
}
