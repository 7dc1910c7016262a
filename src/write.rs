//! A changed text back into its file: all of it or nothing.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use crate::source::Source;

/// Why a file was left as it is.
#[derive(Debug)]
pub(crate) enum NotWritten {
    /// Somebody else has changed it since it was read.
    Changed,
    /// The system or the file does not allow it.
    Io(io::Error),
}

impl From<io::Error> for NotWritten {
    fn from(error: io::Error) -> NotWritten {
        NotWritten::Io(error)
    }
}

/// Replaces the text of a file if it still is what was read from it. The new text is written beside the file and then
/// takes its place with its permissions, so that nobody ever sees half of it. A symbolic link stays, and what it leads to
/// is replaced; a hard link under another name keeps the old text.
///
/// # Errors
/// The file has changed or is gone, may not be written or is no regular file, or the system refuses. It is as it was.
pub(crate) fn replace(path: &Path, before: &Source, after: &Source) -> Result<(), NotWritten> {
    let path = &fs::canonicalize(path)?;
    let meta = fs::metadata(path)?;
    if !meta.is_file() {
        return Err(io::Error::other("it is no regular file").into());
    }
    if meta.permissions().readonly() {
        return Err(io::Error::other("it is write-protected").into());
    }
    // A directory may allow what the file does not: somebody else's file would become one's own.
    File::options().write(true).open(path)?;
    if holds(path, after)? {
        // Under another name, it was written a moment ago.
        return Ok(());
    }
    let directory = path.parent().unwrap_or(Path::new("."));
    let mut new = tempfile::Builder::new()
        .prefix(".cloudfront-lint-")
        .tempfile_in(directory)?;
    new.write_all(&after.encode(after.text()))?;
    keep_owner(new.as_file(), &meta);
    new.as_file().set_permissions(meta.permissions())?;
    new.as_file().sync_data()?;
    // As late as can be: what is written between this and the next line is lost.
    if !holds(path, before)? {
        return Err(NotWritten::Changed);
    }
    new.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Whether a file is this text, byte for byte.
fn holds(path: &Path, text: &Source) -> io::Result<bool> {
    let expected = text.encode(text.text());
    let mut bytes = Vec::with_capacity(expected.len() + 1);
    // One byte more shows that it has grown.
    let limit = expected.len() as u64 + 1;
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes == expected)
}

/// Gives the new file the owner of the old one, where that is another and the system allows it.
#[cfg(unix)]
fn keep_owner(file: &File, meta: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let owner = (meta.uid(), meta.gid());
    let is_same = file
        .metadata()
        .is_ok_and(|new| (new.uid(), new.gid()) == owner);
    if !is_same {
        // Only some users may; an editor that saves the file does no better.
        let _ = fchown(file, Some(owner.0), Some(owner.1));
    }
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(bytes: &[u8]) -> Source {
        Source::from_bytes("a.xml", bytes.to_vec())
    }

    #[test]
    fn a_file_that_was_changed_meanwhile_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.xml");
        let (before, after) = (source(b"<a/>"), source(b"<b/>"));
        for now in ["<a/> ", "<c/>", "<a/", ""] {
            fs::write(&path, now).unwrap();
            let result = replace(&path, &before, &after);
            assert!(
                matches!(result, Err(NotWritten::Changed)),
                "{now:?}: {result:?}"
            );
            assert_eq!(fs::read_to_string(&path).unwrap(), now);
        }
        fs::write(&path, "<a/>").unwrap();
        replace(&path, &before, &after).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "<b/>");
        assert_eq!(
            fs::read_dir(directory.path()).unwrap().count(),
            1,
            "nothing is left over"
        );
    }

    #[test]
    fn a_file_that_is_gone_is_not_made_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("gone/a.xml");
        let result = replace(&path, &source(b"<a/>"), &source(b"<b/>"));
        assert!(
            matches!(result, Err(NotWritten::Io(error)) if error.kind() == io::ErrorKind::NotFound)
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_file_of_others_is_not_replaced_because_its_directory_allows_it() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.xml");
        fs::write(&path, "<a/>").unwrap();
        // Others may write it, but not this user, unless it is one who may do everything.
        fs::set_permissions(&path, fs::Permissions::from_mode(0o466)).unwrap();
        let may_write = File::options().write(true).open(&path).is_ok();
        let result = replace(&path, &source(b"<a/>"), &source(b"<b/>"));
        assert_eq!(result.is_ok(), may_write, "{result:?}");
        let now = if may_write { "<b/>" } else { "<a/>" };
        assert_eq!(fs::read_to_string(&path).unwrap(), now);
    }

    #[test]
    fn the_encoding_and_its_mark_are_part_of_what_was_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.xml");
        let wide: Vec<u8> = "\u{FEFF}<ä/>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        fs::write(&path, "<ä/>").unwrap();
        let result = replace(&path, &source(&wide), &source(&wide));
        assert!(matches!(result, Err(NotWritten::Changed)));
        fs::write(&path, &wide).unwrap();
        replace(&path, &source(&wide), &source(&wide)).unwrap();
        assert_eq!(fs::read(&path).unwrap(), wide);
    }
}
