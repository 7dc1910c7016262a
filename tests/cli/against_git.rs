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
fn the_last_revision_counts() {
    let repositories = Repositories::with([("dist.xml", document("one"))]);
    repositories.write("dist.xml", document("two"));
    repositories.commit("repo");
    repositories
        .check(&["dist.xml", "--against-git", "HEAD"])
        .status(0);
    repositories
        .check(&["dist.xml", "--against-git", "HEAD", "--against-git=HEAD~1"])
        .status(1)
        .says("from \"one\" to \"two\"");
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

/// Ids of another length.
#[test]
fn sha_256() {
    let repositories = Repositories(Sandbox::new());
    repositories.0.directory("repo");
    let init = ["init", "-q", "-b", "main", "--object-format=sha256"];
    repositories.git("repo", &init);
    repositories.write("cdn/a.xml", document("one"));
    let commit = repositories.commit("repo");
    assert_eq!(commit.len(), 64);
    repositories.write("cdn/a.xml", document("two"));
    for revision in [&commit, "HEAD", &commit[..8]] {
        repositories
            .check(&["--against-git", revision])
            .status(1)
            .says("from \"one\" to \"two\"");
    }
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
        (
            "origin/main",
            "fetch it first: git fetch origin main:refs/remotes/origin/main",
        ),
        (
            "upstream/a/b",
            "fetch it first: git fetch upstream a/b:refs/remotes/upstream/a/b",
        ),
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
    repositories
        .check(&["--against-git=@{upstream}"])
        .status(2)
        .complains("error: @{upstream}: git says of the repository in ")
        .complains("/repo: no upstream configured for branch 'main'");
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

/// The names of older documents that pretty output shows.
fn older(run: &Run, revision: &str) -> Vec<String> {
    let mark = format!("╭─[{revision}:");
    run.stdout
        .lines()
        .filter_map(|line| {
            Some(
                line.trim()
                    .strip_prefix(&mark)?
                    .rsplitn(3, ':')
                    .last()?
                    .to_owned(),
            )
        })
        .collect()
}

#[test]
fn renamed_files_are_followed() {
    let repositories = Repositories::with([
        ("cdn/a.xml", streaming("one", "amzn-s3-demo-a")),
        ("cdn/b.xml", streaming("two", "amzn-s3-demo-b")),
        ("stays.xml", document("three")),
        ("README.txt", "not a document".to_owned()),
    ]);
    let compared = |expected: &str| {
        repositories
            .check(&["--against-git=HEAD"])
            .complains(&format!("{expected} against an older one"))
    };
    // Moved as it is, staged or not.
    repositories.git("repo", &["mv", "cdn/a.xml", "shop.xml"]);
    compared("3 documents checked, each").status(0);
    // Moved and changed, known by its reference although the other is more alike.
    repositories.write("shop.xml", streaming("one", "amzn-s3-demo-other"));
    compared("3 documents checked, each").status(0);
    // Moved, and nothing changed but what must not.
    repositories.write("shop.xml", streaming("changed", "amzn-s3-demo-a"));
    let run = repositories.lint("repo", &["--against-git=HEAD"]).run();
    assert_eq!(older(&run, "HEAD"), ["cdn/a.xml"]);
    run.status(1).says("CallerReference changed from");
    // The whole directory is renamed.
    std::fs::rename(
        repositories.0.path("repo/cdn"),
        repositories.0.path("repo/edge"),
    )
    .unwrap();
    repositories.write("edge/b.xml", streaming("also changed", "amzn-s3-demo-b"));
    let run = repositories
        .lint("repo", &["edge", "--against-git=HEAD"])
        .run();
    assert_eq!(older(&run, "HEAD"), ["cdn/b.xml"]);
    // A copy of something that is still there is new.
    repositories.write("copy.xml", document("three"));
    compared("4 documents checked, 3 of them").status(1);
    // Against what was committed meanwhile.
    repositories.commit("repo");
    repositories.git("repo", &["rm", "-q", "README.txt"]);
    compared("4 documents checked, each").status(0);
    let run = repositories.lint("repo", &["--against-git=HEAD~1"]).run();
    assert_eq!(older(&run, "HEAD~1"), ["cdn/b.xml", "cdn/a.xml"]);
}

#[test]
fn what_only_looks_renamed() {
    let repositories = Repositories::with([
        ("cdn/a.xml", streaming("one", "amzn-s3-demo-a")),
        ("cdn/b.xml", document("two")),
    ]);
    // One that goes and another that comes.
    repositories.git("repo", &["rm", "-q", "cdn/a.xml"]);
    let other = streaming("other", "amzn-s3-demo-new").replace(
        "<Comment></Comment>",
        "<Comment>another distribution altogether</Comment>",
    );
    repositories.write("cdn/new.xml", other);
    repositories
        .check(&["--against-git=HEAD"])
        .status(0)
        .complains("2 documents checked, 1 of them against an older one");
    // What is given away twice is used once.
    repositories.write("cdn/c.xml", streaming("one", "amzn-s3-demo-a"));
    repositories.write("cdn/d.xml", streaming("one", "amzn-s3-demo-a"));
    repositories
        .check(&["--against-git=HEAD"])
        .status(0)
        .complains("4 documents checked, 2 of them against an older one");
    // Files that exchanged their names are compared by name.
    let repositories = Repositories::with([("a.xml", document("one")), ("b.xml", document("two"))]);
    repositories.write("a.xml", document("two"));
    repositories.write("b.xml", document("one"));
    repositories
        .check(&["--against-git=HEAD"])
        .status(1)
        .complains("2 errors");
}

/// What a sparse checkout leaves out is not gone.
#[test]
fn sparse_checkout() {
    let repositories = Repositories::with([
        ("in/a.xml", document("one")),
        ("out/b.xml", document("two")),
        ("old/c.xml", document("three")),
    ]);
    repositories.git("repo", &["tag", "start"]);
    repositories.git("repo", &["mv", "old/c.xml", "in/c.xml"]);
    repositories.commit("repo");
    repositories.git("repo", &["sparse-checkout", "set", "in"]);
    assert!(!repositories.0.path("repo/out").exists());
    repositories.write("in/new.xml", document("two"));
    repositories
        .check(&["--against-git=HEAD"])
        .status(0)
        .complains("3 documents checked, 2 of them against an older one");
    repositories.write("in/c.xml", document("changed"));
    let run = repositories.lint("repo", &["--against-git=start"]).run();
    assert_eq!(older(&run, "start"), ["old/c.xml"]);
}

#[cfg(unix)]
#[test]
fn links() {
    let repositories = Repositories(Sandbox::new());
    repositories.0.directory("repo");
    repositories.git("repo", &["init", "-q", "-b", "main"]);
    repositories
        .write("elsewhere/a.xml", document("one"))
        .write("elsewhere/b.xml", document("two"));
    repositories.0.directory("repo/cdn");
    repositories
        .0
        .link("../elsewhere/a.xml", "repo/cdn/file.xml")
        .link("elsewhere", "repo/directory")
        .link("loop.xml", "repo/loop.xml")
        .link("/etc/passwd", "repo/outside.xml");
    repositories.commit("repo");
    repositories.write("elsewhere/a.xml", document("changed"));
    let paths = |path: &str| {
        let run = repositories
            .lint("repo", &[path, "--against-git=HEAD"])
            .run();
        older(&run, "HEAD")
    };
    // A link is what it led to.
    assert_eq!(paths("cdn/file.xml"), ["elsewhere/a.xml"]);
    assert_eq!(paths("directory/a.xml"), ["elsewhere/a.xml"]);
    // A link that is new leads to a document that is not.
    repositories
        .0
        .link("../elsewhere/a.xml", "repo/cdn/new.xml");
    assert_eq!(paths("cdn/new.xml"), ["elsewhere/a.xml"]);
    // A link that led elsewhere.
    std::fs::remove_file(repositories.0.path("repo/cdn/file.xml")).unwrap();
    repositories
        .0
        .link("../elsewhere/b.xml", "repo/cdn/file.xml");
    assert_eq!(paths("cdn/file.xml"), ["elsewhere/a.xml"]);
    // What led nowhere, or out of the repository, is no older document.
    for name in ["loop.xml", "outside.xml"] {
        std::fs::remove_file(repositories.0.path(&format!("repo/{name}"))).unwrap();
        repositories.write(name, document(name));
        repositories
            .check(&[name, "--against-git=HEAD"])
            .status(0)
            .complains("1 document checked: no findings");
    }
}

#[test]
fn detached_head_and_working_trees() {
    let repositories = Repositories::with([("cdn/a.xml", document("one"))]);
    let first = repositories.git("repo", &["rev-parse", "HEAD"]);
    repositories.write("cdn/a.xml", document("two"));
    repositories.commit("repo");
    // A second working tree, with a file in the place of .git and a commit instead of a branch.
    for tree in ["../tree", "inside"] {
        repositories.git("repo", &["worktree", "add", "-q", "--detach", tree, &first]);
    }
    for tree in ["tree", "repo/inside"] {
        repositories
            .lint(tree, &["--against-git=HEAD", "-o=concise"])
            .run()
            .status(0)
            .complains("1 document checked, against an older one");
        repositories
            .lint(tree, &["--against-git=main", "-o=concise"])
            .run()
            .status(1)
            .says("from \"two\" to \"one\"");
    }
    // One run over both: HEAD is the HEAD of each.
    repositories
        .lint(".", &["--against-git=HEAD", "-o=concise"])
        .run()
        .status(0)
        .complains("3 documents checked, each against an older one");
    repositories.git("repo", &["checkout", "-q", "--detach", &first]);
    repositories
        .check(&["cdn", "--against-git=main"])
        .status(1)
        .says("from \"two\" to \"one\"");
}

#[test]
fn several_repositories() {
    let repositories = Repositories::with([("a.xml", document("one"))]);
    repositories.git(".", &["clone", "-q", "repo", "other"]);
    repositories.0.file("other/a.xml", document("two"));
    repositories
        .lint(
            ".",
            &["--against-git=HEAD", "-o=concise", "--select=update"],
        )
        .run()
        .status(1)
        .says("other/a.xml:2:20")
        .complains("2 documents checked, each against an older one: 1 error");
    // origin/main is in the clone alone.
    repositories
        .lint(".", &["--against-git=origin/main"])
        .run()
        .status(2)
        .complains("error: origin/main: no such revision in the repository in ")
        .complains("/repo; fetch it first: git fetch origin main");
    // A repository without documents is no obstacle.
    repositories.write("a.xml", "<other/>");
    repositories
        .lint(
            ".",
            &["--against-git=origin/main", "-o=concise", "--select=update"],
        )
        .run()
        .status(1)
        .complains(
            "1 document checked, against an older one, 1 file without CloudFront XML skipped",
        );
}

#[test]
fn submodules() {
    let repositories = Repositories::with([("shop.xml", document("one"))]);
    // A repository that becomes a submodule of another.
    repositories.0.directory("outer");
    repositories.git("outer", &["init", "-q", "-b", "main"]);
    repositories.0.file("outer/own.xml", document("own"));
    repositories.commit("outer");
    let add = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "-q",
        "../repo",
        "parts/cdn",
    ];
    repositories.git("outer", &add);
    repositories.commit("outer");
    // The submodule moves on, and so does what the outer repository has of it.
    let submodule = "outer/parts/cdn";
    repositories
        .0
        .file("outer/parts/cdn/shop.xml", document("two"));
    repositories.commit(submodule);
    repositories.commit("outer");

    let select = "--select=update";
    // Seen from outside, the revision is that of the outer repository.
    let run = repositories
        .lint("outer", &["--against-git=HEAD~1", select])
        .run();
    assert_eq!(older(&run, "HEAD~1"), ["parts/cdn/shop.xml"]);
    run.status(1)
        .says("2 documents checked, each against an older one");
    repositories
        .lint("outer", &["--against-git=HEAD", select])
        .run()
        .status(0)
        .says("2 documents checked, each against an older one");
    // When it was no submodule yet, its documents did not exist.
    repositories
        .lint("outer", &["--against-git=HEAD~2", select])
        .run()
        .status(0)
        .says("2 documents checked, 1 of them against an older one");
    // Seen from inside, it is a repository like any other.
    let run = repositories
        .lint(submodule, &["--against-git=HEAD~1", select])
        .run();
    assert_eq!(older(&run, "HEAD~1"), ["shop.xml"]);
    run.status(1);
    repositories
        .lint("outer", &["--against-git=gone", select])
        .run()
        .status(2)
        .complains("/outer; is it spelt right");
    // The commit of the submodule was not fetched.
    let shallow = [
        "-c",
        "protocol.file.allow=always",
        "clone",
        "-q",
        "outer",
        "copy",
    ];
    repositories.git(".", &shallow);
    let url = repositories.0.path(submodule).display().to_string();
    repositories.git(
        "copy",
        &[
            "config",
            "submodule.parts/cdn.url",
            &format!("file://{url}"),
        ],
    );
    let update = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "update",
        "-q",
        "--init",
        "--depth=1",
    ];
    repositories.git("copy", &update);
    repositories
        .lint("copy", &["--against-git=HEAD~1", select])
        .run()
        .status(2)
        .complains("/copy/parts/cdn does not have commit ")
        .complains("which belongs to this revision; fetch it first: git fetch --depth=1 origin ");
}

#[test]
fn shallow_and_partial_clones() {
    let repositories = Repositories::with([("cdn/a.xml", document("one"))]);
    repositories.git("repo", &["config", "uploadpack.allowFilter", "true"]);
    repositories.git("repo", &["tag", "v1"]);
    repositories.git("repo", &["branch", "release"]);
    repositories.write("cdn/a.xml", document("two"));
    repositories.commit("repo");
    let url = format!("file://{}", repositories.0.path("repo").display());
    repositories.git(".", &["clone", "-q", "--depth=1", &url, "shallow"]);
    let check = |directory: &str, revision: &str| {
        let arguments = ["--against-git", revision, "-o=concise", "--select=update"];
        repositories.lint(directory, &arguments).run()
    };
    check("shallow", "HEAD").status(0);
    check("shallow", "HEAD~1")
        .status(2)
        .complains("/shallow, a shallow clone; fetch more of it first: git fetch --tags --unshallow, or --depth=…");
    check("shallow", "origin/release")
        .status(2)
        .complains(", a shallow clone; fetch it first: git fetch --depth=1 origin release:refs/remotes/origin/release\n");
    // The advice is right.
    let fetch = [
        "fetch",
        "-q",
        "--depth=1",
        "origin",
        "release:refs/remotes/origin/release",
    ];
    repositories.git("shallow", &fetch);
    check("shallow", "origin/release")
        .status(1)
        .says("from \"one\" to \"two\"");

    // A clone without contents: nothing is fetched in secret.
    repositories.git(".", &["clone", "-q", "--filter=blob:none", &url, "partial"]);
    check("partial", "HEAD").status(0);
    check("partial", "v1")
        .status(2)
        .complains("error: v1:cdn/a.xml: is not in this partial clone yet; fetch it first: git diff v1 > /dev/null");
    repositories.git("partial", &["diff", "v1"]);
    check("partial", "v1")
        .status(1)
        .says("from \"one\" to \"two\"");
}

/// Before the first commit there is nothing to compare with, which must not keep anybody from making it.
#[test]
fn before_the_first_commit() {
    let repositories = Repositories(Sandbox::new());
    repositories.0.directory("repo");
    repositories.git("repo", &["init", "-q", "-b", "main"]);
    repositories.write("a.xml", document("one"));
    for revision in ["HEAD", "@"] {
        repositories
            .check(&["--against-git", revision])
            .status(0)
            .complains("1 document checked: no findings");
    }
    repositories.check(&["--against-git=main"]).status(2);
    // A branch that is broken is another matter.
    repositories.commit("repo");
    let broken = "1234567890123456789012345678901234567890\n";
    repositories.write(".git/refs/heads/main", broken);
    repositories
        .check(&["--against-git=HEAD"])
        .status(2)
        .complains("error: HEAD: no such revision");
}

/// Git's own hooks run with variables that name the repository, and may be run from a directory of another one.
#[cfg(unix)]
#[test]
fn hooks() {
    use std::os::unix::fs::PermissionsExt;
    let repositories = Repositories::with([("cdn/a.xml", document("one"))]);
    let program = env!("CARGO_BIN_EXE_cloudfront-lint");
    let hook = format!(
        "#!/bin/sh\nenv > \"$OUT/environment\"\nexec '{program}' check cdn --against-git HEAD -o concise > \"$OUT/findings\" 2>&1\n"
    );
    repositories.write(".git/hooks/pre-commit", hook);
    let path = repositories.0.path("repo/.git/hooks/pre-commit");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    repositories.git("repo", &["worktree", "add", "-q", "--detach", "../tree"]);
    for tree in ["repo", "tree"] {
        repositories
            .0
            .file(&format!("{tree}/cdn/a.xml"), document("two"));
        repositories.git(tree, &["add", "-A"]);
        let out = repositories.0.path(".");
        let commit = Command::new("git")
            .args(["commit", "-q", "-m", "x"])
            .current_dir(repositories.0.path(tree))
            .env_clear()
            .envs(ISOLATED)
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("OUT", out)
            .output()
            .unwrap();
        assert!(!commit.status.success(), "the hook let it pass");
        assert!(
            repositories
                .0
                .read("environment")
                .contains("GIT_INDEX_FILE=")
        );
        let findings = repositories.0.read("findings");
        assert!(findings.contains("from \"one\" to \"two\""), "{findings}");
    }
    // Variables that lead elsewhere.
    repositories.git(".", &["init", "-q", "elsewhere"]);
    let elsewhere = repositories.0.path("elsewhere/.git");
    let mut lint = repositories.lint("repo", &["cdn", "--against-git=HEAD"]);
    for name in [
        "GIT_DIR",
        "GIT_COMMON_DIR",
        "GIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_CEILING_DIRECTORIES",
        "GIT_NAMESPACE",
    ] {
        lint = lint.env(name, elsewhere.to_str().unwrap());
    }
    lint.env("GIT_PREFIX", "cdn/")
        .env("GIT_TRACE", "1")
        .env("LC_ALL", "de_DE.UTF-8")
        .run()
        .status(1)
        .says("HEAD:cdn/a.xml:2:20");
}

/// What git stores may differ from the file in line breaks and encoding.
#[test]
fn line_breaks_and_encodings() {
    let utf16 = |text: &str| -> Vec<u8> {
        let units = [0xfeff].into_iter().chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let declared = |reference: &str, encoding: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n{}",
            document(reference)
        )
    };
    let repositories = Repositories::with([
        (
            ".gitattributes",
            "*.xml text eol=crlf\nwide.xml working-tree-encoding=UTF-16\n".to_owned(),
        ),
        ("lines.xml", document("one").replace('\n', "\r\n")),
        (
            "moved.xml",
            streaming("two", "amzn-s3-demo-moved").replace('\n', "\r\n"),
        ),
    ]);
    repositories.write("wide.xml", utf16(&declared("wide", "UTF-16")));
    repositories.commit("repo");
    let stored = repositories.git("repo", &["cat-file", "blob", "HEAD:wide.xml"]);
    assert!(
        stored.contains("encoding=\"UTF-16\""),
        "it is stored as UTF-8"
    );
    assert!(
        !repositories
            .git("repo", &["cat-file", "blob", "HEAD:lines.xml"])
            .contains('\r')
    );
    repositories.git("repo", &["mv", "moved.xml", "new.xml"]);
    repositories
        .check(&["--against-git=HEAD"])
        .status(0)
        .complains("3 documents checked, each against an older one: no findings");
    repositories.write("wide.xml", utf16(&declared("changed", "UTF-16")));
    repositories
        .check(&["--against-git=HEAD"])
        .status(1)
        .says("wide.xml:3:20: error: CallerReference changed from \"wide\" to \"changed\"");
}

#[test]
fn older_documents_that_cannot_be_had() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 12345\n";
    let repositories = Repositories::with([
        ("large.xml", document(&"x".repeat(5000))),
        ("lfs.xml", pointer.to_owned()),
        ("malformed.xml", "<StreamingDistributionConfig>".to_owned()),
        ("other.xml", document("one")),
    ]);
    for name in ["large.xml", "lfs.xml", "malformed.xml", "other.xml"] {
        repositories.write(name, document("two"));
    }
    for format in formats() {
        repositories
            .lint("repo", &["--against-git=HEAD", "--max-size=4000", "-o", format])
            .run()
            .status(2)
            .complains("error: HEAD:large.xml: is larger than --max-size")
            .complains("error: HEAD:lfs.xml: is kept in Git LFS, and git has only a pointer to it")
            .complains("error: HEAD:malformed.xml: line 1, column 1: `<StreamingDistributionConfig>` is never closed")
            .says(RULE);
    }
    // An object that is gone.
    let id = repositories.git("repo", &["rev-parse", "HEAD:other.xml"]);
    let object = format!("repo/.git/objects/{}/{}", &id[..2], &id[2..]);
    std::fs::remove_file(repositories.0.path(&object)).unwrap();
    repositories
        .check(&["other.xml", "--against-git=HEAD"])
        .status(2)
        .complains("error: HEAD:other.xml: is missing in the repository; git fsck tells more");
    let id = repositories.git("repo", &["rev-parse", "HEAD^{tree}"]);
    let object = format!("repo/.git/objects/{}/{}", &id[..2], &id[2..]);
    std::fs::remove_file(repositories.0.path(&object)).unwrap();
    repositories
        .check(&["other.xml", "--against-git=HEAD"])
        .status(2)
        .complains("error: HEAD: no such revision in the repository");
}

#[test]
fn without_git() {
    let repositories = Repositories::with([("a.xml", document("one"))]);
    repositories.0.directory("empty");
    for format in formats() {
        let lint = repositories.lint("repo", &["--against-git=HEAD", "-o", format]);
        let nowhere = repositories.0.path("empty");
        lint.env("PATH", nowhere.to_str().unwrap())
            .run()
            .status(2)
            .complains("error: HEAD: git was not found; install it, or name the older documents with --against PATH");
    }
}

#[test]
fn what_git_refuses() {
    let repositories = Repositories::with([("a.xml", document("one"))]);
    repositories
        .lint("repo", &["--against-git=HEAD"])
        .env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        .run()
        .status(2)
        .complains("error: HEAD: git says: detected dubious ownership in repository at ")
        .complains("if you trust it: git config --global --add safe.directory ");
    repositories.write(".git/config", "[core\n");
    repositories
        .check(&["--against-git=HEAD"])
        .status(2)
        .complains("error: HEAD: git says of the repository in ")
        .complains("bad config line 1");
}

/// One process of git for the whole run, whatever is in it; it has ended when the run has.
#[cfg(unix)]
#[test]
fn one_process() {
    use std::os::unix::fs::PermissionsExt;
    let names: Vec<String> = (0..300)
        .map(|n| format!("cdn/{}/{n}.xml", n % 20))
        .collect();
    let repositories = Repositories::with(names.iter().map(|name| (&name[..], document(name))));
    // Some are renamed, some are new, some are large.
    for name in &names[..50] {
        let moved = format!("moved/{}", name.replace('/', "-"));
        repositories.0.directory("repo/moved");
        repositories.git("repo", &["mv", name, &moved]);
    }
    repositories.write("new.xml", streaming("new", "amzn-s3-demo-new"));
    repositories.write(
        &names[60],
        streaming(&"x".repeat(3 << 20), "amzn-s3-demo-large"),
    );
    repositories.commit("repo");
    repositories.write(&names[60], document("small"));
    let git = Command::new("sh")
        .args(["-c", "command -v git"])
        .output()
        .unwrap();
    let git = String::from_utf8(git.stdout).unwrap();
    let wrapper = format!(
        "#!/bin/sh\necho start >> \"$COUNT\"\n{} \"$@\"\necho end >> \"$COUNT\"\n",
        git.trim()
    );
    repositories.0.file("bin/git", wrapper);
    let program = repositories.0.path("bin/git");
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!(
        "{}:{}",
        repositories.0.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    for (revision, compared) in [("HEAD~1", "300 of them"), ("HEAD", "each")] {
        let _ = std::fs::remove_file(repositories.0.path("count"));
        let arguments = ["--against-git", revision, "-o=concise", "--select=update"];
        repositories
            .lint("repo", &arguments)
            .env("PATH", &path)
            .env("COUNT", repositories.0.path("count").to_str().unwrap())
            .run()
            .status(1)
            .complains(&format!(
                "301 documents checked, {compared} against an older one"
            ));
        assert_eq!(repositories.0.read("count"), "start\nend\n");
    }
}

/// Git that complains at length, that ends in the middle, that is something else.
#[cfg(unix)]
#[test]
fn a_git_that_misbehaves() {
    use std::os::unix::fs::PermissionsExt;
    let repositories = Repositories::with([("cdn/a.xml", document("one"))]);
    repositories.write("cdn/a.xml", document("two"));
    let path = std::env::var("PATH").unwrap();
    let directory = repositories.0.path("bin").display().to_string();
    let check = |script: &str| {
        let script = format!("#!/bin/sh\nPATH='{path}'\n{script}\n");
        repositories.0.file("bin/git", script);
        let program = repositories.0.path("bin/git");
        std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755)).unwrap();
        repositories
            .lint("repo", &["--against-git=HEAD", "-o=concise"])
            .env("PATH", &directory)
            .run()
    };
    check("head -c 1000000 /dev/zero >&2; exec git \"$@\"")
        .status(1)
        .says(RULE);
    check("exec 2>&-; exec git \"$@\"").status(1).says(RULE);
    check("head -n 1 | git \"$@\"")
        .status(2)
        .complains("error: HEAD: git ended early: ");
    let two = "{ read -r a; echo \"$a\"; read -r a; echo \"$a\"; } | git \"$@\"; echo fatal: out of luck >&2";
    check(two)
        .status(2)
        .complains("error: HEAD:cdn/a.xml: out of luck");
    check("exit 1")
        .status(2)
        .complains("error: HEAD: git says of the repository in ");
    check("exec yes")
        .status(2)
        .complains("error: HEAD: no such revision");
    check("echo 1234567890123456789012345678901234567890 tree 99; exec yes")
        .status(2)
        .complains("error: HEAD: git ");
}

#[test]
fn a_dry_run_of_an_update() {
    let repositories = Repositories::with([("cdn/a.xml", document("one"))]);
    repositories.write("cdn/a.xml", document("two"));
    let mut lint = repositories
        .0
        .lint(["dry-run", "update", "cdn/a.xml", "--against-git=HEAD"]);
    for (name, value) in ISOLATED {
        lint = lint.env(name, value);
    }
    lint.within("repo")
        .run()
        .status(1)
        .says("cdn/a.xml: UpdateStreamingDistribution would answer 400 IllegalUpdate")
        .says("  You cannot update Origin or CallerReference.");
}
