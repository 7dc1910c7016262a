//! What the files of a repository say of itself, where git was asked and does not know.

use std::fs;
use std::path::{Path, PathBuf};

/// Names of remotes that people give.
const REMOTES: [&str; 2] = ["origin", "upstream"];

/// Whether `HEAD` stands for a branch that has no commit: all that is there is new.
pub(super) fn is_before_first_commit(top: &Path, revision: &str) -> bool {
    if !matches!(revision, "HEAD" | "@") {
        return false;
    }
    let git = git_directory(top);
    let head = fs::read_to_string(git.join("HEAD")).unwrap_or_default();
    let Some(branch) = head.strip_prefix("ref: ").map(str::trim_end) else {
        return false;
    };
    let common = common_directory(&git);
    let packed = fs::read_to_string(common.join("packed-refs")).unwrap_or_default();
    let is_packed = packed
        .lines()
        .any(|line| line.split_once(' ').is_some_and(|(_, name)| name == branch));
    !is_packed && !common.join(branch).exists()
}

/// Whether the history was cut off when it was fetched.
pub(super) fn is_shallow(top: &Path) -> bool {
    common_directory(&git_directory(top))
        .join("shallow")
        .is_file()
}

/// Whether contents were left out when it was fetched.
pub(super) fn is_partial(top: &Path) -> bool {
    let packs = common_directory(&git_directory(top)).join("objects/pack");
    let promised = |entry: fs::DirEntry| entry.path().extension().is_some_and(|e| e == "promisor");
    fs::read_dir(packs).is_ok_and(|entries| entries.flatten().any(promised))
}

/// Whether files of the commit may be left out of the working tree.
pub(super) fn is_sparse(top: &Path) -> bool {
    git_directory(top).join("info/sparse-checkout").is_file()
}

/// What brings a revision into the repository.
pub(super) fn how_to_fetch(top: &Path, revision: &str) -> String {
    let shallow = is_shallow(top);
    let depth = if shallow { "--depth=1 " } else { "" };
    let is_plain = revision
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"._/-".contains(&b));
    let is_id =
        matches!(revision.len(), 40 | 64) && revision.bytes().all(|b| b.is_ascii_hexdigit());
    let branch = revision
        .split_once('/')
        .filter(|(remote, _)| is_plain && REMOTES.contains(remote));
    match branch {
        // In full, for a clone of one branch keeps no other under the name of its remote by itself.
        Some((remote, branch)) => format!(
            "fetch it first: git fetch {depth}{remote} {branch}:refs/remotes/{remote}/{branch}"
        ),
        None if is_id => format!("fetch it first: git fetch {depth}origin {revision}"),
        None if shallow => {
            "fetch more of it first: git fetch --tags --unshallow, or --depth=… for some of it"
                .into()
        }
        None => "is it spelt right, and fetched (git fetch --tags)?".into(),
    }
}

/// Whether a repository is a submodule at this path of the one around it.
pub(super) fn is_submodule(outer: &Path, path: &[Vec<u8>], top: &Path) -> bool {
    // Git keeps the repositories of submodules in `modules` of the one around them.
    let modules = common_directory(&git_directory(outer)).join("modules");
    let real = |path: &Path| fs::canonicalize(path).ok();
    let kept = real(&git_directory(top)).zip(real(&modules));
    if kept.is_some_and(|(git, modules)| git.starts_with(modules)) {
        return true;
    }
    let path = path.join(&b'/');
    let settings = fs::read(outer.join(".gitmodules")).unwrap_or_default();
    settings.split(|b| *b == b'\n').any(|line| {
        let setting = line.trim_ascii().strip_prefix(b"path");
        let value = setting.and_then(|rest| rest.trim_ascii().strip_prefix(b"="));
        value.is_some_and(|value| value.trim_ascii() == path)
    })
}

/// Where git keeps the repository of a working tree.
pub(super) fn git_directory(top: &Path) -> PathBuf {
    let git = top.join(".git");
    let named = fs::read_to_string(&git).unwrap_or_default();
    match named.strip_prefix("gitdir:") {
        Some(path) => top.join(path.trim()),
        None => git,
    }
}

/// The same for what its working trees share.
fn common_directory(git: &Path) -> PathBuf {
    let common = fs::read_to_string(git.join("commondir")).unwrap_or_default();
    match common.trim() {
        "" => git.to_path_buf(),
        path => git.join(path),
    }
}
