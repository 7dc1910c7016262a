//! Findings that are accepted by comments and by `[[ignore]]`.

use std::fs;

use cloudfront_lint::{Fixes, RuleId};

use super::documents::{CLEAN, ERROR, MALFORMED};
use super::support::{Sandbox, formats};

/// A document with a comment before an element.
fn commented(before: &str, comment: &str) -> String {
    assert!(ERROR.contains(before));
    ERROR.replacen(before, &format!("<!-- {comment} -->\n{before}"), 1)
}

const IGNORE: &str = "cloudfront-lint ignore: quantity-mismatch - the deployment counts";

#[test]
fn an_accepted_finding_is_marked_and_does_not_count() {
    for before in ["<Invalidation", "<Paths>", "<Quantity>"] {
        let sandbox = Sandbox::with([("a.xml", &commented(before, IGNORE)[..])]);
        let run = sandbox.check(&["a.xml", "-o", "json"]).status(0);
        let json = run.json();
        assert_eq!(json["findings"][0]["suppressed"], true);
        assert_eq!(json["summary"]["suppressed"], 1);
        assert_eq!(json["summary"]["error"], 0);
        let run = sandbox.check(&["a.xml"]).status(0);
        assert_eq!(
            run.stdout,
            "1 document checked: no findings (1 suppressed)\n"
        );
        for flag in ["--quiet", "--statistics"] {
            let run = sandbox.check(&["a.xml", "-o", "concise", flag]).status(0);
            assert_eq!(run.stdout, "", "{flag}");
        }
    }
}

#[test]
fn a_comment_holds_for_one_element_only() {
    for before in [
        "<Items>",
        "<CallerReference>",
        "</Paths>",
        "</InvalidationBatch>",
    ] {
        let sandbox = Sandbox::with([("a.xml", &commented(before, IGNORE)[..])]);
        let run = sandbox.check(&["a.xml", "-o", "concise"]).status(1);
        let mut rules = run.rules();
        rules.sort_unstable();
        assert_eq!(
            rules,
            ["quantity-mismatch", "unused-suppression"],
            "{before}"
        );
    }
    let behind = format!("{ERROR}<!-- {IGNORE} -->\n");
    let sandbox = Sandbox::with([("a.xml", &behind[..])]);
    let run = sandbox.check(&["a.xml", "-o", "concise"]).status(1);
    assert!(run.says("no element follows").status == 1);
}

#[test]
fn a_comment_may_have_lines_and_dashes() {
    for comment in [
        "cloudfront-lint ignore: quantity-mismatch",
        "cloudfront-lint   ignore :quantity-mismatch,",
        "cloudfront-lint ignore: quantity-mismatch – counted later",
        "cloudfront-lint ignore:\n  quantity-mismatch\n  - counted - and counted\n  again",
        "cloudfront-lint ignore: quantity-mismatch - — -",
    ] {
        let sandbox = Sandbox::with([("a.xml", &commented("<Quantity>", comment)[..])]);
        let run = sandbox.check(&["a.xml"]).status(0);
        run.says("no findings (1 suppressed)");
    }
}

#[test]
fn what_is_not_understood_is_told() {
    for (comment, rule) in [
        (
            "cloudfront-lint ingore: quantity-mismatch",
            "malformed-suppression",
        ),
        (
            "cloudfront-lint ignore quantity-mismatch",
            "malformed-suppression",
        ),
        (
            "cloudfront-lint-ignore: quantity-mismatch",
            "malformed-suppression",
        ),
        (
            "Cloudfront-Lint ignore: quantity-mismatch",
            "malformed-suppression",
        ),
        (
            "cloudfront-lint: ignore quantity-mismatch",
            "malformed-suppression",
        ),
        (
            "cloudfront-lint disable-next-line quantity-mismatch",
            "malformed-suppression",
        ),
        (
            "cloudfront-lint ignore: quantity-mismatch why not",
            "malformed-suppression",
        ),
        (
            "cloudfront-lint ignore: quantity-mismatch: why not",
            "malformed-suppression",
        ),
        (
            "cloudfront-lint ignore: quantity-mismach",
            "unknown-rule-in-suppression",
        ),
    ] {
        let sandbox = Sandbox::with([("a.xml", &commented("<Quantity>", comment)[..])]);
        let run = sandbox.check(&["a.xml", "-o", "concise"]).status(1);
        assert_eq!(run.rules().len(), 2, "{comment}: {run:#?}");
        assert!(run.rules().contains(&rule), "{comment}: {run:#?}");
        // Each of these can be meant in one way only, and the fix says it.
        sandbox
            .check(&["a.xml", "--fix", "--unsafe-fixes", "--select", rule])
            .status(0);
        sandbox.check(&["a.xml"]).status(0).says("1 suppressed");
    }
    let other = commented("<Quantity>", "cloudfront-lint 0.1 passes here");
    let sandbox = Sandbox::with([("a.xml", &other[..])]);
    let run = sandbox.check(&["a.xml", "-o", "json", "--select", "malformed-suppression"]);
    assert_eq!(run.status, 0);
    assert!(run.json()["findings"][0]["fix"].is_null());
}

#[test]
fn two_hyphens_are_no_xml() {
    let comment = "cloudfront-lint ignore: quantity-mismatch -- counted later";
    let sandbox = Sandbox::with([("a.xml", &commented("<Quantity>", comment)[..])]);
    sandbox
        .check(&["a.xml"])
        .status(1)
        .says("write the reason after a single hyphen");
    sandbox.check(&["a.xml", "--fix"]).status(0);
    sandbox.check(&["a.xml"]).status(0).says("1 suppressed");
}

#[test]
fn a_document_that_cannot_be_read_stays_an_error() {
    let text = format!("<!-- cloudfront-lint ignore: malformed-xml, wrong -->\n{MALFORMED}");
    let sandbox = Sandbox::with([("a.xml", &text[..])]);
    let run = sandbox.check(&["a.xml", "-o", "concise"]).status(1);
    assert_eq!(run.rules(), ["malformed-xml"]);
}

#[test]
fn unused_comments_are_told_where_their_rule_ran() {
    let text = commented(
        "<Quantity>",
        "cloudfront-lint ignore: invalid-invalidation-path",
    );
    let sandbox = Sandbox::with([("a.xml", &text[..])]);
    let rules = |arguments: &[&str]| {
        let arguments = [&["a.xml", "-o", "concise"], arguments].concat();
        let run = sandbox.check(&arguments);
        run.rules()
            .iter()
            .filter(|rule| rule.starts_with("unused"))
            .count()
    };
    assert_eq!(rules(&[]), 1);
    assert_eq!(rules(&["--ignore", "invalid-invalidation-path"]), 0);
    assert_eq!(
        rules(&["--select", "unused-suppression,quantity-mismatch"]),
        0
    );
    assert_eq!(rules(&["--ignore", "unused-suppression"]), 0);
    assert_eq!(
        rules(&["--select", "unused-suppression,invalid-invalidation-path"]),
        1
    );
}

#[test]
fn unused_comments_are_removed_with_their_lines() {
    let comment = "  <!-- cloudfront-lint ignore: invalid-invalidation-path - old -->\r\n";
    let text = CLEAN.replace('\n', "\r\n");
    let with = text.replacen("  <Paths>", &format!("{comment}  <Paths>"), 1);
    let sandbox = Sandbox::with([("a.xml", &with[..])]);
    sandbox.check(&["a.xml", "--fix"]).status(0);
    assert_eq!(sandbox.read("a.xml"), text);
}

#[test]
fn a_comment_accepts_what_other_documents_show() {
    let comment = "<!-- cloudfront-lint ignore: invalidation-reference-reused - on purpose -->\n";
    let other = CLEAN.replace("index", "other");
    let sandbox = Sandbox::with([("a.xml", CLEAN), ("b.xml", &other[..])]);
    let run = sandbox
        .check(&[".", "-o", "concise", "--fail-on", "info"])
        .status(1);
    let spoken = run.rules().len();
    assert!(spoken > 0);
    sandbox.file("a.xml", format!("{comment}{CLEAN}"));
    sandbox.file("b.xml", format!("{comment}{other}"));
    let run = sandbox.check(&[".", "--fail-on", "info"]).status(0);
    run.says(&format!("({spoken} suppressed)"));
    // Alone, nobody knows what the others would show.
    sandbox.check(&["a.xml"]).status(0).says("no findings\n");
}

#[test]
fn the_service_reads_no_comments() {
    let sandbox = Sandbox::with([("a.xml", &commented("<Quantity>", IGNORE)[..])]);
    let run = sandbox.lint(["dry-run", "create", "a.xml"]).run().status(1);
    run.says("InconsistentQuantities");
}

#[test]
fn comments_are_added_and_then_nothing_is_found() {
    let one_line: String = ERROR.lines().map(str::trim).collect();
    let utf16: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(ERROR.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let sandbox = Sandbox::with([
        ("plain.xml", ERROR),
        ("crlf.xml", &ERROR.replace('\n', "\r\n")),
        ("line.xml", &one_line),
        (
            "mark.xml",
            &format!("\u{FEFF}<?xml version=\"1.0\"?>{one_line}"),
        ),
        (
            "root.xml",
            &ERROR.replace(
                " xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"",
                "",
            ),
        ),
        (
            "both.xml",
            &ERROR.replace(">2</Quantity>", "> 2 </Quantity>"),
        ),
    ]);
    sandbox.file("utf16.xml", utf16);
    let names = ["both", "crlf", "line", "mark", "plain", "root", "utf16"];
    let names = names.map(|name| format!("{name}.xml"));
    let mut arguments: Vec<&str> = names.iter().map(|name| &name[..]).collect();
    arguments.extend(["--ignore", "fleet", "--fail-on", "info"]);
    sandbox.check(&arguments).status(1);
    let add = [&arguments[..], &["--add-ignores", "--reason", "as it came"]].concat();
    let run = sandbox.check(&add).status(0);
    let run = run.complains("8 comments added to 7 files");
    assert!(run.stdout.contains("no findings"), "{run:#?}");
    let comment = "<!-- cloudfront-lint ignore: quantity-mismatch - as it came -->";
    assert_eq!(
        sandbox.read("plain.xml"),
        ERROR.replace("    <Quantity>", &format!("    {comment}\n    <Quantity>"))
    );
    assert_eq!(
        sandbox.read("crlf.xml"),
        sandbox.read("plain.xml").replace('\n', "\r\n")
    );
    assert!(
        sandbox
            .read("line.xml")
            .contains(&format!("<Paths>{comment}<Quantity>"))
    );
    assert!(sandbox.read("mark.xml").starts_with("\u{FEFF}<?xml"));
    assert!(
        sandbox
            .read("root.xml")
            .starts_with("<!-- cloudfront-lint ignore: missing-namespace")
    );
    assert!(
        sandbox
            .read("both.xml")
            .contains("ignore: quantity-mismatch, whitespace-in-value - ")
    );
    assert_eq!(
        fs::read(sandbox.path("utf16.xml")).unwrap()[..2],
        [0xFF, 0xFE]
    );
    let before: Vec<_> = names
        .iter()
        .map(|name| fs::read(sandbox.path(name)).unwrap())
        .collect();
    let run = sandbox.check(&add).status(0).complains("no comments added");
    assert!(
        run.stdout.contains("no findings (9 suppressed)"),
        "{run:#?}"
    );
    let after: Vec<_> = names
        .iter()
        .map(|name| fs::read(sandbox.path(name)).unwrap())
        .collect();
    assert!(before == after);
}

#[test]
fn comments_are_not_added_where_they_would_do_no_good() {
    let sandbox = Sandbox::with([("a.xml", MALFORMED), ("b.xml", ERROR)]);
    let run = sandbox
        .check(&["a.xml", "b.xml", "--add-ignores"])
        .status(1);
    run.complains("1 comment added to 1 file; 1 finding cannot be ignored by a comment");
    assert_eq!(sandbox.read("a.xml"), MALFORMED);
    assert!(sandbox.read("b.xml").contains(" - TODO: say why -->"));
    let lint = sandbox.lint(["check", "-", "--add-ignores"]).stdin(ERROR);
    lint.run().status(2).complains("name one in the place of -");
    for reason in ["", " ", "a -- b", "two\nlines"] {
        sandbox
            .check(&["b.xml", "--add-ignores", "--reason", reason])
            .status(2);
    }
    for flag in ["--fix", "--diff", "--write-baseline"] {
        sandbox.check(&["b.xml", "--add-ignores", flag]).status(2);
    }
}

#[cfg(unix)]
#[test]
fn added_comments_keep_the_mode_and_what_is_protected() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::with([("a.xml", ERROR), ("b.xml", ERROR)]);
    let mode = |mode| fs::Permissions::from_mode(mode);
    fs::set_permissions(sandbox.path("a.xml"), mode(0o640)).unwrap();
    fs::set_permissions(sandbox.path("b.xml"), mode(0o444)).unwrap();
    let run = sandbox
        .check(&["a.xml", "b.xml", "--add-ignores"])
        .status(2);
    let run = run.complains("b.xml: was not changed: it is write-protected");
    run.complains("1 comment added to 1 file");
    assert_eq!(sandbox.read("b.xml"), ERROR);
    let meta = fs::metadata(sandbox.path("a.xml")).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o640);
}

/// What a configuration makes of a document with one error.
fn configured(configuration: &str) -> Sandbox {
    Sandbox::with([
        ("cloudfront-lint.toml", configuration),
        ("cdn/a.xml", ERROR),
        ("other/a.xml", CLEAN),
    ])
}

#[test]
fn the_configuration_accepts_findings() {
    for rest in [
        "",
        "at = \"…/Paths\"",
        "at = \"/InvalidationBatch/Paths/Quantity\"",
        "files = [\"cdn/\"]\nreason = \"counted later\"",
        "files = [\"*.xml\"]\nuntil = 9999-12-31",
    ] {
        let sandbox = configured(&format!(
            "[[ignore]]\nrule = \"quantity-mismatch\"\n{rest}\n"
        ));
        let run = sandbox.check(&[".", "-o", "json", "--fail-on", "info", "--ignore", "fleet"]);
        assert_eq!(run.status, 0, "{rest}: {run:#?}");
        assert_eq!(run.json()["findings"][0]["suppressed"], true, "{rest}");
    }
}

#[test]
fn what_the_configuration_accepts_in_vain_is_told() {
    for (rest, rule, words) in [
        (
            "at = \"…/Items\"",
            "unused-suppression",
            "there is no quantity-mismatch to ignore at …/Items",
        ),
        (
            "files = [\"gone.xml\"]",
            "unused-suppression",
            "holds for no file",
        ),
        (
            "until = 2020-01-31",
            "expired-suppression",
            "expired on 2020-01-31",
        ),
    ] {
        let table = format!("[[ignore]]\nrule = \"quantity-mismatch\"\n{rest}\n");
        let sandbox = configured(&format!("{table}\n[rules]\nfleet = \"off\"\n"));
        let run = sandbox.check(&[".", "-o", "concise"]).status(1).says(words);
        assert_eq!(run.rules(), [rule, "quantity-mismatch"], "{rest}");
        let run = sandbox.check(&[".", "-o", "json"]);
        let edit = &run.json()["findings"][0]["fix"]["edits"][0];
        let at = |end: &str| edit["span"][end]["offset"].as_u64().unwrap() as usize;
        let mut text = sandbox.read("cloudfront-lint.toml");
        text.replace_range(at("start")..at("end"), "");
        assert_eq!(text, "[rules]\nfleet = \"off\"\n", "{rest}");
        // A run over one file says nothing about the others.
        let run = sandbox.check(&["cdn/a.xml", "-o", "concise"]).status(1);
        assert!(!run.rules().contains(&"unused-suppression"), "{rest}");
    }
}

#[test]
fn tables_that_accept_nothing_are_fixed() {
    let text = "# ours\n[rules]\nfleet = \"off\"\n\n";
    let unused = [
        "[[ignore]]\nrule = \"quantity-mismatch\"\nat = \"…/Items\" # why\n\n",
        "  [[ignore]]\n  files = [\n    \"gone.xml\", # by whom?\n    # nobody\n  ] # so\n  rule = \"quantity-mismatch\"\n",
        "[[ignore]]\r\nreason = \"\"\"\r\none\r\n]\r\n\"\"\"\r\nrule = \"invalid-alias\"\r\n\r\n",
    ];
    let expired = "[[ignore]]\nrule = \"invalid-alias\"\nuntil = 2020-01-31\n";
    let kept = "[[ignore]] # stays\nrule = \"quantity-mismatch\"\nfiles = [\"cdn/\"]\n";
    let [one, two, three] = unused;
    let all = format!("{text}{one}{two}{kept}\n{expired}{three}");
    let left = format!("{text}{kept}\n{expired}");
    let sandbox = configured(&all);
    let run = sandbox.check(&["."]).status(0);
    run.says("3 can be fixed with --fix, 1 more with --unsafe-fixes");
    let run = sandbox.check(&[".", "--diff"]).status(1);
    let run = run.says("-    \"gone.xml\", # by whom?");
    run.complains("would fix 3 findings in 1 file");
    assert_eq!(sandbox.read("cloudfront-lint.toml"), all);
    let run = sandbox.check(&[".", "-o", "json"]);
    for finding in run.json()["findings"].as_array().unwrap() {
        let rule = RuleId::find(finding["rule"].as_str().unwrap()).unwrap();
        let safety = rule.meta().fixes.map(Fixes::name);
        if rule.name().ends_with("ed-suppression") {
            assert_eq!(finding["fix"]["safety"].as_str(), safety, "{rule:?}");
        }
    }
    // The findings that are left stand where they are now.
    let run = sandbox.check(&[".", "--fix", "-o", "concise"]).status(0);
    let run = run.says("cloudfront-lint.toml:11:9: warning: this [[ignore]] of invalid-alias");
    run.complains("fixed 3 findings in 1 file");
    assert_eq!(sandbox.read("cloudfront-lint.toml"), left);
    let run = sandbox.check(&[".", "--fix", "--unsafe-fixes"]).status(0);
    run.says("fixed 1 finding in 1 file");
    let last = sandbox.read("cloudfront-lint.toml");
    assert_eq!(last, format!("{text}{kept}\n"));
}

#[test]
fn a_configuration_that_cannot_be_written_is_told() {
    let table = "[[ignore]]\nrule = \"invalid-alias\"\n";
    let sandbox = configured(table);
    let path = sandbox.path("cloudfront-lint.toml");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let run = sandbox.check(&[".", "--fix", "-o", "concise"]).status(2);
    let run = run.complains("cloudfront-lint.toml: was not fixed: it is write-protected");
    assert!(run.rules().contains(&"unused-suppression"));
    assert_eq!(sandbox.read("cloudfront-lint.toml"), table);
}

#[test]
fn what_could_not_be_read_may_be_what_is_accepted() {
    let table = "[[ignore]]\nrule = \"quantity-mismatch\"\nfiles = [\"other/\"]\n";
    let sandbox = configured(table);
    let rules = |sandbox: &Sandbox, more: &[&str]| {
        let arguments = [&[".", "-o", "concise", "--ignore", "fleet"], more].concat();
        let run = sandbox.check(&arguments);
        let rules = run.rules().into_iter().map(str::to_owned);
        rules.collect::<Vec<_>>()
    };
    assert_eq!(rules(&sandbox, &[])[0], "unused-suppression");
    let left = "quantity-mismatch";
    sandbox.file("other/b.xml", MALFORMED);
    assert_eq!(rules(&sandbox, &[]), [left, "malformed-xml"]);
    let larger = CLEAN.replace('>', &format!(">{}", " ".repeat(2000)));
    sandbox.file("other/b.xml", larger);
    let run = rules(&sandbox, &["--max-size", "2000"]);
    assert_eq!(run, [left, "limit-exceeded"]);
    std::fs::remove_file(sandbox.path("other/b.xml")).unwrap();
    let run = sandbox.check(&[".", "gone.xml", "-o", "concise", "--ignore", "fleet"]);
    assert_eq!(run.status(2).rules(), [left]);
}

#[test]
fn mistakes_in_what_the_configuration_accepts_are_told() {
    for (table, words) in [
        (
            "rule = \"quantity-mismatch\"\nat = \"…/Pahts\"",
            "leads nowhere: no Pahts can be there",
        ),
        (
            "rule = \"malformed-xml\"",
            "findings of \"malformed-xml\" cannot be ignored",
        ),
        (
            "rule = \"quantity-mismach\"",
            "there is no rule \"quantity-mismach\"",
        ),
        (
            "rule = \"quantity-mismatch\"\nuntil = \"soon\"",
            "`until` must be a day",
        ),
    ] {
        let sandbox = configured(&format!("[[ignore]]\n{table}\n"));
        sandbox.check(&[".", "-o", "concise"]).status(2).says(words);
    }
}

#[test]
fn reasons_can_be_asked_for() {
    let configuration = "require-reason = true\n[[ignore]]\nrule = \"quantity-mismatch\"\n";
    let sandbox = configured(configuration);
    let run = sandbox.check(&["cdn", "-o", "concise"]).status(0);
    assert_eq!(run.rules(), ["suppression-without-reason"]);
    sandbox.file(
        "cdn/a.xml",
        commented("<Quantity>", "cloudfront-lint ignore: quantity-mismatch"),
    );
    sandbox.file("cloudfront-lint.toml", "require-reason = true\n");
    let run = sandbox.check(&["cdn", "-o", "concise"]).status(0);
    assert_eq!(run.rules(), ["suppression-without-reason"]);
    sandbox.file("cdn/a.xml", commented("<Quantity>", IGNORE));
    sandbox
        .check(&["cdn"])
        .status(0)
        .says("no findings (1 suppressed)");
}

#[test]
fn many_comments_take_no_more_than_their_share() {
    let items: String = (0..20_000)
        .map(|n| format!("<!-- cloudfront-lint ignore: whitespace-in-value, invalid-length -->\n<Path> /{n}</Path>\n"))
        .collect();
    let text = CLEAN
        .replace("<Path>/index.html</Path>", &items)
        .replace("<Quantity>1<", "<Quantity>20000<");
    let sandbox = Sandbox::with([("a.xml", &text[..])]);
    let run = sandbox
        .check(&["a.xml", "--statistics", "-o", "concise"])
        .status(0);
    let run = run.says("20000  warning  unused-suppression");
    run.complains("20000 suppressed");
}

#[test]
fn every_format_knows_what_is_accepted() {
    let sandbox = Sandbox::with([("a.xml", &commented("<Quantity>", IGNORE)[..])]);
    for format in formats() {
        let run = sandbox.check(&["a.xml", "-o", format]).status(0);
        assert!(
            !run.stdout.contains("Quantity says 2") || ["json", "sarif"].contains(&format),
            "{format}"
        );
    }
}
