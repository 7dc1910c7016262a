//! Files that the program writes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::walk::shown;

/// A file gets its content in one step, so that no reader sees half of it; what is no regular file is written through.
pub(super) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|meta| !meta.is_file()) {
        let mut out = BufWriter::new(File::options().write(true).open(path)?);
        write(&mut out)?;
        return out.flush();
    }
    // Through a link, so that the link stays.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let meta = fs::metadata(path);
    if meta
        .as_ref()
        .is_ok_and(|meta| meta.permissions().readonly())
    {
        return Err(io::Error::other("it is write-protected"));
    }
    let directory = path
        .parent()
        .filter(|dir| !dir.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let file = new_file(directory).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            io::Error::other(format!("no such directory: {}", shown(directory)))
        }
        _ => error,
    })?;
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    if let Ok(meta) = meta {
        file.as_file().set_permissions(meta.permissions())?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes a file that is not there yet, in one step; whatever is there stays.
pub(super) fn write_new_file(path: &Path, content: &[u8]) -> io::Result<()> {
    let directory = path.parent().filter(|dir| !dir.as_os_str().is_empty());
    let mut file = new_file(directory.unwrap_or(Path::new(".")))?;
    file.write_all(content)?;
    file.flush()?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// A file with the permissions that any new file of the user gets.
fn new_file(directory: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask takes from this what it takes from every new file.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.prefix(".cloudfront-lint-").tempfile_in(directory)
}
