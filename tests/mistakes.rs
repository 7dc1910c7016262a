//! The mistakes that people are known to have sent to CloudFront, each found with the code that they got, on the
//! element that was wrong.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::sync::Arc;

use cloudfront_lint::{Finding, Level, Older, Settings, Source, check, read};
use support::page::Reading;
use support::shown;

/// A mistake: how the fragment is read, as on the pages of the rules; the fragment; what is found.
type Mistake = (&'static str, &'static str, Found);

/// Rule, level, code and the end of the element's path.
type Found = (&'static str, Level, Option<&'static str>, &'static str);

const BEHAVIOR: &str = "<TargetOriginId>example</TargetOriginId>\
    <ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>";
const FORWARDED: &str = "<ForwardedValues><QueryString>false</QueryString><Cookies><Forward>none</Forward></Cookies>\
    </ForwardedValues>";
const POLICY: &str = "<CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>";

/// Puts what the constants say in place of their names.
/// What an update should have in each behavior, by the guide's table.
const TABLE: &str = "<AllowedMethods><Quantity>2</Quantity><Items><Method>GET</Method><Method>HEAD</Method></Items></AllowedMethods>\
     <Compress>true</Compress><LambdaFunctionAssociations><Quantity>0</Quantity></LambdaFunctionAssociations>";

fn expanded(fragment: &str) -> String {
    fragment
        .replace("BEHAVIOR", BEHAVIOR)
        .replace("FORWARDED", FORWARDED)
        .replace("POLICY", POLICY)
        .replace("TABLE", TABLE)
}

use Level::{Error, Warning};

const MISTAKES: [Mistake; 48] = [
    // A certificate of another region.
    (
        "",
        "<ViewerCertificate><ACMCertificateArn>arn:aws:acm:eu-west-1:111122223333:certificate/\
         12345678-1234-1234-1234-123456789012</ACMCertificateArn><SSLSupportMethod>sni-only</SSLSupportMethod>\
         <MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion></ViewerCertificate>",
        (
            "invalid-certificate-arn",
            Error,
            Some("InvalidViewerCertificate"),
            "ACMCertificateArn",
        ),
    ),
    // An alias with CloudFront's own certificate.
    (
        "",
        "<Aliases><Quantity>1</Quantity><Items><CNAME>www.example.com</CNAME></Items></Aliases><ViewerCertificate>\
         <CloudFrontDefaultCertificate>true</CloudFrontDefaultCertificate></ViewerCertificate>",
        (
            "alias-without-certificate",
            Error,
            Some("InvalidViewerCertificate"),
            "Aliases",
        ),
    ),
    // A cache policy beside what it replaces.
    (
        "also=deprecated-element",
        "<DefaultCacheBehavior>BEHAVIOR FORWARDED POLICY</DefaultCacheBehavior>",
        (
            "cache-policy-conflict",
            Error,
            Some("InvalidArgument"),
            "ForwardedValues",
        ),
    ),
    (
        "",
        "<DefaultCacheBehavior>BEHAVIOR POLICY<MinTTL>0</MinTTL></DefaultCacheBehavior>",
        (
            "cache-policy-conflict",
            Error,
            Some("InvalidArgument"),
            "MinTTL",
        ),
    ),
    (
        "",
        "<DefaultCacheBehavior>BEHAVIOR</DefaultCacheBehavior>",
        (
            "missing-cache-policy",
            Error,
            Some("InvalidArgument"),
            "DefaultCacheBehavior",
        ),
    ),
    (
        "also=deprecated-element",
        "<DefaultCacheBehavior>BEHAVIOR FORWARDED</DefaultCacheBehavior>",
        (
            "missing-min-ttl",
            Error,
            Some("InvalidArgument"),
            "DefaultCacheBehavior",
        ),
    ),
    // A document that was good enough to create a distribution, sent as an update.
    (
        "operation=update",
        "<CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only\
         </OriginProtocolPolicy></CustomOriginConfig>",
        (
            "missing-on-update",
            Error,
            Some("IllegalUpdate"),
            "CustomOriginConfig",
        ),
    ),
    (
        "operation=update",
        "<DefaultCacheBehavior>BEHAVIOR POLICY TABLE<SmoothStreaming>false</SmoothStreaming></DefaultCacheBehavior>",
        (
            "missing-on-update",
            Error,
            Some("InvalidArgument"),
            "DefaultCacheBehavior",
        ),
    ),
    (
        "operation=update",
        "<DefaultCacheBehavior>BEHAVIOR POLICY TABLE<FieldLevelEncryptionId></FieldLevelEncryptionId>\
         </DefaultCacheBehavior>",
        (
            "missing-on-update",
            Error,
            Some("InvalidArgument"),
            "DefaultCacheBehavior",
        ),
    ),
    // The bare name of a bucket.
    (
        "",
        "<Logging><Enabled>true</Enabled><IncludeCookies>false</IncludeCookies><Bucket>amzn-s3-demo-logs</Bucket>\
         <Prefix></Prefix></Logging>",
        (
            "invalid-logging-bucket",
            Error,
            Some("InvalidArgument"),
            "Logging/Bucket",
        ),
    ),
    // Origins that are none.
    (
        "",
        "<Origin><Id>example</Id><DomainName>amzn-s3-demo-bucket.s3-website-us-east-1.amazonaws.com</DomainName>\
         <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig></Origin>",
        (
            "invalid-s3-origin-domain",
            Error,
            Some("InvalidArgument"),
            "DomainName",
        ),
    ),
    (
        "",
        "<Origin><Id>example</Id><DomainName>example-1234567890.us-east-1.elb.amazonaws.com</DomainName>\
         <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig></Origin>",
        (
            "invalid-s3-origin-domain",
            Error,
            Some("InvalidArgument"),
            "DomainName",
        ),
    ),
    (
        "",
        "<DomainName>https://www.example.com</DomainName>",
        (
            "invalid-origin-domain",
            Error,
            Some("InvalidArgument"),
            "DomainName",
        ),
    ),
    (
        "",
        "<DomainName>www.example.com:8080</DomainName>",
        (
            "invalid-origin-domain",
            Error,
            Some("InvalidArgument"),
            "DomainName",
        ),
    ),
    (
        "",
        "<DomainName>www.example.com/images</DomainName>",
        (
            "invalid-origin-domain",
            Error,
            Some("InvalidArgument"),
            "DomainName",
        ),
    ),
    (
        "",
        "<DomainName>\n  www.example.com\n</DomainName>",
        (
            "whitespace-in-value",
            Warning,
            Some("InvalidArgument"),
            "DomainName",
        ),
    ),
    // Both kinds of origin, or none.
    (
        "",
        "<Origin><Id>example</Id><DomainName>www.example.com</DomainName></Origin>",
        (
            "missing-origin-type",
            Error,
            Some("InvalidOrigin"),
            "Origin[Id=example]",
        ),
    ),
    (
        "",
        "<Origin><Id>example</Id><DomainName>amzn-s3-demo-bucket.s3.us-east-1.amazonaws.com</DomainName>\
         <OriginAccessControlId>E2QWRUHAPOMQZL</OriginAccessControlId></Origin>",
        (
            "missing-origin-type",
            Error,
            Some("InvalidOrigin"),
            "Origin[Id=example]",
        ),
    ),
    (
        "",
        "<Origin><Id>example</Id><DomainName>amzn-s3-demo-bucket.s3.us-east-1.amazonaws.com</DomainName>\
         <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig><CustomOriginConfig>\
         <HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy>\
         </CustomOriginConfig></Origin>",
        (
            "conflicting-origin-types",
            Error,
            Some("InvalidOrigin"),
            "CustomOriginConfig",
        ),
    ),
    (
        "operation=update",
        "<Origin><Id>example</Id><DomainName>amzn-s3-demo-bucket.s3.us-east-1.amazonaws.com</DomainName>\
         <S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig><CustomOriginConfig>\
         <HTTPPort>80</HTTPPort><HTTPSPort>443</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy>\
         <OriginReadTimeout>30</OriginReadTimeout><OriginKeepaliveTimeout>5</OriginKeepaliveTimeout>\
         </CustomOriginConfig></Origin>",
        (
            "conflicting-origin-types",
            Error,
            Some("IllegalUpdate"),
            "CustomOriginConfig",
        ),
    ),
    // What must be there is not.
    (
        "whole",
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Items>\
         <Path>/*</Path></Items></Paths><CallerReference>1</CallerReference></InvalidationBatch>",
        (
            "missing-required-element",
            Error,
            Some("MalformedXML"),
            "Paths",
        ),
    ),
    (
        "whole",
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>1</Quantity>\
         <Items><Path>/*</Path></Items></Paths></InvalidationBatch>",
        (
            "missing-required-element",
            Error,
            Some("MalformedXML"),
            "InvalidationBatch",
        ),
    ),
    (
        "whole",
        "",
        ("empty-document", Error, Some("MissingBody"), ""),
    ),
    (
        "whole",
        "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2010-08-01/\"><CallerReference>1</CallerReference>\
         <Enabled>true</Enabled></DistributionConfig>",
        (
            "invalid-legacy-origin",
            Error,
            Some("InvalidOrigin"),
            "DistributionConfig",
        ),
    ),
    (
        "whole operation=update",
        "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2010-08-01/\"><CallerReference>1</CallerReference>\
         <Enabled>true</Enabled></DistributionConfig>",
        (
            "invalid-legacy-origin",
            Error,
            Some("InvalidArgument"),
            "DistributionConfig",
        ),
    ),
    // Tags.
    (
        "whole",
        "<Tags xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Items><Tag><Key></Key><Value>web</Value></Tag>\
         </Items></Tags>",
        (
            "empty-required-value",
            Error,
            Some("InvalidTagging"),
            "Tag[1]/Key",
        ),
    ),
    (
        "whole",
        "<Tags xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Items><Tag><Key>team</Key><Value>R&amp;D</Value>\
         </Tag></Items></Tags>",
        (
            "invalid-pattern",
            Error,
            Some("InvalidTagging"),
            "Tag[Key=team]/Value",
        ),
    ),
    // A header of no name: that it is refused is inferred.
    (
        "",
        "<CacheTagConfig><HeaderName></HeaderName></CacheTagConfig>",
        (
            "empty-required-value",
            Warning,
            Some("InvalidArgument"),
            "CacheTagConfig/HeaderName",
        ),
    ),
    // A policy that dedicated addresses do not take.
    (
        "",
        "<ViewerCertificate><ACMCertificateArn>arn:aws:acm:us-east-1:111122223333:certificate/\
         12345678-1234-1234-1234-123456789012</ACMCertificateArn><SSLSupportMethod>vip</SSLSupportMethod>\
         <MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion></ViewerCertificate>",
        (
            "invalid-minimum-protocol-version",
            Error,
            Some("InvalidViewerCertificate"),
            "MinimumProtocolVersion",
        ),
    ),
    // Lists.
    (
        "",
        "<Aliases><Quantity>0</Quantity><Items></Items></Aliases>",
        (
            "empty-items",
            Warning,
            Some("MalformedInput"),
            "Aliases/Items",
        ),
    ),
    (
        "",
        "<Aliases><Quantity>1</Quantity><Items><CNAME>www.example.com</CNAME><CNAME>a.example.com</CNAME></Items>\
         </Aliases>",
        (
            "quantity-mismatch",
            Error,
            Some("InconsistentQuantities"),
            "Aliases/Quantity",
        ),
    ),
    (
        "root=InvalidationBatch",
        "<Paths><Quantity>1</Quantity><Items><Path>/a</Path><Path>/b</Path></Items></Paths>",
        (
            "quantity-mismatch",
            Error,
            Some("InconsistentQuantities"),
            "Paths/Quantity",
        ),
    ),
    (
        "also=alias-without-certificate",
        "<Aliases><Quantity>1</Quantity><Items><member>www.example.com</member></Items></Aliases>",
        ("wrong-item-element", Warning, None, "member[1]"),
    ),
    (
        "also=alias-without-certificate",
        "<Aliases><Quantity>1</Quantity><Items><Item>www.example.com</Item></Items></Aliases>",
        ("wrong-item-element", Warning, None, "Item[1]"),
    ),
    // Times to live out of order, as written and through a default.
    (
        "version=2019-03-26",
        "<DefaultTTL>3600</DefaultTTL><MaxTTL>60</MaxTTL>",
        ("invalid-ttl-order", Error, Some("InvalidTTLOrder"), "TTL"),
    ),
    (
        "version=2019-03-26",
        "<MaxTTL>3600</MaxTTL>",
        ("invalid-ttl-order", Error, Some("InvalidTTLOrder"), "TTL"),
    ),
    // Paths of an invalidation.
    (
        "root=InvalidationBatch",
        "<Path>index.html</Path>",
        (
            "invalid-invalidation-path",
            Error,
            Some("InvalidArgument"),
            "Path[1]",
        ),
    ),
    (
        "root=InvalidationBatch",
        "<Path>/index.html /about.html</Path>",
        (
            "invalid-invalidation-path",
            Error,
            Some("InvalidArgument"),
            "Path[1]",
        ),
    ),
    // References.
    (
        "",
        "<DefaultCacheBehavior><TargetOriginId>exampel</TargetOriginId><ViewerProtocolPolicy>redirect-to-https\
         </ViewerProtocolPolicy>POLICY</DefaultCacheBehavior>",
        (
            "unknown-target-origin",
            Error,
            Some("NoSuchOrigin"),
            "DefaultCacheBehavior/TargetOriginId",
        ),
    ),
    (
        "version=2016-08-20",
        "<ForwardedValues><QueryString>false</QueryString><Cookies><Forward>none</Forward></Cookies>\
         <QueryStringCacheKeys><Quantity>1</Quantity><Items><Name>page</Name></Items></QueryStringCacheKeys>\
         </ForwardedValues>",
        (
            "query-string-keys-without-query-string",
            Error,
            Some("InvalidArgument"),
            "QueryString",
        ),
    ),
    // Values that are none of the legal ones, and placeholders.
    (
        "",
        "<OriginProtocolPolicy>match_viewer</OriginProtocolPolicy>",
        (
            "invalid-enum-value",
            Error,
            Some("MalformedXML"),
            "OriginProtocolPolicy",
        ),
    ),
    (
        "",
        "<PriceClass>PriceClass100</PriceClass>",
        (
            "invalid-enum-value",
            Error,
            Some("MalformedXML"),
            "PriceClass",
        ),
    ),
    (
        "",
        "<DefaultRootObject>%s</DefaultRootObject>",
        ("template-leftover", Warning, None, "DefaultRootObject"),
    ),
    (
        "",
        "<DefaultRootObject>None</DefaultRootObject>",
        ("template-leftover", Warning, None, "DefaultRootObject"),
    ),
    (
        "version=2012-05-05",
        "<TrustedSigners><Enabled>true</Enabled><Quantity>1</Quantity><Items><AWSAccountNumber>self\
         </AWSAccountNumber></Items></TrustedSigners>",
        ("wrong-item-element", Warning, None, "AWSAccountNumber[1]"),
    ),
    // Not well-formed.
    (
        "whole",
        "\n<?xml version=\"1.0\"?>\n<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"/>",
        ("malformed-xml", Error, Some("MalformedInput"), ""),
    ),
    (
        "whole",
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><-- all --></InvalidationBatch>",
        ("malformed-xml", Error, Some("MalformedInput"), ""),
    ),
    (
        "whole",
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>1</Quantity>\
         <Items><Path>/a?b=1&c=2</Path></Items></Paths><CallerReference>1</CallerReference></InvalidationBatch>",
        ("malformed-xml", Error, Some("MalformedInput"), ""),
    ),
];

#[test]
fn each_is_found() {
    let mut failures = Vec::new();
    for (info, fragment, wanted) in &MISTAKES {
        let fragment = expanded(fragment);
        let reading = Reading::of(&format!("xml {info}")).unwrap();
        let text = reading.document(&fragment).unwrap();
        let source = Source::from_bytes("mistake.xml", text.into_bytes());
        let settings = Settings {
            operation: reading.operation,
            ..Settings::default()
        };
        let mut findings = check(&source, None, &settings).findings;
        findings.retain(|f| !reading.also.contains(&f.rule.name().to_owned()));
        let list: Vec<String> = findings.iter().map(|f| shown(&source, f)).collect();
        match findings.as_slice() {
            [one] if is(one, wanted) => {}
            _ => failures.push(format!("{fragment}\n  wanted {wanted:?}\n  got {list:#?}")),
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        MISTAKES.len(),
        failures.join("\n")
    );
}

fn is(finding: &Finding, (rule, level, code, element): &Found) -> bool {
    let answered = finding.api_error.map(|e| e.code);
    finding.rule.name() == *rule
        && finding.level == *level
        && answered == *code
        && finding.element.ends_with(element)
}

/// The answer of GetDistributionConfig saved whole, its ETag beside the configuration, and a body of an older API.
#[test]
fn wrong_bodies() {
    let namespace = "xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"";
    let origin = "<Origin>amzn-s3-demo-bucket.s3.amazonaws.com</Origin>";
    for (text, rule) in [
        (
            format!("<Distribution {namespace}><Id>EDFDVBD6EXAMPLE</Id></Distribution>"),
            "response-document",
        ),
        (
            format!(
                "<DistributionConfig {namespace}><ETag>E2QWRUHEXAMPLE</ETag></DistributionConfig>"
            ),
            "unknown-element",
        ),
        (
            format!("<DistributionConfig {namespace}>{origin}</DistributionConfig>"),
            "unknown-element",
        ),
        (
            format!("<InvalidationBatch {namespace}><Path>/a</Path></InvalidationBatch>"),
            "unknown-element",
        ),
    ] {
        let source = Source::from_bytes("body.xml", text.clone().into_bytes());
        let findings = check(&source, None, &Settings::default()).findings;
        assert!(
            findings.iter().any(|f| f.rule.name() == rule),
            "{text}: {findings:#?}"
        );
    }
}

/// A reference that changed, with the code that updates answer.
#[test]
fn another_caller_reference() {
    let document = |reference: &str| {
        let reading = Reading::of("xml operation=update").unwrap();
        let fragment = format!("<CallerReference>{reference}</CallerReference>");
        let text = reading.document(&fragment).unwrap();
        Arc::new(Source::from_bytes("site.xml", text.into_bytes()))
    };
    let (new, old) = (document("b"), document("a"));
    let settings = Settings::default();
    let older = Older {
        source: Arc::clone(&old),
        document: &read(&old, &settings).unwrap(),
    };
    let findings = check(&new, Some(&older), &settings).findings;
    let found: Vec<_> = findings
        .iter()
        .map(|f| (f.rule.name(), f.api_error.unwrap().code))
        .collect();
    assert_eq!(found, [("caller-reference-changed", "IllegalUpdate")]);
}
