//! Runs the program in a directory of its own, with nothing of the caller's environment.

use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cloudfront_lint::output::Format;
use tempfile::TempDir;

/// Long enough for the slowest machine: a run that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(240);

/// What the program needs to run at all; everything else could change its output.
const KEPT: [&str; 5] = ["PATH", "SystemRoot", "TEMP", "TMP", "LLVM_PROFILE_FILE"];

/// The names of all formats.
pub(crate) fn formats() -> impl Iterator<Item = &'static str> {
    Format::ALL.iter().map(|format| format.name())
}

/// Those that people read where they work.
pub(crate) const FOR_PEOPLE: [&str; 2] = ["pretty", "concise"];

/// All but SARIF, which holds whole pages.
pub(crate) fn brief_formats() -> impl Iterator<Item = &'static str> {
    formats().filter(|format| *format != "sarif")
}

/// A directory that goes away with its test.
pub(crate) struct Sandbox {
    directory: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Sandbox {
        Sandbox {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    /// With these files.
    pub(crate) fn with<'f>(files: impl IntoIterator<Item = (&'f str, &'f str)>) -> Sandbox {
        let sandbox = Sandbox::new();
        for (path, content) in files {
            sandbox.file(path, content);
        }
        sandbox
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.directory.path().join(relative)
    }

    /// Writes a file, and the directories above it.
    pub(crate) fn file(&self, relative: &str, content: impl AsRef<[u8]>) -> &Sandbox {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn directory(&self, relative: &str) -> &Sandbox {
        fs::create_dir_all(self.path(relative)).unwrap();
        self
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    #[cfg(unix)]
    pub(crate) fn link(&self, target: &str, relative: &str) -> &Sandbox {
        std::os::unix::fs::symlink(target, self.path(relative)).unwrap();
        self
    }

    /// A run in the directory.
    pub(crate) fn lint<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Lint {
        Lint::new(self.directory.path(), arguments)
    }

    /// Runs `check` with these arguments.
    pub(crate) fn check(&self, arguments: &[&str]) -> Run {
        self.lint(["check"].iter().chain(arguments)).run()
    }
}

/// A run that is being prepared.
pub(crate) struct Lint {
    command: Command,
    stdin: Vec<u8>,
    directory: PathBuf,
}

impl Lint {
    pub(crate) fn new<S: AsRef<OsStr>>(
        directory: &Path,
        arguments: impl IntoIterator<Item = S>,
    ) -> Lint {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cloudfront-lint"));
        command.args(arguments).current_dir(directory).env_clear();
        for name in KEPT {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Lint {
            command,
            stdin: Vec::new(),
            directory: directory.to_path_buf(),
        }
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Lint {
        self.command.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Lint {
        self.stdin = bytes.into();
        self
    }

    /// Runs in this directory below the sandbox's.
    pub(crate) fn within(mut self, relative: &str) -> Lint {
        self.command.current_dir(self.directory.join(relative));
        self
    }

    /// Standard output goes there instead of into the result.
    pub(crate) fn stdout(mut self, to: impl Into<Stdio>) -> Lint {
        self.command.stdout(to);
        self
    }

    /// Waits for the end. A run that has none is killed, and fails the test.
    pub(crate) fn run(mut self) -> Run {
        let mut child = self.command.spawn().unwrap();
        // The command holds the other ends of what was given to it.
        drop(self.command);
        let stdout = child.stdout.take().map(reader);
        let stderr = child.stderr.take().map(reader);
        let mut pipe = child.stdin.take().unwrap();
        let bytes = self.stdin;
        // A program that does not read all of its input is no failure here.
        let writer = thread::spawn(move || drop(pipe.write_all(&bytes)));
        let status = wait(&mut child);
        writer.join().unwrap();
        let text = |reader: Option<thread::JoinHandle<Vec<u8>>>| {
            let bytes = reader.map_or_else(Vec::new, |reader| reader.join().unwrap());
            String::from_utf8(bytes).expect("the output is not UTF-8")
        };
        Run {
            status: status
                .code()
                .unwrap_or_else(|| panic!("ended by a signal: {status}")),
            stdout: text(stdout),
            stderr: text(stderr),
            directory: self.directory,
        }
    }
}

fn reader(mut from: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

fn wait(child: &mut Child) -> ExitStatus {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("did not end by itself");
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// A run that has ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    directory: PathBuf,
}

impl Run {
    #[track_caller]
    pub(crate) fn status(self, expected: i32) -> Run {
        assert_eq!(self.status, expected, "{self:#?}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }

    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Run {
        assert!(self.stdout.contains(part), "no {part:?} in {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn complains(self, part: &str) -> Run {
        assert!(self.stderr.contains(part), "no {part:?} in {self:#?}");
        self
    }

    /// The names of the rules in concise output, in order.
    pub(crate) fn rules(&self) -> Vec<&str> {
        let rule = |line: &'_ str| Some(line.rsplit_once(" [")?.1.strip_suffix(']')?.len());
        self.stdout
            .lines()
            .filter_map(|line| {
                rule(line).map(|length| &line[line.len() - 1 - length..line.len() - 1])
            })
            .collect()
    }

    /// Both outputs as they are on every machine.
    pub(crate) fn normalised(&self) -> String {
        let mut text = self.stdout.clone();
        if !self.stderr.is_empty() {
            text += "---- standard error\n";
            text += &self.stderr;
        }
        let directory = self.directory.to_string_lossy().into_owned();
        text.replace(&directory, "[DIRECTORY]")
            .replace(
                concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\""),
                "\"version\": \"[VERSION]\"",
            )
            .replace(
                concat!("<checkstyle version=\"", env!("CARGO_PKG_VERSION"), "\""),
                "<checkstyle version=\"[VERSION]\"",
            )
            .replace(
                concat!("/blob/v", env!("CARGO_PKG_VERSION"), "/"),
                "/blob/v[VERSION]/",
            )
    }
}
