//! The bytes of one input, never much more than the limit.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

use crate::report::Failure;
use crate::source::Source;
use crate::walk::{Place, reason};

/// Files below this many bytes are read without asking for their size.
const SMALL: usize = 64 << 10;
/// What is read of a document that is too large: enough to see whether it is meant for CloudFront.
const HEAD: u64 = 64 << 10;

/// What was read.
pub(crate) enum Read {
    /// All of it.
    Whole(Vec<u8>),
    /// With its size, as far as that is known, and its beginning.
    TooLarge(u64, Vec<u8>),
}

/// The whole of a small file, as nearly all documents are, without asking for its size first; none if it is not small, or
/// has grown. One that has the size that it is known to have is not asked for more.
fn read_small(file: &mut File, size: Option<u64>, limit: u64) -> io::Result<Option<Vec<u8>>> {
    thread_local! {
        static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; SMALL]);
    }
    // Files that are made when they are read have no size.
    let known = size.filter(|size| (1..SMALL as u64).contains(size) && *size <= limit);
    if let Some(size) = known {
        let size = size as usize;
        // One byte more than there should be.
        let mut bytes = vec![0; size + 1];
        let length = fill(file, &mut bytes, Some(size))?;
        bytes.truncate(length);
        return Ok((length <= size).then_some(bytes));
    }
    BUFFER.with_borrow_mut(|buffer| {
        let length = fill(file, buffer, None)?;
        let whole = length < SMALL && length as u64 <= limit;
        Ok(whole.then(|| buffer[..length].to_vec()))
    })
}

/// Reads until nothing is left, the buffer is full, or exactly `enough` bytes are there; returns how many there are.
fn fill(file: &mut File, buffer: &mut [u8], enough: Option<usize>) -> io::Result<usize> {
    let mut length = 0;
    while length < buffer.len() && enough != Some(length) {
        match file.read(&mut buffer[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// Reads an input, but never much more than the limit. `size` is that of a file, as far as it is known.
pub(crate) fn read(place: &Place, size: Option<u64>, limit: u64) -> io::Result<Read> {
    let mut bytes = Vec::new();
    match place {
        Place::Stdin => io::stdin()
            .lock()
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)?,
        Place::File(path) => {
            let mut file = File::open(path)?;
            if let Some(bytes) = read_small(&mut file, size, limit)? {
                return Ok(Read::Whole(bytes));
            }
            let length = file.metadata()?.len();
            if length > limit {
                file.seek(SeekFrom::Start(0))?;
                file.take(HEAD).read_to_end(&mut bytes)?;
                return Ok(Read::TooLarge(length, bytes));
            }
            bytes.reserve_exact(length as usize + 1);
            file.seek(SeekFrom::Start(0))?;
            file.by_ref()
                .take(limit.saturating_add(1))
                .read_to_end(&mut bytes)?
        }
    };
    let length = bytes.len() as u64;
    Ok(if length > limit {
        bytes.truncate(HEAD as usize);
        Read::TooLarge(length, bytes)
    } else {
        Read::Whole(bytes)
    })
}

/// The text of a document that is not checked itself, under this name. `limit` is its largest size in bytes.
///
/// # Errors
/// It cannot be read, or is too large.
pub(crate) fn whole(place: &Place, name: &str, limit: u64) -> Result<Source, Failure> {
    let message = match read(place, None, limit) {
        Ok(Read::Whole(bytes)) => return Ok(Source::from_bytes(name, bytes)),
        Ok(Read::TooLarge(..)) => "is larger than --max-size".to_owned(),
        Err(error) => reason(&error),
    };
    Err(Failure {
        name: Some(name.to_owned()),
        message,
    })
}

/// The text of a file that steers a run, such as a configuration. `limit` is its largest size in bytes.
///
/// # Errors
/// Why it cannot be read, as the end of a sentence.
pub(crate) fn steering(path: &Path, name: &str, limit: u64) -> Result<Source, String> {
    // A pipe would never end.
    if !path.metadata().map_err(|error| reason(&error))?.is_file() {
        return Err("it is not a regular file".to_owned());
    }
    match read(&Place::File(path.to_path_buf()), None, limit) {
        Ok(Read::Whole(bytes)) => Ok(Source::from_bytes(name, bytes)),
        Ok(Read::TooLarge(..)) => Err(format!("it is larger than {limit} bytes")),
        Err(error) => Err(reason(&error)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_has_changed_since_it_was_listed_is_read_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.xml");
        for length in [0, 5, SMALL - 1, SMALL, SMALL + 1] {
            let text = vec![b'a'; length];
            std::fs::write(&path, &text).unwrap();
            let listed = [0, 1, 4, 5, 6, SMALL as u64 - 1, SMALL as u64, 1 << 20];
            for size in listed.into_iter().map(Some).chain([None]) {
                let place = Place::File(path.clone());
                let read = read(&place, size, 1 << 20).unwrap();
                assert!(
                    matches!(&read, Read::Whole(bytes) if *bytes == text),
                    "{length} {size:?}"
                );
            }
        }
    }
}
