//! The golden set: documents that CloudFront accepts, in `testdata/valid`. No rule may call an error in any of them.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use cloudfront_lint::{Level, Settings, Source, check, read};

const FOLDER: &str = "testdata/valid";

/// All documents of the folder, in the order of their names.
fn documents() -> Vec<Source> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
        .into_iter()
        .map(|name| {
            assert!(name.ends_with(".xml"), "{FOLDER}/{name} is no document");
            let bytes = fs::read(folder.join(&name)).unwrap();
            Source::from_bytes(format!("{FOLDER}/{name}"), bytes)
        })
        .collect()
}

#[test]
fn no_valid_document_has_an_error() {
    let settings = Settings::default();
    let mut errors = Vec::new();
    for source in documents() {
        let findings = check(&source, None, &settings).findings;
        for finding in findings.iter().filter(|f| f.level == Level::Error) {
            let place = source.position(finding.span.start);
            errors.push(format!(
                "{}:{}:{}: {}: {}",
                source.name(),
                place.line,
                place.column,
                finding.rule.name(),
                finding.message,
            ));
        }
    }
    assert!(
        errors.is_empty(),
        "{} false errors; CloudFront accepts these documents:\n\n{}\n",
        errors.len(),
        errors.join("\n")
    );
}

#[test]
fn the_set_covers_many_versions_and_roots() {
    let settings = Settings::default();
    let (mut versions, mut roots) = (BTreeSet::new(), BTreeSet::new());
    let sources = documents();
    for source in &sources {
        let document = read(source, &settings).unwrap_or_else(|f| panic!("{}", f.message));
        let recognised = document
            .recognised()
            .unwrap_or_else(|| panic!("{} is not recognised", source.name()));
        assert!(
            !document.is_response(),
            "{} is an answer of the API",
            source.name()
        );
        versions.insert(recognised.version.date());
        roots.insert(recognised.root.name);
    }
    assert!(sources.len() >= 40, "{} documents", sources.len());
    assert!(versions.len() >= 15, "only the versions {versions:?}");
    assert!(roots.len() >= 15, "only the roots {roots:?}");
}
