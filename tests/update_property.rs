//! Random updates: a document against itself is no change, however it is written; one edit is one change, at its element.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use cloudfront_lint::compare::{Action, compare};
use cloudfront_lint::schema::{Absent, ApiVersion, Kind, Root, Shape};
use cloudfront_lint::{Finding, Group, Older, Settings, Source, check, read};
use support::generate::{document, sendable};
use support::random::Random;
use support::tree::{Content, Layout, Node};

/// Lists whose order has a meaning, as AWS's documentation tells: not what the schema of the tool says.
const ORDERED: [&str; 3] = ["CacheBehaviorList", "FieldList", "OriginGroupMemberList"];

fn source(name: &str, text: String) -> Arc<Source> {
    Arc::new(Source::from_bytes(name, text.into_bytes()))
}

/// What differs: the actions and the paths.
fn changes(old: &Source, new: &Source) -> Vec<(Action, String)> {
    let settings = Settings::default();
    let [old, new] = [old, new].map(|source| read(source, &settings).unwrap());
    let comparison = compare(&old, &new).unwrap();
    let changes = comparison.changes.iter();
    changes.map(|c| (c.action, c.path())).collect()
}

/// What a check finds in an update.
fn found(old: &Arc<Source>, new: &Source) -> Vec<Finding> {
    let settings = Settings::default();
    let document = read(old, &settings).unwrap();
    let older = Older {
        source: Arc::clone(old),
        document: &document,
    };
    check(new, Some(&older), &settings).findings
}

/// What the rules about updates say; of a document that changes, not what they ask of every document.
fn said(old: &Arc<Source>, new: &Source) -> Vec<String> {
    let mut findings = found(old, new);
    findings.retain(|f| f.rule.meta().group == Group::Update);
    if !changes(old, new).is_empty() {
        findings.retain(|f| f.rule.name() != "missing-on-update");
    }
    findings.into_iter().map(|f| f.message).collect()
}

#[track_caller]
fn expect_nothing(old: &Arc<Source>, new: &Source) {
    let (changes, said) = (changes(old, new), said(old, new));
    assert!(
        changes.is_empty() && said.is_empty(),
        "{changes:?}\n{said:?}\nbetween\n{}\nand\n{}",
        old.text(),
        new.text()
    );
}

/// Random valid documents of each version and root, with the random numbers that go on from there.
fn documents(each: u64) -> impl Iterator<Item = (ApiVersion, &'static Root, Node, Random)> {
    let kinds = ApiVersion::all().flat_map(|v| sendable(v).map(move |root| (v, root)));
    kinds.enumerate().flat_map(move |(kind, (version, root))| {
        (0..each).map(move |number| {
            let mut random = Random::new(kind as u64 * 7919 + number);
            let tree = document(root, version, &mut random);
            (version, root, tree, random)
        })
    })
}

#[test]
fn valid_documents_do_not_differ_from_themselves() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("testdata/valid");
    let mut number = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let source = Arc::new(Source::from_bytes(path.display().to_string(), bytes));
        expect_nothing(&source, &source);
        if number % 8 == 0 {
            assert_eq!(diff(&path, &path), (0, vec![]));
        }
        number += 1;
    }
    assert!(number >= 40, "only {number} documents");
}

#[test]
fn spelling_makes_no_difference() {
    for (version, _, tree, _) in documents(2) {
        let old = source("old.xml", tree.write(version, Layout::PRETTY));
        for layout in [Layout::ONE_LINE, Layout::PREFIXED] {
            expect_nothing(&old, &source("new.xml", tree.write(version, layout)));
        }
    }
}

#[test]
fn order_and_comments_make_no_difference() {
    let mut shuffled = 0;
    for (version, _, mut tree, mut random) in documents(3) {
        let old = source("old.xml", tree.write(version, Layout::PRETTY));
        for place in tree.places(|node| !node.children().is_empty()) {
            let node = tree.at_mut(&place);
            let at = random.below(node.children().len());
            node.stray = Some((at, "<!-- said <of> & nothing -->".to_owned()));
        }
        shuffle(&mut tree, &mut random);
        let new = source("new.xml", tree.write(version, Layout::PRETTY));
        shuffled += usize::from(old.text().len() > 400);
        expect_nothing(&old, &new);
    }
    assert!(shuffled > 250, "only {shuffled} documents of some length");
}

/// Puts members and items of unordered lists into any order.
fn shuffle(node: &mut Node, random: &mut Random) {
    let fixed = node.kind().is_some_and(has_fixed_order) || has_twins(node);
    if let Content::Children(children) = &mut node.content {
        children.iter_mut().for_each(|child| shuffle(child, random));
        if !fixed {
            random.shuffle(children);
        }
    }
}

/// Whether the places of items have a meaning, or nothing else tells them apart.
fn has_fixed_order(shape: &Shape) -> bool {
    let Some((_, item)) = shape.item() else {
        return false;
    };
    let item = item.shape();
    ORDERED.contains(&shape.name) || item.key.is_none() && !item.is_scalar()
}

/// Whether two children cannot be told apart: which of them changed is then open.
fn has_twins(node: &Node) -> bool {
    let mut seen = BTreeSet::new();
    let identity = |child: &Node| {
        let key = child.kind().and_then(|shape| shape.key);
        let text = match key {
            Some(key) => child.child(key).and_then(Node::text),
            None => child.text(),
        };
        text.unwrap_or_default()
            .trim()
            .trim_start_matches('/')
            .to_ascii_lowercase()
    };
    let is_list = node.kind().is_some_and(|shape| shape.item().is_some());
    let items = node
        .children()
        .iter()
        .filter(|child| is_list || child.is_flattened_item());
    items
        .map(|item| (item.name.clone(), identity(item)))
        .any(|id| !seen.insert(id))
}

// ---------------------------------------------------------------------------------------------------------------------
// One edit

/// An edit, and what it should be told as.
struct Edit {
    tree: Node,
    expected: Vec<(Action, String)>,
    /// It may also be no change at all: what is left may mean the same.
    may_be_nothing: bool,
}

#[test]
fn one_edit_is_one_change() {
    let (mut certain, mut removed, mut changed, mut added) = (0, 0, 0, 0);
    for (version, root, tree, mut random) in documents(9) {
        let Some(edit) = edit(&tree, &mut random) else {
            continue;
        };
        let old = source("old.xml", tree.write(version, Layout::PRETTY));
        let new = source("new.xml", edit.tree.write(version, Layout::PRETTY));
        let mut found = changes(&old, &new);
        found.sort();
        if edit.may_be_nothing && found.is_empty() {
            continue;
        }
        let mut expected = edit.expected;
        expected.sort();
        assert_eq!(
            found,
            expected,
            "in {} of {version}, from\n{}\nto\n{}",
            root.name,
            old.text(),
            new.text()
        );
        certain += usize::from(!edit.may_be_nothing);
        for (action, _) in &expected {
            match action {
                Action::Removed => removed += 1,
                Action::Changed => changed += 1,
                _ => added += 1,
            }
        }
    }
    let counts = (certain, removed, changed, added);
    assert!(
        certain > 800 && removed > 300 && changed > 300 && added > 50,
        "{counts:?}"
    );
}

/// Whatever is taken out of a distribution, somebody says so: the schema, another check, or the rules about updates.
#[test]
fn nothing_is_lost_in_silence() {
    let mut number = 0;
    for (version, root, tree, mut random) in documents(25) {
        if !["DistributionConfig", "StreamingDistributionConfig"].contains(&root.name) {
            continue;
        }
        let edit = edit(&tree, &mut random).filter(|edit| !edit.may_be_nothing);
        let Some(edit) = edit else { continue };
        let old = source("old.xml", tree.write(version, Layout::PRETTY));
        let new = source("new.xml", edit.tree.write(version, Layout::PRETTY));
        let before: BTreeSet<String> = found(&old, &old).into_iter().map(|f| f.message).collect();
        let mut after = found(&old, &new);
        let updates = after
            .iter()
            .filter(|f| f.rule.meta().group == Group::Update);
        let updates = updates
            .filter(|f| f.rule.name() != "missing-on-update")
            .count();
        assert!(updates <= edit.expected.len().max(1), "{after:#?}");
        if edit
            .expected
            .iter()
            .all(|(action, _)| *action != Action::Removed)
        {
            continue;
        }
        after.retain(|f| !before.contains(&f.message));
        number += 1;
        assert!(
            !after.is_empty(),
            "nothing is said of {:?}, from\n{}\nto\n{}",
            edit.expected,
            old.text(),
            new.text()
        );
    }
    assert!(number > 100, "only {number} losses");
}

#[test]
fn what_is_never_updated_loses_nothing() {
    let batch = |paths: &str| {
        let text = format!(
            "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">\
             <Paths><Quantity>1</Quantity><Items>{paths}</Items></Paths>\
             <CallerReference>one</CallerReference></InvalidationBatch>"
        );
        source("batch.xml", text)
    };
    let [old, new] = [batch("<Path>/a</Path>"), batch("<Path>/b</Path>")];
    assert_eq!(changes(&old, &new).len(), 2);
    assert!(found(&old, &new).is_empty());
}

#[test]
fn diff_names_the_edit() {
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = ["old.xml", "new.xml"].map(|name| folder.path().join(name));
    let mut number = 0;
    for (version, _, tree, mut random) in documents(1).step_by(5) {
        let Some(edit) = edit(&tree, &mut random).filter(|edit| !edit.may_be_nothing) else {
            continue;
        };
        fs::write(&old, tree.write(version, Layout::PRETTY)).unwrap();
        fs::write(&new, edit.tree.write(version, Layout::ONE_LINE)).unwrap();
        let (status, mut elements) = diff(&old, &new);
        let mut expected: Vec<(String, String)> = (edit.expected.into_iter())
            .map(|(action, path)| (action.name().to_owned(), path))
            .collect();
        expected.sort();
        elements.sort();
        let status_of_edit = i32::from(!expected.is_empty());
        assert_eq!((status, elements), (status_of_edit, expected));
        number += 1;
    }
    assert!(number > 20, "only {number} edits");
}

/// The exit status of `diff`, and what it names, as paths from the root.
fn diff(old: &std::path::Path, new: &std::path::Path) -> (i32, Vec<(String, String)>) {
    let run = Command::new(env!("CARGO_BIN_EXE_cloudfront-lint"))
        .args(["diff", "-o", "json"])
        .args([old, new])
        .output()
        .unwrap();
    let told: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let root = "/DistributionConfigWithTags/DistributionConfig";
    let tagged = fs::read_to_string(new).unwrap().contains("ConfigWithTags");
    let text = |change: &serde_json::Value, key: &str| change[key].as_str().unwrap().to_owned();
    let changes = told["changes"].as_array().unwrap().iter().map(|change| {
        let element = text(change, "element");
        // Of a configuration beside tags, diff gives the path from the configuration.
        let element = match element.strip_prefix("/DistributionConfig") {
            Some(rest) if tagged && !rest.starts_with("WithTags") => format!("{root}{rest}"),
            _ => element,
        };
        let element = match element.strip_prefix("/StreamingDistributionConfig") {
            Some(rest) if tagged && !rest.starts_with("WithTags") => {
                format!("/StreamingDistributionConfigWithTags/StreamingDistributionConfig{rest}")
            }
            _ => element,
        };
        (text(change, "action"), element)
    });
    (run.status.code().unwrap(), changes.collect())
}

/// Removes, changes or adds one element; none where it would be open what that means.
fn edit(tree: &Node, random: &mut Random) -> Option<Edit> {
    let places = tree.places(|_| true);
    // What stands directly in the root decides what kind of document it is.
    let least = if tree.name.ends_with("WithTags") {
        2
    } else {
        1
    };
    let places: Vec<Vec<usize>> = places.into_iter().filter(|p| p.len() >= least).collect();
    if places.is_empty() {
        return None;
    }
    let place = random.pick(&places).clone();
    let (last, around) = place.split_last()?;
    let parent = tree.at(around);
    let is_key = parent
        .kind()
        .is_some_and(|shape| shape.key == Some(&tree.at(&place).name));
    if is_key || has_twins(parent) || parent.kind().is_some_and(has_fixed_order) {
        return None;
    }
    match random.below(3) {
        0 => remove(tree, &place, around, *last),
        1 => change(tree, &place),
        _ => add(tree, &place, around, *last),
    }
}

fn is_item(parent: &Node, node: &Node) -> bool {
    parent.kind().is_some_and(|shape| shape.item().is_some()) || node.is_flattened_item()
}

/// Whether the structure counts items, so that it has a Quantity of no meaning of its own.
fn counts(node: &Node) -> bool {
    let has = |name| {
        node.kind()
            .is_some_and(|shape| shape.member(name).is_some())
    };
    has("Quantity") && has("Items")
}

/// Whether something around the place may be switched off, so that nothing inside has a meaning.
fn may_be_off(tree: &Node, place: &[usize]) -> bool {
    (0..place.len()).any(|n| {
        let member = tree.at(&place[..n]).member;
        member.is_some_and(|m| matches!(m.absent, Some(Absent::Members(_))))
    })
}

fn remove(tree: &Node, place: &[usize], around: &[usize], last: usize) -> Option<Edit> {
    let node = tree.at(place);
    let parent = tree.at(around);
    let mut edited = tree.clone();
    edited.at_mut(around).children_mut().remove(last);
    let is_quantity = counts(parent) && node.name == "Quantity";
    let gone: Vec<Vec<usize>> = match node.kind()?.kind {
        _ if is_quantity => Vec::new(),
        Kind::List { .. } => inside(tree, place),
        Kind::Structure { .. } if is_plain_list(node) => {
            let items = node.children().iter().position(|c| c.name == "Items");
            items.map_or(Vec::new(), |items| {
                inside(tree, &[place, &[items]].concat())
            })
        }
        _ => vec![place.to_vec()],
    };
    let member = node.member.filter(|_| !is_item(parent, node));
    let is_empty = node.text().is_some_and(|text| text.trim().is_empty());
    let has_default =
        member.is_some_and(|m| m.absent.is_some() || m.may_be_empty || m.implied) || is_empty;
    Some(Edit {
        expected: gone
            .iter()
            .map(|place| (Action::Removed, tree.path(place)))
            .collect(),
        tree: edited,
        may_be_nothing: has_default || may_be_off(tree, place),
    })
}

/// Whether it is a list of items and their number, whose absence is that of all items.
fn is_plain_list(node: &Node) -> bool {
    let members = node.kind().map_or(&[][..], |shape| shape.members());
    // Where there have to be values, none is no such list.
    let items = node.child("Items").filter(|items| {
        let item = items.kind().and_then(Shape::item);
        item.is_some_and(|(_, item)| item.shape().is_scalar())
    });
    let demands = items.is_some_and(|items| items.member.is_some_and(|m| !m.required.is_empty()));
    counts(node) && members.len() == 2 && !demands && node.member.is_none_or(|m| m.absent.is_none())
}

fn inside(tree: &Node, place: &[usize]) -> Vec<Vec<usize>> {
    let count = tree.at(place).children().len();
    (0..count).map(|n| [place, &[n]].concat()).collect()
}

fn change(tree: &Node, place: &[usize]) -> Option<Edit> {
    let node = tree.at(place);
    let text = node.text()?;
    let shape = node.kind()?;
    let other = match shape.kind {
        Kind::Boolean => (text.trim() != "true").to_string(),
        Kind::Integer | Kind::Long => (text.trim().parse::<i64>().ok()? / 2 + 1_000).to_string(),
        _ if text.is_empty() => "something".to_owned(),
        _ => format!("{text}0"),
    };
    let parent = tree.at(&place[..place.len() - 1]);
    let quantity = counts(parent) && node.name == "Quantity";
    let mut edited = tree.clone();
    edited.at_mut(place).content = Content::Text(other);
    let expected = match (quantity, is_item(parent, node)) {
        (true, _) => Vec::new(),
        (_, true) => vec![
            (Action::Removed, tree.path(place)),
            (Action::Added, edited.path(place)),
        ],
        _ => vec![(Action::Changed, tree.path(place))],
    };
    Some(Edit {
        expected,
        tree: edited,
        // The other number may be the same one.
        may_be_nothing: may_be_off(tree, place) || matches!(shape.kind, Kind::Integer | Kind::Long),
    })
}

/// A copy of an item with another name.
fn add(tree: &Node, place: &[usize], around: &[usize], last: usize) -> Option<Edit> {
    let (node, parent) = (tree.at(place), tree.at(around));
    if !is_item(parent, node) {
        return None;
    }
    let mut copy = node.clone();
    let key = node.kind()?.key;
    let named = match key {
        Some(key) => copy.children_mut().iter_mut().find(|c| c.name == key)?,
        None => &mut copy,
    };
    let text = named.text()?;
    named.content = Content::Text(format!("{text}0123456789"));
    let mut edited = tree.clone();
    edited.at_mut(around).children_mut().insert(last, copy);
    Some(Edit {
        expected: vec![(Action::Added, edited.path(place))],
        tree: edited,
        may_be_nothing: may_be_off(tree, place),
    })
}
