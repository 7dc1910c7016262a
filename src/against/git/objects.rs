//! One conversation with `git cat-file --batch`: names of objects in, objects out.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crate::walk::reason;

/// What would make git look elsewhere than into the repository it is started in, as a hook's environment does, or see
/// it otherwise.
const MISLEADING: [&str; 12] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
];
/// What is kept of git's complaints in bytes.
const COMPLAINTS: u64 = 16 << 10;
/// Longest first line of an answer in bytes; it repeats what was asked for.
const HEADER: u64 = 64 << 10;

/// The objects of one repository. Any thread may ask; the answers come from a single process, which ends with this.
#[derive(Debug)]
pub(super) struct Objects(Mutex<Result<Conversation, String>>);

/// What git answers.
pub(super) enum Answer {
    Found(Object),
    /// Larger than was allowed; its content was thrown away.
    TooLarge,
    /// No such object, or no single one.
    Missing,
}

/// An object with its content.
pub(super) struct Object {
    pub(super) id: String,
    pub(super) bytes: Vec<u8>,
}

impl Objects {
    /// Starts git in the top directory of a repository.
    ///
    /// # Errors
    /// There is no git to start.
    pub(super) fn start(top: &Path) -> io::Result<Objects> {
        let mut command = Command::new("git");
        for name in MISLEADING {
            command.env_remove(name);
        }
        let mut child = command
            .args(["cat-file", "--batch"])
            .current_dir(plain(top))
            // What is broken here must not be answered by a repository further up.
            .env("GIT_CEILING_DIRECTORIES", top.parent().unwrap_or(top))
            // The clone as it is: nothing is fetched, nobody is asked.
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .env("LANGUAGE", "")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (Some(requests), Some(answers), Some(complaints)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(io::Error::other("git was started without pipes"));
        };
        Ok(Objects(Mutex::new(Ok(Conversation {
            child,
            requests,
            answers: BufReader::with_capacity(64 << 10, answers),
            complaints: listen(complaints),
        }))))
    }

    /// Asks for an object by its id, or by what git understands of revisions; `limit` bounds its content in bytes. The
    /// name must hold no line break.
    ///
    /// # Errors
    /// Git ended; in its own words where it left any.
    pub(super) fn ask(&self, name: &str, limit: u64) -> Result<Answer, String> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Taken out meanwhile: after half an answer there is nothing more to ask.
        let mut conversation = std::mem::replace(&mut *slot, Err("git ended early".to_owned()))?;
        match conversation.ask(name, limit) {
            Ok(answer) => {
                *slot = Ok(conversation);
                Ok(answer)
            }
            Err(error) => {
                let said = conversation.end();
                let why = said.unwrap_or_else(|| format!("git ended early: {}", reason(&error)));
                *slot = Err(why.clone());
                Err(why)
            }
        }
    }

    /// Ends the conversation and returns what git complained of meanwhile.
    pub(super) fn end(&self) -> Option<String> {
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let conversation = std::mem::replace(&mut *slot, Err("git was told to end".to_owned()));
        conversation.ok()?.end()
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        self.end();
    }
}

#[derive(Debug)]
struct Conversation {
    child: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    complaints: JoinHandle<Vec<u8>>,
}

impl Conversation {
    /// One request, then its whole answer: neither side ever waits for the other to read.
    fn ask(&mut self, name: &str, limit: u64) -> io::Result<Answer> {
        self.requests.write_all(format!("{name}\n").as_bytes())?;
        self.requests.flush()?;
        let mut header = Vec::new();
        (&mut self.answers)
            .take(HEADER)
            .read_until(b'\n', &mut header)?;
        if header.pop() != Some(b'\n') {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some((id, size)) = found(&header) else {
            return Ok(Answer::Missing);
        };
        let mut content = (&mut self.answers).take(size);
        let mut bytes = Vec::new();
        let kept = size <= limit;
        let read = match kept {
            true => content.read_to_end(&mut bytes)? as u64,
            false => io::copy(&mut content, &mut io::sink())?,
        };
        let mut line_break = [0];
        self.answers.read_exact(&mut line_break)?;
        if read != size || line_break != *b"\n" {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(match kept {
            true => Answer::Found(Object { id, bytes }),
            false => Answer::TooLarge,
        })
    }

    /// With its pipes closed git ends, whatever it was doing.
    fn end(self) -> Option<String> {
        let Conversation {
            mut child,
            requests,
            answers,
            complaints,
        } = self;
        drop(requests);
        drop(answers);
        let _ = child.wait();
        let said = complaints.join().unwrap_or_default();
        complaint(&String::from_utf8_lossy(&said))
    }
}

/// Reads all that git complains of, so that it never waits for that, and keeps the beginning.
fn listen(mut from: ChildStderr) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut kept = Vec::new();
        let _ = (&mut from).take(COMPLAINTS).read_to_end(&mut kept);
        let _ = io::copy(&mut from, &mut io::sink());
        kept
    })
}

/// The line that says what is wrong.
fn complaint(said: &str) -> Option<String> {
    let lines = || said.lines().map(str::trim).filter(|line| !line.is_empty());
    let grave = |line: &&str| line.starts_with("fatal: ") || line.starts_with("error: ");
    let line = lines().find(grave).or_else(|| lines().next())?;
    let text = line
        .strip_prefix("fatal: ")
        .or_else(|| line.strip_prefix("error: "));
    Some(text.unwrap_or(line).to_owned())
}

/// Id and size of `<id> <kind> <size>`; none if git says that there is no such object.
fn found(header: &[u8]) -> Option<(String, u64)> {
    let header = std::str::from_utf8(header).ok()?;
    let mut words = header.rsplitn(3, ' ');
    let size = words.next()?.parse().ok()?;
    let _kind = words.next()?;
    let id = words.next()?;
    let is_id = id.len() >= 40 && id.bytes().all(|b| b.is_ascii_hexdigit());
    is_id.then(|| (id.to_owned(), size))
}

/// Without the prefix that Windows puts before canonical paths, which not every program accepts as its directory.
fn plain(top: &Path) -> &Path {
    let text = top.to_str().and_then(|text| text.strip_prefix(r"\\?\"));
    let drive = text.filter(|text| text.as_bytes().get(1) == Some(&b':'));
    drive.map_or(top, |text| Path::new(OsStr::new(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let id = "1".repeat(40);
        assert_eq!(
            found(format!("{id} tree 12").as_bytes()),
            Some((id.clone(), 12))
        );
        let long = "a".repeat(64);
        assert_eq!(found(format!("{long} blob 0").as_bytes()), Some((long, 0)));
        for missing in ["main^{tree} missing", "ab ambiguous", "x blob 12", "", "1"] {
            assert_eq!(found(missing.as_bytes()), None, "{missing}");
        }
        assert_eq!(found(format!("{id} missing").as_bytes()), None);
    }

    #[test]
    fn the_grave_line_is_the_complaint() {
        assert_eq!(complaint(""), None);
        assert_eq!(
            complaint("warning: x\nfatal: not a git repository\n"),
            Some("not a git repository".into())
        );
        assert_eq!(
            complaint("hint: y\nerror: short object ID ab is ambiguous\nhint: z"),
            Some("short object ID ab is ambiguous".into())
        );
        assert_eq!(complaint("\nodd\n"), Some("odd".into()));
    }
}
