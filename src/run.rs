//! A run: every input through the one street, in parallel, results in the order of the inputs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use crate::against::Against;
use crate::baseline::Earlier;
use crate::check::{self, Beside, Checked, Older, Primary, Settings};
use crate::compare::configuration;
use crate::config::Profile;
use crate::document::Document;
use crate::dry_run::{Call, Response, dry_run};
use crate::finding::Finding;
use crate::fix::{self, Fixed, Fixing, Job, Mode};
use crate::fleet::{self, Facts, Gathered};
use crate::namespace::Namespace;
use crate::policy::Policies;
use crate::read::{Read, read};
use crate::report::{Answered, Answers, Cause, Failure, FileReport, Repair, Report, Skipped};
use crate::rule::{Group, id};
use crate::schema::Root;
use crate::source::{Source, Span};
use crate::suppress::{self, Ran};
use crate::syntax;
use crate::triage::FailOn;
use crate::walk::{Input, Place, reason};
use crate::watch::Watch;
use crate::write::{self, NotWritten};

/// Fewer inputs than this are checked on the calling thread: starting a pool costs more.
const SMALL_RUN: usize = 5;
/// So many pieces of the work for each thread: one that is done early takes another.
const PIECES: usize = 32;
/// Stack of a worker in bytes. No stage recurses over the depth of a document; this is a margin, not a need.
const STACK_SIZE: usize = 8 << 20;

/// What a run is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What holds for each document.
    pub profiles: Profiles,
    /// Older documents.
    pub against: Option<Against>,
    /// The primary distribution of the one document, which is a staging distribution.
    pub primary: Option<Arc<Source>>,
    /// Pass over named files that are no CloudFront documents, too.
    pub skip_foreign: bool,
    /// What is done with fixes. The texts that come of them are in the report; [`write_fixes`] writes the files.
    pub fixing: Fixing,
    /// What was accepted earlier and so is not fixed.
    pub earlier: Earlier,
    /// Is told how far the run is.
    pub watch: Option<Arc<Watch>>,
}

/// What holds for the documents of a run: one profile for all, and others for those that a configuration speaks of.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    /// What holds where no configuration does.
    pub base: Profile,
    /// What holds for what documents say about each other, if all have the same configuration.
    pub together: Option<Profile>,
    others: Vec<Other>,
}

#[derive(Clone, Debug)]
struct Other {
    profile: Profile,
    /// The configuration that ought to hold has mistakes, so that nothing is checked.
    broken: Option<String>,
}

impl From<Profile> for Profiles {
    fn from(base: Profile) -> Profiles {
        Profiles {
            base,
            together: None,
            others: Vec::new(),
        }
    }
}

impl Profiles {
    /// Adds a profile; returns the number by which inputs refer to it.
    pub fn add(&mut self, profile: Profile) -> u32 {
        self.push(profile, None)
    }

    /// Adds a profile for inputs that cannot be checked, since their configuration has mistakes.
    pub(crate) fn add_broken(&mut self, configuration: &str) -> u32 {
        self.push(Profile::default(), Some(configuration.to_owned()))
    }

    fn push(&mut self, profile: Profile, broken: Option<String>) -> u32 {
        self.others.push(Other { profile, broken });
        self.others.len() as u32
    }

    /// What holds for an input.
    pub fn of(&self, input: &Input) -> &Profile {
        self.other(input).map_or(&self.base, |other| &other.profile)
    }

    /// The configuration with mistakes that keeps an input from being checked.
    fn broken(&self, input: &Input) -> Option<&str> {
        self.other(input)?.broken.as_deref()
    }

    fn other(&self, input: &Input) -> Option<&Other> {
        let index = (input.profile as usize).checked_sub(1)?;
        self.others.get(index)
    }

    fn any(&self, holds: impl FnMut(&Profile) -> bool) -> bool {
        let others = self.others.iter().map(|other| &other.profile);
        std::iter::once(&self.base).chain(others).any(holds)
    }

    /// What holds for the documents of a run together.
    pub(crate) fn together(&self) -> &Profile {
        self.together.as_ref().unwrap_or(&self.base)
    }
}

/// Checks all inputs. The report is the same for every number of threads.
pub fn run(inputs: &[Input], options: &Options) -> Report {
    if let Some(watch) = &options.watch {
        watch.expect(inputs.len());
    }
    let work = || whole(parts(inputs, options), options);
    if inputs.len() < SMALL_RUN {
        return work();
    }
    match rayon::ThreadPoolBuilder::new()
        .stack_size(STACK_SIZE)
        .build()
    {
        Ok(pool) => pool.install(work),
        // No threads to be had: the same work on this one.
        Err(_) => work(),
    }
}

/// What became of inputs that follow each other.
#[derive(Default)]
struct Part<'i> {
    report: Report,
    /// What some of the documents say to the others.
    gathered: Gathered,
    /// The same documents.
    members: Vec<Member<'i>>,
}

/// A document that says something to the others.
struct Member<'i> {
    /// Its place in the report.
    document: usize,
    input: &'i Input,
    /// Its text, where it cannot be read again.
    source: Option<Arc<Source>>,
}

impl<'i> Part<'i> {
    /// For so many inputs. What stays takes its room before the first document is read: between the passing memory of two
    /// documents it would keep the heap in pieces.
    fn with_room(inputs: usize, in_fleet: bool) -> Part<'i> {
        let mut part = Part::default();
        part.report.documents.reserve_exact(inputs);
        if in_fleet {
            part.members.reserve_exact(inputs);
            part.gathered.reserve(inputs);
        }
        part
    }

    fn add(&mut self, input: &'i Input, outcome: Outcome) {
        let report = &mut self.report;
        match outcome {
            Outcome::Checked(file, failure, said) => {
                if let Some((facts, source)) = said {
                    self.gathered.add(&facts, Some(&input.relative));
                    self.members.push(Member {
                        document: report.documents.len(),
                        input,
                        source,
                    });
                }
                report.documents.push(file);
                report.failures.extend(failure);
            }
            Outcome::Skipped(skipped) => report.skipped.push(skipped),
            Outcome::Failed(failure) => report.failures.push(failure),
        }
    }
}

/// Each input by itself. What threads hand over are large parts, so that a document costs no memory of its own.
fn parts<'i>(inputs: &'i [Input], options: &Options) -> Vec<Part<'i>> {
    // One document has no others, and nobody asks for what no rule reads.
    let in_fleet = inputs.len() > 1
        && options
            .profiles
            .any(|p| p.selection.enabled_in(Group::Fleet) || p.settings.policies.need_others());
    let part = |inputs: &'i [Input]| {
        let mut part = Part::with_room(inputs.len(), in_fleet);
        for input in inputs {
            let mut work = || one(input, options, in_fleet, &mut part.report.stdin);
            let outcome = match &options.watch {
                Some(watch) => watch.input(&input.name, work),
                None => work(),
            };
            part.add(input, outcome);
        }
        part
    };
    match rayon::current_thread_index().is_some() {
        true => {
            let pieces = rayon::current_num_threads() * PIECES;
            let length = inputs.len().div_ceil(pieces).max(1);
            // Each piece can be taken by itself; several in one job would wait for each other at the end.
            let pieces = inputs.par_chunks(length).with_max_len(1);
            pieces.map(part).collect()
        }
        false => vec![part(inputs)],
    }
}

/// Puts the parts together, and adds what their documents say about each other.
fn whole(parts: Vec<Part<'_>>, options: &Options) -> Report {
    let mut report = Report {
        fixing: options.fixing,
        ..Report::default()
    };
    let mut all_gathered = Vec::with_capacity(parts.len());
    let mut all_members = Vec::new();
    for part in parts {
        let Part {
            report: of_part,
            gathered,
            members,
            ..
        } = part;
        let before = report.documents.len();
        all_members.extend(members.into_iter().map(|member| Member {
            document: before + member.document,
            ..member
        }));
        all_gathered.push(gathered);
        report.append(of_part);
    }
    if all_members.len() > 1 {
        let mut work = || compare_documents(&all_gathered, &all_members, options, &mut report);
        match &options.watch {
            Some(watch) => watch.together(work),
            None => work(),
        }
    }
    report
}

/// Answers the call for all inputs, in their order. What cannot be answered is a failure.
pub fn answer(inputs: &[Input], call: Call, options: &Options) -> Answers {
    let mut answers = Answers::default();
    for input in inputs {
        match answer_one(input, call, options) {
            Ok(answered) => answers.answers.push(answered),
            Err(failure) => answers.failures.push(failure),
        }
    }
    answers
}

fn answer_one(input: &Input, call: Call, options: &Options) -> Result<Answered, Failure> {
    let failed = |message: String| Failure {
        name: Some(input.name.to_string()),
        message,
    };
    // The service does not know the rules of users.
    let settings = &Settings {
        policies: Policies::default(),
        ..options.profiles.of(input).settings.clone()
    };
    if let Some(configuration) = options.profiles.broken(input) {
        return Err(failed(format!(
            "{configuration}, its configuration, has mistakes"
        )));
    }
    let limit = settings.limits.max_size;
    let source = match read(&input.place, input.size, limit) {
        Ok(Read::Whole(bytes)) => Source::from_bytes(input.name.clone(), bytes),
        Ok(Read::TooLarge(..)) => return Err(failed("is larger than --max-size".to_owned())),
        Err(error) => return Err(failed(reason(&error))),
    };
    let older = match &options.against {
        Some(against) => against.older(input, limit)?.map(Arc::new),
        None => None,
    };
    let work = || with_older(&source, older.as_ref(), call, settings);
    let response = catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(failed(panic_message(panic.as_ref()))))?;
    Ok(Answered {
        name: input.name.clone(),
        response,
    })
}

fn with_older(
    source: &Source,
    older: Option<&Arc<Source>>,
    call: Call,
    settings: &Settings,
) -> Result<Response, Failure> {
    let document = older
        .map(|older| {
            check::read(older, &for_older(settings)).map_err(|finding| unreadable(older, &finding))
        })
        .transpose()?;
    let older = older
        .zip(document.as_ref())
        .map(|(source, document)| Older {
            source: Arc::clone(source),
            document,
        });
    dry_run(call, source, older.as_ref(), settings).map_err(|finding| unreadable(source, &finding))
}

/// The version given for the new document does not speak of the old one.
fn for_older(settings: &Settings) -> Settings {
    Settings {
        api_version: None,
        ..settings.clone()
    }
}

/// Adds to the report what the documents say about each other.
fn compare_documents(
    gathered: &[Gathered],
    members: &[Member<'_>],
    options: &Options,
    report: &mut Report,
) {
    let load = |member: usize| {
        let member = members.get(member)?;
        match &member.source {
            Some(source) => Some(Arc::clone(source)),
            None => read_again(member.input, options),
        }
    };
    let names = members.iter().map(|member| &member.input.name[..]);
    let profiles = &options.profiles;
    let settings = &profiles.together().settings;
    let enabled = |rule| profiles.any(|profile| profile.selection.enabled(rule));
    let work = || fleet::check(gathered, names, settings, &enabled, &load);
    let additions = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(additions) => additions,
        Err(panic) => {
            let message = panic_message(panic.as_ref());
            report.failures.push(Failure {
                name: None,
                message,
            });
            return;
        }
    };
    for addition in additions {
        let Member {
            document, input, ..
        } = members[addition.member];
        let file = &mut report.documents[document];
        match addition.source {
            Some(source) => {
                file.source = Some(source);
                file.secrets = addition.secrets;
            }
            None => report.failures.push(Failure {
                name: Some(input.name.to_string()),
                message: "changed while it was checked: run the check again".to_owned(),
            }),
        }
        let mut findings = addition.findings;
        profiles.of(input).selection.apply(&mut findings);
        if let Some(suppressions) = &mut file.suppressions {
            suppressions.mark(&mut findings);
        }
        if let Some(accepted) = &profiles.of(input).accepted {
            accepted.mark(&mut findings);
        }
        file.findings.extend(findings);
        file.findings.sort_by_key(|f| (f.span, f.rule));
    }
}

/// The text of a document whose text was dropped.
fn read_again(input: &Input, options: &Options) -> Option<Arc<Source>> {
    match read(
        &input.place,
        None,
        options.profiles.of(input).settings.limits.max_size,
    ) {
        Ok(Read::Whole(bytes)) => Some(Arc::new(Source::from_bytes(input.name.clone(), bytes))),
        _ => None,
    }
}

enum Outcome {
    /// With its facts and, if it cannot be read again, its text.
    Checked(
        FileReport,
        Option<Failure>,
        Option<(Facts, Option<Arc<Source>>)>,
    ),
    Skipped(Skipped),
    Failed(Failure),
}

fn one(input: &Input, options: &Options, in_fleet: bool, stdin: &mut Option<Vec<u8>>) -> Outcome {
    let failed = |message: String| {
        Outcome::Failed(Failure {
            name: Some(input.name.to_string()),
            message,
        })
    };
    if let Some(configuration) = options.profiles.broken(input) {
        let why = format!("{configuration}, its configuration, has mistakes");
        return skipped(input, Cause::Configuration, why);
    }
    let limit = options.profiles.of(input).settings.limits.max_size;
    let is_passed_on = options.fixing.is_on() && input.place == Place::Stdin;
    let source = match read(&input.place, input.size, limit) {
        Ok(Read::Whole(bytes)) => {
            if is_passed_on {
                *stdin = Some(bytes.clone());
            }
            Source::from_bytes(input.name.clone(), bytes)
        }
        Ok(Read::TooLarge(..)) if is_passed_on => {
            return failed("cannot be fixed: it is larger than --max-size".to_owned());
        }
        Ok(Read::TooLarge(size, head)) => {
            let head = Source::from_bytes(input.name.clone(), head);
            return match is_passed_over(input, &head, options) {
                true => skipped(input, Cause::Foreign, NOT_OURS),
                false => too_large(input, size, options),
            };
        }
        Err(error) => return failed(reason(&error)),
    };
    if is_passed_over(input, &source, options) {
        return skipped(input, Cause::Foreign, NOT_OURS);
    }
    let older = options
        .against
        .as_ref()
        .map(|against| against.older(input, limit))
        .transpose();
    let (older, failure) = match older {
        Ok(older) => (older.flatten().map(Arc::new), None),
        Err(failure) => (None, Some(failure)),
    };
    let outcome = checked(input, source, older, failure, options, in_fleet);
    if let (true, Outcome::Checked(file, ..)) = (is_passed_on, &outcome)
        && let Some(after) = file.repair.as_ref().and_then(|r| r.after.as_ref())
    {
        *stdin = Some(after.encode(after.text()));
    }
    outcome
}

/// The reason of an input that is passed over for what it holds.
const NOT_OURS: &str = "no CloudFront XML";

fn is_passed_over(input: &Input, source: &Source, options: &Options) -> bool {
    (!input.named || options.skip_foreign) && !is_cloudfront(source)
}

fn skipped(input: &Input, cause: Cause, reason: impl Into<String>) -> Outcome {
    Outcome::Skipped(Skipped {
        name: input.name.to_string(),
        cause,
        reason: reason.into(),
    })
}

fn too_large(input: &Input, size: u64, options: &Options) -> Outcome {
    let source = Arc::new(Source::from_bytes(input.name.clone(), Vec::new()));
    let profile = options.profiles.of(input);
    let mut findings = vec![syntax::too_large(size, &profile.settings.limits)];
    profile.selection.apply(&mut findings);
    if let Some(accepted) = &profile.accepted {
        accepted.note_unread();
    }
    let file = FileReport {
        name: Arc::clone(&input.name),
        source: Some(source),
        fail_on: profile.fail_on,
        findings,
        ..FileReport::default()
    };
    Outcome::Checked(file, None, None)
}

/// Whether the root of a text, well-formed or not, says that the document is meant for CloudFront.
fn is_cloudfront(source: &Source) -> bool {
    let Some(root) = syntax::sniff(source.text()) else {
        return false;
    };
    let uri = root.namespace.unwrap_or("");
    let known = Root::find(root.local).filter(|r| !r.common_name).is_some();
    match Namespace::of(uri) {
        Namespace::None => known,
        Namespace::Foreign => known && uri.contains("amazonaws"),
        _ => true,
    }
}

/// Checks a document. `failure` says that its older document could not be had; its own findings count all the same.
fn checked(
    input: &Input,
    source: Source,
    older: Option<Arc<Source>>,
    failure: Option<Failure>,
    options: &Options,
    in_fleet: bool,
) -> Outcome {
    let mut fixed = None;
    // Without its older document, a document might be fixed in another way.
    let may_fix = options.fixing.is_on() && failure.is_none();
    let profile = options.profiles.of(input);
    let fail_on = profile.fail_on;
    let job = Comparison {
        input,
        options,
        profile,
        in_fleet,
        may_fix,
    };
    let (checked, later_failure) =
        guarded(input, || job.compare(&source, older.as_ref(), &mut fixed));
    let compared = older.is_some() && later_failure.is_none();
    if let Some(fixed) = fixed {
        return repaired(input, source, fixed, checked, (compared, fail_on));
    }
    let findings = checked.findings;
    let kept = !findings.is_empty() || input.place == Place::Stdin && in_fleet;
    let source = kept.then(|| Arc::new(source));
    let said = checked.facts.map(|facts| (facts, source.clone()));
    let file = FileReport {
        name: Arc::clone(&input.name),
        source: source.filter(|_| !findings.is_empty()),
        secrets: checked.secrets,
        parsed: checked.parsed,
        compared,
        fail_on,
        findings,
        suppressions: checked.suppressions,
        repair: None,
    };
    Outcome::Checked(file, failure.or(later_failure), said)
}

/// The report on a document that fixes have changed, or might have.
fn repaired(
    input: &Input,
    before: Source,
    fixed: Fixed,
    mut checked: Checked,
    (compared, fail_on): (bool, FailOn),
) -> Outcome {
    let before = Arc::new(before);
    let after = fixed.source.map(Arc::new);
    let now = after.as_ref().unwrap_or(&before);
    // The file may still hold the old text when the others of the run ask for it.
    let said = checked.facts.take();
    let said = said.map(|facts| (facts, Some(Arc::clone(now))));
    let report = |checked: Checked, source: &Arc<Source>| FileReport {
        name: Arc::clone(&input.name),
        source: (!checked.findings.is_empty()).then(|| Arc::clone(source)),
        secrets: checked.secrets,
        parsed: checked.parsed,
        compared,
        fail_on,
        findings: checked.findings,
        suppressions: checked.suppressions,
        repair: None,
    };
    let mut file = report(checked, now);
    let unfixed = fixed.before.map(|checked| report(checked, &before));
    file.repair = Some(Box::new(Repair {
        before,
        after,
        applied: fixed.applied,
        left_out: fixed.left_out,
        place: input.place.clone(),
        unfixed,
    }));
    Outcome::Checked(file, None, said)
}

/// Writes the texts that fixes have made of documents, each into its file. One that cannot be written is a failure, its
/// file is as it was, and so is what is reported of it.
pub fn write_fixes(report: &mut Report) {
    let failures = report.documents.iter_mut().filter_map(write_fix);
    report.failures.extend(failures);
}

/// Writes a text that fixes have made; returns why that cannot be done.
fn write_fix(file: &mut FileReport) -> Option<Failure> {
    let repair = file.repair.as_deref_mut()?;
    let (Place::File(path), Some(after)) = (&repair.place, &repair.after) else {
        return None;
    };
    let why = match write::replace(path, &repair.before, after) {
        Ok(()) => return None,
        Err(NotWritten::Changed) => "it has changed since it was read".to_owned(),
        Err(NotWritten::Io(error)) => reason(&error),
    };
    let unfixed = repair.unfixed.take().unwrap_or_default();
    let name = std::mem::take(&mut file.name);
    *file = FileReport { name, ..unfixed };
    Some(Failure {
        name: Some(file.name.to_string()),
        message: format!("was not fixed: {why}"),
    })
}

/// Fixes the files that steer the run and that `place` knows by name, and writes them if that is wanted. Afterwards, what
/// is reported of them is what is left.
pub(crate) fn fix_steering(report: &mut Report, place: impl Fn(&str) -> Option<PathBuf>) {
    let fixing = report.fixing;
    for file in &mut report.steering {
        let Some((path, before)) = place(&file.name).zip(file.source.clone()) else {
            continue;
        };
        let Some(fixed) = fix::once(&before, &file.findings, fixing) else {
            continue;
        };
        let after = Arc::new(fixed.source);
        let unfixed = std::mem::replace(
            file,
            FileReport {
                name: file.name.clone(),
                source: Some(Arc::clone(&after)),
                parsed: file.parsed,
                fail_on: file.fail_on,
                findings: fixed.findings,
                ..FileReport::default()
            },
        );
        file.repair = Some(Box::new(Repair {
            before,
            after: Some(after),
            applied: fixed.applied,
            left_out: Vec::new(),
            place: Place::File(path),
            unfixed: Some(unfixed),
        }));
        if fixing.mode == Mode::Apply {
            report.failures.extend(write_fix(file));
        }
    }
}

/// What is done with one document.
struct Comparison<'a> {
    input: &'a Input,
    options: &'a Options,
    profile: &'a Profile,
    in_fleet: bool,
    may_fix: bool,
}

impl Comparison<'_> {
    /// Checks a document beside the older one and the primary distribution, as far as they are there and can be read, and
    /// fixes it if that is wanted.
    fn compare(
        &self,
        source: &Source,
        older: Option<&Arc<Source>>,
        fixed: &mut Option<Fixed>,
    ) -> (Checked, Option<Failure>) {
        let settings = &self.profile.settings;
        let (old, failure) = split(read_beside(older, settings));
        let primary = self.options.primary.as_ref();
        let (first, no_primary) = split(read_beside(primary, settings).and_then(a_distribution));
        let older = older.zip(old.as_ref()).map(|(source, document)| Older {
            source: Arc::clone(source),
            document,
        });
        let primary = primary.zip(first.as_ref());
        let primary = primary.map(|(source, document)| Primary {
            source: Arc::clone(source),
            document,
        });
        let beside = Beside {
            older: older.as_ref(),
            primary: primary.as_ref(),
        };
        let failure = failure.or(no_primary);
        let mut checked = check::examine(source, &beside, settings, self.in_fleet);
        let triage = |checked: &mut Checked| {
            let selection = &self.profile.selection;
            selection.apply(&mut checked.findings);
            let ran = Ran {
                selection,
                policies: &settings.policies,
                operation: check::operation_of(&beside, settings),
                operation_given: settings.operation.is_some(),
                compared: older.is_some(),
            };
            suppress::settle(checked, self.profile.accepted.as_deref(), ran);
        };
        // A comment that accepts nothing is found at last.
        let may_be_fixable = || {
            checked.suppressions.is_some()
                || checked.findings.iter().any(|finding| finding.fix.is_some())
        };
        match self.may_fix && failure.is_none() && may_be_fixable() {
            false => triage(&mut checked),
            true => {
                let mut done = self.fix(source, checked, &beside, &triage);
                checked = std::mem::take(&mut done.checked);
                *fixed = (done.source.is_some() || !done.left_out.is_empty()).then_some(done);
            }
        }
        (checked, failure)
    }

    fn fix(
        &self,
        source: &Source,
        checked: Checked,
        beside: &Beside<'_>,
        triage: &dyn Fn(&mut Checked),
    ) -> Fixed {
        let settings = &self.profile.settings;
        let examine = |source: &Source| {
            let work = || {
                (
                    check::examine(source, beside, settings, self.in_fleet),
                    None,
                )
            };
            guarded(self.input, work).0
        };
        let job = Job {
            check: &examine,
            triage: &|source, checked| {
                triage(checked);
                self.options.earlier.mark(source, checked);
            },
            wanted: &|_, fix| self.options.fixing.wants(fix),
        };
        fix::run(source, checked, &job)
    }
}

fn read_beside<'s>(
    source: Option<&'s Arc<Source>>,
    settings: &Settings,
) -> Result<Option<Document<'s>>, Failure> {
    let read = |source: &'s Arc<Source>| {
        check::read(source, &for_older(settings)).map_err(|finding| unreadable(source, &finding))
    };
    source.map(read).transpose()
}

fn a_distribution(document: Option<Document<'_>>) -> Result<Option<Document<'_>>, Failure> {
    let is_one = |document: &Document<'_>| {
        document.recognised().is_some() && configuration(document).name() == "DistributionConfig"
    };
    match document {
        Some(document) if !is_one(&document) => Err(Failure {
            name: Some(document.source().name().to_owned()),
            message: "is no configuration of a distribution, so it cannot be the primary one"
                .to_owned(),
        }),
        document => Ok(document),
    }
}

fn split<T>(result: Result<Option<T>, Failure>) -> (Option<T>, Option<Failure>) {
    match result {
        Ok(found) => (found, None),
        Err(failure) => (None, Some(failure)),
    }
}

/// Why a document could not be understood, and where.
pub(crate) fn unreadable(older: &Source, finding: &Finding) -> Failure {
    let position = older.position(finding.span.start);
    let (line, column) = (position.line, position.column);
    Failure {
        name: Some(older.name().to_owned()),
        message: format!("line {line}, column {column}: {}", finding.message),
    }
}

/// Does the work for one input; a panic stops neither the run nor the other inputs.
fn guarded(
    input: &Input,
    work: impl FnOnce() -> (Checked, Option<Failure>),
) -> (Checked, Option<Failure>) {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| crashed(input, panic.as_ref()))
}

/// A rule panicked: a bug of ours, which must neither hide nor stop the other documents.
fn crashed(input: &Input, panic: &(dyn std::any::Any + Send)) -> (Checked, Option<Failure>) {
    let message = panic_message(panic);
    let finding = Finding::new(id::INTERNAL_ERROR, Span::at(0), message.clone())
        .help("please report this, with the document if it can be shared");
    let failure = Failure {
        name: Some(input.name.to_string()),
        message,
    };
    (
        Checked {
            findings: vec![finding],
            ..Checked::default()
        },
        Some(failure),
    )
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or(panic.downcast_ref::<&str>().copied());
    format!("internal error: {}", text.unwrap_or("a rule panicked"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;

    #[test]
    fn a_panic_is_a_finding_and_a_failure() {
        let input = Input {
            name: "site.xml".into(),
            place: Place::Stdin,
            named: true,
            relative: "site.xml".into(),
            size: None,
            profile: 0,
        };
        let (checked, failure) = guarded(&input, || panic!("rule {} went wrong", "x"));
        let finding = &checked.findings[0];
        assert_eq!(
            (finding.rule, finding.level),
            (id::INTERNAL_ERROR, Level::Error)
        );
        assert_eq!(finding.message, "internal error: rule x went wrong");
        let failure = failure.unwrap();
        assert_eq!(failure.name.as_deref(), Some("site.xml"));
        assert_eq!(failure.message, finding.message);
    }
}
