//! Fixing until nothing is left to fix. Fixes that overlap wait for the next round, and every round checks the text
//! anew: what one fix writes, another may have to follow.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{compatible, spliced};
use crate::check::Checked;
use crate::finding::{Finding, Fix, Level};
use crate::rule::RuleId;
use crate::source::{Source, Span};

/// Rounds after which no more is changed.
const MAX_ROUNDS: usize = 10;
/// Checks of a document that are spent on finding out which of its fixes are to be left out.
const TRIALS: std::ops::RangeInclusive<usize> = 16..=200;
/// Bytes that these checks may read together, so that a large document gets fewer of them.
const TRIED_BYTES: usize = 64 << 20;

/// How often the fixes beside new errors are left out, before all are tried in groups.
const GUESSES: usize = 4;
/// So many fixes that stand beside new errors are tried in groups, for some of them may be good.
const FEW: usize = 8;

/// A document after its fixes.
#[derive(Debug)]
pub struct Fixed {
    /// The text that came of it, in the encoding of the old one; none if nothing was changed.
    pub source: Option<Source>,
    /// What the check says of that text.
    pub checked: Checked,
    /// What it said of the old one, where that was another.
    pub(crate) before: Option<Checked>,
    /// What was done.
    pub applied: Vec<Applied>,
    /// What was not done although it was asked for.
    pub left_out: Vec<LeftOut>,
}

/// A fix that was applied.
#[derive(Clone, Debug)]
pub struct Applied {
    /// The rule whose finding it repaired.
    pub rule: RuleId,
    /// The element of that finding.
    pub element: String,
    /// What it did, as a short imperative.
    pub title: String,
}

impl Applied {
    pub(super) fn new(finding: &Finding, fix: &Fix) -> Applied {
        Applied {
            rule: finding.rule,
            element: finding.element.clone(),
            title: fix.title.clone(),
        }
    }
}

/// A fix that was left out.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// The rule whose finding it would have repaired.
    pub rule: RuleId,
    /// The element of that finding.
    pub element: String,
    /// What it would have done, as a short imperative.
    pub title: String,
    /// Why it was left out, as a sentence without a full stop.
    pub reason: String,
}

/// Why a fix is not applied.
struct Refusal {
    /// Its place among all refusals.
    order: usize,
    reason: String,
    /// It stays, whatever becomes of the text.
    is_final: bool,
}

/// Fixes, by their finding, with why each is left out.
type Blamed = BTreeMap<usize, String>;

/// Why some fixes must not be applied together.
struct Harm {
    why_not: String,
    /// Of the findings whose fixes were tried, those that stand beside what is wrong then, and what that is.
    blamed: Blamed,
}

/// What is done with each text.
pub(crate) struct Job<'a> {
    /// Checks a text: all findings.
    pub(crate) check: &'a dyn Fn(&Source) -> Checked,
    /// Takes away and marks findings, as it is done with those that are reported.
    pub(crate) triage: &'a dyn Fn(&Source, &mut Checked),
    /// Whether the fix of a finding is asked for.
    pub(crate) wanted: &'a dyn Fn(&Finding, &Fix) -> bool,
}

/// A text and what is known of it.
struct State {
    /// None is the text as it was.
    source: Option<Source>,
    /// After triage.
    checked: Checked,
    /// Before triage.
    all: Vec<Remembered>,
}

/// What of a finding tells it from others in another text.
struct Remembered {
    rule: RuleId,
    element: String,
    message: String,
    is_error: bool,
}

impl Remembered {
    fn new(finding: &Finding) -> Remembered {
        Remembered {
            rule: finding.rule,
            element: finding.element.clone(),
            message: finding.message.clone(),
            is_error: finding.level == Level::Error,
        }
    }

    fn key(&self) -> (RuleId, &str) {
        (self.rule, &self.element)
    }
}

/// Fixes a document. `checked` is what the check says of it, before triage.
pub(crate) fn run(source: &Source, mut checked: Checked, job: &Job<'_>) -> Fixed {
    let mut work = Work {
        job,
        old: source,
        refused: HashMap::new(),
        refusals: 0,
        trials: 0,
    };
    let all = remembered(&checked);
    (job.triage)(source, &mut checked);
    let mut state = State {
        source: None,
        checked,
        all,
    };
    let mut before = None;
    let mut applied = Vec::new();
    let mut seen = HashSet::from([hash(source.text())]);
    for _ in 0..MAX_ROUNDS {
        let taken = work.candidates(&state);
        if taken.is_empty() {
            break;
        }
        let Some((next, taken)) = work.round(&state, taken) else {
            // Some are refused now; others may have waited for them.
            continue;
        };
        if !seen.insert(hash(work.text(&next))) {
            // The fixes of this round would undo what earlier ones did.
            work.refuse_all(&state, &taken, "it and other fixes undo each other", true);
            continue;
        }
        applied.extend(taken.iter().filter_map(|at| applied_at(&state, *at)));
        work.try_again();
        let last = std::mem::replace(&mut state, next);
        before.get_or_insert(last.checked);
    }
    Fixed {
        source: state.source,
        checked: state.checked,
        before,
        applied,
        left_out: work.left_out(),
    }
}

fn remembered(checked: &Checked) -> Vec<Remembered> {
    checked.findings.iter().map(Remembered::new).collect()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn applied_at(state: &State, at: usize) -> Option<Applied> {
    let finding = state.checked.findings.get(at)?;
    Some(Applied::new(finding, finding.fix.as_ref()?))
}

struct Work<'a> {
    job: &'a Job<'a>,
    /// The text as it was.
    old: &'a Source,
    /// Fixes that are not tried with this text again.
    refused: HashMap<(RuleId, String, String), Refusal>,
    refusals: usize,
    trials: usize,
}

impl Work<'_> {
    fn text<'t>(&'t self, state: &'t State) -> &'t str {
        state.source.as_ref().unwrap_or(self.old).text()
    }

    /// The findings whose fixes are applied next: none overlaps another.
    fn candidates(&self, state: &State) -> Vec<usize> {
        let findings = state.checked.findings.iter().enumerate();
        let wanted = findings.filter_map(|(at, finding)| {
            let fix = finding.fix.as_ref()?;
            let is_wanted = !finding.suppressed
                && !finding.baselined
                && (self.job.wanted)(finding, fix)
                && !self.is_refused(finding, fix);
            is_wanted.then_some((at, fix))
        });
        let (places, fixes): (Vec<usize>, Vec<&Fix>) = wanted.unzip();
        let (_, is_taken) = compatible(self.text(state), &fixes);
        let taken = places.into_iter().zip(is_taken);
        taken.filter_map(|(at, is)| is.then_some(at)).collect()
    }

    fn is_refused(&self, finding: &Finding, fix: &Fix) -> bool {
        // Nearly always there are none, and keys cost.
        !self.refused.is_empty() && self.refused.contains_key(&key(finding, fix))
    }

    /// The text after the fixes, or after those of them that do no harm; and which these are.
    fn round(&mut self, state: &State, taken: Vec<usize>) -> Option<(State, Vec<usize>)> {
        let harm = match self.attempt(state, &taken) {
            Ok(next) => return Some((next, taken)),
            Err(harm) => harm,
        };
        let why_not = harm.why_not.clone();
        let Some((mut good, mut best, blamed)) = self.without_blamed(state, &taken, harm) else {
            let (mut good, mut best) = (Vec::new(), None);
            self.sift(state, &taken, why_not, &mut good, &mut best);
            return best.map(|next| (next, good));
        };
        if blamed.len() <= FEW {
            let blamed: Vec<usize> = blamed.into_keys().collect();
            self.sift(state, &blamed, why_not, &mut good, &mut best);
        } else {
            for (at, why_not) in blamed {
                self.refuse_all(state, &[at], &why_not, false);
            }
        }
        best.map(|next| (next, good))
    }

    /// Leaves out the fixes beside which something would be wrong, and others beside which something would be wrong then:
    /// those that do no harm, the text after them if there are any, and those that are left out with the reasons.
    fn without_blamed(
        &mut self,
        state: &State,
        taken: &[usize],
        mut harm: Harm,
    ) -> Option<(Vec<usize>, Option<State>, Blamed)> {
        let mut rest = taken.to_vec();
        let mut blamed = BTreeMap::new();
        for _ in 0..GUESSES {
            blamed.append(&mut harm.blamed);
            rest.retain(|at| !blamed.contains_key(at));
            if rest.is_empty() {
                return Some((rest, None, blamed));
            }
            match self.attempt(state, &rest) {
                Ok(next) => return Some((rest, Some(next), blamed)),
                Err(next) => harm = next,
            }
        }
        None
    }

    /// Adds those of some fixes, which do harm together, that do none.
    fn sift(
        &mut self,
        state: &State,
        taken: &[usize],
        why_not: String,
        good: &mut Vec<usize>,
        best: &mut Option<State>,
    ) {
        if taken.len() == 1 {
            return self.refuse_all(state, taken, &why_not, false);
        }
        let affordable = TRIED_BYTES / self.old.text().len().max(1);
        if self.trials >= affordable.clamp(*TRIALS.start(), *TRIALS.end()) {
            let why_not =
                format!("too much of this document cannot be fixed, for instance: {why_not}");
            return self.refuse_all(state, taken, &why_not, false);
        }
        let (one, other) = taken.split_at(taken.len() / 2);
        for half in [one, other] {
            let mut together = [&good[..], half].concat();
            together.sort_unstable();
            match self.attempt(state, &together) {
                Ok(next) => (*good, *best) = (together, Some(next)),
                Err(harm) => self.sift(state, half, harm.why_not, good, best),
            }
        }
    }

    /// Forgets what did not go with the last text: it may go with the next.
    fn try_again(&mut self) {
        self.refused.retain(|_, refusal| refusal.is_final);
    }

    fn refuse_all(&mut self, state: &State, taken: &[usize], reason: &str, is_final: bool) {
        for finding in taken
            .iter()
            .filter_map(|at| state.checked.findings.get(*at))
        {
            if let Some(fix) = &finding.fix {
                self.refusals += 1;
                let order = self.refusals;
                let refused = self.refused.entry(key(finding, fix));
                refused.or_insert_with(|| Refusal {
                    order,
                    reason: reason.to_owned(),
                    is_final,
                });
            }
        }
    }

    /// The text with the fixes of some findings.
    ///
    /// # Errors
    /// Why they must not be applied.
    fn attempt(&mut self, state: &State, taken: &[usize]) -> Result<State, Harm> {
        self.trials += 1;
        let all = &state.checked.findings;
        let fixed: Vec<&Finding> = taken.iter().filter_map(|at| all.get(*at)).collect();
        let fixes: Vec<&Fix> = fixed.iter().filter_map(|f| f.fix.as_ref()).collect();
        let text = self.text(state);
        let (edits, _) = compatible(text, &fixes);
        let new = spliced(text, &edits);
        let source = Source::from_bytes(self.old.name(), self.old.encode(&new));
        if source.text() != new {
            return Err(Harm {
                why_not: "the text with it could not be read again".to_owned(),
                blamed: BTreeMap::new(),
            });
        }
        drop(new);
        let mut checked = (self.job.check)(&source);
        let after = remembered(&checked);
        let harm: Vec<(Span, String)> = match (state.checked.parsed, checked.parsed) {
            (true, false) => vec![unreadable(&checked)],
            // What was wrong in a document that could not be read was wrong before.
            (false, true) => Vec::new(),
            _ => {
                let news = news(&state.all, &fixed, &after).into_iter();
                let place = |at: usize| checked.findings.get(at).map(|finding| finding.span);
                news.filter_map(|(at, why_not)| Some((place(at)?, why_not)))
                    .collect()
            }
        };
        if let Some((_, why_not)) = harm.first() {
            let why_not = why_not.clone();
            let written = Written::of(taken.iter().copied().zip(fixes));
            let blamed = harm
                .into_iter()
                .filter_map(|(span, why_not)| Some((written.nearest(span)?, why_not)));
            return Err(Harm {
                why_not,
                blamed: blamed.collect(),
            });
        }
        (self.job.triage)(&source, &mut checked);
        Ok(State {
            source: Some(source),
            checked,
            all: after,
        })
    }

    fn left_out(self) -> Vec<LeftOut> {
        let mut refused: Vec<_> = self.refused.into_iter().collect();
        refused.sort_by_key(|(_, refusal)| refusal.order);
        let left_out = refused.into_iter();
        let left_out = left_out.map(|((rule, element, title), refusal)| LeftOut {
            rule,
            element,
            title,
            reason: refusal.reason,
        });
        left_out.collect()
    }
}

fn key(finding: &Finding, fix: &Fix) -> (RuleId, String, String) {
    (finding.rule, finding.element.clone(), fix.title.clone())
}

/// Where a document cannot be read after its fixes, and why they must not be applied.
fn unreadable(checked: &Checked) -> (Span, String) {
    let why_not = "the document could not be read then";
    match checked.findings.first() {
        Some(finding) => (finding.span, format!("{why_not}: {}", finding.message)),
        None => (Span::at(0), why_not.to_owned()),
    }
}

/// The texts that fixes have written: where they stand in the new text, and whose they are. Sorted.
struct Written(Vec<(Span, usize)>);

impl Written {
    /// Of fixes that do not overlap, each with its number.
    fn of<'f>(fixes: impl Iterator<Item = (usize, &'f Fix)>) -> Written {
        let edits =
            fixes.flat_map(|(number, fix)| fix.edits.iter().map(move |edit| (edit, number)));
        let mut edits: Vec<_> = edits.collect();
        edits.sort_by_key(|(edit, _)| edit.span);
        let mut written = Vec::with_capacity(edits.len());
        let (mut added, mut removed) = (0, 0);
        for (edit, number) in edits {
            let start = edit.span.start + added - removed;
            added += edit.content.len() as u32;
            removed += edit.span.len();
            written.push((Span::new(start, start + edit.content.len() as u32), number));
        }
        Written(written)
    }

    /// Whose text stands nearest to a place.
    fn nearest(&self, place: Span) -> Option<usize> {
        let behind = self.0.partition_point(|(span, _)| span.start < place.start);
        let around = [behind.checked_sub(1), Some(behind)].into_iter().flatten();
        let distance = |span: Span| {
            span.start
                .saturating_sub(place.end)
                .max(place.start.saturating_sub(span.end))
        };
        let around = around.filter_map(|at| self.0.get(at));
        around
            .min_by_key(|(span, _)| distance(*span))
            .map(|(_, number)| *number)
    }
}

/// Errors that are there after the fixes and were not before, and findings that their fixes did not remove: their places
/// among all, and why the fixes must not be applied.
fn news(before: &[Remembered], fixed: &[&Finding], after: &[Remembered]) -> Vec<(usize, String)> {
    let repaired: HashSet<(RuleId, &str)> =
        fixed.iter().map(|f| (f.rule, &f.element[..])).collect();
    let counts = |finding: &&Remembered| finding.is_error || repaired.contains(&finding.key());
    let mut expected: HashMap<(RuleId, &str), isize> = HashMap::new();
    for finding in before.iter().filter(counts) {
        *expected.entry(finding.key()).or_default() += 1;
    }
    for finding in fixed {
        *expected
            .entry((finding.rule, &finding.element))
            .or_default() -= 1;
    }
    let mut unexpected = Vec::new();
    for (at, finding) in after.iter().enumerate().filter(|(_, f)| counts(f)) {
        match expected.get_mut(&finding.key()).filter(|left| **left > 0) {
            Some(left) => *left -= 1,
            None => unexpected.push((at, finding)),
        }
    }
    // Fixes change names, ids and the number of items, so that the same error may have another path.
    let mut moved: HashMap<(RuleId, String), isize> = HashMap::new();
    if !unexpected.is_empty() {
        for ((rule, element), left) in expected.into_iter().filter(|(_, left)| *left > 0) {
            *moved.entry((rule, names(element))).or_default() += left;
        }
    }
    unexpected.retain(|(_, finding)| {
        let left = moved
            .entry((finding.rule, names(&finding.element)))
            .or_default();
        *left -= 1;
        *left < 0
    });
    let why_not = |new: &Remembered| match repaired.contains(&new.key()) {
        true => format!(
            "there would still be something wrong in that place: {}",
            new.message
        ),
        false => format!(
            "the document would have another error then: {} [{}]",
            new.message,
            new.rule.name()
        ),
    };
    unexpected
        .into_iter()
        .map(|(at, new)| (at, why_not(new)))
        .collect()
}

/// A path without what tells items of a list apart: `/A/B[Id=x]/C` is `/A/B/C`. No identity holds a `]`.
fn names(path: &str) -> String {
    let mut names = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, behind)) = rest.split_once('[') {
        names.push_str(before);
        rest = behind.split_once(']').map_or("", |(_, next)| next);
    }
    names.push_str(rest);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Edit, Safety};
    use crate::rule::id;
    use crate::source::Span;

    /// Words that are wrong, and what is to be written for them.
    type Words = [(&'static str, &'static str)];

    fn finding(text: &str, at: usize, wrong: &str, right: &str) -> Finding {
        let span = Span::new(at as u32, (at + wrong.len()) as u32);
        // The element is the letter before the word, if there is one.
        let element = text[..at].chars().next_back().unwrap_or('/');
        Finding::new(id::INVALID_BOOLEAN, span, format!("{wrong} is wrong"))
            .at(format!("/{element}"))
            .level(match wrong.starts_with('w') {
                true => Level::Warning,
                false => Level::Error,
            })
            .fix(Fix {
                title: format!("write {right}"),
                safety: Safety::Safe,
                edits: vec![Edit {
                    span,
                    content: right.to_owned(),
                }],
            })
    }

    fn check(text: &str, words: &Words) -> Checked {
        let found = words.iter().flat_map(|(wrong, right)| {
            text.match_indices(wrong)
                .map(|(at, _)| finding(text, at, wrong, right))
        });
        let mut findings: Vec<Finding> = found.collect();
        findings.sort_by_key(|finding| finding.span);
        let parsed = !text.contains('!');
        if !parsed {
            findings = vec![Finding::new(id::MALFORMED_XML, Span::at(0), "! is no XML")];
        }
        Checked {
            findings,
            parsed,
            ..Checked::default()
        }
    }

    fn fixed(text: &str, words: &'static Words) -> (String, Fixed) {
        let source = Source::from_bytes("a.xml", text.as_bytes().to_vec());
        let job = Job {
            check: &|source| check(source.text(), words),
            triage: &|_, _| {},
            wanted: &|_, _| true,
        };
        let fixed = run(&source, check(text, words), &job);
        let after = fixed.source.as_ref().unwrap_or(&source).text().to_owned();
        (after, fixed)
    }

    /// A letter of its own for each number, which makes the element.
    fn letter(number: u32) -> char {
        char::from_u32(0x4E00 + number).unwrap()
    }

    fn reasons(fixed: &Fixed) -> Vec<&str> {
        fixed.left_out.iter().map(|l| &l.reason[..]).collect()
    }

    #[test]
    fn what_a_fix_writes_may_be_fixed_again() {
        let (text, fixed) = fixed("1one 2one", &[("one", "3wtwo"), ("wtwo", "three")]);
        assert_eq!(text, "13three 23three");
        let titles: Vec<_> = fixed.applied.iter().map(|a| &a.title[..]).collect();
        assert_eq!(
            titles,
            ["write 3wtwo", "write 3wtwo", "write three", "write three"]
        );
    }

    #[test]
    fn fixes_that_undo_each_other_stop() {
        let check = |source: &Source| {
            let other = if source.text() == "a" { "b" } else { "a" };
            let finding = finding(source.text(), 0, source.text(), other);
            Checked {
                findings: vec![finding.at(format!("/{other}")).level(Level::Warning)],
                parsed: true,
                ..Checked::default()
            }
        };
        let source = Source::from_bytes("a.xml", b"a".to_vec());
        let job = Job {
            check: &check,
            triage: &|_, _| {},
            wanted: &|_, _| true,
        };
        let fixed = run(&source, check(&source), &job);
        assert_eq!(fixed.source.as_ref().unwrap().text(), "b");
        assert_eq!(reasons(&fixed), ["it and other fixes undo each other"]);
    }

    #[test]
    fn there_is_an_end_to_growing() {
        let (text, fixed) = fixed("wa", &[("wa", "1wb"), ("wb", "2wa")]);
        assert_eq!((text.len(), fixed.applied.len()), (12, MAX_ROUNDS));
    }

    #[test]
    fn fixes_that_overlap_wait() {
        let (text, fixed) = fixed(".abcde", &[("abc", "1"), ("cde", "2")]);
        assert_eq!(text, ".1de", "the second is not needed any more");
        assert_eq!(fixed.applied.len(), 1);
        let (text, fixed) = super::tests::fixed(".wabwcd", &[("wabw", "1w"), ("wcd", "2")]);
        assert_eq!(text, ".12");
        assert_eq!(fixed.applied.len(), 2);
    }

    #[test]
    fn only_the_fix_that_does_harm_is_left_out() {
        const WORDS: &Words = &[("lo", "LO"), ("ba", "!"), ("hi", "HI")];
        let (text, fixed) = fixed("1lo 2hi 3ba 4lo 5hi", WORDS);
        assert_eq!(text, "1LO 2HI 3ba 4LO 5HI");
        assert_eq!(fixed.applied.len(), 4);
        assert_eq!(
            reasons(&fixed),
            ["the document could not be read then: ! is no XML"]
        );
    }

    #[test]
    fn fixes_beside_new_errors_are_left_out_without_a_search() {
        const WORDS: &Words = &[("lo", "up"), ("ba", "bad"), ("bad", "good")];
        let text = (0..500).map(|n| format!("{}ba {}lo ", letter(n), letter(n + 500)));
        let checks = std::cell::Cell::new(0);
        let source = Source::from_bytes("a.xml", text.collect::<String>().into_bytes());
        let job = Job {
            check: &|source| {
                checks.set(checks.get() + 1);
                check(source.text(), WORDS)
            },
            triage: &|_, _| {},
            wanted: &|_, _| true,
        };
        let fixed = run(&source, check(source.text(), WORDS), &job);
        assert_eq!((fixed.applied.len(), fixed.left_out.len()), (500, 500));
        assert!(!fixed.source.unwrap().text().contains("lo"));
        assert!(checks.get() <= 5, "{}", checks.get());
        let own = |l: &LeftOut| l.reason.ends_with("in that place: bad is wrong");
        assert!(fixed.left_out.iter().all(own), "{:?}", fixed.left_out[0]);
    }

    #[test]
    fn what_is_written_is_found_in_the_new_text() {
        let fix = |edits: &[(u32, u32, &str)]| Fix {
            title: String::new(),
            safety: Safety::Safe,
            edits: edits
                .iter()
                .map(|(start, end, content)| Edit {
                    span: Span::new(*start, *end),
                    content: (*content).to_owned(),
                })
                .collect(),
        };
        // 0123456789 becomes 01abc4567x
        let fixes = [fix(&[(2, 4, "abc"), (8, 10, "x")]), fix(&[(6, 7, "6")])];
        let written = Written::of(fixes.iter().enumerate());
        let nearest = |start, end| written.nearest(Span::new(start, end));
        assert_eq!(
            (nearest(0, 1), nearest(5, 6), nearest(7, 8)),
            (Some(0), Some(0), Some(1))
        );
        assert_eq!((nearest(9, 10), nearest(99, 99)), (Some(0), Some(0)));
        assert_eq!(Written::of(std::iter::empty()).nearest(Span::at(0)), None);
    }

    #[test]
    fn a_document_full_of_harm_is_given_up() {
        let text = (0..500)
            .map(|n| format!("{}ba 2lo ", letter(n)))
            .collect::<String>();
        let (_, fixed) = fixed(&text, &[("ba", "!"), ("lo", "up")]);
        assert!(fixed.left_out.len() > 1, "{}", fixed.left_out.len());
        let given_up = |l: &LeftOut| l.reason.starts_with("too much of this document");
        assert!(fixed.left_out.iter().any(given_up));
    }

    #[test]
    fn a_fix_that_brings_an_error_is_left_out() {
        const WORDS: &Words = &[("lo", "6bad"), ("bad", "good")];
        let (text, fixed) = fixed("1lo 2bad", WORDS);
        assert_eq!(text, "1lo 2good");
        assert_eq!(
            reasons(&fixed),
            ["the document would have another error then: bad is wrong [invalid-boolean]"]
        );
        assert_eq!(fixed.checked.findings.len(), 1, "it is still reported");
    }

    #[test]
    fn a_fix_that_does_not_fix_is_left_out() {
        let (text, fixed) = fixed("1lo", &[("lo", "lolo")]);
        assert_eq!(text, "1lo");
        assert_eq!(
            reasons(&fixed),
            ["there would still be something wrong in that place: lo is wrong"]
        );
    }

    #[test]
    fn what_is_accepted_or_not_wanted_is_not_fixed() {
        let text = "1lo 2lo 3lo";
        let source = Source::from_bytes("a.xml", text.as_bytes().to_vec());
        const WORDS: &Words = &[("lo", "up")];
        let job = Job {
            check: &|source| check(source.text(), WORDS),
            triage: &|_, checked| {
                for finding in &mut checked.findings {
                    finding.suppressed = finding.element == "/1";
                    finding.baselined = finding.element == "/2";
                }
            },
            wanted: &|_, _| true,
        };
        let fixed = run(&source, check(text, WORDS), &job);
        assert_eq!(fixed.source.unwrap().text(), "1lo 2lo 3up");
        let job = Job {
            wanted: &|_, _| false,
            ..job
        };
        assert!(run(&source, check(text, WORDS), &job).source.is_none());
    }

    #[test]
    fn paths_lose_what_tells_items_apart() {
        assert_eq!(names("/A/B[Id=x/[y]/C[2]/D"), "/A/B/C/D");
        assert_eq!(names("/A/B"), "/A/B");
        assert_eq!(names("/A/B[3]"), "/A/B");
    }

    #[test]
    fn an_error_that_only_moves_is_no_new_one() {
        let remembered = |element: &str| Remembered {
            rule: id::INVALID_ENUM_VALUE,
            element: element.to_owned(),
            message: String::new(),
            is_error: true,
        };
        let before = [remembered("/A[Id= x]/B"), remembered("/A[Id=y]/B")];
        let after = [remembered("/A[Id=x]/B"), remembered("/A[Id=y]/B")];
        assert!(news(&before, &[], &after).is_empty());
        let more = [
            remembered("/A[Id=x]/B"),
            remembered("/A[Id=y]/B"),
            remembered("/A[Id=z]/B"),
        ];
        let found = news(&before, &[], &more);
        let places: Vec<usize> = found.iter().map(|(at, _)| *at).collect();
        assert_eq!(places, [2], "{found:?}");
    }
}
