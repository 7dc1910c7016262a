//! Names of hosts: what is a DNS name, what an alternate domain name may be, and which service a name belongs to.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// Longest name in DNS, written with dots.
const LONGEST_NAME: usize = 253;

/// Longest label in DNS.
const LONGEST_LABEL: usize = 63;

/// Why a text is no name of a host, with the text that is to be marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostProblem {
    /// Nothing is there.
    Empty,
    /// More than 253 characters: the whole.
    TooLong,
    /// `https://` or `//` at the beginning.
    Scheme,
    /// `:8080`, from the colon.
    Port,
    /// From the first `/`, `?` or `#` to the end.
    Path,
    /// A blank, a tab, a line end.
    Blank,
    /// Two dots in a row, or a dot at the beginning.
    EmptyLabel,
    /// A label of more than 63 characters.
    LongLabel,
    /// A hyphen that begins or ends a label.
    HyphenEdge,
    /// A character that no name has; names in other scripts are written in Punycode.
    Character(char),
    /// An address, or what a reader would take for one: labels of digits alone.
    IpAddress,
    /// A `*` where none may stand.
    Wildcard,
    /// A capital letter, in an alternate domain name.
    UpperCase,
    /// A dot at the end. It is right in DNS, but CloudFront compares names as text.
    TrailingDot,
    /// No dot in it: no public DNS has such a name.
    SingleLabel,
}

/// A problem and the bytes that have it.
pub(crate) type Wrong = (HostProblem, Range<usize>);

/// Whether the text can be an origin's domain name; if not, the first thing to put right.
///
/// Underscores pass: the API reference of 2017 allows them in custom origins and buckets, and DNS does not mind. A label
/// of nothing else is none.
/// [`HostProblem::TrailingDot`] and [`HostProblem::SingleLabel`] are only found where all else is right, so that a
/// caller may forgive them.
pub(crate) fn check_host(text: &str) -> Result<(), Wrong> {
    if is_plain(text) {
        return Ok(());
    }
    if text.is_empty() {
        return Err((HostProblem::Empty, 0..0));
    }
    if let Some(end) = scheme_end(text) {
        return Err((HostProblem::Scheme, 0..end));
    }
    let end = text.find(['/', '?', '#']).unwrap_or(text.len());
    let (host, port) = without_port(&text[..end]);
    if is_address(host) {
        return Err((HostProblem::IpAddress, 0..host.len()));
    }
    check_characters(host)?;
    if let Some(port) = port {
        return Err((HostProblem::Port, port..end));
    }
    if end < text.len() {
        return Err((HostProblem::Path, end..text.len()));
    }
    if text.strip_suffix('.').unwrap_or(text).len() > LONGEST_NAME {
        return Err((HostProblem::TooLong, 0..text.len()));
    }
    check_labels(text)
}

/// The name of the host in a URL, and whether protocol and a slash at the end are all that stands around it.
pub(crate) fn bare_host(text: &str) -> (&str, bool) {
    let rest = text.get(scheme_end(text).unwrap_or(0)..).unwrap_or(text);
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (name, port) = host.split_at(host.find(':').unwrap_or(host.len()));
    (name, port.len() <= 1 && matches!(path, "" | "/"))
}

/// Whether the text can be an alternate domain name; if not, the first thing to put right.
///
/// Beyond what [`check_host`] asks for, the developer guide ("Use custom URLs by adding alternate domain names") wants
/// lower case, and a `*` only in place of the whole first label, before at least two others.
pub(crate) fn check_alias(text: &str) -> Result<(), Wrong> {
    if is_plain(text) {
        return Ok(());
    }
    let (start, name) = match text.strip_prefix("*.") {
        Some(name) if !name.is_empty() => (2, name),
        _ => (0, text),
    };
    match check_host(name) {
        Ok(()) => {}
        Err((HostProblem::SingleLabel, _)) if start > 0 => {
            return Err((HostProblem::Wildcard, 0..1));
        }
        Err((problem, place)) => return Err((problem, place.start + start..place.end + start)),
    }
    if text.len() > LONGEST_NAME {
        return Err((HostProblem::TooLong, 0..text.len()));
    }
    match text.find(|c: char| c.is_ascii_uppercase()) {
        Some(at) => Err((HostProblem::UpperCase, at..at + 1)),
        None => Ok(()),
    }
}

/// Which bytes may stand anywhere in a label, for each of the 256: a table takes half the instructions of comparisons.
static IS_PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] = byte.is_ascii_lowercase() || byte.is_ascii_digit();
        byte += 1;
    }
    table
};

/// Whether a text is what nearly all names are, told in one pass: labels of lower-case letters, digits and hyphens, none
/// with a hyphen at its edge, and a last one that is no number.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    // Never behind the byte that is looked at, so that both slices exist.
    let mut start = 0;
    let is_label = |label: &[u8]| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && ![label.first(), label.last()].contains(&Some(&b'-'))
    };
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            _ if IS_PLAIN[usize::from(*byte)] => {}
            b'-' => {}
            b'.' if is_label(&bytes[start..at]) => start = at + 1,
            _ => return false,
        }
    }
    let last = &bytes[start..];
    start > 0
        && is_label(last)
        && last.iter().any(u8::is_ascii_lowercase)
        && text.len() <= LONGEST_NAME
}

/// Where the name begins if something like `https://` stands before it.
fn scheme_end(text: &str) -> Option<usize> {
    let at = text.find("//")?;
    let scheme = match text[..at].strip_suffix(':') {
        Some(scheme) => scheme,
        None => return (at == 0).then_some(2),
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
    scheme.bytes().all(plain).then_some(at + 2)
}

/// The host, and where the colon of a port stands behind it.
fn without_port(text: &str) -> (&str, Option<usize>) {
    // The colons of an IPv6 address begin no port.
    if text.parse::<Ipv6Addr>().is_ok() {
        return (text, None);
    }
    match text.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (host, Some(host.len())),
        _ => (text, None),
    }
}

fn is_address(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
    bare.unwrap_or(host).parse::<Ipv6Addr>().is_ok() || is_ipv4(host)
}

/// Also what is out of range, like `10.0.0.256`: no top-level domain is a number.
fn is_ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
        || text
            .split('.')
            .all(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_digit()))
}

fn check_characters(host: &str) -> Result<(), Wrong> {
    let wrong = host
        .char_indices()
        .find(|(_, c)| !c.is_ascii_alphanumeric() && !"-._".contains(*c));
    let Some((at, c)) = wrong else {
        return Ok(());
    };
    let problem = match c {
        '*' => HostProblem::Wildcard,
        c if c.is_whitespace() => HostProblem::Blank,
        c => HostProblem::Character(c),
    };
    Err((problem, at..at + c.len_utf8()))
}

fn check_labels(name: &str) -> Result<(), Wrong> {
    let doubled = match name.starts_with('.') {
        true => Some(0),
        false => name.find(".."),
    };
    if let Some(at) = doubled {
        let dots = name.bytes().skip(at).take_while(|b| *b == b'.').count();
        return Err((HostProblem::EmptyLabel, at..at + dots));
    }
    let mut start = 0;
    for label in name.split('.') {
        let end = start + label.len();
        if label.starts_with('-') {
            return Err((HostProblem::HyphenEdge, start..start + 1));
        }
        if label.ends_with('-') {
            return Err((HostProblem::HyphenEdge, end - 1..end));
        }
        if label.len() > LONGEST_LABEL {
            return Err((HostProblem::LongLabel, start..end));
        }
        if label.bytes().all(|b| b == b'_') && !label.is_empty() {
            return Err((HostProblem::Character('_'), start..end));
        }
        start = end + 1;
    }
    if name.ends_with('.') {
        return Err((HostProblem::TrailingDot, name.len() - 1..name.len()));
    }
    match name.contains('.') {
        true => Ok(()),
        false => Err((HostProblem::SingleLabel, 0..name.len())),
    }
}

/// The kind of server that a domain name leads to, as far as the name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint<'a> {
    /// The REST endpoint of a bucket. Aliases of access points look the same.
    S3Bucket {
        /// The name of the bucket, dots included.
        bucket: &'a str,
        /// None for the global endpoint.
        region: Option<&'a str>,
    },
    /// The website endpoint of a bucket, which is a custom origin and speaks HTTP alone.
    S3Website {
        /// The name of the bucket, dots included.
        bucket: &'a str,
        /// Its region.
        region: &'a str,
    },
    /// A bucket through Transfer Acceleration, which CloudFront refuses.
    S3Accelerate {
        /// The name of the bucket.
        bucket: &'a str,
    },
    /// An access point of S3: of a bucket, of Object Lambda, on Outposts or for many regions.
    S3AccessPoint,
    /// A container of MediaStore.
    MediaStore,
    /// What a channel group of MediaPackage version 2 is read from.
    MediaPackageV2,
    /// A URL of a Lambda function.
    LambdaUrl,
    /// A load balancer of any kind.
    LoadBalancer,
    /// A stage of API Gateway.
    ApiGateway,
    /// A distribution of CloudFront.
    CloudFront,
    /// Anything else.
    Other,
}

/// What kind of server a domain name leads to. Case does not matter, nor does a dot at the end.
///
/// The forms, each also with `amazonaws.com.cn`, and where they are from:
///
/// | form | source |
/// |---|---|
/// | `B.s3.amazonaws.com`, `B.s3.REGION.…`, `B.s3-REGION.…` | S3 User Guide, "Virtual hosting of general purpose buckets" |
/// | `B.s3.dualstack.REGION.…`, `B.s3-fips[.dualstack].REGION.…` | S3 API Reference, "Making requests using the REST API"; the SDKs' endpoint rules |
/// | `B.s3-website-REGION.…`, `B.s3-website.REGION.…` | S3 User Guide, "Website endpoints" |
/// | `B.s3-accelerate[.dualstack].amazonaws.com` | CloudFront Developer Guide, "Origin domain"; public code |
/// | `A-ACCOUNT.s3-accesspoint[-fips][.dualstack].REGION.…`, the same with `s3-object-lambda` and `O.s3-outposts`, `A.mrap.accesspoint.s3-global.…` | S3 User Guide, "Referencing access points"; the SDKs' endpoint rules |
/// | `C.data.mediastore.REGION.…` | CloudFront Developer Guide, "Origin domain" |
/// | `X.egress.Y.mediapackagev2.REGION.…` | MediaPackage v2 API Reference, GetChannelGroup, EgressDomain |
/// | `ID.lambda-url.REGION.on.aws` | names seen in public |
/// | `N.REGION.elb.…`, `N.elb.REGION.…` (Network Load Balancer), `N.elb.…` | CloudFront Developer Guide, "Origin domain"; names seen in public |
/// | `ID.execute-api.REGION.…` | names seen in public |
/// | `ID.cloudfront.net` | CloudFront Developer Guide, "Use custom URLs"; `ID.cloudfront.cn` in China is not verified |
///
/// Any label passes for a region, so that a misspelt one can be spoken of; only `s3-REGION` must look like one, for
/// other names begin like it. An endpoint without the name of a bucket is [`Endpoint::Other`].
pub(crate) fn classify(domain: &str) -> Endpoint<'_> {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    let amazon = before(domain, ".amazonaws.com").or_else(|| before(domain, ".amazonaws.com.cn"));
    if let Some(name) = amazon {
        return s3(name).unwrap_or_else(|| other_service(name));
    }
    if let Some((rest, _)) = before(domain, ".on.aws").and_then(last_label) {
        return match before(rest, ".lambda-url") {
            Some(_) => Endpoint::LambdaUrl,
            None => Endpoint::Other,
        };
    }
    match before(domain, ".cloudfront.net").or_else(|| before(domain, ".cloudfront.cn")) {
        Some(_) => Endpoint::CloudFront,
        None => Endpoint::Other,
    }
}

/// Endpoints of S3, from the right: buckets may have dots, and labels that look like those of an endpoint.
fn s3(name: &str) -> Option<Endpoint<'_>> {
    let named = |bucket| Endpoint::S3Bucket {
        bucket,
        region: None,
    };
    if let Some(bucket) = before(name, ".s3") {
        return Some(named(bucket));
    }
    let accelerated = before(name, ".s3-accelerate");
    if let Some(bucket) = accelerated.or_else(|| before(name, ".s3-accelerate.dualstack")) {
        return Some(Endpoint::S3Accelerate { bucket });
    }
    if before(name, ".accesspoint.s3-global").is_some() {
        return Some(Endpoint::S3AccessPoint);
    }
    let (rest, last) = last_label(name)?;
    if let Some(region) = after(last, "s3-website-") {
        let bucket = rest;
        return Some(Endpoint::S3Website { bucket, region });
    }
    let dashed = after(last, "s3-fips-").or_else(|| after(last, "s3-"));
    if let Some(region) = dashed.filter(|region| is_region_like(region)) {
        return Some(Endpoint::S3Bucket {
            bucket: rest,
            region: Some(region),
        });
    }
    let region = last;
    if let Some(bucket) = before(rest, ".s3-website") {
        return Some(Endpoint::S3Website { bucket, region });
    }
    let rest = before(rest, ".dualstack").unwrap_or(rest);
    let (owner, service) = last_label(rest)?;
    let is = |names: &[&str]| names.iter().any(|name| service.eq_ignore_ascii_case(name));
    if is(&["s3", "s3-fips"]) {
        return Some(Endpoint::S3Bucket {
            bucket: owner,
            region: Some(region),
        });
    }
    let point = is(&[
        "s3-accesspoint",
        "s3-accesspoint-fips",
        "s3-object-lambda",
        "s3-object-lambda-fips",
        "s3-outposts",
    ]);
    point.then_some(Endpoint::S3AccessPoint)
}

/// Endpoints under `amazonaws.com` that are none of S3.
fn other_service(name: &str) -> Endpoint<'_> {
    if before(name, ".elb").is_some() {
        return Endpoint::LoadBalancer;
    }
    let Some((rest, _region)) = last_label(name) else {
        return Endpoint::Other;
    };
    if before(rest, ".elb").is_some() {
        Endpoint::LoadBalancer
    } else if before(rest, ".execute-api").is_some() {
        Endpoint::ApiGateway
    } else if before(rest, ".data.mediastore").is_some() {
        Endpoint::MediaStore
    } else {
        let group = before(rest, ".mediapackagev2").and_then(last_label);
        match group.and_then(|(rest, _)| before(rest, ".egress")) {
            Some(_) => Endpoint::MediaPackageV2,
            None => Endpoint::Other,
        }
    }
}

/// What stands before a suffix, in any case; none if that is nothing.
fn before<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let at = text.len().checked_sub(suffix.len())?;
    // The dot that all begin with tells nearly all names apart.
    if text.as_bytes().get(at) != suffix.as_bytes().first() {
        return None;
    }
    let (rest, end) = text.split_at_checked(at)?;
    (end.eq_ignore_ascii_case(suffix) && !rest.is_empty()).then_some(rest)
}

/// What stands after a prefix, in any case; none if that is nothing.
fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    (start.eq_ignore_ascii_case(prefix) && !rest.is_empty()).then_some(rest)
}

/// The last label and what stands before it; none if either is empty.
fn last_label(name: &str) -> Option<(&str, &str)> {
    // Labels are too short for the search that `rsplit_once` begins.
    let dot = name.bytes().rposition(|b| b == b'.')?;
    let (rest, label) = (name.get(..dot)?, name.get(dot + 1..)?);
    (!rest.is_empty() && !label.is_empty()).then_some((rest, label))
}

/// Words and a number, like `us-gov-west-1`; also `external-1`, an old name of us-east-1.
fn is_region_like(text: &str) -> bool {
    text.rsplit_once('-').is_some_and(|(words, number)| {
        let letters =
            |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic());
        !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
            && words.split('-').all(letters)
            && (words.contains('-') || words.eq_ignore_ascii_case("external"))
    })
}

/// Whether the text is a bucket's name that DNS can carry, as origins need it; if not, what is wrong, to follow "the
/// name of the bucket".
///
/// S3 User Guide, "General purpose bucket naming rules". The prefixes and suffixes reserved there are not looked at:
/// names with them exist.
pub(crate) fn check_bucket_name(name: &str) -> Result<(), &'static str> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    // Most names have no dots.
    let is_short = (3..=63).contains(&name.len());
    let is_label = !name.starts_with('-') && !name.ends_with('-');
    if is_short && is_label && name.bytes().all(|b| plain(b) || b == b'-') {
        return Ok(());
    }
    if name.len() < 3 {
        return Err("is shorter than 3 characters");
    }
    if name.contains(|c: char| c.is_ascii_uppercase()) {
        return Err("has a capital letter");
    }
    if name.contains('_') {
        return Err("has an underscore");
    }
    if !name.bytes().all(|b| plain(b) || b == b'-' || b == b'.') {
        return Err("has a character other than `a` to `z`, `0` to `9`, `-` and `.`");
    }
    if name.len() > 63 {
        return Err("is longer than 63 characters");
    }
    if !name.bytes().next().is_some_and(plain) {
        return Err("does not begin with a letter or digit");
    }
    if !name.bytes().next_back().is_some_and(plain) {
        return Err("does not end with a letter or digit");
    }
    if name.contains("..") {
        return Err("has two dots in a row");
    }
    match name.parse::<Ipv4Addr>() {
        Ok(_) => Err("looks like an IP address"),
        Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::HostProblem::*;
    use super::*;

    #[test]
    fn plain_names_are_names() {
        for name in [
            "www.example.com",
            "a.b",
            "a-1.x0",
            "1.2.3.4a",
            &format!("{}.com", "a".repeat(63)),
        ] {
            assert!(is_plain(name), "{name}");
        }
        let long = format!("{}.com", "a".repeat(64));
        for name in [
            "", "a", ".a", "a.", "a..b", "-a.b", "a-.b", "a.b-", "a.1", "A.b", "a_b.c", "a.b:80",
            &long,
        ] {
            assert!(!is_plain(name), "{name}");
        }
        assert!(!is_plain(&"a.".repeat(127)) && !is_plain(&format!("{}a", "a.".repeat(127))));
    }

    #[test]
    fn names_of_origins() {
        for text in [
            "example.com",
            "API-1.Example.COM",
            "a_b.example.com",
            "_x.example.com",
            "xn--mnchen-3ya.example",
            "amzn-s3-demo-bucket.s3.us-west-2.amazonaws.com",
            "1.2.3.4.example.com",
        ] {
            assert_eq!(check_host(text), Ok(()), "{text}");
        }
        let label = "a".repeat(LONGEST_LABEL);
        let longest = format!("{label}.{label}.{label}.{}", &label[2..]);
        assert_eq!(longest.len(), LONGEST_NAME);
        assert_eq!(check_host(&longest), Ok(()));
        assert_eq!(check_host(&format!("{longest}a")), Err((TooLong, 0..254)));
        assert_eq!(check_host(&format!("{label}a.b")), Err((LongLabel, 0..64)));
    }

    #[test]
    fn what_is_wrong_with_names_of_origins() {
        for (text, problem, marked) in [
            ("", Empty, ""),
            ("https://example.com", Scheme, "https://"),
            ("//example.com/x", Scheme, "//"),
            ("://example.com", Scheme, "://"),
            ("example.com:8080", Port, ":8080"),
            ("example.com:", Port, ":"),
            ("example.com:8080/x", Port, ":8080"),
            ("example.com:x", Character(':'), ":"),
            ("user@example.com", Character('@'), "@"),
            ("example.com/", Path, "/"),
            ("example.com/a//b", Path, "/a//b"),
            ("example.com?x", Path, "?x"),
            (" example.com", Blank, " "),
            ("example.com\n", Blank, "\n"),
            ("exa mple.com/x y", Blank, " "),
            ("a..b", EmptyLabel, ".."),
            (".example.com", EmptyLabel, "."),
            (".", EmptyLabel, "."),
            ("..", EmptyLabel, ".."),
            ("a.b..", EmptyLabel, ".."),
            ("-a.example.com", HyphenEdge, "-"),
            ("a.b-.com", HyphenEdge, "-"),
            ("münchen.example", Character('ü'), "ü"),
            ("${domain}.example.com", Character('$'), "$"),
            ("192.0.2.1", IpAddress, "192.0.2.1"),
            ("192.0.2.1:80", IpAddress, "192.0.2.1"),
            ("192.0.2.256", IpAddress, "192.0.2.256"),
            ("2001:db8::1", IpAddress, "2001:db8::1"),
            ("2001:db8::", IpAddress, "2001:db8::"),
            ("[2001:db8::1]", IpAddress, "[2001:db8::1]"),
            ("[2001:db8::1]:443", IpAddress, "[2001:db8::1]"),
            ("::1", IpAddress, "::1"),
            ("*.example.com", Wildcard, "*"),
            ("__.example.com", Character('_'), "__"),
            ("_", Character('_'), "_"),
            ("example.com.", TrailingDot, "."),
            ("localhost", SingleLabel, "localhost"),
        ] {
            let (found, place) = check_host(text).unwrap_err();
            assert_eq!((found, &text[place]), (problem, marked), "{text}");
        }
        assert_eq!(check_host("a.b-.com"), Err((HyphenEdge, 3..4)));
        assert_eq!(check_host("a.b..c"), Err((EmptyLabel, 3..5)));
    }

    #[test]
    fn alternate_domain_names() {
        for text in [
            "example.com",
            "*.example.com",
            "*.a.example.com",
            "a_b.example.com",
        ] {
            assert_eq!(check_alias(text), Ok(()), "{text}");
        }
        for (text, problem, place) in [
            ("*.com", Wildcard, 0..1),
            ("*", Wildcard, 0..1),
            ("*.", Wildcard, 0..1),
            ("a*.example.com", Wildcard, 1..2),
            ("a.*.example.com", Wildcard, 2..3),
            ("*.*.example.com", Wildcard, 2..3),
            ("*a.example.com", Wildcard, 0..1),
            ("Example.com", UpperCase, 0..1),
            ("*.exAmple.com", UpperCase, 4..5),
            ("*.example.com.", TrailingDot, 13..14),
            ("*.example.com/x", Path, 13..15),
            ("https://example.com", Scheme, 0..8),
            ("*.https://example.com", Scheme, 2..10),
            ("*..example.com", EmptyLabel, 2..3),
            ("", Empty, 0..0),
            ("localhost", SingleLabel, 0..9),
        ] {
            assert_eq!(check_alias(text), Err((problem, place)), "{text}");
        }
        let long = format!("*.{}com", "a.".repeat(125));
        assert_eq!(check_alias(&long), Err((TooLong, 0..255)));
    }

    #[test]
    fn buckets() {
        let bucket = |domain: &'static str| match classify(domain) {
            Endpoint::S3Bucket { bucket, region } => (bucket, region),
            other => panic!("{domain}: {other:?}"),
        };
        assert_eq!(bucket("b.s3.amazonaws.com"), ("b", None));
        assert_eq!(bucket("B.S3.AmazonAWS.com."), ("B", None));
        assert_eq!(
            bucket("www.example.com.s3.amazonaws.com"),
            ("www.example.com", None)
        );
        assert_eq!(
            bucket("my.s3.eu-west-1.s3.amazonaws.com"),
            ("my.s3.eu-west-1", None)
        );
        let west = Some("us-west-2");
        assert_eq!(bucket("b.s3.us-west-2.amazonaws.com"), ("b", west));
        assert_eq!(bucket("b.s3.s3.us-west-2.amazonaws.com"), ("b.s3", west));
        assert_eq!(bucket("a.b.s3-us-west-2.amazonaws.com"), ("a.b", west));
        assert_eq!(
            bucket("b.s3.dualstack.us-west-2.amazonaws.com"),
            ("b", west)
        );
        assert_eq!(bucket("b.s3-fips.us-west-2.amazonaws.com"), ("b", west));
        assert_eq!(
            bucket("b.s3-fips.dualstack.us-west-2.amazonaws.com"),
            ("b", west)
        );
        assert_eq!(
            bucket("b.s3-fips-us-gov-west-1.amazonaws.com"),
            ("b", Some("us-gov-west-1"))
        );
        assert_eq!(
            bucket("b.s3-external-1.amazonaws.com"),
            ("b", Some("external-1"))
        );
        assert_eq!(
            bucket("b.s3.cn-north-1.amazonaws.com.cn"),
            ("b", Some("cn-north-1"))
        );
        assert_eq!(bucket("b.s3.us-west.amazonaws.com"), ("b", Some("us-west")));
        // Aliases of access points stand where a bucket would.
        assert_eq!(
            bucket("ap-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias.s3.us-west-2.amazonaws.com").1,
            west
        );
    }

    #[test]
    fn other_endpoints() {
        let website = |bucket, region| Endpoint::S3Website { bucket, region };
        for (domain, endpoint) in [
            (
                "b.s3-website-us-east-1.amazonaws.com",
                website("b", "us-east-1"),
            ),
            (
                "a.b.s3-website.eu-central-1.amazonaws.com",
                website("a.b", "eu-central-1"),
            ),
            (
                "b.S3-Website.cn-north-1.amazonaws.com.cn",
                website("b", "cn-north-1"),
            ),
            (
                "b.s3-accelerate.amazonaws.com",
                Endpoint::S3Accelerate { bucket: "b" },
            ),
            (
                "b.s3-accelerate.dualstack.amazonaws.com",
                Endpoint::S3Accelerate { bucket: "b" },
            ),
            (
                "p-111122223333.s3-accesspoint.us-west-2.amazonaws.com",
                Endpoint::S3AccessPoint,
            ),
            (
                "p-111122223333.s3-accesspoint.dualstack.us-west-2.amazonaws.com",
                Endpoint::S3AccessPoint,
            ),
            (
                "p-111122223333.s3-object-lambda.us-west-2.amazonaws.com",
                Endpoint::S3AccessPoint,
            ),
            (
                "p-111122223333.op-01ac5d28a6a232904.s3-outposts.us-west-2.amazonaws.com",
                Endpoint::S3AccessPoint,
            ),
            (
                "mfzwi23gnjvgw.mrap.accesspoint.s3-global.amazonaws.com",
                Endpoint::S3AccessPoint,
            ),
            (
                "c.data.mediastore.us-west-1.amazonaws.com",
                Endpoint::MediaStore,
            ),
            (
                "abcde.egress.vwxyz.mediapackagev2.us-west-2.amazonaws.com",
                Endpoint::MediaPackageV2,
            ),
            (
                "abcde.ingest.vwxyz.mediapackagev2.us-west-2.amazonaws.com",
                Endpoint::Other,
            ),
            ("c.mediapackage.us-west-1.amazonaws.com", Endpoint::Other),
            ("abc.lambda-url.us-east-1.on.aws", Endpoint::LambdaUrl),
            ("lambda-url.us-east-1.on.aws", Endpoint::Other),
            (
                "lb-1234567890.us-west-2.elb.amazonaws.com",
                Endpoint::LoadBalancer,
            ),
            (
                "dualstack.lb-1234567890.us-west-2.elb.amazonaws.com",
                Endpoint::LoadBalancer,
            ),
            (
                "nlb-e5bb34f40b24f51d.elb.us-east-1.amazonaws.com",
                Endpoint::LoadBalancer,
            ),
            ("lb.cn-north-1.elb.amazonaws.com.cn", Endpoint::LoadBalancer),
            (
                "a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com",
                Endpoint::ApiGateway,
            ),
            ("d111111abcdef8.cloudfront.net", Endpoint::CloudFront),
            ("cloudfront.net", Endpoint::Other),
            ("ec2-203-0-113-25.compute-1.amazonaws.com", Endpoint::Other),
            // No bucket is named.
            ("s3.amazonaws.com", Endpoint::Other),
            ("s3.us-east-1.amazonaws.com", Endpoint::Other),
            ("s3-us-west-2.amazonaws.com", Endpoint::Other),
            ("s3-website-us-east-1.amazonaws.com", Endpoint::Other),
            ("b.s3-control.us-east-1.amazonaws.com", Endpoint::Other),
            ("b.s3.us-west-2.amazonaws.com.example.com", Endpoint::Other),
            ("b.s3.amazonaws.example.com", Endpoint::Other),
            ("example.com", Endpoint::Other),
            (".", Endpoint::Other),
            ("", Endpoint::Other),
        ] {
            assert_eq!(classify(domain), endpoint, "{domain}");
        }
    }

    #[test]
    fn names_of_buckets() {
        for name in [
            "abc",
            "amzn-s3-demo-bucket",
            "www.example.com",
            "1a2",
            &"a".repeat(63),
        ] {
            assert_eq!(check_bucket_name(name), Ok(()), "{name}");
        }
        for (name, problem) in [
            ("ab", "is shorter than 3 characters"),
            (&*"a".repeat(64), "is longer than 63 characters"),
            ("my_bucket", "has an underscore"),
            ("MyBucket", "has a capital letter"),
            ("a..b", "has two dots in a row"),
            ("-abc", "does not begin with a letter or digit"),
            ("abc.", "does not end with a letter or digit"),
            ("192.0.2.1", "looks like an IP address"),
        ] {
            assert_eq!(check_bucket_name(name), Err(problem));
        }
        assert!(check_bucket_name("bücket").is_err());
    }

    proptest! {
        #[test]
        fn places_can_be_cut_out(text in "[a-zA-Z0-9.:/*_ä -]{0,40}|.{0,20}") {
            for (_, place) in [check_host(&text), check_alias(&text)].into_iter().filter_map(Result::err) {
                prop_assert!(text.get(place.clone()).is_some());
                prop_assert_eq!(place.is_empty(), text.is_empty());
            }
            classify(&text);
            let _ = check_bucket_name(&text);
        }

        #[test]
        fn dns_names_pass(labels in prop::collection::vec("[a-z0-9]([a-z0-9_-]{0,20}[a-z0-9])?", 1..6)) {
            let name = format!("{}.example", labels.join("."));
            prop_assert_eq!(check_host(&name), Ok(()));
            prop_assert_eq!(check_alias(&name), Ok(()));
            prop_assert_eq!(check_alias(&format!("*.{name}")), Ok(()));
            prop_assert_eq!(classify(&name), Endpoint::Other);
        }

        #[test]
        fn buckets_are_found_in_their_endpoints(bucket in "[a-z0-9][a-z0-9.-]{1,40}[a-z0-9]") {
            prop_assume!(check_bucket_name(&bucket).is_ok());
            for (tail, region) in [
                ("s3.amazonaws.com", None),
                ("s3.eu-west-1.amazonaws.com", Some("eu-west-1")),
                ("s3-eu-west-1.amazonaws.com", Some("eu-west-1")),
                ("s3.dualstack.eu-west-1.amazonaws.com", Some("eu-west-1")),
                ("s3.cn-north-1.amazonaws.com.cn", Some("cn-north-1")),
            ] {
                let domain = format!("{bucket}.{tail}");
                prop_assert_eq!(classify(&domain), Endpoint::S3Bucket { bucket: &bucket, region });
                let upper = domain.to_ascii_uppercase();
                let found = matches!(classify(&upper), Endpoint::S3Bucket { .. });
                prop_assert!(found, "{}", upper);
            }
        }
    }
}
