//! Arguments to inputs: files, directories, standard input.
//!
//! walkdir walks, the gitignore rules of the repository decide. What cannot be read is kept and reported, never skipped.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use walkdir::{DirEntry, WalkDir};

use crate::config::{Excluded, Finder};
use crate::report::{Cause, Failure, Skipped};

/// Directories of version control systems: never walked.
const VCS: [&str; 5] = [".git", ".hg", ".svn", ".jj", ".bzr"];

/// The name of standard input that was given no other.
pub const STDIN_NAME: &str = "<stdin>";

/// Where standard input is by its name: where that says, or in the current directory.
pub(crate) fn stdin_path(name: &str) -> &Path {
    Path::new(if name == STDIN_NAME { "" } else { name })
}

/// One thing to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The name in every output: the path as given, `/` between its parts.
    pub name: Arc<str>,
    /// Where to read it.
    pub place: Place,
    /// It was named itself, not found while walking: then it is never passed over silently.
    pub named: bool,
    /// The path below the directory that was given; for a named file the path as given.
    pub relative: PathBuf,
    /// Bytes of the file when it was looked up, where it was; only a hint.
    pub size: Option<u64>,
    /// What holds for it, by its number in the profiles of the run; 0 for what holds for all.
    pub profile: u32,
}

/// Where an input is read from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// What the arguments stand for.
#[derive(Debug, Default)]
pub struct Walk {
    /// Sorted by name, each once, however often and in whatever way it was given.
    pub inputs: Vec<Input>,
    /// Named files that a configuration excludes.
    pub skipped: Vec<Skipped>,
    /// Whether standard input is among them.
    pub skips_stdin: bool,
    /// What could not be listed.
    pub failures: Vec<Failure>,
}

/// Lists the inputs that paths stand for. `-` is standard input, shown as `stdin_name`.
pub fn walk(paths: &[PathBuf], stdin_name: &str) -> Walk {
    configured(paths, stdin_name, &mut Finder::isolated(), false)
}

/// The same without what configurations exclude; that holds for files that are named only if it is forced.
pub fn configured(paths: &[PathBuf], stdin_name: &str, finder: &mut Finder, force: bool) -> Walk {
    let mut found = Found::default();
    for path in paths {
        if path.as_os_str() == "-" {
            standard_input(stdin_name, finder, force, &mut found);
            continue;
        }
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => directory(path, finder, force, &mut found),
            Ok(meta) if meta.is_file() => match finder.excludes_file(path) {
                Some(excluded) if force => found.skip(&shown(path), finder.reason(excluded)),
                _ => found.insert(Some(absolute(path)), named_file(path, meta.len())),
            },
            Ok(_) => found.fail(path, "is not a regular file; use - to read from a pipe"),
            Err(error) => found.fail(path, &reason(&error)),
        }
    }
    found.sorted()
}

fn standard_input(name: &str, finder: &mut Finder, force: bool, found: &mut Found) {
    let has_path = name != STDIN_NAME;
    match finder.excludes_file(Path::new(name)) {
        Some(excluded) if force && has_path => {
            found.skips_stdin = true;
            found.skip(name, finder.reason(excluded));
        }
        _ => found.insert(
            None,
            Input {
                name: name.into(),
                place: Place::Stdin,
                named: true,
                relative: PathBuf::from(name),
                size: None,
                profile: 0,
            },
        ),
    }
}

#[derive(Default)]
struct Found {
    /// By absolute path; none is standard input.
    inputs: BTreeMap<Option<OsString>, Input>,
    skipped: Vec<Skipped>,
    skips_stdin: bool,
    failures: Vec<Failure>,
}

impl Found {
    fn skip(&mut self, name: &str, reason: String) {
        self.skipped.push(Skipped {
            name: name.to_owned(),
            cause: Cause::Excluded,
            reason,
        });
    }

    /// A file that was named and is also found while walking counts as named. Nothing depends on which came first.
    fn insert(&mut self, key: Option<PathBuf>, input: Input) {
        match self.inputs.entry(key.map(PathBuf::into_os_string)) {
            Entry::Vacant(entry) => {
                entry.insert(input);
            }
            Entry::Occupied(mut entry) => {
                let known = entry.get_mut();
                known.named |= input.named;
                // The shortest name is the one to show.
                if (input.name.len(), &input.name) < (known.name.len(), &known.name) {
                    (known.name, known.place) = (input.name, input.place);
                }
                if rank(&input.relative) > rank(&known.relative) {
                    known.relative = input.relative;
                }
            }
        }
    }

    fn fail(&mut self, path: &Path, message: &str) {
        self.failures.push(Failure {
            name: Some(shown(path)),
            message: message.to_owned(),
        });
    }

    fn sorted(mut self) -> Walk {
        let mut inputs: Vec<Input> = self.inputs.into_values().collect();
        // Stable: of two that look the same, the path decides.
        inputs.sort_by(|a, b| a.name.cmp(&b.name));
        self.failures
            .sort_by(|a, b| (&a.name, &a.message).cmp(&(&b.name, &b.message)));
        self.failures
            .dedup_by(|a, b| (&a.name, &a.message) == (&b.name, &b.message));
        self.skipped.sort_by(|a, b| a.name.cmp(&b.name));
        self.skipped.dedup_by(|a, b| a.name == b.name);
        Walk {
            inputs,
            skipped: self.skipped,
            skips_stdin: self.skips_stdin,
            failures: self.failures,
        }
    }
}

/// Which of the relative paths of one file tells more about its place.
fn rank(relative: &Path) -> (bool, usize, &Path) {
    (
        relative.is_relative(),
        relative.components().count(),
        relative,
    )
}

/// The same for all ways to write a path, without asking the disk; links keep places of their own.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

fn named_file(path: &Path, size: u64) -> Input {
    Input {
        name: shown(path).into(),
        place: Place::File(path.to_path_buf()),
        named: true,
        relative: path.to_path_buf(),
        size: Some(size),
        profile: 0,
    }
}

fn directory(root: &Path, finder: &mut Finder, force: bool, found: &mut Found) {
    let top = absolute(root);
    finder.walks(root);
    // Whoever names a directory wants what is in it, as with a file.
    let asked_for = finder.excludes_directory(root);
    if let Some(excluded) = asked_for.filter(|_| force) {
        return found.skip(&shown(root), finder.reason(excluded));
    }
    let mut ignores = Ignores::above(root);
    // Entries of one directory differ in nothing but their names; to take those out of the paths costs more than to compare.
    let by_path = |a: &DirEntry, b: &DirEntry| a.path().as_os_str().cmp(b.path().as_os_str());
    let mut entries = WalkDir::new(root).sort_by(by_path).into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let message = error.io_error().map_or_else(|| error.to_string(), reason);
                found.fail(error.path().unwrap_or(root), &message);
                continue;
            }
        };
        let is_dir = entry.file_type().is_dir();
        // What cannot be a document need not be looked up.
        if !is_dir && !has_xml_name(entry.path()) {
            continue;
        }
        if entry.depth() > 0
            && (is_vcs(&entry) || excluded(&entry, asked_for, finder) || ignores.ignored(&entry))
        {
            if is_dir {
                entries.skip_current_dir();
            }
            continue;
        }
        if is_dir {
            ignores.enter(&entry);
        } else {
            file(root, &top, &entry, found);
        }
    }
}

/// Whether a configuration excludes an entry, by another pattern than the one that was asked for all the same.
fn excluded(entry: &DirEntry, asked_for: Option<Excluded>, finder: &mut Finder) -> bool {
    let excluded = match entry.file_type().is_dir() {
        true => finder.excludes_directory(entry.path()),
        false => finder.excludes_file(entry.path()),
    };
    excluded.is_some() && excluded != asked_for
}

/// A file met while walking. Links to files are followed, links to directories are not: what they hold has a place of
/// its own, and a loop would have no end.
fn file(root: &Path, top: &Path, entry: &DirEntry, found: &mut Found) {
    let path = entry.path();
    let is_file = match entry.path_is_symlink() {
        true => fs::metadata(path).map(|meta| meta.is_file()),
        false => Ok(entry.file_type().is_file()),
    };
    match is_file {
        Ok(false) => {}
        Err(error) => found.fail(path, &reason(&error)),
        Ok(true) => {
            let relative = path.strip_prefix(root).unwrap_or(path).to_path_buf();
            let input = Input {
                name: shown(path).into(),
                place: Place::File(path.to_path_buf()),
                named: false,
                relative,
                size: None,
                profile: 0,
            };
            found.insert(Some(top.join(&input.relative)), input);
        }
    }
}

fn has_xml_name(path: &Path) -> bool {
    path.extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("xml"))
}

fn is_vcs(entry: &DirEntry) -> bool {
    entry.file_type().is_dir()
        && entry
            .file_name()
            .to_str()
            .is_some_and(|name| VCS.contains(&name))
}

/// The gitignore rules that hold at a place of the walk, outermost first.
struct Ignores {
    /// Rules from above the directory where the walk began.
    above: Vec<Gitignore>,
    /// Rules of directories on the way to the current entry, with their depth.
    inside: Vec<(usize, Gitignore)>,
    /// The directory whose entries were asked for last, and where it really is.
    directory: (PathBuf, PathBuf),
    /// Whether the walk is inside a git repository: elsewhere .gitignore means nothing, as for git itself.
    in_repository: bool,
}

impl Ignores {
    fn above(root: &Path) -> Ignores {
        let absolute = fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
        let repository = absolute.ancestors().find(|dir| dir.join(".git").exists());
        let mut above = Vec::new();
        if let Some(repository) = repository {
            above.extend(rules_in(repository, &repository.join(".git/info/exclude")));
            let mut outer: Vec<&Path> = absolute
                .ancestors()
                .skip(1)
                .take_while(|dir| dir.starts_with(repository))
                .collect();
            outer.reverse();
            above.extend(
                outer
                    .into_iter()
                    .filter_map(|dir| rules_in(dir, &dir.join(".gitignore"))),
            );
        }
        Ignores {
            above,
            inside: Vec::new(),
            directory: Default::default(),
            in_repository: repository.is_some(),
        }
    }

    /// Reads the rules of a directory when the walk enters it.
    fn enter(&mut self, directory: &DirEntry) {
        self.inside.retain(|(depth, _)| *depth < directory.depth());
        if self.in_repository {
            let path = fs::canonicalize(directory.path())
                .unwrap_or_else(|_| directory.path().to_path_buf());
            self.inside.extend(
                rules_in(&path, &path.join(".gitignore")).map(|rules| (directory.depth(), rules)),
            );
        }
    }

    /// Whether the innermost rule that speaks of the entry says to ignore it.
    fn ignored(&mut self, entry: &DirEntry) -> bool {
        self.inside.retain(|(depth, _)| *depth < entry.depth());
        if self.inside.is_empty() && self.above.is_empty() {
            return false;
        }
        let Some(parent) = entry.path().parent() else {
            return false;
        };
        if self.directory.0 != parent {
            let real = fs::canonicalize(parent).unwrap_or_else(|_| parent.to_path_buf());
            self.directory = (parent.to_path_buf(), real);
        }
        let path = self.directory.1.join(entry.file_name());
        let is_dir = entry.file_type().is_dir();
        let rules = self
            .inside
            .iter()
            .map(|(_, rules)| rules)
            .rev()
            .chain(self.above.iter().rev());
        for matched in rules.map(|rules| rules.matched(&path, is_dir)) {
            match matched {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => {}
            }
        }
        false
    }
}

fn rules_in(directory: &Path, file: &Path) -> Option<Gitignore> {
    if !file.is_file() {
        return None;
    }
    let mut builder = GitignoreBuilder::new(directory);
    // A line git itself would not understand is passed over; the others hold.
    let _ = builder.add(file);
    builder.build().ok()
}

/// A path as it is shown: as given, without `./` in front, `/` between its parts.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    let text = if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    };
    let mut rest = &text[..];
    while let Some(shorter) = rest.strip_prefix("./").filter(|rest| !rest.is_empty()) {
        rest = shorter.trim_start_matches('/');
    }
    match rest {
        "" => text,
        rest => rest.to_owned(),
    }
}

/// An error of the operating system in a few words, without its number.
pub(crate) fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            let mut letters = text.chars();
            let first = letters.next().into_iter().flat_map(char::to_lowercase);
            first.chain(letters).collect()
        }
    }
}
