//! Directories as git stores them.

use std::collections::HashMap;

/// What a name in a directory stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    /// Its content is the path that it leads to.
    Link,
    Directory,
    /// A commit of another repository.
    Submodule,
}

/// One name in a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// The id of the object, hexadecimal.
    pub(super) id: String,
}

/// A directory: names, which are bytes without meaning to git, and what they stand for.
pub(super) type Tree = HashMap<Vec<u8>, Entry>;

/// Reads the content of a tree object: `MODE NAME\0` and the id in `id_length` bytes, again and again. None if it is
/// none.
pub(super) fn parse(mut bytes: &[u8], id_length: usize) -> Option<Tree> {
    let mut tree = Tree::new();
    while !bytes.is_empty() {
        let blank = memchr::memchr(b' ', bytes)?;
        let end = memchr::memchr(0, bytes)?;
        let mode = bytes.get(..blank)?;
        let name = bytes.get(blank + 1..end)?.to_vec();
        let id = bytes.get(end + 1..end + 1 + id_length)?;
        bytes = bytes.get(end + 1 + id_length..)?;
        let kind = match mode {
            b"40000" | b"040000" => Kind::Directory,
            b"120000" => Kind::Link,
            b"160000" => Kind::Submodule,
            _ => Kind::File,
        };
        let id = hexadecimal(id);
        tree.insert(name, Entry { kind, id });
    }
    Some(tree)
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from_digit(u32::from(n), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree() {
        let mut bytes = b"100644 a b.xml\0".to_vec();
        bytes.extend([0x1f; 20]);
        bytes.extend(b"40000 cdn\0");
        bytes.extend([0xa0; 20]);
        let tree = parse(&bytes, 20).unwrap();
        let entry = |kind, id: &str| Entry {
            kind,
            id: id.repeat(20),
        };
        assert_eq!(tree.len(), 2);
        assert_eq!(tree[&b"a b.xml"[..]], entry(Kind::File, "1f"));
        assert_eq!(tree[&b"cdn"[..]], entry(Kind::Directory, "a0"));
        assert_eq!(parse(b"", 20), Some(Tree::new()));
        for length in 1..bytes.len() {
            let whole = b"100644 a b.xml\0".len() + 20;
            assert_eq!(parse(&bytes[..length], 20).is_some(), length == whole);
        }
    }
}
