//! Pages for people: what a rule, a row of the catalogue, an error of the API or an element means.

use std::fmt::Write as _;

use crate::output::visible;
use crate::policy::Policies;
use crate::rule::{
    CONSTRAINTS, Constraint, ERRORS, ErrorCode, Fixes, OPTIONS, Operation, Origin, RULES, Rule,
    RuleId,
};
use crate::rules::SUBSCRIPTIONS;
use crate::schema::{
    Bounds, EnumValue, Kind, Location, Member, Root, Shape, ShapeId, VersionRange, roots,
};
use crate::suggest;
use crate::vocabulary::Check;

/// The page for a name.
///
/// # Errors
/// A sentence that says the name is unknown, with the nearest known one.
pub(crate) fn explain(name: &str, policies: &Policies) -> Result<String, String> {
    if name.contains('/') {
        return policy_page(name, policies);
    }
    if let Some(rule) = RuleId::find(name) {
        return Ok(rule_page(rule.meta()));
    }
    if let Some(row) = Constraint::find(name) {
        return Ok(constraint_page(row));
    }
    let error = ErrorCode::find(name).map(error_page);
    let element = element_page(name);
    match (error, element) {
        (None, None) => Err(unknown(name)),
        (error, element) => Ok([error, element]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join("\n")),
    }
}

fn policy_page(name: &str, policies: &Policies) -> Result<String, String> {
    if let Some(rule) = policies.find(name) {
        return Ok(rule_page(rule.meta()));
    }
    let Some(rule) = RuleId::find(name) else {
        return Err(format!("{name} is no name of a rule"));
    };
    let help = policies.unknown(rule).unwrap_or_default();
    Err(format!("no policy has a rule {name}; {help}"))
}

fn unknown(name: &str) -> String {
    let rules = RULES.iter().map(|r| r.name);
    let errors = ERRORS.iter().map(|e| e.code);
    let elements = ShapeId::all()
        .flat_map(|id| id.shape().members())
        .map(|m| m.name);
    let known = rules
        .chain(errors)
        .chain(elements)
        .chain(roots().iter().map(|r| r.name));
    let is_row = name.len() < 8 && name.starts_with(['C', 'c']) && name[1..].parse::<u32>().is_ok();
    match suggest::nearest(name, known).filter(|_| !is_row) {
        Some(near) => {
            format!("no rule, error code or element is named {name}; did you mean {near}?")
        }
        None if is_row => {
            let (first, last) = (&CONSTRAINTS[0], &CONSTRAINTS[CONSTRAINTS.len() - 1]);
            format!(
                "no row of the catalogue is named {name}; there are {} to {}",
                first.id, last.id
            )
        }
        None => format!(
            "no rule, error code or element is named {name}; `cloudfront-lint rules` lists the rules"
        ),
    }
}

fn rule_page(rule: &Rule) -> String {
    let mut out = format!("{} ({}, {})\n", rule.name, rule.group, rule.level);
    push_wrapped(&mut out, "", "", &visible(rule.summary));
    out.push('\n');
    if let Some(error) = rule.error {
        let answer = format!("{} {}", error.status, error.code);
        push_wrapped(&mut out, "CloudFront answers: ", HANGING, &answer);
    }
    for (operation, error) in rule.errors {
        let _ = writeln!(
            out,
            "{:18}  {} {}",
            format!("  to {}:", operation.name()),
            error.status,
            error.code
        );
    }
    match &rule.origin {
        Some(Origin { file, line }) => {
            let place = format!("{}:{line}", visible(file));
            push_wrapped(&mut out, "Policy:             ", HANGING, &place);
        }
        None => {
            let _ = writeln!(out, "Confidence:         {}", rule.confidence.name());
        }
    }
    let _ = writeln!(out, "API versions:       {}", rule.versions.spoken());
    if let Some(fixes) = rule.fixes {
        let words = match fixes {
            Fixes::Safe => "safe",
            Fixes::Unsafe => "unsafe: look at what they do",
            Fixes::Sometimes => "some safe, some unsafe",
        };
        let _ = writeln!(out, "Fixes:              {words}");
    }
    if !rule.constraints.is_empty() {
        let constraints = rule.constraints.join(", ");
        push_wrapped(&mut out, "Constraints:        ", HANGING, &constraints);
    }
    for option in OPTIONS.iter().filter(|o| o.rule == rule.name) {
        let _ = writeln!(
            out,
            "Option:             {} = {}",
            option.name, option.default
        );
    }
    out.push('\n');
    let page = page_text(rule);
    match rule.origin {
        Some(_) => out.extend(page.lines().map(|line| visible(line) + "\n")),
        None => out.push_str(&page),
    }
    out
}

/// The page of a rule without marks, as a terminal shows it.
pub(crate) fn page_text(rule: &Rule) -> String {
    plain(&unmarked(rule))
}

/// The page of a rule in Markdown, with captions instead of what only the tests of the examples know.
pub(crate) fn page_markdown(rule: &Rule) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for line in unmarked(rule).lines() {
        match line.strip_prefix("```") {
            Some(info) if !in_code => {
                let kind = info.split_whitespace().next();
                let caption = CAPTIONS.iter().find(|(known, _)| kind == Some(*known));
                if let Some((_, caption)) = caption {
                    let _ = writeln!(out, "{caption}:\n");
                }
                out.push_str("```xml");
            }
            _ => out.push_str(line),
        }
        in_code ^= line.starts_with("```");
        out.push('\n');
    }
    out
}

fn unmarked(rule: &Rule) -> String {
    // The marks are for the tests that run the examples.
    rule.page.replace(['⟦', '⟧'], "")
}

/// Below the values of a table of facts.
const HANGING: &str = "                    ";

/// What to say of a block that belongs to the one before it.
const CAPTIONS: [(&str, &str); 4] = [
    ("fixed", "fixed"),
    ("against", "as an update of"),
    ("primary", "as the staging distribution of"),
    ("other", "in one run with"),
];

/// A page of Markdown as a terminal shows it: prose filled into lines, examples indented, no marks around them.
fn plain(markdown: &str) -> String {
    let mut out = String::new();
    let mut paragraph = String::new();
    let mut in_code = false;
    for line in markdown.lines() {
        if let Some(info) = line.strip_prefix("```") {
            flush(&mut paragraph, &mut out);
            in_code = !in_code;
            let kind = info.split_whitespace().next();
            let caption = CAPTIONS.iter().find(|(known, _)| kind == Some(*known));
            if let Some((_, caption)) = caption {
                let _ = writeln!(out, "  {caption}:\n");
            }
        } else if in_code {
            let gap = if line.is_empty() { "" } else { "    " };
            let _ = writeln!(out, "{gap}{line}");
        } else if let Some(title) = line.strip_prefix("## ") {
            flush(&mut paragraph, &mut out);
            let _ = writeln!(out, "{title}");
        } else if line.trim().is_empty() {
            flush(&mut paragraph, &mut out);
            out.push('\n');
        } else {
            if line.starts_with("- ") {
                flush(&mut paragraph, &mut out);
            }
            paragraph.push_str(line);
            paragraph.push('\n');
        }
    }
    flush(&mut paragraph, &mut out);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Ends a paragraph or an item of a list.
fn flush(paragraph: &mut String, out: &mut String) {
    match paragraph.strip_prefix("- ") {
        Some(item) => push_wrapped(out, "- ", "  ", item),
        None if !paragraph.is_empty() => push_wrapped(out, "", "", paragraph),
        None => {}
    }
    paragraph.clear();
}

/// The checks of a rule, wherever they are made.
fn checks_of(rule: &Rule) -> impl Iterator<Item = &'static Check> {
    let all = SUBSCRIPTIONS.iter().copied().flatten();
    all.map(|s| s.check)
        .filter(|check| check.rule.name() == rule.name)
}

/// A row of the catalogue.
fn constraint_page(row: &Constraint) -> String {
    let mut out = format!("{} (constraint)\n", row.id);
    push_wrapped(&mut out, "", "", row.element);
    push_wrapped(&mut out, "Refused or lost if: ", HANGING, row.violated);
    out.push('\n');
    for (lead, answer) in answers(row) {
        push_wrapped(&mut out, &format!("{lead:20}"), HANGING, &answer);
    }
    let _ = writeln!(out, "Confidence:         {}", row.confidence.name());
    let _ = writeln!(out, "API versions:       {}", row.versions.spoken());
    let _ = writeln!(out, "Visible from:       {}", visible_from(row.needs));
    push_wrapped(&mut out, "Source:             ", HANGING, row.source);
    match row.unchecked {
        Some(reason) => push_wrapped(&mut out, "Not checked:        ", HANGING, reason),
        None => push_wrapped(
            &mut out,
            "Checked by:         ",
            HANGING,
            &row.rules.join(", "),
        ),
    }
    out
}

/// What the API answers, told once if it answers the same to all operations.
fn answers(row: &Constraint) -> Vec<(String, String)> {
    let shown = |code: &str| match ErrorCode::find(code) {
        Some(error) => format!("{} {code}", error.status),
        None => code.to_owned(),
    };
    let mut codes: Vec<&str> = row.errors.iter().map(|(_, code)| *code).collect();
    codes.dedup();
    let mut answers = match codes[..] {
        [] => vec![(
            "CloudFront answers:".to_owned(),
            "nothing; it accepts the document".to_owned(),
        )],
        [code] if row.errors.len() == Operation::ALL.len() => {
            vec![("CloudFront answers:".to_owned(), shown(code))]
        }
        _ => row
            .errors
            .iter()
            .map(|(operation, code)| (format!("To {}:", operation.name()), shown(code)))
            .collect(),
    };
    if !row.alternatives.is_empty() {
        let others: Vec<String> = row.alternatives.iter().map(|code| shown(code)).collect();
        answers.push(("Or perhaps:".to_owned(), others.join(", ")));
    }
    answers
}

fn visible_from(needs: &str) -> &'static str {
    match needs {
        "document" => "the document alone",
        "older" => "the document and the one it would replace, or its ETag",
        "fleet" => "the other documents of the account",
        _ => "the state of the account; no tool can tell before the call",
    }
}

fn error_page(error: &ErrorCode) -> String {
    let mut out = format!("{} (HTTP {})\n", error.code, error.status);
    push_wrapped(&mut out, "", "", error.meaning);
    out.push('\n');
    if let Some(since) = error.since {
        let _ = writeln!(out, "Since API version:  {since}{}", added(error.added));
    }
    push_wrapped(
        &mut out,
        "Stage:              ",
        HANGING,
        error.stage.meaning(),
    );
    let _ = writeln!(out, "Visible from:       {}", visible_from(error.needs));
    let _ = writeln!(
        out,
        "Answered by:        {}",
        error.operations.join("\n                    ")
    );
    for (operation, code) in error.instead {
        let _ = writeln!(
            out,
            "{:18}  {code}",
            format!("To {}, instead:", operation.name())
        );
    }
    let is_code = |code: &str| code == error.code;
    let rules: Vec<&str> = RULES
        .iter()
        .filter(|rule| {
            rule.error.is_some_and(|e| is_code(e.code))
                || rule.errors.iter().any(|(_, e)| is_code(e.code))
                || checks_of(rule).any(|check| check.error.is_some_and(|e| is_code(e.code)))
        })
        .map(|r| r.name)
        .collect();
    let rows: Vec<&str> = CONSTRAINTS
        .iter()
        .filter(|row| {
            row.errors.iter().any(|(_, code)| is_code(code))
                || row.alternatives.contains(&error.code)
        })
        .map(|row| row.id)
        .collect();
    if !rows.is_empty() {
        push_wrapped(&mut out, "Constraints:        ", HANGING, &rows.join(", "));
    }
    if rules.is_empty() {
        let _ = writeln!(out, "Predicted by:       no rule yet");
    } else {
        let _ = writeln!(
            out,
            "Predicted by:       {}",
            rules.join("\n                    ")
        );
    }
    out
}

/// Appends words in lines of at most 80 characters; `first` leads the first line, `next` each further one.
pub(crate) fn push_wrapped(out: &mut String, first: &str, next: &str, text: &str) {
    const WIDTH: usize = 80;
    out.push_str(first);
    let mut column = first.chars().count();
    let mut fresh = true;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if !fresh && column + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(next);
            column = next.chars().count();
        } else if !fresh {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
        fresh = false;
    }
    out.push('\n');
}

/// What an element is, where it may stand, since when. Places where the same holds are told together.
fn element_page(name: &str) -> Option<String> {
    let mut places: Vec<(String, Vec<&str>)> = Vec::new();
    let mut tell = |facts: String, place: &'static str| match places
        .iter_mut()
        .find(|(known, _)| *known == facts)
    {
        Some((_, names)) => names.push(place),
        None => places.push((facts, vec![place])),
    };
    for id in ShapeId::all() {
        let shape = id.shape();
        if let Some(member) = shape.member(name) {
            tell(member_facts(member), shape.name);
        }
        let item = shape
            .item()
            .filter(|(item, _)| *item == name && !shape.is_flattened());
        if let Some((_, of)) = item {
            tell(item_facts(shape, of.shape()), shape.name);
        }
    }
    let root = Root::find(name);
    if places.is_empty() && root.is_none() {
        return None;
    }
    let mut out = format!("{name} (element)\n");
    if let Some(root) = root {
        let _ = writeln!(
            out,
            "\nRoot of a document ({}), API versions: {}",
            root.class.name(),
            root.versions.spoken()
        );
        let _ = writeln!(out, "`cloudfront-lint schema {name}` shows what it holds");
    }
    for (facts, names) in places {
        let names = names.join(", ");
        out.push('\n');
        push_wrapped(&mut out, "In ", "   ", &names);
        out.push_str(&facts);
    }
    Some(out)
}

fn item_facts(list: &Shape, of: &'static Shape) -> String {
    let mut out = String::new();
    let versions = list.versions.spoken();
    fact(
        &mut out,
        &format!("an item of the list; API versions: {versions}"),
    );
    push_type(&mut out, of, list.versions);
    out
}

fn member_facts(member: &Member) -> String {
    let mut out = String::new();
    let versions = member.versions.spoken();
    fact(
        &mut out,
        &format!("API versions: {versions}{}", added(member.added)),
    );
    if member.required == [member.versions] {
        fact(&mut out, "required");
    } else if !member.required.is_empty() {
        fact(
            &mut out,
            &format!("required {}", all_spoken(member.required)),
        );
    }
    if !member.deprecated.is_empty() {
        fact(
            &mut out,
            &format!("deprecated {}", all_spoken(member.deprecated)),
        );
    }
    match member.location {
        Location::Body => {}
        Location::Header(header) => fact(
            &mut out,
            &format!("travels as the header {header}, not in the document"),
        ),
        Location::Uri(_) => fact(&mut out, "travels in the URL, not in the document"),
    }
    if let Some(of) = member.shape_in(member.versions.last) {
        push_type(&mut out, of.shape(), member.versions);
    }
    if member.sensitive && !out.contains(SECRET) {
        fact(&mut out, SECRET);
    }
    out
}

const SECRET: &str = "a secret: never printed";

fn fact(out: &mut String, text: &str) {
    push_wrapped(out, "  ", "    ", text);
}

fn all_spoken(ranges: &[VersionRange]) -> String {
    let ranges: Vec<String> = ranges.iter().copied().map(VersionRange::spoken).collect();
    ranges.join(", ")
}

fn added(date: Option<&str>) -> String {
    date.map(|date| format!(" (added on {date})"))
        .unwrap_or_default()
}

/// What an element of this type holds, in the last of the versions.
fn push_type(out: &mut String, shape: &'static Shape, versions: VersionRange) {
    let version = versions.last;
    let values: Vec<&EnumValue> = shape
        .values()
        .iter()
        .filter(|v| v.exists_in(version))
        .collect();
    let mut text = match &shape.kind {
        Kind::List { item, .. } => format!("list of {item}"),
        Kind::Structure { .. } => format!("structure {}", shape.name),
        _ if !values.is_empty() => "one of".to_owned(),
        kind => kind.name().to_owned(),
    };
    let explained = values.iter().any(|value| value.meaning.is_some());
    if !explained && !values.is_empty() {
        let values: Vec<&str> = values.iter().map(|value| value.value).collect();
        let _ = write!(text, " {}", values.join(", "));
    }
    let Bounds { min, max } = shape.bounds();
    let unit = match shape.kind {
        Kind::String { .. } => " characters",
        Kind::Blob { .. } => " bytes",
        Kind::List { .. } => " items",
        _ => "",
    };
    let _ = match (min.filter(|min| *min > 0 || unit.is_empty()), max) {
        (None, None) => Ok(()),
        (Some(min), None) => write!(text, ", at least {min}{unit}"),
        (None, Some(max)) => write!(text, ", at most {max}{unit}"),
        (Some(min), Some(max)) => write!(text, ", {min} to {max}{unit}"),
    };
    if let Some(pattern) = shape.pattern(version) {
        let _ = write!(text, ", matching {pattern}");
    }
    fact(out, &text);
    if explained {
        push_values(out, &values, versions);
    }
    if shape.sensitive {
        fact(out, SECRET);
    }
}

/// One value a line, with what it means.
fn push_values(out: &mut String, values: &[&EnumValue], versions: VersionRange) {
    let width = values.iter().map(|v| v.value.len()).max().unwrap_or(0);
    for value in values {
        let mut meaning = value.meaning.unwrap_or_default().to_owned();
        if value.versions.first > versions.first {
            let gap = if meaning.is_empty() { "" } else { "; " };
            let _ = write!(meaning, "{gap}since {}", value.versions.first);
        }
        let first = match meaning.is_empty() {
            true => format!("    {}", value.value),
            false => format!("    {:width$}  ", value.value),
        };
        let next = " ".repeat(width + 6);
        push_wrapped(out, &first, &next, &meaning);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::ApiVersion;

    #[test]
    fn pages_are_filled_and_examples_are_not() {
        let word = "seventeen letters";
        let prose = [word; 6].join("\n");
        let page = plain(&format!(
            "{prose}\n\n- one\n  item\n- two\n\n## Fails\n\n```xml root=A\n<A>\n\n  <B/>\n```\n\n```fixed\n<A/>\n```\n"
        ));
        let line = [word; 4].join(" ");
        assert_eq!(
            page,
            format!(
                "{line}\n{word} {word}\n\n- one item\n- two\n\nFails\n\n    <A>\n\n      <B/>\n\n  fixed:\n\n    <A/>\n"
            )
        );
    }

    #[test]
    fn versions_are_spoken() {
        let version = |date| ApiVersion::parse(date).unwrap();
        let range = |first, last| VersionRange {
            first: version(first),
            last: version(last),
        };
        assert_eq!(VersionRange::spoken(VersionRange::ALL), "all");
        assert_eq!(
            VersionRange::spoken(range("2012-05-05", "2020-05-31")),
            "since 2012-05-05"
        );
        assert_eq!(
            VersionRange::spoken(range("2012-05-05", "2012-07-01")),
            "from 2012-05-05 to 2012-07-01"
        );
        assert_eq!(
            VersionRange::spoken(range("2012-05-05", "2012-05-05")),
            "only 2012-05-05"
        );
        let first = VersionRange::ALL.first.date();
        assert_eq!(
            VersionRange::spoken(range(first, "2012-05-05")),
            "until 2012-05-05"
        );
    }

    #[test]
    fn secrets_are_said_once() {
        let page = explain("HeaderValue", &Policies::default()).unwrap();
        assert_eq!(page.matches(SECRET).count(), 1, "{page}");
    }
}
