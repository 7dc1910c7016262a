//! `--against-git`: the same with real repositories of git.

use std::process::Command;

use crate::documents::CLEAN;
use crate::support::{Lint, Run, Sandbox, formats};

const RULE: &str = "caller-reference-changed";

/// Nothing of the machine's or the user's settings of git.
const ISOLATED: [(&str, &str); 7] = [
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_AUTHOR_NAME", "Example"),
    ("GIT_AUTHOR_EMAIL", "author@example.com"),
    ("GIT_COMMITTER_NAME", "Example"),
    ("GIT_COMMITTER_EMAIL", "author@example.com"),
    ("GIT_ALLOW_PROTOCOL", "file"),
];

/// A whole and valid streaming distribution.
fn streaming(reference: &str, bucket: &str) -> String {
    format!(
        r#"<StreamingDistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <CallerReference>{reference}</CallerReference>
  <S3Origin>
    <DomainName>{bucket}.s3.amazonaws.com</DomainName>
    <OriginAccessIdentity></OriginAccessIdentity>
  </S3Origin>
  <Comment></Comment>
  <TrustedSigners>
    <Enabled>false</Enabled>
    <Quantity>0</Quantity>
  </TrustedSigners>
  <Enabled>true</Enabled>
</StreamingDistributionConfig>
"#
    )
}

/// A document with this reference.
fn document(reference: &str) -> String {
    streaming(reference, "amzn-s3-demo-bucket")
}

/// A directory that holds repositories.
struct Repositories(Sandbox);

impl Repositories {
    /// With one repository in `repo`, and what is written there committed.
    fn with<'f>(files: impl IntoIterator<Item = (&'f str, String)>) -> Repositories {
        let repositories = Repositories(Sandbox::new());
        repositories.0.directory("repo");
        repositories.git("repo", &["init", "-q", "-b", "main"]);
        for (path, content) in files {
            repositories.write(path, content);
        }
        repositories.commit("repo");
        repositories
    }

    /// Writes a file of `repo`.
    fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Repositories {
        self.0.file(&format!("repo/{path}"), content);
        self
    }

    #[track_caller]
    fn git(&self, directory: &str, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(self.0.path(directory))
            .env_clear()
            .envs(ISOLATED)
            .env("PATH", std::env::var_os("PATH").unwrap());
        let output = command.output().expect("git is installed");
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        text
    }

    /// Commits all there is, and returns the commit's id.
    fn commit(&self, directory: &str) -> String {
        self.git(directory, &["add", "-A"]);
        self.git(directory, &["commit", "-q", "--allow-empty", "-m", "x"]);
        self.git(directory, &["rev-parse", "HEAD"])
    }

    fn lint(&self, directory: &str, arguments: &[&str]) -> Lint {
        let mut lint = self.0.lint(["check"].iter().chain(arguments));
        for (name, value) in ISOLATED {
            lint = lint.env(name, value);
        }
        lint.within(directory)
    }

    /// Checks in `repo` with concise output.
    fn check(&self, arguments: &[&str]) -> Run {
        let arguments = [arguments, &["-o=concise", "--select=update"]].concat();
        self.lint("repo", &arguments).run()
    }
}

#[test]
fn every_way_to_name_a_revision() {
    let repositories = Repositories::with([("cdn/a.xml", document("one"))]);
    let first = repositories.git("repo", &["rev-parse", "HEAD"]);
    repositories.git("repo", &["tag", "v1"]);
    repositories.git("repo", &["tag", "-a", "-m", "x", "v1-annotated"]);
    repositories.git("repo", &["update-ref", "refs/remotes/origin/main", &first]);
    repositories.write("cdn/a.xml", document("two"));
    repositories.commit("repo");
    repositories
        .check(&["cdn", "--against-git", "HEAD"])
        .status(0)
        .complains("1 document checked, against an older one: no findings");
    for revision in [
        "HEAD~1",
        "HEAD^",
        "main~1",
        "main@{1}",
        "origin/main",
        "refs/remotes/origin/main",
        "v1",
        "v1-annotated",
        "v1^{tree}",
        &first,
        &first[..8],
    ] {
        repositories
            .check(&["cdn", "--against-git", revision])
            .status(1)
            .says("cdn/a.xml:2:20: error: CallerReference changed from \"one\" to \"two\"")
            .complains("1 document checked, against an older one: 1 error");
    }
    // What is not committed yet counts as new, whether it is staged or not.
    repositories.write("cdn/a.xml", document("three"));
    repositories
        .check(&["--against-git=HEAD"])
        .status(1)
        .says("from \"two\" to \"three\"");
    repositories.git("repo", &["add", "-A"]);
    repositories
        .check(&["--against-git=HEAD"])
        .status(1)
        .says("from \"two\" to \"three\"");
}

#[test]
fn the_older_document_is_shown_under_its_name() {
    let repositories = Repositories::with([("cdn/a.xml", document("one"))]);
    repositories.write("cdn/a.xml", document("two"));
    for format in formats() {
        let arguments = ["cdn", "--against-git=HEAD", "-o", format];
        repositories
            .lint("repo", &arguments)
            .run()
            .status(1)
            .says(RULE);
    }
    let pretty = repositories.lint("repo", &["cdn", "--against-git=HEAD"]);
    pretty.run().says("╭─[HEAD:cdn/a.xml:2:20]");
    let json = repositories.lint("repo", &["cdn", "--against-git=HEAD", "-o=json"]);
    let json = json.run().json();
    let label = &json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["rule"] == RULE)
        .unwrap()["labels"];
    assert!(label.to_string().contains("HEAD:cdn/a.xml"), "{label:#}");
}

#[test]
fn from_every_directory() {
    let repositories = Repositories::with([
        ("a.xml", document("one")),
        ("cdn/deep/a.xml", document("two")),
    ]);
    repositories.write("cdn/deep/a.xml", document("three"));
    for (directory, path) in [
        ("repo", "cdn"),
        ("repo", "./cdn/deep/../deep/a.xml"),
        ("repo/cdn", "."),
        ("repo/cdn/deep", "a.xml"),
        ("repo/cdn/deep", "../deep/a.xml"),
        ("repo/cdn/deep", "../../cdn"),
        (".", "repo/cdn"),
        (".", "."),
    ] {
        repositories
            .lint(directory, &[path, "--against-git=HEAD", "-o=concise"])
            .run()
            .status(1)
            .says("from \"two\" to \"three\"");
    }
    let absolute = repositories.0.path("repo/cdn");
    repositories
        .lint(".", &[absolute.to_str().unwrap(), "--against-git=HEAD"])
        .run()
        .status(1)
        .says("HEAD:cdn/deep/a.xml:2:20");
}

#[test]
fn a_new_document_has_no_older_one() {
    let repositories = Repositories::with([("cdn/a.xml", document("one"))]);
    repositories.write("cdn/new.xml", document("two"));
    repositories
        .check(&["cdn", "--against-git=HEAD"])
        .status(0)
        .complains("2 documents checked, 1 of them against an older one: no findings");
    // A document that came back is new as well.
    repositories.git("repo", &["rm", "-q", "--cached", "cdn/a.xml"]);
    repositories.git("repo", &["commit", "-q", "-m", "x"]);
    repositories
        .check(&["cdn", "--against-git=HEAD"])
        .status(0)
        .complains("warning: HEAD holds no older document of any that is checked")
        .complains("2 documents checked: no findings");
}

#[test]
fn odd_names() {
    let names = [
        "cdn/with blanks.xml",
        "cdn/grün/日本.xml",
        "cdn/-n.xml",
        "cdn/a:b.xml",
        "cdn/quote\".xml",
        "cdn/HEAD.xml",
    ];
    let names = names.map(|name| match cfg!(windows) {
        true => name.replace([':', '"'], "_"),
        false => name.to_owned(),
    });
    let repositories = Repositories::with(names.iter().map(|name| (&name[..], document(name))));
    for name in &names {
        repositories.write(name, document("changed"));
    }
    let run = repositories
        .check(&["cdn", "--against-git=HEAD"])
        .status(1)
        .complains("6 documents checked, each against an older one: 6 errors");
    for name in &names {
        let from = format!("{name}:2:20: error: CallerReference changed from \"{name}\"");
        assert!(run.stdout.contains(&from), "{run:#?}");
    }
}

#[cfg(unix)]
#[test]
fn names_that_are_no_lines() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let repositories = Repositories::with([("a\nb.xml", document("one"))]);
    let strange = OsStr::from_bytes(b"\xff.xml");
    let path = repositories.0.path("repo").join(strange);
    // Some file systems take only UTF-8.
    let strange = std::fs::write(&path, document("two")).is_ok();
    repositories.commit("repo");
    repositories.write("a\nb.xml", document("changed"));
    if strange {
        std::fs::write(&path, document("changed")).unwrap();
    }
    let run = repositories.check(&["--against-git=HEAD"]).status(1);
    assert_eq!(run.rules().len(), 1 + usize::from(strange), "{run:#?}");
}

#[test]
fn standard_input() {
    let repositories = Repositories::with([("cdn/a.xml", document("one"))]);
    let check = |directory: &str, name: &str| {
        repositories
            .lint(
                directory,
                &[
                    "-",
                    "--stdin-filename",
                    name,
                    "--against-git=HEAD",
                    "-o=concise",
                ],
            )
            .stdin(document("two"))
            .run()
    };
    check("repo", "cdn/a.xml")
        .status(1)
        .says("cdn/a.xml:2:20: error:");
    check("repo/cdn", "a.xml").status(1).says("from \"one\"");
    check("repo", "gone/../cdn/a.xml")
        .status(1)
        .says("from \"one\"");
    check("repo", "gone/a.xml").status(0);
    repositories
        .lint("repo", &["-", "--against-git=HEAD"])
        .stdin(document("two"))
        .run()
        .status(2)
        .complains("error: <stdin>: has no path in git; --stdin-filename PATH gives it one");
}

#[test]
fn what_is_no_revision() {
    let repositories = Repositories::with([("a.xml", document("one"))]);
    for revision in [
        "gone",
        "-gone",
        "--help",
        "--batch-all-objects",
        "HEAD:a.xml",
        "HEAD..HEAD",
        "^HEAD",
        " HEAD blob 3",
        "$(touch x)",
        "grün",
    ] {
        for format in formats() {
            repositories
                .lint(
                    "repo",
                    &[&format!("--against-git={revision}"), "-o", format],
                )
                .run()
                .status(2)
                .complains(&format!(
                    "error: {revision}: no such revision in the repository in "
                ))
                .complains("is it spelt right, and fetched (git fetch --tags)?");
        }
    }
    for (revision, shown) in [("", r#""""#), ("HEAD\nHEAD", r#""HEAD\nHEAD""#)] {
        repositories
            .check(&[&format!("--against-git={revision}")])
            .status(2)
            .complains(&format!(
                "error: {shown}: is not what a revision looks like"
            ));
    }
    for (revision, advice) in [
        ("origin/main", "fetch it first: git fetch origin main"),
        ("upstream/a/b", "fetch it first: git fetch upstream a/b"),
        (
            "1234567890123456789012345678901234567890",
            "fetch it first: git fetch origin 1234567890123456789012345678901234567890",
        ),
    ] {
        repositories
            .check(&["--against-git", revision])
            .status(2)
            .complains(advice);
    }
    // Nothing is checked without what was asked for.
    repositories.write("a.xml", "<broken");
    let run = repositories.check(&["--against-git=gone"]).status(2);
    assert_eq!(run.stdout, "");
}

#[test]
fn outside_of_a_repository() {
    let repositories = Repositories::with([("a.xml", document("one"))]);
    let sandbox = &repositories.0;
    sandbox.file("b.xml", document("two")).file("c.xml", CLEAN);
    repositories
        .lint(".", &["--against-git=HEAD"])
        .run()
        .status(2)
        .complains("error: b.xml: is in no git repository, nor is 1 other document; name the older documents with --against PATH");
    repositories
        .lint(".", &["b.xml", "--against-git=HEAD"])
        .run()
        .status(2)
        .complains("error: b.xml: is in no git repository; name");
    // Other files count only if they are documents.
    sandbox.file("b.xml", "<other/>").file("c.xml", "<other/>");
    repositories
        .lint(".", &["--against-git=HEAD"])
        .run()
        .status(0)
        .says("1 document checked, against an older one, 2 files without CloudFront XML skipped");
    // A directory that only looks like a repository is none, and what is above it does not answer in its place.
    sandbox
        .file("repo/sub/.git/HEAD", "x")
        .file("repo/sub/a.xml", document("three"));
    repositories
        .lint("repo", &["sub", "--against-git=HEAD"])
        .run()
        .status(2)
        .complains("sub: not a git repository");
}
