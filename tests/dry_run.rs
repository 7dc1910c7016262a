//! What the service would answer, for the examples on the pages of the rules and for whole documents.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cloudfront_lint::schema::{ApiVersion, roots};
use cloudfront_lint::{
    Call, Finding, Level, MESSAGES, MessageSource, Older, Operation, RULES, Response, Rule,
    Settings, Source, Stage, Verdict, check, dry_run, read,
};
use support::page::{Example, Reading, examples};
use support::unmark;

/// An example on a page, checked and answered.
fn answer(example: &Example) -> (Vec<Finding>, Response) {
    let reading = Reading::of(&example.block.info).unwrap();
    let operation = match example.against {
        Some(_) => Operation::Update,
        None => reading.operation.unwrap_or(Operation::Create),
    };
    let reading = Reading {
        operation: Some(operation),
        ..reading
    };
    let marked = reading.document(&example.block.text).unwrap();
    let source = Source::from_bytes("example.xml", unmark(&marked).unwrap().0.into_bytes());
    let settings = Settings {
        operation: Some(operation),
        ..Settings::default()
    };
    let old = example.against.as_ref().map(|block| {
        let text = reading.document(&block.text).unwrap();
        Arc::new(Source::from_bytes("older.xml", text.into_bytes()))
    });
    let document = old.as_ref().map(|old| read(old, &settings).unwrap());
    let older = old.as_ref().zip(document.as_ref());
    let older = older.map(|(source, document)| Older {
        source: Arc::clone(source),
        document,
    });
    let findings = check(&source, older.as_ref(), &settings).findings;
    let response = dry_run(operation, &source, older.as_ref(), &settings).unwrap();
    (findings, response)
}

fn failing(rule: &Rule) -> Vec<Example> {
    match rule.error {
        Some(_) => examples(rule, "Fails").unwrap(),
        // What the service says to it is not known.
        None => Vec::new(),
    }
}

/// The rules of the refusals, in order.
fn rules(response: &Response) -> Vec<&'static str> {
    let refusals = response.refusals.iter().chain(&response.possible);
    let faults = refusals.flat_map(|refusal| &refusal.faults);
    faults.map(|fault| fault.rule.name()).collect()
}

/// A dry run refuses what `check` calls an error that the service answers, and may refuse what it warns of.
#[test]
fn the_answer_is_in_the_findings() {
    let mut answered = 0;
    for example in RULES.iter().flat_map(failing) {
        let place = &example.place;
        let (findings, response) = answer(&example);
        let wrong_root = findings.iter().any(|f| f.rule.name() == "wrong-root");
        let told = findings
            .iter()
            .filter(|f| f.api_error.is_some())
            .filter(|f| !wrong_root || f.rule.name() == "wrong-root");
        let mut expected: Vec<_> = told.clone().map(|f| f.rule.name()).collect();
        let mut found = rules(&response);
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{place}");
        if told.clone().any(|f| f.level == Level::Error) {
            assert_eq!(response.verdict(), Verdict::Refused, "{place}");
        }
        let codes = response.refusals.iter().chain(&response.possible);
        let codes: BTreeSet<&str> = codes.map(|refusal| refusal.code).collect();
        let wanted: BTreeSet<&str> = told.filter_map(|f| Some(f.api_error?.code)).collect();
        assert_eq!(codes, wanted, "{place}");
        answered += 1;
    }
    assert!(answered > 300, "only {answered} examples");
}

#[test]
fn stages_come_in_their_order() {
    for example in RULES.iter().flat_map(failing) {
        let (_, response) = answer(&example);
        for refusals in [&response.refusals, &response.possible] {
            let stages: Vec<Stage> = refusals.iter().map(|refusal| refusal.stage).collect();
            assert!(stages.is_sorted(), "{}: {stages:?}", example.place);
            let models = stages.iter().filter(|stage| **stage == Stage::Model);
            assert!(models.count() < 2, "{}: {stages:?}", example.place);
        }
    }
}

#[test]
fn the_body_is_well_formed() {
    for example in RULES.iter().flat_map(failing) {
        let (_, response) = answer(&example);
        let Some(body) = response.to_xml() else {
            assert_ne!(response.verdict(), Verdict::Refused, "{}", example.place);
            continue;
        };
        let tree = roxmltree::Document::parse(&body).unwrap();
        let text = |name: &str| {
            let found = tree
                .descendants()
                .find(|node| node.tag_name().name() == name);
            found.unwrap().text().unwrap_or_default()
        };
        let answer = response.answer().unwrap();
        assert_eq!(text("Code"), answer.code, "{}", example.place);
        assert_eq!(text("Message"), answer.message, "{}", example.place);
        let namespace = tree.root_element().tag_name().namespace();
        assert_eq!(namespace, Some(&response.version.namespace()[..]));
    }
}

/// Every row of rules/messages.toml is what some example is answered with: no condition of it can never hold.
#[test]
fn every_message_is_said() {
    let mut unsaid = Vec::new();
    let documents = documents();
    // Lists have a test of their own.
    for row in MESSAGES.iter().filter(|row| !row.list) {
        let rule = RULES.iter().find(|rule| rule.name == row.rule).unwrap();
        let said = examples(rule, "Fails")
            .unwrap()
            .iter()
            .any(|example| says(&answer(example).1, row.text));
        let said = said || documents.iter().any(|response| says(response, row.text));
        if !said {
            unsaid.push(format!("{}: {}", row.rule, row.text));
        }
    }
    assert!(
        unsaid.is_empty(),
        "no example is answered\n{}",
        unsaid.join("\n")
    );
}

/// The answers to the documents in testdata/dry-run; their names begin with what they are sent for.
fn documents() -> Vec<Response> {
    let answer = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap();
        let operation = match name.starts_with("update-") {
            true => Operation::Update,
            false => Operation::Create,
        };
        let source = Source::from_bytes(name, fs::read(&path).unwrap());
        dry_run(operation, &source, None, &Settings::default()).unwrap()
    };
    testdata("dry-run").into_iter().map(answer).collect()
}

/// What CloudFront accepts is not refused, for whatever operation takes it.
#[test]
fn valid_documents_are_accepted() {
    for path in testdata("valid") {
        let source = Source::from_bytes("a.xml", fs::read(&path).unwrap());
        for operation in Operation::ALL {
            let response = dry_run(operation, &source, None, &Settings::default()).unwrap();
            let refused: Vec<&str> = response
                .refusals
                .iter()
                .flat_map(|refusal| &refusal.faults)
                .map(|fault| fault.rule.name())
                .filter(|rule| !["wrong-root", "missing-on-update"].contains(rule))
                .collect();
            assert!(refused.is_empty(), "{}: {refused:?}", path.display());
        }
    }
}

/// Documents that were cut off anywhere have an answer, too, and its body is well-formed.
#[test]
fn pieces_of_documents_are_answered() {
    let documents = [testdata("dry-run"), testdata("syntax")].concat();
    for path in documents {
        let bytes = fs::read(&path).unwrap();
        for part in 0..24 {
            let piece = bytes[..bytes.len() * part / 23].to_vec();
            let source = Source::from_bytes("a.xml", piece);
            let Ok(response) = dry_run(Operation::Update, &source, None, &Settings::default())
            else {
                continue;
            };
            if let Some(body) = response.to_xml() {
                assert!(roxmltree::Document::parse(&body).is_ok(), "{body}");
            }
        }
    }
}

/// The files of a directory of testdata, sorted.
fn testdata(directory: &str) -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("testdata")
        .join(directory);
    let files = fs::read_dir(directory).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

/// Whether an answer has these words of the service.
fn says(response: &Response, text: &str) -> bool {
    let refusals = response.refusals.iter().chain(&response.possible);
    let mut words = refusals.filter(|refusal| refusal.message_source == MessageSource::Service);
    words.any(|refusal| contains(&refusal.message, text))
}

/// Whether the parts of a text between its placeholders stand in a message, in their order.
fn contains(message: &str, text: &str) -> bool {
    let parts = text.split('{').enumerate();
    let mut parts = parts.map(|(index, part)| match index {
        0 => part,
        _ => part.split_once('}').unwrap().1,
    });
    let mut rest = message;
    parts.all(|part| match rest.find(part) {
        Some(at) => {
            rest = &rest[at + part.len()..];
            true
        }
        None => false,
    })
}

fn distribution(content: &str) -> Source {
    let text = format!(
        "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{content}</DistributionConfig>"
    );
    Source::from_bytes("a.xml", text.into_bytes())
}

#[test]
fn violations_of_the_model_are_counted_and_joined() {
    let source = distribution(
        "<CallerReference>a</CallerReference><Enabled>true</Enabled><PriceClass>All</PriceClass>",
    );
    let response = dry_run(Operation::Create, &source, None, &Settings::default()).unwrap();
    let answer = response.answer().unwrap();
    let missing = |name: &str| {
        format!(
            "Value null at 'distributionConfig.{name}' failed to satisfy constraint: Member must not be null"
        )
    };
    let expected = format!(
        "4 validation errors detected: {}; {}; {}; Value 'All' at 'distributionConfig.priceClass' failed to satisfy \
         constraint: Member must satisfy enum value set: [PriceClass_100, PriceClass_200, PriceClass_All, None]",
        missing("origins"),
        missing("defaultCacheBehavior"),
        missing("comment"),
    );
    assert_eq!(answer.message, expected);
    assert_eq!(answer.message_source, MessageSource::Service);
    assert_eq!(answer.faults.len(), 4);
}

#[test]
fn a_list_of_words_is_one_violation() {
    let methods = "<AllowedMethods><Quantity>2</Quantity><Items><Method>GIT</Method><Method>HAED</Method></Items></AllowedMethods>";
    let source = distribution(&format!(
        "<CallerReference>a</CallerReference><Comment/><Enabled>true</Enabled>\
         <Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id><DomainName>www.example.com</DomainName>\
         <CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort>\
         <OriginProtocolPolicy>https-only</OriginProtocolPolicy></CustomOriginConfig></Origin></Items></Origins>\
         <DefaultCacheBehavior><TargetOriginId>o</TargetOriginId><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy>\
         <CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>{methods}</DefaultCacheBehavior>"
    ));
    let response = dry_run(Operation::Create, &source, None, &Settings::default()).unwrap();
    let answer = response.answer().unwrap();
    assert_eq!(
        answer.message,
        "1 validation error detected: Value '[GIT, HAED]' at \
         'distributionConfig.defaultCacheBehavior.allowedMethods.items' failed to satisfy constraint: Member must satisfy \
         constraint: [Member must satisfy enum value set: [GET, HEAD, POST, PUT, PATCH, OPTIONS, DELETE]]"
    );
    assert_eq!(answer.faults.len(), 2);
}

#[test]
fn a_limit_of_ours_is_no_answer() {
    let source = Source::from_bytes("a.xml", b"<!DOCTYPE x><x/>".to_vec());
    let finding = dry_run(Operation::Create, &source, None, &Settings::default()).unwrap_err();
    assert_eq!(finding.rule.name(), "forbidden-doctype");
}

/// What is called, for a root.
fn called(operation: Operation, root: &str) -> Option<&'static str> {
    let text = format!("<{root} xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"/>");
    let source = Source::from_bytes("a.xml", text.into_bytes());
    let response = dry_run(operation, &source, None, &Settings::default()).unwrap();
    response.call
}

#[test]
fn the_root_names_the_operation() {
    use Operation::{Copy, Create, Update};
    for (operation, root, call) in [
        (Create, "DistributionConfig", Some("CreateDistribution")),
        (
            Create,
            "DistributionConfigWithTags",
            Some("CreateDistributionWithTags"),
        ),
        (Create, "InvalidationBatch", Some("CreateInvalidation")),
        (Create, "CachePolicyConfig", Some("CreateCachePolicy")),
        (Update, "CachePolicyConfig", Some("UpdateCachePolicy")),
        (
            Update,
            "StreamingDistributionConfig",
            Some("UpdateStreamingDistribution"),
        ),
        (Update, "InvalidationBatch", None),
        (Copy, "CopyDistributionRequest", Some("CopyDistribution")),
        (Copy, "DistributionConfig", Some("CopyDistribution")),
        (Create, "rss", None),
    ] {
        assert_eq!(called(operation, root), call, "{operation:?} {root}");
    }
    // No operation takes two roots, else its name would not tell what is to be sent.
    let mut names: Vec<&str> = Call::all().filter_map(Call::name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(roots().len() > count / 2);
}

#[test]
fn another_kind_of_document_is_the_wrong_root() {
    let streaming =
        "<StreamingDistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"/>";
    let source = Source::from_bytes("a.xml", streaming.into());
    let old = Arc::new(distribution("<CallerReference>a</CallerReference>"));
    let document = read(&old, &Settings::default()).unwrap();
    let older = Older {
        source: Arc::clone(&old),
        document: &document,
    };
    let settings = Settings::default();
    let response = dry_run(Operation::Update, &source, Some(&older), &settings).unwrap();
    assert_eq!(response.call, Some("UpdateDistribution"));
    assert_eq!(rules(&response), ["document-kind-changed"]);
    assert!(response.cut_short && response.unknown.is_empty());
    let call = Call::named("UpdateDistribution").unwrap();
    let response = dry_run(call, &source, None, &settings).unwrap();
    assert_eq!(rules(&response), ["wrong-root"]);
    assert!(Call::named("ListDistributions").is_none());
}

#[test]
fn the_version_that_is_called_names_the_body() {
    let settings = Settings {
        api_version: ApiVersion::parse("2016-11-25"),
        ..Settings::default()
    };
    let source = distribution("<Enabled>true</Enabled>");
    let response = dry_run(Operation::Create, &source, None, &settings).unwrap();
    assert!(response.to_xml().unwrap().contains("/doc/2016-11-25/"));
    // Even where the document cannot be read.
    let text =
        "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2017-03-25/\"><Comment>";
    let source = Source::from_bytes("a.xml", text.into());
    let response = dry_run(Operation::Create, &source, None, &Settings::default()).unwrap();
    assert_eq!(response.call, Some("CreateDistribution"));
    assert!(response.to_xml().unwrap().contains("/doc/2017-03-25/"));
}

#[test]
fn only_what_is_in_the_document_is_asked() {
    let aliases: String = (0..5)
        .map(|n| format!("<CNAME>w{n}.example.com</CNAME>"))
        .collect();
    let source = distribution(&format!(
        "<CallerReference>a</CallerReference><Aliases><Quantity>5</Quantity><Items>{aliases}</Items></Aliases>\
         <DefaultCacheBehavior><CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>\
         <OriginRequestPolicyId>11111111-2222-3333-4444-555555555555</OriginRequestPolicyId></DefaultCacheBehavior>\
         <WebACLId></WebACLId>"
    ));
    let response = dry_run(Operation::Create, &source, None, &Settings::default()).unwrap();
    let questions: Vec<&str> = response.unknown.iter().map(|u| &u.question[..]).collect();
    assert_eq!(
        questions,
        [
            "whether the caller may make this call",
            "whether the quotas of the account have room for it",
            "whether another distribution of the account has the CallerReference a",
            "whether another distribution, of any account, has the name w0.example.com, w1.example.com, \
             w2.example.com or 2 more",
            // The cache policy is one of those that AWS manages.
            "whether the policy 11111111-2222-3333-4444-555555555555 exists",
        ]
    );
}

/// A request that is what the call takes as a whole, and no member of it.
fn function(name: &str) -> Source {
    let text = format!(
        "<CreateFunctionRequest xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{name}<FunctionConfig>\
         <Comment/><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig><FunctionCode>eA==</FunctionCode>\
         </CreateFunctionRequest>"
    );
    Source::from_bytes("a.xml", text.into_bytes())
}

#[test]
fn a_request_is_no_part_of_its_paths() {
    let response = dry_run(Operation::Create, &function(""), None, &Settings::default()).unwrap();
    let answer = response.answer().unwrap();
    assert_eq!(
        answer.message,
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"
    );
    assert_eq!(answer.faults[0].api_path.as_deref(), Some("name"));
}

/// As anomalyco/sst#6874 shows.
#[test]
fn a_long_name_breaks_its_pattern_too() {
    let name = "a".repeat(65);
    let source = function(&format!("<Name>{name}</Name>"));
    let response = dry_run(Operation::Create, &source, None, &Settings::default()).unwrap();
    let answer = response.answer().unwrap();
    let expected = format!(
        "2 validation errors detected: Value '{name}' at 'name' failed to satisfy constraint: Member must have length \
         less than or equal to 64; Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy regular \
         expression pattern: [a-zA-Z0-9-_]{{1,64}}"
    );
    assert_eq!(answer.message, expected);
    assert_eq!(answer.faults.len(), 1);
}

/// Two findings may stand at one element: the service's words belong to the one that speaks of what they name.
#[test]
fn words_about_what_is_missing_belong_to_one_finding() {
    let source = distribution("<CallerReference>a</CallerReference>");
    let response = dry_run(Operation::Update, &source, None, &Settings::default()).unwrap();
    let words = "The specified list of custom error responses does not exist or is not valid.";
    let all = response.refusals.iter().chain(&response.possible);
    let said: Vec<&str> = all
        .filter(|refusal| refusal.message == words)
        .map(|refusal| &refusal.faults[0].message[..])
        .collect();
    assert_eq!(said, ["an update needs CustomErrorResponses"]);
    let aliases = response.possible.iter();
    let mut aliases = aliases.filter(|refusal| refusal.message.contains("Aliases"));
    assert_eq!(aliases.next().unwrap().message_source, MessageSource::Ours);
}

#[test]
fn what_nobody_has_seen_is_left_open() {
    let source = distribution(
        "<CallerReference>a</CallerReference>\n<Enabled> true</Enabled><Enabled>false</Enabled>\
         <PriceClass>PriceClass_All </PriceClass>",
    );
    let response = dry_run(Operation::Create, &source, None, &Settings::default()).unwrap();
    let questions = response.unknown.iter().filter(|u| u.codes.is_empty());
    let questions: Vec<&str> = questions.map(|u| &u.question[..]).collect();
    assert_eq!(
        questions,
        [
            "whether it takes this all the same: Enabled may appear only once in DistributionConfig (line 2)",
            "whether it takes this all the same: the value of Enabled has blanks around it (line 2, and 1 more)",
        ]
    );
}

/// What one quota is answered with is no alternative for another one.
#[test]
fn no_code_is_its_own_alternative() {
    let responses = RULES.iter().flat_map(failing).map(|e| answer(&e).1);
    for response in responses.chain(documents()) {
        for refusal in response.refusals.iter().chain(&response.possible) {
            assert!(
                !refusal.alternatives.contains(&refusal.code),
                "{}",
                refusal.message
            );
        }
    }
}
