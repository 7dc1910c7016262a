//! The formats for other programs, on documents that are hard to count in, and files that are hard to name.
//!
//! What a format says is found again in the file, in the unit of the format; XML and JSON are read by parsers that are
//! not ours. `tests/end-to-end/formats.test` has the official validators read the same.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::documents::{CLEAN, ERROR};
use crate::support::{Run, Sandbox, formats};

/// What the finding in the documents to count in is about.
const NEEDLE: &str = "7777777";

fn testdata() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/nasty")
}

/// All nasty documents: those in the directory, and one of them under every nasty name.
fn nasty() -> (Sandbox, Vec<String>) {
    let sandbox = Sandbox::new();
    let mut names = Vec::new();
    for entry in fs::read_dir(testdata()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(".xml") {
            sandbox.file(&name, fs::read(testdata().join(&name)).unwrap());
            names.push(name);
        }
    }
    let list = fs::read_to_string(testdata().join("names.json")).unwrap();
    let list: Value = serde_json::from_str(&list).unwrap();
    let document = fs::read(testdata().join(list["document"].as_str().unwrap())).unwrap();
    let others = list["names"].as_array().unwrap().iter();
    // Other systems have no such names.
    for name in others.filter(|_| cfg!(unix)) {
        let name = name.as_str().unwrap();
        sandbox.file(name, &document);
        names.push(name.to_owned());
    }
    (sandbox, names)
}

/// The text of a file as it is read, without a byte order mark.
fn text(bytes: &[u8]) -> String {
    let units = |unit: fn([u8; 2]) -> u16| -> String {
        let units: Vec<u16> = bytes[2..]
            .chunks(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units).unwrap()
    };
    match bytes {
        [0xFF, 0xFE, ..] => units(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => units(u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec()).unwrap(),
        _ => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

fn line(text: &str, line: u64) -> &str {
    text.split('\n').nth(line as usize - 1).unwrap()
}

fn by_characters(text: &str, at: [u64; 3]) -> String {
    let [number, start, end] = at;
    let line = line(text, number).chars();
    let skipped = line.skip(start as usize - 1);
    skipped.take((end - start) as usize).collect()
}

fn by_utf16(text: &str, at: [u64; 3]) -> String {
    let [number, start, end] = at;
    let units: Vec<u16> = line(text, number).encode_utf16().collect();
    String::from_utf16(&units[start as usize - 1..end as usize - 1]).unwrap()
}

fn by_bytes(bytes: &[u8], at: [u64; 3]) -> String {
    let [number, start, end] = at;
    let line = bytes.split(|byte| *byte == b'\n').nth(number as usize - 1);
    let part = &line.unwrap()[start as usize - 1..end as usize - 1];
    String::from_utf8(part.to_vec()).unwrap()
}

/// Without `%` and two digits.
fn decoded(uri: &str) -> String {
    let (mut out, mut rest) = (Vec::new(), uri.as_bytes());
    while let [first, more @ ..] = rest {
        match (first, more) {
            (b'%', [high, low, more @ ..]) => {
                let digits = [*high, *low];
                let digits = std::str::from_utf8(&digits).unwrap();
                out.push(u8::from_str_radix(digits, 16).unwrap());
                rest = more;
            }
            _ => {
                out.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8(out).unwrap()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

/// The names of the documents in which places can be looked up, with their bytes.
fn countable(sandbox: &Sandbox, names: &[String]) -> Vec<(String, Vec<u8>)> {
    let read = |name: &String| (name.clone(), fs::read(sandbox.path(name)).unwrap());
    let files = names.iter().map(read);
    files
        .filter(|(_, bytes)| text(bytes).contains(NEEDLE))
        .collect()
}

/// Whether a log can show the name; of others, the visible form is there.
fn is_shown_as_it_is(name: &str) -> bool {
    !name.contains(char::is_control) && !name.contains("##[") && !name.starts_with("::")
}

/// `3:15`
fn place(text: &str) -> [u64; 2] {
    let (line, column) = text.split_once(':').expect(text);
    [line, column].map(|number| number.parse().expect(text))
}

#[test]
fn json_counts_characters_and_bytes_of_the_file() {
    let (sandbox, names) = nasty();
    let report = sandbox.check(&[".", "-o", "json"]).status(1).json();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), names.len());
    for (name, bytes) in countable(&sandbox, &names) {
        let found = findings.iter().find(|finding| finding["file"] == name);
        let [start, end] = ["start", "end"].map(|key| &found.expect(&name)["span"][key]);
        assert_eq!(start["line"], end["line"]);
        let at = [&start["line"], &start["column"], &end["column"]].map(number);
        assert_eq!(by_characters(&text(&bytes), at), NEEDLE, "{name}");
        let [from, to] = [start, end].map(|place| number(&place["offset"]) as usize);
        let part: Vec<u8> = bytes[from..to]
            .iter()
            .copied()
            .filter(|b| *b != 0)
            .collect();
        assert_eq!(part, NEEDLE.as_bytes(), "{name}");
    }
}

#[test]
fn concise_counts_what_the_editor_counts() {
    let (sandbox, names) = nasty();
    for unit in ["characters", "bytes", "utf-16"] {
        let run = sandbox.check(&[".", "-o", "concise", "--column-unit", unit]);
        let run = run.status(1);
        assert_eq!(run.stdout.lines().count(), names.len());
        let mut compared = 0;
        for (name, bytes) in countable(&sandbox, &names) {
            let rest = |line| str::strip_prefix(line, &format!("{name}:"));
            let Some(rest) = run.stdout.lines().find_map(rest) else {
                assert!(!is_shown_as_it_is(&name), "{name}");
                continue;
            };
            let [line, column] = place(rest.split(": ").next().unwrap());
            let at = [line, column, column + NEEDLE.len() as u64];
            let text = text(&bytes);
            let found = match unit {
                "characters" => by_characters(&text, at),
                "bytes" => by_bytes(text.as_bytes(), at),
                _ => by_utf16(&text, at),
            };
            assert_eq!(found, NEEDLE, "{name} in {unit}");
            compared += 1;
        }
        assert!(compared > 15, "{compared}");
    }
}

#[test]
fn sarif_counts_utf16_code_units() {
    let (sandbox, names) = nasty();
    let log = sandbox.check(&[".", "-o", "sarif"]).status(1).json();
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), names.len());
    for (name, bytes) in countable(&sandbox, &names) {
        let place = |result: &&Value| {
            let artifact = &result["locations"][0]["physicalLocation"]["artifactLocation"];
            assert_eq!(artifact["uriBaseId"], "%SRCROOT%");
            decoded(artifact["uri"].as_str().unwrap()) == name
        };
        let result = results.iter().find(place).expect(&name);
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!(region["startLine"], region["endLine"]);
        let at = ["startLine", "startColumn", "endColumn"].map(|key| number(&region[key]));
        assert_eq!(by_utf16(&text(&bytes), at), NEEDLE, "{name}");
        let replaced = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(replaced["deletedRegion"], *region);
    }
}

#[test]
fn rdjson_counts_bytes() {
    let (sandbox, names) = nasty();
    let result = sandbox.check(&[".", "-o", "rdjson"]).status(1).json();
    let diagnostics = result["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), names.len());
    for (name, bytes) in countable(&sandbox, &names) {
        let found = diagnostics.iter().find(|d| d["location"]["path"] == name);
        let range = &found.expect(&name)["location"]["range"];
        let at = [
            &range["start"]["line"],
            &range["start"]["column"],
            &range["end"]["column"],
        ];
        // Nobody counts bytes of UTF-16 in lines: they are those of the same text in UTF-8.
        let bytes = match bytes[0] {
            0xFE | 0xFF => text(&bytes).into_bytes(),
            _ => bytes,
        };
        assert_eq!(by_bytes(&bytes, at.map(number)), NEEDLE, "{name}");
        let suggestion = &found.unwrap()["suggestions"][0];
        assert_eq!(suggestion["range"], *range);
        assert_eq!(suggestion["text"], "1");
    }
}

#[test]
fn gitlab_counts_characters() {
    let (sandbox, names) = nasty();
    let issues = sandbox.check(&[".", "-o", "gitlab"]).status(1).json();
    let issues = issues.as_array().unwrap();
    let mut prints: Vec<_> = issues
        .iter()
        .map(|i| i["fingerprint"].as_str().unwrap())
        .collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(
        prints.len(),
        names.len(),
        "GitLab shows one of those that are equal"
    );
    for (name, bytes) in countable(&sandbox, &names) {
        let found = issues
            .iter()
            .find(|issue| issue["location"]["path"] == name);
        let place = &found.expect(&name)["location"]["positions"];
        let at = [
            &place["begin"]["line"],
            &place["begin"]["column"],
            &place["end"]["column"],
        ];
        assert_eq!(
            by_characters(&text(&bytes), at.map(number)),
            NEEDLE,
            "{name}"
        );
    }
}

/// A command as the runner reads it: up to the first `::` behind the one at the start.
struct Command {
    name: String,
    properties: Vec<(String, String)>,
    message: String,
}

impl Command {
    fn read(line: &str) -> Option<Command> {
        let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
        let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
        let property = |property: &str| {
            let (key, value) = property.split_once('=').unwrap();
            (key.to_owned(), decoded(value))
        };
        Some(Command {
            name: name.to_owned(),
            properties: properties.split(',').map(property).collect(),
            message: decoded(message),
        })
    }

    fn get(&self, key: &str) -> Option<&str> {
        let found = self.properties.iter().find(|(name, _)| name == key);
        found.map(|(_, value)| &value[..])
    }
}

/// The lines in which a CI runner would see a command.
fn commands(text: &str) -> Vec<&str> {
    let is_command = |line: &&str| {
        line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso[")
    };
    text.lines().filter(is_command).collect()
}

#[test]
fn github_escapes_what_would_end_a_command() {
    let (sandbox, names) = nasty();
    let run = sandbox.check(&[".", "-o", "github"]).status(1);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), names.len());
    let commands: Vec<Command> = lines.iter().map(|l| Command::read(l).expect(l)).collect();
    assert!(
        commands
            .iter()
            .all(|c| c.name == "error" && c.get("title").is_some())
    );
    for (name, bytes) in countable(&sandbox, &names) {
        let Some(command) = commands.iter().find(|c| c.get("file") == Some(&name)) else {
            assert!(!is_shown_as_it_is(&name), "{name}");
            continue;
        };
        let at = ["line", "col", "endColumn"].map(|key| command.get(key).unwrap().parse().unwrap());
        assert_eq!(by_utf16(&text(&bytes), at), NEEDLE, "{name}");
        assert!(
            command.message.contains("\nhelp: write 1"),
            "{}",
            command.message
        );
    }
}

#[test]
fn checkstyle_counts_characters() {
    let (sandbox, names) = nasty();
    let run = sandbox.check(&[".", "-o", "checkstyle"]).status(1);
    let xml = roxmltree::Document::parse(&run.stdout).unwrap();
    let files = xml
        .root_element()
        .children()
        .filter(|node| node.has_tag_name("file"));
    assert_eq!(files.clone().count(), names.len());
    for (name, bytes) in countable(&sandbox, &names) {
        let Some(file) = files
            .clone()
            .find(|file| file.attribute("name") == Some(&name))
        else {
            assert!(!is_shown_as_it_is(&name), "{name}");
            continue;
        };
        let error = file.first_element_child().unwrap();
        let at = ["line", "column"].map(|key| error.attribute(key).unwrap().parse().unwrap());
        let end = at[1] + NEEDLE.len() as u64;
        assert_eq!(
            by_characters(&text(&bytes), [at[0], at[1], end]),
            NEEDLE,
            "{name}"
        );
        assert_eq!(error.attribute("severity"), Some("error"));
    }
}

#[test]
fn junit_counts_characters_and_tests() {
    let (sandbox, names) = nasty();
    let run = sandbox.check(&[".", "-o", "junit"]).status(1);
    let xml = roxmltree::Document::parse(&run.stdout).unwrap();
    let suites = xml
        .root_element()
        .children()
        .filter(|node| node.is_element());
    assert_eq!(suites.clone().count(), names.len());
    for (name, bytes) in countable(&sandbox, &names) {
        let mut found = suites.clone();
        let Some(suite) = found.find(|suite| suite.attribute("name") == Some(&name)) else {
            assert!(!is_shown_as_it_is(&name), "{name}");
            continue;
        };
        let case = suite.first_element_child().unwrap();
        let words = case.attribute("name").unwrap();
        let [line, column] = place(words.split(' ').nth(2).expect(words));
        assert_eq!(case.attribute("line"), Some(&*line.to_string()));
        let at = [line, column, column + NEEDLE.len() as u64];
        assert_eq!(by_characters(&text(&bytes), at), NEEDLE, "{name}");
    }
    for suite in suites {
        let cases: Vec<_> = suite.children().filter(|node| node.is_element()).collect();
        assert_eq!(suite.attribute("tests"), Some(&*cases.len().to_string()));
        let failures = cases.iter().filter(|case| {
            let mut parts = case.children();
            parts.any(|part| part.has_tag_name("failure"))
        });
        assert_eq!(
            suite.attribute("failures"),
            Some(&*failures.count().to_string())
        );
    }
}

/// Nothing in it is a command, but for those lines that are ours, nor anything that a terminal acts on.
#[track_caller]
fn is_harmless(run: &Run, ours: impl Fn(&str) -> bool) {
    let printed = [&run.stdout[..], &run.stderr].concat();
    let strange: Vec<_> = commands(&printed)
        .into_iter()
        .filter(|line| !ours(line))
        .collect();
    assert!(strange.is_empty(), "{strange:#?}");
    let steers = |c: char| {
        c.is_control() && c != '\n' || ('\u{202A}'..='\u{202E}').contains(&c) || c == '\u{2028}'
    };
    assert_eq!(printed.find(steers), None, "{printed}");
}

#[test]
fn no_text_of_a_file_steers_a_runner_or_a_terminal() {
    let (sandbox, _) = nasty();
    for format in formats() {
        for extra in [&[][..], &["--statistics"]] {
            let run = sandbox.check(&[&[".", "-o", format], extra].concat());
            let ours = |line: &str| format == "github" && line.starts_with("::error file=");
            is_harmless(&run, ours);
        }
    }
    for arguments in [
        &["--diff"][..],
        &["--show-files"],
        &["--timings"],
        &["--against=."],
        &["--write-baseline"],
        &["--baseline=cloudfront-lint-baseline.jsonl", "-ojson"],
        &["--add-ignores"],
    ] {
        is_harmless(&sandbox.check(&[&["."], arguments].concat()), |_| false);
    }
}

#[test]
fn no_text_of_a_file_steers_them_from_other_commands() {
    let (sandbox, names) = nasty();
    for name in names.iter().map(|name| format!("./{name}")) {
        for arguments in [
            &["dry-run", "create", &name][..],
            &["dry-run", "create", &name, "--format=xml"],
            &["dry-run", "create", &name, "--format=json"],
            &["diff", "crlf.xml", &name],
            &["diff", &name, "crlf.xml", "--format=markdown"],
            &["diff", &name, "crlf.xml", "--format=json"],
            &["check", "--show-settings", &name],
        ] {
            is_harmless(&sandbox.lint(arguments).run(), |_| false);
        }
    }
}

/// A mistake on the command line quotes arguments, which may be names of files.
#[test]
fn no_argument_steers_a_runner_or_a_terminal() {
    let sandbox = Sandbox::new();
    for text in ["x\n::error::y", "##[error]x", "\u{1b}[31mx", "x\ry"] {
        for arguments in [
            &["check", "-o", text][..],
            &["check", "--select", text],
            &["check", &format!("--x{text}")],
            &["check", text],
            &["rules", text],
            &["explain", text],
            &[text],
        ] {
            let run = sandbox.lint(arguments).run().status(2);
            is_harmless(&run, |_| false);
            assert!(run.stderr.starts_with("error: "), "{run:#?}");
        }
    }
}

#[test]
fn a_place_of_several_lines_has_no_columns_on_github() {
    let text = ERROR.replace("</Items>", "<Path>\n /a\n b</Path></Items>");
    let sandbox = Sandbox::with([("a.xml", &*text)]);
    let run = sandbox.check(&["a.xml", "-o", "github"]).status(1);
    let commands: Vec<Command> = run.stdout.lines().filter_map(Command::read).collect();
    let long: Vec<_> = commands
        .iter()
        .filter(|c| c.get("line") != c.get("endLine"))
        .collect();
    assert!(!long.is_empty(), "{}", run.stdout);
    assert!(
        long.iter()
            .all(|c| c.get("col").is_none() && c.get("endColumn").is_none())
    );
}

/// Paths begin at the checkout, wherever the run is.
#[test]
fn paths_of_code_hosts_begin_at_the_checkout() {
    let sandbox = Sandbox::with([("cdn/error.xml", ERROR)]);
    let checkout = sandbox.path("");
    let checkout = checkout.to_str().unwrap();
    let absolute = sandbox.path("cdn/error.xml");
    for (system, directory, format, part) in [
        (
            "GITHUB_ACTIONS",
            "GITHUB_WORKSPACE",
            "github",
            "file=cdn/error.xml,",
        ),
        (
            "GITHUB_ACTIONS",
            "GITHUB_WORKSPACE",
            "sarif",
            "\"uri\": \"cdn/error.xml\"",
        ),
        (
            "GITLAB_CI",
            "CI_PROJECT_DIR",
            "gitlab",
            "\"path\": \"cdn/error.xml\"",
        ),
    ] {
        for name in [
            "error.xml",
            "../cdn/./error.xml",
            absolute.to_str().unwrap(),
        ] {
            let run = |flag: &str| {
                let lint = sandbox
                    .lint(["check", name, "-o", format, flag, "-q"])
                    .within("cdn");
                lint.env(system, "true").env(directory, checkout).run()
            };
            run("--no-ci").status(1).says(part);
            run("--color=never").status(1).says(part);
        }
        let lint = sandbox
            .lint(["check", "error.xml", "-o", format])
            .within("cdn");
        let elsewhere = lint.run().status(1).stdout;
        assert!(!elsewhere.contains(part), "{elsewhere}");
    }
}

#[test]
fn no_format_tells_a_secret() {
    let text = fs::read_to_string(testdata().join("../tour/shop.xml")).unwrap();
    let (before, rest) = text.split_once("<CustomHeaders>").unwrap();
    let (_, after) = rest.split_once("</CustomHeaders>").unwrap();
    let headers = "<CustomHeaders><Quantity>1</Quantity><Items><OriginCustomHeader><HeaderName>x-key</HeaderName>\
         <HeaderValue>hunter2\t\u{202E} </HeaderValue></OriginCustomHeader></Items></CustomHeaders>";
    let sandbox = Sandbox::with([("a.xml", &*[before, headers, after].concat())]);
    for format in formats() {
        let run = sandbox.check(&["a.xml", "-q", "-o", format]).status(1);
        assert!(run.stdout.contains("whitespace-in-value"), "{run:#?}");
        assert!(!run.stdout.contains("hunter2"), "{run:#?}");
    }
}

/// Neither where the run is nor how the checkout is called changes what the host finds.
#[cfg(unix)]
#[test]
fn paths_of_code_hosts_begin_at_a_checkout_of_any_name() {
    let sandbox = Sandbox::with([
        ("checkout/cdn/error.xml", ERROR),
        ("elsewhere/error.xml", ERROR),
    ]);
    sandbox.link("checkout", "link");
    let path = |relative: &str| sandbox.path(relative).to_str().unwrap().to_owned();
    let absolute = path("elsewhere/error.xml");
    for checkout in ["checkout", "link"] {
        for (within, name, place) in [
            ("checkout", &*path("link/cdn/error.xml"), "cdn/error.xml"),
            ("checkout", &path("checkout/cdn/error.xml"), "cdn/error.xml"),
            ("link/cdn", "error.xml", "cdn/error.xml"),
            ("elsewhere", "../checkout/cdn/error.xml", "cdn/error.xml"),
            ("elsewhere", "error.xml", &absolute),
        ] {
            if checkout == "checkout" && name.contains("link/") {
                continue;
            }
            let lint = sandbox.lint(["check", name, "-o=github", "-q", "--no-ci"]);
            let lint = lint.within(within).env("GITHUB_ACTIONS", "true");
            let run = lint.env("GITHUB_WORKSPACE", &path(checkout)).run();
            run.status(1).says(&format!("::error file={place},"));
        }
    }
    // One that is not there is that of another machine.
    let lint = sandbox.lint(["check", "error.xml", "-o=github", "-q", "--no-ci"]);
    let lint = lint.within("elsewhere").env("GITHUB_ACTIONS", "true");
    let run = lint.env("GITHUB_WORKSPACE", &path("gone")).run();
    run.status(1).says("::error file=error.xml,");
}

fn on_github(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let lint = sandbox.lint(["check"].iter().chain(arguments));
    let lint = lint.env("GITHUB_ACTIONS", "true");
    let summary = sandbox.path("summary.md");
    lint.env("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())
        .run()
}

#[test]
fn github_gets_annotations_and_a_summary_by_itself() {
    let sandbox = Sandbox::with([("error.xml", ERROR), ("clean.xml", CLEAN)]);
    let plain = sandbox.check(&["error.xml"]).status(1);
    // What another command of the step has written stays.
    sandbox.file("summary.md", "before\n");
    let run = on_github(&sandbox, &["error.xml"]).status(1);
    assert_eq!(run.stdout, plain.stdout);
    assert!(
        run.stderr.starts_with("::error file=error.xml,line=3,"),
        "{run:#?}"
    );
    let summary = sandbox.read("summary.md");
    assert!(
        summary.starts_with("before\n### cloudfront-lint\n"),
        "{summary}"
    );
    assert!(
        summary.contains("| error | <code>error.xml&#58;3&#58;15</code> |"),
        "{summary}"
    );

    // What keeps the terminal quiet leaves no empty page.
    fs::remove_file(sandbox.path("summary.md")).unwrap();
    let run = on_github(&sandbox, &["clean.xml", "-q"]).status(0);
    assert_eq!((run.stdout, run.stderr), Default::default());
    let summary = sandbox.read("summary.md");
    assert_eq!(
        summary,
        "### cloudfront-lint\n\n1 document checked&#58; no findings\n"
    );

    // Not where it was asked for, or was asked not to be.
    for arguments in [
        &["error.xml", "--no-ci"][..],
        &["error.xml", "-o=github", "-o=markdown=m.md"],
    ] {
        fs::remove_file(sandbox.path("summary.md")).unwrap_or_default();
        let run = on_github(&sandbox, arguments).status(1);
        assert!(commands(&run.stderr).is_empty(), "{run:#?}");
        assert!(!sandbox.path("summary.md").exists());
    }
    assert_eq!(
        commands(&on_github(&sandbox, &["error.xml", "-o=json"]).stdout),
        [""; 0]
    );

    // Under pre-commit a run is one of several parts.
    let part = sandbox.lint(["check", "error.xml"]).env("PRE_COMMIT", "1");
    let summary = sandbox.path("summary.md");
    fs::remove_file(&summary).unwrap_or_default();
    let part = part
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", summary.to_str().unwrap());
    part.run().status(1).complains("::error file=error.xml");
    assert!(!summary.exists());

    // A value that is not the runner's is no runner.
    let other = sandbox
        .lint(["check", "error.xml"])
        .env("GITHUB_ACTIONS", "false")
        .run();
    assert_eq!(other.stderr, plain.stderr);
}

#[test]
fn annotations_never_change_the_exit_status() {
    let sandbox = Sandbox::with([("error.xml", ERROR), ("clean.xml", CLEAN)]);
    for (arguments, status) in [
        (&["clean.xml"][..], 0),
        (&["error.xml"], 1),
        (&["error.xml", "gone.xml"], 2),
        (&["error.xml", "--fail-on=never"], 0),
    ] {
        let without = sandbox.check(arguments).status(status);
        let run = on_github(&sandbox, arguments).status(status);
        assert_eq!(run.stdout, without.stdout);
    }
    assert!(sandbox.read("summary.md").contains("gone.xml"));
    // A summary that cannot be written is no failure of the run.
    fs::remove_file(sandbox.path("summary.md")).unwrap();
    sandbox.directory("summary.md");
    on_github(&sandbox, &["clean.xml"])
        .status(0)
        .complains("warning: cannot write the job summary");
}

/// The runner keeps ten of a kind, and a megabyte of summary.
#[test]
fn what_the_runner_does_not_keep_is_left_out() {
    let items: String = (0..12_000)
        .map(|n| format!("<Path>not valid {n}</Path>\n"))
        .collect();
    let text = ERROR.replace("<Items>", &format!("<Items>{items}"));
    let sandbox = Sandbox::with([("a.xml", &*text)]);
    let run = on_github(&sandbox, &["a.xml", "gone.xml", "-o=concise"]).status(2);
    let errors: Vec<_> = run
        .stderr
        .lines()
        .filter(|l| l.starts_with("::error "))
        .collect();
    assert_eq!(errors.len(), 10);
    assert!(errors[0].contains("gone.xml"), "{errors:#?}");
    let summary = sandbox.read("summary.md");
    assert!(
        summary.len() <= 1 << 20 && summary.len() > 1_000_000,
        "{}",
        summary.len()
    );
    let last = summary.lines().last().unwrap();
    let left: usize = last
        .strip_suffix(" more in the log.")
        .expect(last)
        .parse()
        .unwrap();
    let rows = summary
        .lines()
        .filter(|l| l.starts_with("| ") && !l.starts_with("| |"))
        .count();
    assert_eq!(rows + left, run.stdout.lines().count() + 1);
    // There is no room for a second one, and what is there stays whole.
    let before = summary.len();
    on_github(&sandbox, &["a.xml"]).status(1);
    assert!(sandbox.read("summary.md").len() <= 1 << 20);
    assert!(sandbox.read("summary.md").len() >= before);
    // Who asks for annotations gets all of them.
    let run = on_github(&sandbox, &["a.xml", "-o=github"]).status(1);
    assert!(run.stdout.lines().count() > 12_000);
}

#[test]
fn a_sarif_log_stays_within_what_github_takes() {
    let items: String = (0..26_000)
        .map(|n| format!("<Path>not valid {n}</Path>\n"))
        .collect();
    let text = ERROR.replace("<Items>", &format!("<Items>{items}"));
    let sandbox = Sandbox::with([("a.xml", &*text)]);
    let log = sandbox.check(&["a.xml", "-o=sarif"]).status(1).json();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 25_000);
    assert!(results.iter().all(|r| {
        r["relatedLocations"]
            .as_array()
            .is_none_or(|l| l.len() <= 100)
    }));
    let told = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert!(
        told["message"]["text"]
            .as_str()
            .unwrap()
            .contains("are left out"),
        "{told}"
    );
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 20);
        for key in ["shortDescription", "fullDescription"] {
            let length = rule[key]["text"].as_str().unwrap().chars().count();
            assert!((1..=1024).contains(&length));
        }
        assert!(!rule["help"]["markdown"].as_str().unwrap().is_empty());
    }
}

#[test]
fn sarif_says_who_accepted_a_finding() {
    let config = "[[ignore]]\nrule = \"quantity-mismatch\"\nreason = \"by configuration\"\n";
    let in_source = ERROR.replacen(
        "<Paths>",
        "<!-- cloudfront-lint ignore: quantity-mismatch - in the source --><Paths>",
        1,
    );
    let sandbox = Sandbox::with([
        ("config/a.xml", ERROR),
        ("config/cloudfront-lint.toml", config),
        ("source/a.xml", &*in_source),
        ("baseline/a.xml", ERROR),
    ]);
    let suppression = |path: &str, extra: &[&str]| {
        let arguments = [&[path, "-o=sarif"], extra].concat();
        let log = sandbox.check(&arguments).status(0).json();
        let result = log["runs"][0]["results"][0].clone();
        (
            result["suppressions"][0].clone(),
            result["baselineState"].clone(),
        )
    };
    let (comment, state) = suppression("source/a.xml", &[]);
    assert_eq!(comment["kind"], "inSource");
    assert_eq!(comment["justification"], "in the source");
    assert_eq!(state, Value::Null);
    let (table, _) = suppression("config/a.xml", &[]);
    assert_eq!(table["kind"], "external");
    assert_eq!(table["justification"], "by configuration");
    let baseline = ["--baseline", "baseline.jsonl"];
    let write = [&["baseline/a.xml", "--write-baseline"], &baseline[..]].concat();
    sandbox.check(&write);
    let (accepted, state) = suppression("baseline/a.xml", &baseline);
    assert_eq!(accepted["kind"], "external");
    assert_eq!(state, "unchanged");
}

#[test]
fn the_category_tells_logs_of_one_commit_apart() {
    let sandbox = Sandbox::with([("error.xml", ERROR)]);
    let id = |extra: &[&str]| {
        let arguments = [&["error.xml", "-o=sarif"], extra].concat();
        let log = sandbox.check(&arguments).status(1).json();
        log["runs"][0]["automationDetails"]["id"].clone()
    };
    assert_eq!(id(&[]), "cloudfront-lint/");
    assert_eq!(id(&["--category", "staging"]), "staging/");
    assert_eq!(id(&["--category", "staging/"]), "staging/");
    sandbox.check(&["error.xml", "--category="]).status(2);
}

#[test]
fn several_formats_in_one_run() {
    let sandbox = Sandbox::with([("error.xml", ERROR)]);
    let alone: Vec<String> = formats()
        .map(|format| sandbox.check(&["error.xml", "-o", format]).status(1).stdout)
        .collect();
    let targets: Vec<String> = formats()
        .map(|format| format!("-o={format}={format}.out"))
        .collect();
    let mut arguments = vec!["error.xml"];
    arguments.extend(targets.iter().map(String::as_str));
    let run = sandbox.check(&arguments).status(1);
    assert_eq!(run.stdout, "");
    for (format, alone) in formats().zip(alone) {
        assert_eq!(sandbox.read(&format!("{format}.out")), alone);
    }
}
