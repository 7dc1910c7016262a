//! The build script's reader of `rules/schema`: each kind of mistake names its file and line.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../build/schema.rs"]
mod schema;

use std::fs;
use std::path::Path;

const VERSIONS: &str = r#"
[[version]]
date = "2012-05-05"
source = "model"
[[version]]
date = "2012-07-01"
source = "reconstructed"
from = "recorded traffic"
[[version]]
date = "2020-05-31"
source = "model"
"#;

const ROOTS: &str = r#"
[Origin]
class = "config"
"#;

const SHAPES: &str = r#"
[Origin]
type = "structure"
key = "Id"
members.Id = { shape = "string", required = true }
members.Size = { shape = { "..2012-07-01" = "string", "2020-05-31" = "Size" }, versions = "2012-07-01..", added = "2013-01-01" }
members.Names = { shape = "NameList", required = "..2012-05-05" }
[NameList]
type = "list"
item = { name = "Name", shape = "string" }
min = 1
[Size]
type = "string"
pattern = '^[a-z]+$'
values = ["a", { value = "b", versions = "2020-05-31", meaning = "large" }]
[string]
type = "string"
"#;

/// Compiles the three files; mistakes as text, without the folder.
fn compile(files: &[(&str, &str)]) -> Result<String, Vec<String>> {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let prefix = format!("{}/", dir.path().display()).replace('\\', "/");
    schema::load(dir.path())
        .map(|read| schema::emit(&read))
        .map_err(|mistakes| {
            mistakes
                .iter()
                .map(|m| m.to_string().replace(&prefix, ""))
                .collect()
        })
}

/// The mistakes after replacing one piece of the shapes.
#[track_caller]
fn mistakes(from: &str, to: &str) -> Vec<String> {
    assert!(SHAPES.contains(from), "the sample does not hold {from}");
    let shapes = SHAPES.replacen(from, to, 1);
    compile(&[
        ("versions.toml", VERSIONS),
        ("roots.toml", ROOTS),
        ("shapes.toml", &shapes),
    ])
    .unwrap_err()
}

#[test]
fn the_sample_is_correct() {
    let text = compile(&[
        ("versions.toml", VERSIONS),
        ("roots.toml", ROOTS),
        ("shapes.toml", SHAPES),
    ])
    .unwrap();
    assert!(
        text.contains(r#"VERSIONS: [&str; 3] = ["2012-05-05", "2012-07-01", "2020-05-31"]"#),
        "{text}"
    );
    // A pattern is kept as the model has it, anchors and all.
    assert!(text.contains(r#""^[a-z]+$")"#), "{text}");
}

#[test]
fn the_rule_book_compiles() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/schema");
    let text = schema::load(&dir)
        .map(|read| schema::emit(&read))
        .unwrap_or_else(|mistakes| {
            let lines: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{}", lines.join("\n"))
        });
    assert!(text.contains("pub static VERSIONS: [&str; 38]"));
}

#[test]
fn unknown_names_come_with_a_suggestion() {
    assert_eq!(
        mistakes(r#"shape = "NameList""#, r#"shape = "NamesList""#),
        [
            "shapes.toml:7: unknown shape NamesList, did you mean NameList?",
            "shapes.toml:8: shape NameList is used by no member, list or root",
        ]
    );
    assert_eq!(
        mistakes("required = true", "require = true"),
        ["shapes.toml:5: unknown key require, did you mean required?"]
    );
    assert_eq!(
        mistakes("min = 1", "minimum = 1"),
        ["shapes.toml:11: unknown key minimum"]
    );
    assert_eq!(
        mistakes("min = 1", "pattern = 'a'"),
        ["shapes.toml:11: unknown key pattern"]
    );
    assert_eq!(
        mistakes(r#"key = "Id""#, r#"key = "ID""#),
        ["shapes.toml:4: key ID names no member, did you mean Id?"]
    );
    assert_eq!(
        mistakes(
            r#"key = "Id""#,
            r#"key = "Id"
known-by = ["Name"]"#
        ),
        ["shapes.toml:5: known-by Name names no member, did you mean Names?"]
    );
    let list = mistakes(r#"type = "list""#, r#"type = "lsit""#);
    assert!(
        list.contains(&"shapes.toml:9: unknown type lsit, did you mean list?".to_owned()),
        "{list:?}"
    );
    assert_eq!(
        mistakes(
            r#"required = "..2012-05-05""#,
            r#"required = "..2012-05-06""#
        ),
        ["shapes.toml:7: unknown API version 2012-05-06, did you mean 2012-05-05?"]
    );
}

#[test]
fn ranges_must_hold_a_version_and_stay_inside() {
    assert_eq!(
        mistakes(
            r#"required = "..2012-05-05""#,
            r#"required = "2020-05-31..2012-05-05""#
        ),
        [
            "shapes.toml:7: range 2020-05-31..2012-05-05 is empty: its first version comes after its last"
        ]
    );
    assert_eq!(
        mistakes(r#"added = "2013-01-01""#, r#"required = "2012-05-05..""#),
        ["shapes.toml:6: range 2012-05-05.. reaches outside 2012-07-01..2020-05-31"]
    );
    assert_eq!(
        mistakes(r#"added = "2013-01-01""#, r#"required = "..2012-05-05""#),
        ["shapes.toml:6: range ..2012-05-05 reaches outside 2012-07-01..2020-05-31"]
    );
    assert_eq!(
        mistakes(
            "[Size]\ntype = \"string\"",
            "[Size]\ntype = \"string\"\nversions = \"..2012-07-01\""
        ),
        [
            "shapes.toml:6: shape Size is used in 2020-05-31..2020-05-31 but exists in 2012-05-05..2012-07-01",
            "shapes.toml:16: range 2020-05-31 reaches outside 2012-05-05..2012-07-01",
        ]
    );
    assert_eq!(
        mistakes(r#"added = "2013-01-01""#, r#"added = "2012-01-01""#),
        ["shapes.toml:6: added on 2012-01-01, before version 2012-07-01, the first that has it"]
    );
}

#[test]
fn one_member_has_one_shape_in_each_version() {
    assert_eq!(
        mistakes(
            r#""..2012-07-01" = "string""#,
            r#""..2020-05-31" = "string""#
        ),
        ["shapes.toml:6: 2020-05-31..2020-05-31 overlaps 2012-07-01..2020-05-31"]
    );
    assert_eq!(
        mistakes(r#""..2012-07-01" = "string", "#, ""),
        ["shapes.toml:6: member Size has no shape in version 2012-07-01"]
    );
}

#[test]
fn nothing_stands_twice() {
    let again = "[string]\ntype = \"string\"\n";
    let files = [
        ("versions.toml", VERSIONS),
        ("roots.toml", ROOTS),
        ("shapes.toml", SHAPES),
        ("text.toml", again),
    ];
    assert_eq!(
        compile(&files).unwrap_err(),
        ["text.toml:1: shape string is already at shapes.toml:16"]
    );
    let member = mistakes("members.Names", "members.Id");
    assert!(
        member.contains(&"shapes.toml:7: duplicate key: Id".to_owned()),
        "{member:?}"
    );
    let value = mistakes(r#"value = "b""#, r#"value = "a""#);
    assert_eq!(value, ["shapes.toml:15: value a is listed twice"]);
    let roots = format!("{ROOTS}[Origin]\nclass = \"request\"\n");
    let files = [
        ("versions.toml", VERSIONS),
        ("roots.toml", &roots),
        ("shapes.toml", SHAPES),
    ];
    let twice = compile(&files).unwrap_err();
    assert!(
        twice.contains(&"roots.toml:4: duplicate key: Origin".to_owned()),
        "{twice:?}"
    );
    let versions = VERSIONS.replace("2012-07-01", "2012-05-05");
    let files = [
        ("versions.toml", versions.as_str()),
        ("roots.toml", ROOTS),
        ("shapes.toml", SHAPES),
    ];
    assert!(
        compile(&files)
            .unwrap_err()
            .contains(&"versions.toml:6: version 2012-05-05 is listed twice".to_owned())
    );
}

#[test]
fn values_have_the_right_form() {
    assert_eq!(
        mistakes("min = 1", "min = 3\nmax = 2"),
        ["shapes.toml:11: min 3 is greater than max 2"]
    );
    assert_eq!(
        mistakes("min = 1", "min = 'one'"),
        ["shapes.toml:11: expected an integer"]
    );
    assert_eq!(
        mistakes("required = true", "required = 1"),
        ["shapes.toml:5: expected true or a range of versions"]
    );
    let pattern = mistakes("'^[a-z]+$'", "'[a-z'");
    assert_eq!(
        pattern,
        ["shapes.toml:14: invalid pattern: unclosed character class"]
    );
    assert_eq!(
        mistakes(r#"added = "2013-01-01""#, r#"added = "soon""#),
        ["shapes.toml:6: soon is no date of the form YYYY-MM-DD"]
    );
    let files = [
        ("versions.toml", VERSIONS),
        ("roots.toml", "[Origin]\nclass = \"confg\"\n"),
        ("shapes.toml", SHAPES),
    ];
    let class = compile(&files).unwrap_err();
    assert!(
        class.contains(&"roots.toml:2: unknown class confg, did you mean config?".to_owned()),
        "{class:?}"
    );
}

#[test]
fn keys_may_be_printed() {
    let sensitive = SHAPES.replacen("[string]\n", "[string]\nsensitive = true\n", 1);
    let files = [
        ("versions.toml", VERSIONS),
        ("roots.toml", ROOTS),
        ("shapes.toml", sensitive.as_str()),
    ];
    assert_eq!(
        compile(&files).unwrap_err(),
        ["shapes.toml:4: key Id is sensitive and would be printed"]
    );
    assert_eq!(
        mistakes(r#"key = "Id""#, r#"key = "Names""#),
        ["shapes.toml:4: key Names has no value of its own"]
    );
}

#[test]
fn all_mistakes_are_reported() {
    let shapes = SHAPES
        .replace("required = true", "requird = true")
        .replace("min = 1", "min = 2\nmax = 1");
    let roots = "[Origins]\nclass = \"config\"\nshape = \"Origin\"\nversion = \"..\"\n";
    let files = [
        ("versions.toml", VERSIONS),
        ("roots.toml", roots),
        ("shapes.toml", shapes.as_str()),
    ];
    assert_eq!(
        compile(&files).unwrap_err(),
        [
            "roots.toml:4: unknown key version, did you mean versions?",
            "shapes.toml:5: unknown key requird, did you mean required?",
            "shapes.toml:11: min 2 is greater than max 1",
        ]
    );
}

#[test]
fn missing_files_are_named() {
    assert_eq!(
        compile(&[("shapes.toml", SHAPES)]).unwrap_err(),
        ["versions.toml: no such file"]
    );
    let syntax = compile(&[
        ("versions.toml", VERSIONS),
        ("roots.toml", ROOTS),
        ("shapes.toml", "[Origin\n"),
    ]);
    assert!(
        syntax
            .unwrap_err()
            .iter()
            .any(|m| m.starts_with("shapes.toml:1: "))
    );
}
