//! Several documents of one run, compared with each other.

use std::fmt::Write as _;
use std::ops::Range;

use crate::support::{Run, Sandbox, formats};

const ALIAS: &str = "alias-of-another-distribution";
const REFERENCE: &str = "duplicate-caller-reference";
const VERSION: &str = "http-version-differs";

/// What goes into a distribution; everything else is the same in all of them.
#[derive(Clone, Copy)]
struct Site<'s> {
    reference: &'s str,
    aliases: &'s [&'s str],
    origin: &'s str,
    comment: &'s str,
    /// Further members of the configuration.
    more: &'s str,
    /// Further members of the default behavior.
    behavior: &'s str,
    /// The last digits of the certificate.
    certificate: &'s str,
}

impl Default for Site<'_> {
    fn default() -> Self {
        Site {
            reference: "site",
            aliases: &[],
            origin: "origin.example.net",
            comment: "",
            more: "",
            behavior: "<CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>",
            certificate: "8888",
        }
    }
}

impl Site<'_> {
    /// The configuration, without the start tag.
    fn inside(&self) -> String {
        let Site {
            reference,
            aliases,
            origin,
            comment,
            more,
            behavior,
            certificate,
        } = self;
        let mut names = String::new();
        for alias in *aliases {
            let _ = writeln!(names, "      <CNAME>{alias}</CNAME>");
        }
        let viewer = match aliases {
            [] => String::new(),
            _ if more.contains("<ViewerCertificate>") => String::new(),
            _ => format!(
                "  <ViewerCertificate>
    <ACMCertificateArn>arn:aws:acm:us-east-1:111122223333:certificate/11112222-3333-4444-5555-66667777{certificate}</ACMCertificateArn>
    <SSLSupportMethod>sni-only</SSLSupportMethod>
    <MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion>
  </ViewerCertificate>\n"
            ),
        };
        format!(
            "
  <CallerReference>{reference}</CallerReference>
  <Aliases>
    <Quantity>{}</Quantity>
    <Items>
{names}    </Items>
  </Aliases>
  <Origins>
    <Quantity>1</Quantity>
    <Items>
      <Origin>
        <Id>site</Id>
        <DomainName>{origin}</DomainName>
        <CustomHeaders>
          <Quantity>1</Quantity>
          <Items>
            <OriginCustomHeader>
              <HeaderName>X-Key</HeaderName>
              <HeaderValue>tell-nobody</HeaderValue>
            </OriginCustomHeader>
          </Items>
        </CustomHeaders>
        <CustomOriginConfig>
          <HTTPPort>80</HTTPPort>
          <HTTPSPort>443</HTTPSPort>
          <OriginProtocolPolicy>https-only</OriginProtocolPolicy>
        </CustomOriginConfig>
      </Origin>
    </Items>
  </Origins>
  <DefaultCacheBehavior>
    <TargetOriginId>site</TargetOriginId>
    <ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>
    {behavior}
  </DefaultCacheBehavior>
  <Comment>{comment}</Comment>
  <Enabled>true</Enabled>
{viewer}{more}</DistributionConfig>\n",
            aliases.len()
        )
        .replace("    <Items>\n    </Items>\n", "")
    }

    fn document(&self) -> String {
        format!(
            "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{}",
            self.inside()
        )
    }

    /// The answer of the API that has it.
    fn answer(&self, id: &str) -> String {
        format!(
            "<Distribution xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">
<Id>{id}</Id><DomainName>{}.cloudfront.net</DomainName>
<DistributionConfig>{}</Distribution>\n",
            id.to_ascii_lowercase(),
            self.inside()
        )
    }
}

/// A distribution with this reference and these aliases.
fn site(reference: &str, aliases: &[&str]) -> String {
    let site = Site {
        reference,
        aliases,
        ..Site::default()
    };
    site.document()
}

/// The findings of the group, one in a line, without their words.
fn fleet(sandbox: &Sandbox, arguments: &[&str]) -> Vec<String> {
    let run = sandbox.check(&[&["-o=concise", "-q", "--select=fleet"], arguments].concat());
    assert_eq!(run.stderr, "", "{run:#?}");
    places(&run)
}

/// `file:line level rule` of each finding.
fn places(run: &Run) -> Vec<String> {
    let place = |line: &str| {
        let mut parts = line.splitn(5, ':');
        let (file, number) = (parts.next().unwrap(), parts.next().unwrap());
        let level = parts.nth(1).unwrap().trim();
        let rule = line.rsplit_once('[').unwrap().1.trim_end_matches(']');
        format!("{file}:{number} {level} {rule}")
    };
    run.stdout.lines().map(place).collect()
}

#[test]
fn one_alias_in_two_distributions() {
    let sandbox = Sandbox::new();
    sandbox
        .file(
            "blog.xml",
            site("blog", &["blog.example.com", "www.example.com"]),
        )
        .file("shop.xml", site("shop", &["www.example.com"]))
        .file("rest.xml", site("rest", &["*.example.com"]));
    let run = sandbox.check(&["."]).status(1);
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("fleet_alias", run.normalised());
    });
    let run = sandbox.check(&[".", "-o=json"]).status(1).json();
    let findings = run["findings"].as_array().unwrap();
    let first = &findings[0];
    assert_eq!(findings.len(), 2);
    assert_eq!(first["file"], "blog.xml");
    assert_eq!(first["group"], "fleet");
    assert_eq!(first["api_error"]["code"], "CNAMEAlreadyExists");
    assert_eq!(
        first["element"],
        "/DistributionConfig/Aliases/Items/CNAME[2]"
    );
    let label = &first["labels"][1];
    assert_eq!(label["file"], "shop.xml");
    assert_eq!(label["span"]["start"]["line"], 6);
    // By itself, each is right.
    sandbox.check(&["blog.xml"]).status(0);
    sandbox
        .check(&[".", "--statistics"])
        .status(1)
        .says("2  error")
        .says(ALIAS);
    for quiet in [
        "--ignore=fleet",
        "--ignore=alias-of-another-distribution",
        "--select=service",
    ] {
        sandbox.check(&[".", quiet]).status(0);
    }
    sandbox.check(&[".", "--fail-on=never"]).status(0);
    // No format shows what stands beside the label.
    for format in formats() {
        let run = sandbox.check(&[".", "-o", format]).status(1);
        assert!(!run.stdout.contains("tell-nobody"), "{run:#?}");
    }
}

#[test]
fn letter_case_and_placeholders() {
    let sandbox = Sandbox::with([
        (
            "a.xml",
            &site("a", &["WWW.example.com", "${name}.example.com"])[..],
        ),
        (
            "b.xml",
            &site("b", &["www.Example.com", "${name}.example.com"]),
        ),
    ]);
    assert_eq!(
        fleet(&sandbox, &["."]),
        [
            format!("a.xml:6 error {ALIAS}"),
            format!("b.xml:6 error {ALIAS}")
        ]
    );
}

/// Nothing grows with the square of their number.
#[test]
fn one_alias_in_many_distributions() {
    let sandbox = Sandbox::new();
    for n in 0..500 {
        let name = format!("{n:03}.xml");
        sandbox.file(&name, site(&name, &["www.example.com"]));
    }
    let run = sandbox
        .check(&[".", "-o=concise", "--set=max-distributions=500"])
        .status(1)
        .says("000.xml:6:14: error: alias \"www.example.com\" also stands in 001.xml, 002.xml, 003.xml and 496 more")
        .says("499.xml:6:14: error: alias \"www.example.com\" also stands in 000.xml, 001.xml, 002.xml and 496 more");
    assert_eq!(run.stdout.lines().count(), 500);
}

/// A reference that was copied with the document is wrong; a document that was copied whole is not.
#[test]
fn one_reference() {
    let sandbox = Sandbox::new();
    let one = Site {
        reference: "2024-03-01",
        comment: "one",
        ..Site::default()
    };
    let two = Site {
        comment: "two",
        ..one
    };
    sandbox
        .file("1.xml", one.document())
        .file("2.xml", two.document());
    let both = [
        format!("1.xml:2 error {REFERENCE}"),
        format!("2.xml:2 error {REFERENCE}"),
    ];
    assert_eq!(fleet(&sandbox, &["."]), both);
    let run = sandbox.check(&["."]).status(1);
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("fleet_reference", run.normalised());
    });
    for operation in ["create", "copy"] {
        sandbox
            .check(&[".", "--operation", operation])
            .status(1)
            .says("CloudFront answers 409 DistributionAlreadyExists");
    }
    // An update has to repeat it.
    assert_eq!(fleet(&sandbox, &[".", "--operation=update"]), [""; 0]);
    // A copy may look different.
    let copy = one
        .document()
        .replace('\n', "")
        .replace("<Enabled>", "<!-- on --><Enabled>");
    sandbox.file("2.xml", copy);
    assert_eq!(fleet(&sandbox, &["."]), [""; 0]);
    sandbox.file("3.xml", two.document());
    assert_eq!(fleet(&sandbox, &["."]).len(), 3);
}

/// Certificates, Lambda@Edge functions and the API's answers show the account, in which a reference counts; a name counts
/// everywhere.
#[test]
fn one_reference_in_two_accounts() {
    let staging = Site {
        aliases: &["test.example.com"],
        ..Site::default()
    };
    let production = Site {
        aliases: &["www.example.com"],
        ..staging
    };
    let elsewhere = |document: String| document.replace("111122223333", "444455556666");
    let sandbox = Sandbox::new();
    sandbox
        .file("production/site.xml", elsewhere(production.document()))
        .file("staging/site.xml", staging.document());
    assert_eq!(fleet(&sandbox, &["."]), [""; 0]);
    assert_eq!(fleet(&sandbox, &["production", "staging"]), [""; 0]);
    // Another one of one of the accounts.
    let error = |file: &str| format!("{file}:2 error {REFERENCE}");
    sandbox.file("staging/more.xml", site("site", &["more.example.com"]));
    assert_eq!(
        fleet(&sandbox, &["."]),
        [error("staging/more.xml"), error("staging/site.xml")]
    );
    // No account is to be seen.
    sandbox.file("staging/more.xml", site("site", &[]));
    assert_eq!(fleet(&sandbox, &["."]).len(), 2);
    // The same name cannot be moved between accounts like that.
    sandbox.file("staging/more.xml", elsewhere(staging.document()));
    assert_eq!(
        fleet(&sandbox, &["staging"]),
        [
            format!("staging/more.xml:6 error {ALIAS}"),
            format!("staging/site.xml:6 error {ALIAS}")
        ]
    );
}

/// A document for the creation with tags configures what the same document without them does.
#[test]
fn tags_make_no_other_distribution() {
    let tagged = format!(
        "<DistributionConfigWithTags xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><DistributionConfig>{}\
         <Tags><Items/></Tags></DistributionConfigWithTags>",
        Site::default().inside()
    );
    let sandbox = Sandbox::new();
    sandbox
        .file("plain.xml", Site::default().document())
        .file("tagged.xml", tagged.as_str());
    assert_eq!(fleet(&sandbox, &["."]), [""; 0]);
    sandbox.file("tagged.xml", tagged.replace("<Comment>", "<Comment>other"));
    assert_eq!(fleet(&sandbox, &["."]).len(), 2);
}

/// Versions of one distribution do not collide, as far as can be seen.
#[test]
fn versions_of_one_distribution() {
    let new = Site {
        aliases: &["www.example.com", "new.example.com"],
        ..Site::default()
    };
    let old = Site {
        aliases: &["www.example.com"],
        ..new
    };
    let sandbox = Sandbox::new();
    sandbox
        .file("new/site.xml", new.document())
        .file("old/site.xml", old.document());
    // The same path below two directories.
    assert_eq!(fleet(&sandbox, &["old", "new"]), [""; 0]);
    // Without that, it is likely only, since they share an alias.
    assert_eq!(
        fleet(&sandbox, &["."]),
        [
            format!("new/site.xml:2 warning {REFERENCE}"),
            format!("old/site.xml:2 warning {REFERENCE}")
        ]
    );
    // Environments of one path that have no alias in common are two distributions.
    let other = Site {
        aliases: &["test.example.com"],
        ..new
    };
    sandbox.file("old/site.xml", other.document());
    assert_eq!(
        fleet(&sandbox, &["old", "new"]),
        [
            format!("new/site.xml:2 error {REFERENCE}"),
            format!("old/site.xml:2 error {REFERENCE}")
        ]
    );
    // The API's answers say what they are.
    sandbox
        .file("answers/1.xml", new.answer("E1"))
        .file("answers/2.xml", old.answer("E1"));
    assert_eq!(fleet(&sandbox, &["answers"]), [""; 0]);
    sandbox.file("answers/2.xml", old.answer("E2"));
    assert_eq!(
        fleet(&sandbox, &["answers", "--ignore", REFERENCE]),
        [
            format!("answers/1.xml:8 error {ALIAS}"),
            format!("answers/2.xml:8 error {ALIAS}")
        ]
    );
    // An answer beside the document that was made of it.
    sandbox
        .file("work/answer.xml", old.answer("E1"))
        .file("work/site.xml", new.document());
    assert_eq!(
        fleet(&sandbox, &["work"]),
        [
            format!("work/answer.xml:4 warning {REFERENCE}"),
            format!("work/site.xml:2 warning {REFERENCE}")
        ]
    );
}

/// With an older document it is an update, without one a creation.
#[test]
fn updates_and_creations() {
    let shop = Site {
        comment: "shop",
        ..Site::default()
    };
    let blog = Site {
        comment: "blog",
        ..shop
    };
    let sandbox = Sandbox::new();
    sandbox
        .file("new/blog.xml", blog.document())
        .file("new/shop.xml", shop.document())
        .file("old/shop.xml", shop.document());
    assert_eq!(
        fleet(&sandbox, &["new", "--against=old"]),
        [format!("new/blog.xml:2 error {REFERENCE}")]
    );
}

#[test]
fn standard_input_belongs_to_the_run() {
    let sandbox = Sandbox::with([("a.xml", &site("a", &["www.example.com"])[..])]);
    sandbox
        .lint(["check", "a.xml", "-", "--stdin-filename=b.xml"])
        .stdin(site("b", &["www.example.com"]))
        .run()
        .status(1)
        .says("[a.xml:6:14]")
        .says("[b.xml:6:14]")
        .says("2 documents checked: 2 errors");
}

#[test]
fn chains_of_distributions() {
    let chained = |reference, aliases: &'static [&'static str], origin| {
        let site = Site {
            reference,
            aliases,
            origin,
            certificate: "9999",
            ..Site::default()
        };
        site.document()
    };
    let sandbox = Sandbox::new();
    sandbox
        .file(
            "1.xml",
            chained("1", &["one.example.com"], "two.example.com"),
        )
        .file(
            "2.xml",
            chained("2", &["two.example.com"], "origin.example.net"),
        );
    let rule = "distribution-as-origin";
    assert_eq!(fleet(&sandbox, &["."]), [format!("1.xml:14 note {rule}")]);
    sandbox
        .file(
            "2.xml",
            chained("2", &["two.example.com"], "THREE.example.com"),
        )
        .file(
            "3.xml",
            chained("3", &["three.example.com"], "origin.example.net"),
        );
    assert_eq!(
        fleet(&sandbox, &["."]),
        [
            format!("1.xml:14 warning {rule}"),
            format!("2.xml:14 note {rule}")
        ]
    );
    let run = sandbox.check(&["."]).status(0);
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("fleet_chain", run.normalised());
    });
    sandbox.file(
        "3.xml",
        chained("3", &["three.example.com"], "one.example.com"),
    );
    assert_eq!(fleet(&sandbox, &["."]).len(), 3);
    sandbox
        .check(&["."])
        .status(0)
        .says("2.xml to a third distribution, 3.xml");
    sandbox.file(
        "2.xml",
        chained("2", &["two.example.com"], "one.example.com"),
    );
    sandbox
        .check(&["."])
        .status(0)
        .says("2.xml back to this distribution");
    // The name that CloudFront gave.
    let behind = Site {
        reference: "behind",
        ..Site::default()
    };
    let sandbox = Sandbox::new();
    sandbox
        .file(
            "1.xml",
            chained("1", &["one.example.com"], "e1.cloudfront.net"),
        )
        .file("2.xml", behind.answer("E1"));
    assert_eq!(fleet(&sandbox, &["."]), [format!("1.xml:14 note {rule}")]);
}

#[test]
fn http_versions_of_one_certificate() {
    let sandbox = Sandbox::new();
    let write = |numbers: Range<u32>, version: &str| {
        for n in numbers {
            let (name, alias) = (format!("{n}.xml"), format!("{n}.example.com"));
            let site = Site {
                reference: &name,
                aliases: &[&alias],
                more: &format!("<HttpVersion>{version}</HttpVersion>\n"),
                ..Site::default()
            };
            sandbox.file(&name, site.document());
        }
    };
    write(0..1, "http2");
    write(1..2, "http1.1");
    assert_eq!(
        fleet(&sandbox, &["."]),
        [
            format!("0.xml:44 warning {VERSION}"),
            format!("1.xml:44 warning {VERSION}")
        ]
    );
    // Where most agree, only the others are wrong.
    write(2..6, "http2");
    assert_eq!(
        fleet(&sandbox, &["."]),
        [format!("1.xml:44 warning {VERSION}")]
    );
    sandbox.check(&[".", "-o=concise"]).status(0).says(
        "HttpVersion is \"http1.1\", but \"http2\" in 0.xml, 2.xml, 3.xml and 2 more, which have the same certificate",
    );
}

/// Each quota on one resource: nothing at the quota, one finding above it, in the document that is too many.
#[test]
fn resources_of_many_distributions() {
    const MANAGED: &str = "<CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>";
    const ARN: &str = "arn:aws:cloudfront::111122223333:function/headers";
    const LAMBDA: &str = "arn:aws:lambda:us-east-1:111122223333:function:headers:3";
    const ID: &str = "11112222-3333-4444-5555-666677778888";
    let behavior = |text: String| (format!("{MANAGED}{text}"), String::new(), String::new());
    let config = |text: String| (MANAGED.to_owned(), text, String::new());
    let origin = |text: String| (MANAGED.to_owned(), String::new(), text);
    let table = [
        (
            "cache-policy",
            (format!("<CachePolicyId>{ID}</CachePolicyId>"), String::new(), String::new()),
            "TooManyDistributionsAssociatedToCachePolicy",
        ),
        (
            "origin-request-policy",
            behavior(format!("<OriginRequestPolicyId>{ID}</OriginRequestPolicyId>")),
            "TooManyDistributionsAssociatedToOriginRequestPolicy",
        ),
        (
            "response-headers-policy",
            behavior(format!("<ResponseHeadersPolicyId>{ID}</ResponseHeadersPolicyId>")),
            "TooManyDistributionsAssociatedToResponseHeadersPolicy",
        ),
        (
            "key-group",
            behavior(format!(
                "<TrustedKeyGroups><Enabled>true</Enabled><Quantity>1</Quantity><Items><KeyGroup>{ID}</KeyGroup></Items>\
                 </TrustedKeyGroups>"
            )),
            "TooManyDistributionsAssociatedToKeyGroup",
        ),
        (
            "function",
            behavior(format!(
                "<FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>{ARN}</FunctionARN>\
                 <EventType>viewer-request</EventType></FunctionAssociation></Items></FunctionAssociations>"
            )),
            "TooManyDistributionsWithFunctionAssociations",
        ),
        (
            "lambda-function",
            behavior(format!(
                "<LambdaFunctionAssociations><Quantity>1</Quantity><Items><LambdaFunctionAssociation>\
                 <LambdaFunctionARN>{LAMBDA}</LambdaFunctionARN><EventType>viewer-request</EventType>\
                 </LambdaFunctionAssociation></Items></LambdaFunctionAssociations>"
            )),
            "TooManyDistributionsWithSingleFunctionARN",
        ),
        (
            "field-level-encryption",
            behavior("<FieldLevelEncryptionId>C1A2B3EXAMPLE99</FieldLevelEncryptionId>".to_owned()),
            "TooManyDistributionsAssociatedToFieldLevelEncryptionConfig",
        ),
        (
            "anycast-ip-list",
            config("<AnycastIpListId>aip_1A2b3C4d5E6f7G</AnycastIpListId>".to_owned()),
            "EntityLimitExceeded",
        ),
        (
            "connection-function",
            config("<ConnectionFunctionAssociation><Id>cf_1A2b3C4d5E6f7G</Id></ConnectionFunctionAssociation>".to_owned()),
            "EntityLimitExceeded",
        ),
        (
            "trust-store",
            config(
                "<ViewerMtlsConfig><Mode>required</Mode><TrustStoreConfig><TrustStoreId>ts_1A2b3C4d5E6f7G</TrustStoreId>\
                 </TrustStoreConfig></ViewerMtlsConfig>"
                    .to_owned(),
            ),
            "EntityLimitExceeded",
        ),
        (
            "origin-access-control",
            origin("<OriginAccessControlId>E1A2B3EXAMPLE99</OriginAccessControlId>".to_owned()),
            "TooManyDistributionsAssociatedToOriginAccessControl",
        ),
        (
            "vpc-origin",
            origin("<VpcOriginConfig><VpcOriginId>vo_1A2b3C4d5E6f7G</VpcOriginId></VpcOriginConfig>".to_owned()),
            "EntityLimitExceeded",
        ),
    ];
    for (quota, (behavior, more, in_origin), code) in &table {
        let sandbox = Sandbox::new();
        for name in ["1.xml", "2.xml", "3.xml"] {
            let site = Site {
                reference: name,
                behavior,
                more,
                ..Site::default()
            };
            let text = site.document();
            sandbox.file(
                name,
                text.replace("</CustomHeaders>", &format!("</CustomHeaders>{in_origin}")),
            );
        }
        let set = |number: u32| format!("--set=max-distributions-per-{quota}={number}");
        assert_eq!(fleet(&sandbox, &[".", &set(3)]), [""; 0], "{quota}");
        sandbox
            .check(&[".", "-o=concise", &set(2)])
            .says("is named by 3 distributions, more than the quota of 2 [overused-resource]");
        let findings = fleet(&sandbox, &[".", &set(1)]);
        assert_eq!(findings.len(), 1, "{quota}: {findings:?}");
        assert!(findings[0].starts_with("2.xml:"), "{quota}: {findings:?}");
        assert!(
            findings[0].ends_with(" warning overused-resource"),
            "{findings:?}"
        );
        for (operation, code) in [
            ("create", *code),
            (
                "update",
                match *code {
                    "EntityLimitExceeded" => "InvalidArgument",
                    code => code,
                },
            ),
        ] {
            sandbox
                .check(&[".", "--select=fleet", "--operation", operation, &set(2)])
                .status(0)
                .says(&format!(" {code}\n"))
                .says("[3.xml:")
                .says("number 3")
                .says(&format!("max-distributions-per-{quota}=NUMBER`"));
        }
    }
}

/// Quotas on the number of distributions: one finding, in the first document that is too many.
#[test]
fn many_distributions() {
    let sandbox = Sandbox::new();
    for n in 0..4 {
        let name = format!("{n}.xml");
        let site = Site {
            reference: &name,
            ..Site::default()
        };
        sandbox.file(&name, site.document());
    }
    // Copies count once.
    sandbox.file("copy.xml", sandbox.read("0.xml"));
    let rule = "too-many-distributions";
    assert_eq!(
        fleet(&sandbox, &[".", "--set=max-distributions=4"]),
        [""; 0]
    );
    assert_eq!(
        fleet(&sandbox, &[".", "--set=max-distributions=2"]),
        [format!("2.xml:1 warning {rule}")]
    );
    sandbox
        .check(&[".", "--set=max-distributions=2"])
        .status(0)
        .says("number 3")
        .says("CloudFront answers 400 TooManyDistributions");
    // What is updated exists.
    assert_eq!(
        fleet(
            &sandbox,
            &[".", "--set=max-distributions=2", "--operation=update"]
        ),
        [""; 0]
    );
    let table = [
        (
            "staging-distributions",
            "<Staging>true</Staging>",
            "TooManyDistributions",
        ),
        (
            "multi-tenant-distributions",
            "<ConnectionMode>tenant-only</ConnectionMode>",
            "EntityLimitExceeded",
        ),
    ];
    for (quota, more, code) in table {
        let sandbox = Sandbox::new();
        for name in ["1.xml", "2.xml"] {
            let site = Site {
                reference: name,
                more,
                ..Site::default()
            };
            sandbox.file(name, site.document());
        }
        let set = |number: u32| format!("--set=max-{quota}={number}");
        assert_eq!(fleet(&sandbox, &[".", &set(2)]), [""; 0]);
        assert_eq!(fleet(&sandbox, &[".", &set(1)]).len(), 1);
        sandbox
            .check(&[".", "--select=fleet", &set(1)])
            .status(0)
            .says(&format!("answers 400 {code}\n"));
    }
    // By default, it takes more than twenty.
    let sandbox = Sandbox::new();
    for n in 0..21 {
        let name = format!("{n:02}.xml");
        let site = Site {
            reference: &name,
            more: "<Staging>true</Staging>",
            ..Site::default()
        };
        sandbox.file(&name, site.document());
    }
    assert_eq!(
        fleet(&sandbox, &["."]),
        [format!("20.xml:36 warning {rule}")]
    );
}

/// The same bytes on any number of threads and in any order of the arguments.
#[test]
fn the_order_is_always_the_same() {
    let sandbox = Sandbox::new();
    let mut names = Vec::new();
    for n in 0..60 {
        let (name, alias) = (
            format!("d{}/{n:02}.xml", n % 4),
            format!("{}.example.com", n % 7),
        );
        let reference = (n % 5).to_string();
        let site = Site {
            reference: &reference,
            aliases: &[&alias, "www.example.com"],
            comment: &name,
            origin: &format!("{}.example.com", n % 11),
            more: ["<HttpVersion>http2</HttpVersion>\n", ""][n % 2],
            ..Site::default()
        };
        sandbox.file(&name, site.document());
        names.push(name);
    }
    for format in formats() {
        let run = |threads: &str, names: &[String]| {
            let arguments = ["check", "-o", format].into_iter();
            let run = sandbox
                .lint(arguments.chain(names.iter().map(String::as_str)))
                .env("RAYON_NUM_THREADS", threads)
                .run()
                .status(1);
            (run.stdout, run.stderr)
        };
        let alone = run("1", &names);
        names.reverse();
        for threads in ["1", "2", "8"] {
            assert!(
                run(threads, &names) == alone,
                "{format} on {threads} threads"
            );
        }
    }
}

/// A hundred thousand aliases in ten thousand documents: a run that is not linear would not end in time.
#[test]
fn ten_thousand_documents() {
    const DOCUMENTS: usize = 10_000;
    let sandbox = Sandbox::new();
    let head = "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">";
    for n in 0..DOCUMENTS {
        let mut text = format!("{head}<CallerReference>{n}</CallerReference><Aliases><Items>");
        for alias in 0..9 {
            let _ = write!(text, "<CNAME>{alias}.{n}.example.com</CNAME>");
        }
        // Each name of these stands in two documents.
        let _ = write!(text, "<CNAME>pair{}.example.com</CNAME>", n / 2);
        text += "</Items></Aliases></DistributionConfig>";
        sandbox.file(&format!("{}/{n}.xml", n % 100), text);
    }
    let rules = format!("--select={ALIAS},{REFERENCE}");
    let run = sandbox.check(&[".", &rules, "-o=concise"]).status(1);
    assert_eq!(run.stdout.lines().count(), DOCUMENTS);
    assert!(
        run.stdout
            .lines()
            .all(|line| line.ends_with("[alias-of-another-distribution]"))
    );
}
