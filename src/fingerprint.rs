//! What a finding is about, so that it is known again when the document has changed around it.
//!
//! A [`Fingerprint`] consists of the rule, the path of the element, the subject and a number:
//!
//! - The path holds the identities of list items (`Origin[Id=api]`), but no positions: `CNAME[2]` counts as `CNAME`.
//! - The subject is the text at the finding's place, or what the finding says is missing; blanks are joined into one,
//!   and of a long text the beginning and a hash are kept. A secret is never the subject, nor is a hash of it.
//! - The number tells findings apart that are alike in all this, in the order of the document, from 1.
//!
//! No line, column, count or message belongs to it. Moved and reordered elements, other blanks and changes elsewhere
//! leave it as it is; another value is another finding. The file does not belong to it either: it is unique in its
//! document, and a document that is renamed keeps its fingerprints.

use std::collections::HashMap;

use crate::check::is_blank;
use crate::finding::Finding;
use crate::report::FileReport;
use crate::rule::RuleId;
use crate::secrets;
use crate::source::{Source, Span};

/// Of longer subjects, so many characters and a hash are kept.
const LONGEST: usize = 96;
/// How many characters are kept then.
const KEPT: usize = 64;
/// What stands for a secret.
const SECRET: &str = "(a secret value)";

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint {
    /// The rule.
    pub rule: RuleId,
    /// The path of the element, without positions; empty where no element is known.
    pub element: String,
    /// The text that is wrong, or what is missing.
    pub subject: String,
    /// From 1, among those that are alike.
    pub number: u32,
}

impl Fingerprint {
    /// 32 hexadecimal digits: the 128-bit FNV-1a hash of the version `1`, the name of the rule, the path, the subject and
    /// the number in decimal, with a zero byte after each.
    pub fn hash(&self) -> String {
        let number = self.number.to_string();
        let parts = ["1", self.rule.name(), &self.element, &self.subject, &number];
        hash_of(&parts)
    }

    /// The same kind of hash of a path and [`Fingerprint::hash`], for readers that keep one list for all files.
    pub(crate) fn hash_in(&self, path: &str) -> String {
        hash_of(&[path, &self.hash()])
    }

    /// Those of the findings of a file, in their order.
    pub fn all(file: &FileReport) -> Vec<Fingerprint> {
        Fingerprint::of(Text::of(file), &file.findings)
    }

    /// Those of the findings of a text, in their order.
    pub(crate) fn of(file: Text<'_>, findings: &[Finding]) -> Vec<Fingerprint> {
        let hidden = Hidden::of(file);
        let mut alike: HashMap<(RuleId, String, String), u32> = HashMap::new();
        let fingerprint = |finding: &Finding| {
            let element = without_positions(&finding.element);
            let subject = subject(file, finding, &hidden);
            let number = alike
                .entry((finding.rule, element.clone(), subject.clone()))
                .or_default();
            *number += 1;
            Fingerprint {
                rule: finding.rule,
                element,
                subject,
                number: *number,
            }
        };
        findings.iter().map(fingerprint).collect()
    }
}

/// A text, and what of it must not be seen.
#[derive(Clone, Copy)]
pub(crate) struct Text<'f> {
    /// None if it was dropped.
    pub(crate) source: Option<&'f Source>,
    /// Values of sensitive elements, sorted.
    pub(crate) secrets: &'f [Span],
    /// Whether it was well-formed.
    pub(crate) parsed: bool,
}

impl<'f> Text<'f> {
    /// That of a file.
    pub(crate) fn of(file: &'f FileReport) -> Text<'f> {
        Text {
            source: file.source.as_deref(),
            secrets: &file.secrets,
            parsed: file.parsed,
        }
    }
}

/// The 128-bit FNV-1a hash of texts, with a zero byte after each.
pub(crate) fn hash_of(parts: &[&str]) -> String {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    format!("{:032x}", fnv(bytes))
}

/// The 128-bit FNV-1a hash (RFC 9923).
fn fnv(bytes: impl Iterator<Item = u8>) -> u128 {
    const BASIS: u128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    bytes.fold(BASIS, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(PRIME)
    })
}

/// What of a file must not be seen, neither itself nor as a hash.
pub(crate) struct Hidden<'f> {
    known: &'f [Span],
    /// Values in comments, if there are any.
    in_comments: Vec<Span>,
}

impl<'f> Hidden<'f> {
    pub(crate) fn of(file: Text<'f>) -> Hidden<'f> {
        let text = file.source.map(Source::text);
        Hidden {
            known: file.secrets,
            in_comments: text.map(secrets::in_comments).unwrap_or_default(),
        }
    }

    /// Whether any of it lies in a place. Those of one kind are sorted and lie apart.
    pub(crate) fn touches(&self, place: Span) -> bool {
        let touches = |secrets: &[Span]| {
            let before = secrets.partition_point(|secret| secret.start < place.end);
            secrets[..before]
                .last()
                .is_some_and(|secret| secret.end > place.start)
        };
        touches(self.known) || touches(&self.in_comments)
    }
}

fn subject(file: Text<'_>, finding: &Finding, hidden: &Hidden<'_>) -> String {
    if !finding.subject.is_empty() {
        return normalised(&finding.subject);
    }
    match file.source {
        // Nobody knows what is secret in a text that could not be read.
        _ if !file.parsed => String::new(),
        Some(_) if hidden.touches(finding.span) => SECRET.to_owned(),
        Some(source) => normalised(source.slice(finding.span)),
        None => String::new(),
    }
}

/// Without the blanks around it, with one blank for several, and cut where it is long.
fn normalised(text: &str) -> String {
    let words = text.split(is_blank).filter(|word| !word.is_empty());
    let mut out = String::new();
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.chars().nth(LONGEST).is_none() {
        return out;
    }
    let hash = fnv(out.bytes());
    let kept: String = out.chars().take(KEPT).collect();
    format!("{kept}… {hash:032x}")
}

/// A path of elements without the positions of list items; identities stay.
pub(crate) fn without_positions(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(open) = rest.find('[') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        // An identity holds no closing bracket.
        let end = rest.find(']').map_or(rest.len(), |end| end + 1);
        let inner = rest[1..end].trim_end_matches(']');
        if !inner.bytes().all(|b| b.is_ascii_digit()) {
            out.push_str(&rest[..end]);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::rule::id;

    fn file(text: &str, findings: Vec<Finding>) -> FileReport {
        FileReport {
            source: Some(Arc::new(Source::from_bytes("a.xml", text.into()))),
            parsed: true,
            findings,
            ..FileReport::default()
        }
    }

    fn at(text: &str, part: &str) -> Finding {
        let start = text.find(part).unwrap() as u32;
        let span = Span::new(start, start + part.len() as u32);
        Finding::new(id::INVALID_ALIAS, span, "x").at("/A/Items/CNAME[2]")
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // Test vectors of RFC 9923 for FNV-1a with 128 bits.
        assert_eq!(fnv("".bytes()), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(fnv("a".bytes()), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
        assert_eq!(
            fnv("foobar".bytes()),
            0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18
        );
    }

    #[test]
    fn positions_do_not_count_and_identities_do() {
        assert_eq!(
            without_positions("/A/CNAME[12]/Origin[Id=a[1]/B[3]"),
            "/A/CNAME/Origin[Id=a[1]/B"
        );
        assert_eq!(
            without_positions("/A/E[ErrorCode=404]"),
            "/A/E[ErrorCode=404]"
        );
        assert_eq!(without_positions("/A/B[1"), "/A/B");
    }

    #[test]
    fn equal_findings_are_numbered() {
        let text = "<a> x\n y </a><b>x y</b>";
        let first = at(text, " x\n y ");
        let prints = Fingerprint::all(&file(text, vec![first, at(text, "x y")]));
        assert_eq!(prints[0].subject, "x y");
        assert_eq!((prints[0].number, prints[1].number), (1, 2));
        assert_ne!(prints[0].hash(), prints[1].hash());
        // The hash is an interface: it stands in other people's files.
        assert_eq!(prints[0].hash(), "da92fd025f152b6218d2f116d3e5e4bc");
    }

    #[test]
    fn a_secret_is_no_subject() {
        let text = "<a>hunter2 hunter2</a>";
        let mut file = file(text, vec![at(text, "hunter2 ")]);
        file.secrets = vec![Span::new(3, 18)];
        assert_eq!(Fingerprint::all(&file)[0].subject, SECRET);
        file.parsed = false;
        assert_eq!(Fingerprint::all(&file)[0].subject, "");
    }

    #[test]
    fn a_long_subject_is_cut() {
        let text = "é".repeat(LONGEST);
        assert_eq!(normalised(&text), text);
        let (one, other) = (normalised(&(text.clone() + "a")), normalised(&(text + "b")));
        assert_eq!(one.chars().count(), KEPT + 2 + 32);
        assert_ne!(one, other);
    }
}
