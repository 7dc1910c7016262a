//! `check --fix`, `--unsafe-fixes` and `--diff`: what is changed, what is printed, and what happens to files that cannot
//! be written.

use std::fs;

use crate::documents::{CLEAN, DISTRIBUTION, FOREIGN, MALFORMED};
use crate::support::Sandbox;

/// Two safe fixes, an unsafe one, and an error that only a person can repair.
const BATCH: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <!-- what was deployed -->
  <Paths>
    <Quantity>3</Quantity>
    <Items>
      <Path>/index.html</Path>
      <Item>/images/* </Item>
    </Items>
  </Paths>
  <CallerReference></CallerReference>
</InvalidationBatch>
"#;

/// With the safe fixes.
fn safe() -> String {
    BATCH.replace("<Item>/images/* </Item>", "<Path>/images/*</Path>")
}

/// With all fixes.
fn all() -> String {
    safe().replace("<Quantity>3<", "<Quantity>2<")
}

/// A distribution with these members before its origins.
fn distribution(members: &str) -> String {
    format!(
        "{DISTRIBUTION}
  <CallerReference>shop</CallerReference>
  {members}
  <Origins>
    <Quantity>1</Quantity>
    <Items>
      <Origin>
        <Id>api</Id>
        <DomainName>api.example.com</DomainName>
        <CustomHeaders>
          <Quantity>1</Quantity>
          <Items>
            <OriginCustomHeader>
              <HeaderName>X-Key</HeaderName>
              <HeaderValue>hunter2 </HeaderValue><!-- \u{202E}\u{9B}31m -->
            </OriginCustomHeader>
          </Items>
        </CustomHeaders>
        <CustomOriginConfig>
          <HTTPPort>80</HTTPPort>
          <HTTPSPort>443</HTTPSPort>
          <OriginProtocolPolicy>https-only</OriginProtocolPolicy>
        </CustomOriginConfig>
      </Origin>
    </Items>
  </Origins>
  <DefaultCacheBehavior>
    <TargetOriginId>api</TargetOriginId>
    <ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>
    <CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>
  </DefaultCacheBehavior>
  <Comment></Comment>
  <Enabled>true</Enabled>
</DistributionConfig>
"
    )
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    format!("\u{FEFF}{text}")
        .encode_utf16()
        .flat_map(unit)
        .collect()
}

#[test]
fn safe_fixes_are_written_and_the_rest_is_reported() {
    let sandbox = Sandbox::with([("a.xml", BATCH), ("b.xml", CLEAN)]);
    let run = sandbox.check(&["a.xml", "b.xml", "--fix"]).status(1);
    insta::assert_snapshot!("fix", run.normalised());
    assert_eq!(sandbox.read("a.xml"), safe());
    assert_eq!(sandbox.read("b.xml"), CLEAN);
    let again = sandbox.check(&["a.xml", "b.xml", "--fix"]).status(1);
    again.says("fixed nothing\n");
    assert_eq!(sandbox.read("a.xml"), safe());
}

#[test]
fn unsafe_fixes_are_applied_where_they_are_asked_for() {
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    let run = sandbox.check(&["a.xml", "--fix", "--unsafe-fixes"]);
    run.status(1).says("fixed 3 findings in 1 file\n");
    assert_eq!(sandbox.read("a.xml"), all());
}

#[test]
fn without_fix_the_findings_say_what_could_be_fixed() {
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    let run = sandbox.check(&["a.xml"]).status(1);
    insta::assert_snapshot!("fixable", run.normalised());
    let run = sandbox.check(&["a.xml", "--unsafe-fixes"]).status(1);
    let run = run.says("unsafe fix: set Quantity to 2\n");
    run.says("\n3 can be fixed with --fix --unsafe-fixes\n");
    assert_eq!(sandbox.read("a.xml"), BATCH);
}

#[test]
fn json_counts_what_was_fixed() {
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    let before = sandbox.check(&["a.xml", "-o", "json"]).json();
    assert!(before["summary"]["fixed"].is_null());
    let after = sandbox.check(&["a.xml", "--fix", "-o", "json"]).json();
    assert_eq!(after["summary"]["fixed"], 2);
    assert_eq!(after["findings"].as_array().unwrap().len(), 2);
}

#[test]
fn the_diff_shows_what_would_change_and_changes_nothing() {
    let sandbox = Sandbox::with([("cdn/a.xml", BATCH), ("cdn/b.xml", CLEAN)]);
    let run = sandbox.check(&["cdn", "--diff"]).status(1);
    insta::assert_snapshot!("diff", run.normalised());
    let run = sandbox.check(&["cdn", "--diff", "--fix", "--unsafe-fixes"]);
    run.status(1).complains("would fix 3 findings in 1 file\n");
    assert_eq!(sandbox.read("cdn/a.xml"), BATCH);
    let run = sandbox.check(&["cdn/b.xml", "--diff"]).status(0);
    assert_eq!(run.stdout, "");
    run.complains("would fix nothing\n");
    let run = sandbox.check(&["cdn/b.xml", "gone.xml", "--diff"]);
    run.status(2).complains("gone.xml");
}

#[test]
fn patch_takes_the_diff() {
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    // Without a line break at the end, with others than usual.
    let text = BATCH
        .trim_end()
        .replace('\n', "\r\n")
        .replace("></Caller", "> </Caller");
    sandbox.file("b.xml", &text);
    let run = sandbox.check(&["a.xml", "b.xml", "--diff", "--unsafe-fixes"]);
    sandbox.file("fixes.patch", &run.stdout);
    let patch = std::process::Command::new("git")
        .args(["apply", "--no-index", "-p0", "fixes.patch"])
        .current_dir(sandbox.path("."))
        .status();
    assert!(patch.unwrap().success(), "{run:#?}");
    let patched = (sandbox.read("a.xml"), sandbox.read("b.xml"));
    sandbox.file("a.xml", BATCH).file("b.xml", &text);
    sandbox.check(&["a.xml", "b.xml", "--fix", "--unsafe-fixes"]);
    assert_eq!(patched, (sandbox.read("a.xml"), sandbox.read("b.xml")));
    assert_eq!(patched.0, all());
}

#[test]
fn a_diff_shows_no_secrets_and_nothing_that_steers_a_terminal() {
    let text = distribution("");
    let sandbox = Sandbox::with([("a.xml", &text[..])]);
    let run = sandbox
        .check(&["a.xml", "--diff", "--unsafe-fixes"])
        .status(1);
    assert!(!run.stdout.contains("hunter2"), "{run:#?}");
    assert!(!run.stdout.contains(['\u{202E}', '\u{9B}']), "{run:#?}");
    run.says("<HeaderValue>********</HeaderValue>");
}

#[test]
fn a_diff_goes_to_standard_output_alone() {
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    for other in [["--output", "json"], ["--output", "json=out.json"]] {
        let run = sandbox.check(&["a.xml", "--diff", other[0], other[1]]);
        run.status(2).complains("cannot be used with");
    }
}

#[test]
fn standard_input_is_printed_fixed() {
    let sandbox = Sandbox::new();
    let arguments = ["check", "-", "--stdin-filename", "cdn/a.xml", "--fix"];
    let run = sandbox.lint(arguments).stdin(BATCH).run().status(1);
    assert_eq!(run.stdout, safe());
    let run = run.complains("─[cdn/a.xml:");
    run.complains("fixed 2 findings in 1 file\n");
    let json = ["check", "-", "--fix", "-o", "json"];
    let run = sandbox.lint(json).stdin(BATCH).run().status(1);
    assert_eq!(run.stdout, safe());
    run.complains("\"fixed\": 2");
    let diff = ["check", "-", "--stdin-filename", "cdn/a.xml", "--diff"];
    let run = sandbox.lint(diff).stdin(BATCH).run().status(1);
    run.says("--- cdn/a.xml\n+++ cdn/a.xml\n@@ ");
}

#[test]
fn standard_input_is_printed_whatever_it_is() {
    let sandbox = Sandbox::new();
    let cases: [(&[u8], i32); 6] = [
        (CLEAN.as_bytes(), 0),
        (MALFORMED.as_bytes(), 1),
        (FOREIGN.as_bytes(), 0),
        (b"", 0),
        (b"no XML at all", 0),
        (b"<Paths>\xE9</Paths>", 0),
    ];
    for (bytes, status) in cases {
        let arguments = ["check", "-", "--fix", "--skip-foreign"];
        let output = sandbox.path("out");
        let to = fs::File::create(&output).unwrap();
        let run = sandbox.lint(arguments).stdin(bytes).stdout(to).run();
        assert_eq!(fs::read(&output).unwrap(), bytes, "{run:#?}");
        assert_eq!(run.status, status, "{run:#?}");
    }
    // What was not read cannot be printed.
    let arguments = ["check", "-", "--fix", "--max-size", "100"];
    let run = sandbox.lint(arguments).stdin(BATCH).run().status(2);
    assert_eq!(run.stdout, "");
    run.complains("<stdin>: cannot be fixed: it is larger than --max-size");
}

#[test]
fn only_what_is_selected_is_fixed() {
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    let run = sandbox.check(&["a.xml", "--fix", "--ignore", "wrong-item-element"]);
    run.status(1).says("fixed 1 finding in 1 file\n");
    assert_eq!(sandbox.read("a.xml"), BATCH.replace("* <", "*<"));
    sandbox.check(&["a.xml", "--fix", "--select", "wrong-item-element"]);
    assert_eq!(sandbox.read("a.xml"), safe());
}

#[test]
fn what_is_accepted_is_not_fixed() {
    let text = BATCH.replace(
        "    <Items>",
        "    <!-- cloudfront-lint ignore: all - old -->\n    <Items>",
    );
    let text = text.replace(
        "ignore: all",
        "ignore: wrong-item-element, whitespace-in-value",
    );
    let sandbox = Sandbox::with([("a.xml", &text[..]), ("b.xml", BATCH)]);
    sandbox
        .check(&["a.xml", "--fix"])
        .status(1)
        .says("fixed nothing\n");
    assert_eq!(sandbox.read("a.xml"), text);
    let baseline = ["b.xml", "--baseline", "accepted.jsonl"];
    sandbox.check(&[&baseline[..], &["--write-baseline"]].concat());
    let run = sandbox.check(&[&baseline[..], &["--fix", "--unsafe-fixes"]].concat());
    run.status(0).says("fixed nothing\n");
    assert_eq!(sandbox.read("b.xml"), BATCH);
}

#[test]
fn the_older_document_decides() {
    let old = all().replace("></Caller", ">2026</Caller");
    let new = old.replace("      <Path>/index.html</Path>\n", "");
    let sandbox = Sandbox::with([("old.xml", &old[..]), ("new.xml", &new[..])]);
    let run = sandbox.check(&["new.xml", "--fix"]).status(1);
    run.says("fixed nothing\n");
    let run = sandbox.check(&[
        "new.xml",
        "--against",
        "old.xml",
        "--fix",
        "--ignore",
        "wrong-root",
    ]);
    run.says("fixed 1 finding in 1 file\n");
    assert_eq!(sandbox.read("new.xml"), new.replace(">2<", ">1<"));
}

#[test]
fn all_bytes_beside_the_fixes_stay() {
    let sandbox = Sandbox::new();
    let lines = [
        BATCH.to_owned(),
        BATCH.replace('\n', "\r\n"),
        BATCH.trim_end().to_owned(),
    ];
    for text in lines {
        let fixed = |text: &str| text.replace("<Item>/images/* </Item>", "<Path>/images/*</Path>");
        let wide = |text: &str| text.replace("UTF-8", "UTF-16");
        let cases = [
            (text.clone().into_bytes(), fixed(&text).into_bytes()),
            (
                format!("\u{FEFF}{text}").into_bytes(),
                format!("\u{FEFF}{}", fixed(&text)).into_bytes(),
            ),
            (
                utf16(&wide(&text), u16::to_le_bytes),
                utf16(&fixed(&wide(&text)), u16::to_le_bytes),
            ),
            (
                utf16(&wide(&text), u16::to_be_bytes),
                utf16(&fixed(&wide(&text)), u16::to_be_bytes),
            ),
        ];
        for (before, after) in cases {
            sandbox.file("a.xml", &before);
            let run = sandbox.check(&["a.xml", "--fix"]).status(1);
            let now = fs::read(sandbox.path("a.xml")).unwrap();
            assert!(now == after, "{run:#?}\n{}", String::from_utf8_lossy(&now));
        }
    }
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_mode_and_the_links_to_it() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with([("cdn/a.xml", BATCH)]);
    sandbox
        .link("cdn/a.xml", "link.xml")
        .link("link.xml", "second.xml");
    let mode = fs::Permissions::from_mode(0o640);
    fs::set_permissions(sandbox.path("cdn/a.xml"), mode).unwrap();
    sandbox
        .check(&["second.xml", "--fix"])
        .status(1)
        .says("fixed 2 findings");
    assert_eq!(sandbox.read("cdn/a.xml"), safe());
    let meta = fs::metadata(sandbox.path("cdn/a.xml")).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o640);
    for link in ["link.xml", "second.xml"] {
        let meta = fs::symlink_metadata(sandbox.path(link)).unwrap();
        assert!(meta.is_symlink());
    }
    let left: Vec<_> = fs::read_dir(sandbox.path("cdn")).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is left over: {left:?}");
}

#[cfg(unix)]
#[test]
fn a_document_with_two_names_is_fixed_once() {
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    sandbox.link("a.xml", "b.xml");
    sandbox
        .check(&["a.xml", "b.xml", "--fix", "--ignore", "fleet"])
        .status(1);
    assert_eq!(sandbox.read("a.xml"), safe());
}

#[test]
fn a_write_protected_file_is_left_alone_and_the_others_are_named() {
    let sandbox = Sandbox::with([("a.xml", BATCH), ("b.xml", BATCH), ("c.xml", CLEAN)]);
    let path = sandbox.path("b.xml");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let arguments = [
        "a.xml", "b.xml", "c.xml", "--fix", "--ignore", "fleet", "-o", "concise",
    ];
    let run = sandbox.check(&arguments).status(2);
    insta::assert_snapshot!("write_protected", run.normalised());
    assert_eq!(
        (sandbox.read("a.xml"), sandbox.read("b.xml")),
        (safe(), BATCH.to_owned())
    );
}

/// A disk that takes nothing more, as far as a process can have one: no file of it may grow.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let sandbox = Sandbox::with([("a.xml", BATCH)]);
    let program = env!("CARGO_BIN_EXE_cloudfront-lint");
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 0; exec \"$0\" check a.xml --fix",
        ])
        .arg(program)
        .current_dir(sandbox.path("."))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("error: a.xml: was not fixed: file too large"),
        "{said}"
    );
    assert_eq!(sandbox.read("a.xml"), BATCH);
    let left: Vec<_> = fs::read_dir(sandbox.path(".")).unwrap().collect();
    assert_eq!(left.len(), 1, "nothing is left over: {left:?}");
}

#[test]
fn a_fix_that_would_bring_an_error_is_left_out_and_named() {
    // The name of the items hides what is in them.
    let text = distribution("<Aliases><CNAME>www.example.com</CNAME></Aliases>");
    let sandbox = Sandbox::with([("a.xml", &text[..])]);
    let run = sandbox.check(&["a.xml", "--fix"]).status(1);
    run.complains(
        "warning: a.xml: unwrapped-items at /DistributionConfig/Aliases/CNAME[1] was not fixed \
         (wrap them in Items and add Quantity 1): the document would have another error then: there are aliases, but no ViewerCertificate \
         [alias-without-certificate]\n",
    )
    .says("fixed nothing\n");
    assert_eq!(sandbox.read("a.xml"), text);
}

#[test]
fn a_list_that_needs_items_is_not_counted_down_to_nothing() {
    const LIST: &str =
        "<OriginSslProtocols><Quantity>1</Quantity><Items></Items></OriginSslProtocols>";
    let text = distribution("").replace("hunter2 ", "hunter2").replace(
        "https-only</OriginProtocolPolicy>",
        &format!("https-only</OriginProtocolPolicy>{LIST}"),
    );
    let sandbox = Sandbox::with([("a.xml", &text[..])]);
    sandbox
        .check(&["a.xml", "--fix", "--unsafe-fixes"])
        .status(1)
        .says("Quantity says 1, but Items holds 0");
    assert_eq!(sandbox.read("a.xml"), text);
    let place = |what: &str| text.find(what).unwrap();
    let (before, after) = (&text[..place("<Origins>")], &text[place("</Origins>")..]);
    let text = format!("{before}<Origins>{after}");
    sandbox.file("a.xml", &text);
    sandbox
        .check(&["a.xml", "--fix", "--unsafe-fixes"])
        .status(1)
        .says("Origins is incomplete: missing Quantity");
    assert_eq!(sandbox.read("a.xml"), text);
}

#[test]
fn what_the_older_document_says_is_not_guessed_anew() {
    let old = distribution("").replace("hunter2 ", "hunter2");
    let old = old.replace("\n  \n", "\n");
    let sandbox = Sandbox::with([("old.xml", &old[..])]);
    let fixed = |missing: &str, old: &str| {
        let text = old.replace(missing, "");
        assert_ne!(text, old);
        sandbox.file("old.xml", old).file("a.xml", &text);
        let arguments = [
            "a.xml",
            "--fix",
            "--against",
            "old.xml",
            "--ignore",
            "missing-on-update",
        ];
        sandbox.check(&arguments);
        (sandbox.read("a.xml"), text)
    };
    let reference = "  <CallerReference>shop</CallerReference>\n";
    assert_eq!(fixed(reference, &old).0, old);
    assert_eq!(fixed("  <Enabled>true</Enabled>\n", &old).0, old);
    // What is copied would be shown, and a comment is not for all eyes; an empty one would take its place.
    let comment = "  <Comment>for the shop</Comment>\n";
    let commented = old.replace("  <Comment></Comment>\n", comment);
    let (after, before) = fixed(comment, &commented);
    assert_eq!(after, before);
    assert_eq!(fixed("  <Comment></Comment>\n", &old).0, old);
}
