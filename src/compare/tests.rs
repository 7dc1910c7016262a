use super::*;
use crate::check::{Settings, read};
use crate::source::Source;

fn config(inside: &str) -> Source {
    let text = format!(
        "<DistributionConfig xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\">{inside}</DistributionConfig>"
    );
    Source::from_bytes("test.xml", text.into_bytes())
}

fn changes_of(old: &Source, new: &Source) -> Vec<String> {
    let [old, new] = [old, new].map(|source| read(source, &Settings::default()).unwrap());
    let comparison = compare(&old, &new).unwrap();
    let line = |c: &Change<'_>| {
        let path = c.path();
        let path = path.strip_prefix("/DistributionConfig").unwrap_or(&path);
        format!("{} {path}", c.action.name())
    };
    comparison.changes.iter().map(line).collect()
}

#[track_caller]
fn check(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(changes_of(&config(old), &config(new)), expected);
}

fn aliases(names: &str) -> String {
    let items: String = names
        .split_whitespace()
        .map(|n| format!("<CNAME>{n}</CNAME>"))
        .collect();
    format!("<Aliases><Quantity>0</Quantity><Items>{items}</Items></Aliases>")
}

fn behaviors(patterns: &str) -> String {
    let behavior = |p| format!("<CacheBehavior><PathPattern>{p}</PathPattern></CacheBehavior>");
    let items: String = patterns.split_whitespace().map(behavior).collect();
    format!("<CacheBehaviors><Items>{items}</Items></CacheBehaviors>")
}

#[test]
fn sets_have_no_order() {
    check(
        &aliases("a.example.com b.example.com"),
        &aliases("B.example.com a.example.com"),
        &[],
    );
    check(
        &aliases("a.example.com b.example.com"),
        &aliases("c.example.com a.example.com"),
        &[
            "removed /Aliases/Items/CNAME[2]",
            "added /Aliases/Items/CNAME[1]",
        ],
    );
    check(
        &aliases("a.example.com"),
        "",
        &["removed /Aliases/Items/CNAME[1]"],
    );
    check("<Aliases><Quantity>0</Quantity></Aliases>", "", &[]);
    // Twice is not once.
    check(
        &aliases("a.example.com a.example.com"),
        &aliases("a.example.com"),
        &["removed /Aliases/Items/CNAME[2]"],
    );
}

#[test]
fn ordered_lists_have_one() {
    check(&behaviors("/a /b /c"), &behaviors("a b c"), &[]);
    check(
        &behaviors("/a /b /c"),
        &behaviors("/b /c /a"),
        &["moved /CacheBehaviors/Items/CacheBehavior[PathPattern=/a]"],
    );
    check(
        &behaviors("/a /b"),
        &behaviors("/x /a /b"),
        &["added /CacheBehaviors/Items/CacheBehavior[PathPattern=/x]"],
    );
}

#[test]
fn an_origin_is_known_again_under_another_id() {
    let origin = |id: &str, domain: &str, rest: &str| {
        format!("<Origin><Id>{id}</Id><DomainName>{domain}</DomainName>{rest}</Origin>")
    };
    let origins =
        |items: &[String]| format!("<Origins><Items>{}</Items></Origins>", items.concat());
    let old = origins(&[
        origin("a", "a.example.com", ""),
        origin(
            "b",
            "b.example.com",
            "<OriginAccessControlId>E1</OriginAccessControlId>",
        ),
    ]);
    check(
        &old,
        &origins(&[
            origin("new", "B.example.com", "<OriginPath/>"),
            origin("a", "a.example.com", ""),
        ]),
        &[
            "removed /Origins/Items/Origin[Id=b]/OriginAccessControlId",
            "changed /Origins/Items/Origin[Id=new]/Id",
            "changed /Origins/Items/Origin[Id=new]/DomainName",
        ],
    );
    // With another path, it is another one; and what has its Id still is the same one.
    check(
        &old,
        &origins(&[
            origin("a", "b.example.com", ""),
            origin("c", "c.example.com", ""),
        ]),
        &[
            "removed /Origins/Items/Origin[Id=b]",
            "changed /Origins/Items/Origin[Id=a]/DomainName",
            "added /Origins/Items/Origin[Id=c]",
        ],
    );
}

#[test]
fn what_is_absent_has_its_default() {
    for same in [
        "<PriceClass>PriceClass_All</PriceClass>",
        "<HttpVersion> http2 </HttpVersion>",
        "<WebACLId/>",
        "<Logging><Enabled>false</Enabled><Bucket>left</Bucket></Logging>",
        "<Restrictions><GeoRestriction><RestrictionType>none</RestrictionType><Quantity>0</Quantity></GeoRestriction></Restrictions>",
        "<ViewerCertificate><CloudFrontDefaultCertificate>true</CloudFrontDefaultCertificate></ViewerCertificate>",
        "<Staging>False</Staging><!-- a comment -->",
        "<WebACLId>${ACL}</WebACLId>",
    ] {
        check("", same, &[]);
        check(same, "", &[]);
    }
    check(
        "",
        "<PriceClass>PriceClass_100</PriceClass>",
        &["added /PriceClass"],
    );
    check("<Staging>true</Staging>", "", &["removed /Staging"]);
    let methods = |items: &str| {
        format!(
            "<DefaultCacheBehavior><AllowedMethods>{items}</AllowedMethods></DefaultCacheBehavior>"
        )
    };
    let none = "<DefaultCacheBehavior/>";
    check(
        none,
        &methods("<Items><Method>HEAD</Method><Method>GET</Method></Items>"),
        &[],
    );
    check(
        none,
        &methods("<Items><Method>HEAD</Method></Items>"),
        &["added /DefaultCacheBehavior/AllowedMethods"],
    );
}

#[test]
fn values_are_compared_by_what_they_mean() {
    let ttl =
        |n: &str| format!("<DefaultCacheBehavior><MinTTL>{n}</MinTTL></DefaultCacheBehavior>");
    check(&ttl("060"), &ttl(" 60 "), &[]);
    check(
        &ttl("60"),
        &ttl("61"),
        &["changed /DefaultCacheBehavior/MinTTL"],
    );
    check(&ttl("60"), &ttl("${TTL}"), &[]);
    check("<Enabled>true</Enabled>", "<Enabled>TRUE</Enabled>", &[]);
    check(
        "<Enabled>true</Enabled>",
        "<Enabled>false</Enabled>",
        &["changed /Enabled"],
    );
    // A word that an enumeration has is no placeholder.
    check(
        "<PriceClass>None</PriceClass>",
        "",
        &["removed /PriceClass"],
    );
}

#[test]
fn unknown_items_may_be_any() {
    check(
        &aliases("a.example.com ${X}"),
        &aliases("${X}"),
        &["removed /Aliases/Items/CNAME[1]"],
    );
    check(&aliases("a.example.com"), &aliases("${X}"), &[]);
    check(
        &aliases("a.example.com"),
        &aliases("${X} b.example.com"),
        &["added /Aliases/Items/CNAME[2]"],
    );
}

#[test]
fn payloads_are_compared() {
    let space = "xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"";
    let source = |text: String| Source::from_bytes("x.xml", text.into_bytes());
    let inside = "<DistributionConfig><Enabled>true</Enabled></DistributionConfig>";
    let wrapper = source(format!(
        "<Distribution {space}><Id>E1</Id>{inside}</Distribution>"
    ));
    let tagged = source(format!(
        "<DistributionConfigWithTags {space}>{inside}<Tags/></DistributionConfigWithTags>"
    ));
    let new = config("<Enabled>false</Enabled>");
    for old in [&wrapper, &tagged] {
        assert_eq!(changes_of(old, &config("<Enabled>true</Enabled>")), [""; 0]);
        assert_eq!(changes_of(old, &new), ["changed /Enabled"]);
    }
    assert_eq!(changes_of(&tagged, &wrapper), [""; 0]);
    let streaming = source(format!("<StreamingDistributionConfig {space}/>"));
    assert_eq!(changes_of(&streaming, &new), ["changed "]);
}

#[test]
fn many_items_are_linear() {
    let many = |range: &mut dyn Iterator<Item = usize>| -> String {
        range.map(|n| format!("a{n}.example.com ")).collect()
    };
    let old = aliases(&many(&mut (0..20_000)));
    let new = aliases(&many(&mut (1..20_001).rev()));
    let changes = changes_of(&config(&old), &config(&new));
    assert_eq!(changes.len(), 2);
    let old = behaviors(&many(&mut (0..20_000)));
    let new = behaviors(&many(&mut (0..20_000).rev()));
    assert_eq!(changes_of(&config(&old), &config(&new)).len(), 19_999);
}

#[test]
fn what_the_service_fills_in_is_no_difference() {
    let certificate = |more: &str| {
        format!(
            "<ViewerCertificate><ACMCertificateArn>arn:example</ACMCertificateArn>{more}</ViewerCertificate>"
        )
    };
    let filled = certificate(
        "<Certificate>arn:example</Certificate><CertificateSource>acm</CertificateSource>",
    );
    check(&filled, &certificate(""), &[]);
    check("<ContinuousDeploymentPolicyId/>", "", &[]);
    // What is not there by itself was changed.
    let other = filled.replace("<Certificate>arn:example", "<Certificate>arn:other");
    check(&filled, &other, &["changed /ViewerCertificate/Certificate"]);
}
