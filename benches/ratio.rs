//! What checking costs, as a ratio: all rules ÷ a floor that only reads the same files and builds roxmltree's tree.
//!
//! `cargo bench` prints three ratios: 10,000 small documents, one document of 50 MB, one small document as a process of
//! its own; `cargo bench -- small`, `large` or `process` prints one. Both sides of a pair run in turn on the same threads,
//! so a machine whose speed drifts slows both.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use cloudfront_lint::{OptionId, Options, Settings, Source, check, run, walk};
use rayon::prelude::*;

/// Documents of the first benchmark.
const DOCUMENTS: usize = 10_000;
/// Rounds of each pair; the median counts.
const ROUNDS: usize = 41;
/// Bytes of the large document.
const LARGE: usize = 50_000_000;
/// Argument that turns this program into the floor of the third benchmark.
const FLOOR: &str = "--floor-process";

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some(FLOOR) {
        floor_file(Path::new(&arguments.next().unwrap()));
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let chosen = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let wanted = |name: &str| chosen.as_deref().is_none_or(|c| c == name);
    let paths = write_documents(directory.path());
    if wanted("small") {
        many_small(&paths);
    }
    if wanted("large") {
        one_large();
    }
    if wanted("process") {
        one_process(&paths[5]);
    }
}

/// A realistic document with `behaviors` cache behaviours, 2 to 7 KB, without a fault.
fn document(number: usize, behaviors: usize) -> String {
    let mut items = String::new();
    for i in 0..behaviors {
        let _ = write!(
            items,
            "\n      <CacheBehavior>\n        <PathPattern>/app{i}/*</PathPattern>\n        \
             <TargetOriginId>api</TargetOriginId>\n        \
             <ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>\n        <AllowedMethods>\n          \
             <Quantity>2</Quantity>\n          <Items>\n            <Method>GET</Method>\n            \
             <Method>HEAD</Method>\n          </Items>\n        </AllowedMethods>\n        \
             <Compress>true</Compress>\n        \
             <CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>\n      </CacheBehavior>"
        );
    }
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <CallerReference>site-{number}</CallerReference>
  <Aliases>
    <Quantity>2</Quantity>
    <Items>
      <CNAME>www{number}.example.com</CNAME>
      <CNAME>static{number}.example.com</CNAME>
    </Items>
  </Aliases>
  <DefaultRootObject>index.html</DefaultRootObject>
  <Origins>
    <Quantity>2</Quantity>
    <Items>
      <Origin>
        <Id>bucket</Id>
        <DomainName>site{number}.s3.us-east-1.amazonaws.com</DomainName>
        <OriginPath></OriginPath>
        <CustomHeaders>
          <Quantity>0</Quantity>
        </CustomHeaders>
        <S3OriginConfig>
          <OriginAccessIdentity></OriginAccessIdentity>
        </S3OriginConfig>
      </Origin>
      <Origin>
        <Id>api</Id>
        <DomainName>api{number}.example.com</DomainName>
        <CustomOriginConfig>
          <HTTPPort>80</HTTPPort>
          <HTTPSPort>443</HTTPSPort>
          <OriginProtocolPolicy>https-only</OriginProtocolPolicy>
          <OriginSslProtocols>
            <Quantity>1</Quantity>
            <Items>
              <SslProtocol>TLSv1.2</SslProtocol>
            </Items>
          </OriginSslProtocols>
        </CustomOriginConfig>
      </Origin>
    </Items>
  </Origins>
  <DefaultCacheBehavior>
    <TargetOriginId>bucket</TargetOriginId>
    <ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy>
    <CachePolicyId>658327ea-f89d-4fab-a63d-7e88639e58f6</CachePolicyId>
  </DefaultCacheBehavior>
  <CacheBehaviors>
    <Quantity>{behaviors}</Quantity>
    <Items>{items}
    </Items>
  </CacheBehaviors>
  <Comment>site {number}</Comment>
  <PriceClass>PriceClass_100</PriceClass>
  <Enabled>true</Enabled>
  <ViewerCertificate>
    <ACMCertificateArn>arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012</ACMCertificateArn>
    <SSLSupportMethod>sni-only</SSLSupportMethod>
    <MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion>
  </ViewerCertificate>
  <HttpVersion>http2</HttpVersion>
</DistributionConfig>
"#
    )
}

fn floor_file(path: &Path) {
    let text = fs::read_to_string(path).unwrap();
    assert!(roxmltree::Document::parse(&text).is_ok());
}

fn write_documents(directory: &Path) -> Vec<PathBuf> {
    let write = |number| {
        let path = directory.join(format!("site{number:05}.xml"));
        fs::write(&path, document(number, 1 + number % 9)).unwrap();
        path
    };
    (0..DOCUMENTS).map(write).collect()
}

fn many_small(paths: &[PathBuf]) {
    let inputs = walk::walk(paths, "").inputs;
    let mut options = Options::default();
    let quota = OptionId::find("max-distributions").unwrap();
    options
        .profiles
        .base
        .settings
        .options
        .set(quota, DOCUMENTS as i64);
    let ours = || {
        let report = run(&inputs, &options);
        assert_eq!(
            (report.documents.len(), report.findings().count()),
            (DOCUMENTS, 0)
        );
    };
    // A pool of its own for each run, as ours has.
    let floor = || {
        let pool = rayon::ThreadPoolBuilder::new().build().unwrap();
        pool.install(|| paths.par_iter().for_each(|path| floor_file(path)));
    };
    compare(&format!("{DOCUMENTS} documents of 3 to 7 KB"), ours, floor);
}

fn one_large() {
    let one = document(1, 9);
    let behaviors = one.find("<CacheBehavior>").unwrap()..one.rfind("</CacheBehavior>").unwrap();
    let block = &one[behaviors.start..behaviors.end + "</CacheBehavior>".len()];
    let copies = LARGE / block.len();
    // Patterns of their own: no behavior is hidden by another.
    let blocks = (0..copies).map(|copy| block.replace("/app", &format!("/app{copy}-")));
    let large = one.replace(block, &blocks.collect::<Vec<_>>().join("\n"));
    let large = large.replace(
        "<Quantity>9</Quantity>",
        &format!("<Quantity>{}</Quantity>", 9 * copies),
    );
    let mut settings = Settings::default();
    let quota = OptionId::find("max-cache-behaviors").unwrap();
    settings.options.set(quota, i64::MAX);
    let ours = || {
        let source = Source::from_bytes("large.xml", large.clone().into_bytes());
        assert_eq!(check(&source, None, &settings).findings.len(), 0);
    };
    let floor = || {
        let text = String::from_utf8(large.clone().into_bytes()).unwrap();
        assert!(roxmltree::Document::parse(&text).is_ok());
    };
    compare(
        &format!("one document of {} MB", large.len() / 1_000_000),
        ours,
        floor,
    );
}

fn one_process(path: &Path) {
    let spawn = |program: &Path, argument: &str| {
        let status = Command::new(program)
            .arg(argument)
            .arg(path)
            .stdout(Stdio::null())
            .status();
        assert!(status.unwrap().success());
    };
    let itself = std::env::current_exe().unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_cloudfront-lint"));
    let many = |program: &Path, argument: &str| (0..20).for_each(|_| spawn(program, argument));
    compare(
        "20 processes, one small document each",
        || many(program, "check"),
        || many(&itself, FLOOR),
    );
}

/// Times the two in turn and prints the median of the ratios. Each time of ours is compared with those of the floor right
/// before and after it, for a machine that others use, too, is not as fast now as a second ago.
fn compare(what: &str, ours: impl Fn(), floor: impl Fn()) {
    ours();
    let mut before = time(&floor);
    let mut fastest_floor = before;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let own = time(&ours);
        let after = time(&floor);
        rounds.push((own, (before + after) / 2));
        fastest_floor = fastest_floor.min(after);
        before = after;
    }
    rounds.sort_unstable_by(|a, b| ratio(*a).total_cmp(&ratio(*b)));
    let [low, median, high] = [1, 2, 3].map(|quarter| ratio(rounds[quarter * ROUNDS / 4]));
    // What else the machine does only adds to a time: the fastest have the least of it.
    let own = rounds.iter().map(|(own, _)| *own).min();
    let fastest = (own.unwrap_or_default(), fastest_floor);
    println!(
        "{what}: check ÷ floor = {median:.2}  (half of the rounds {low:.2} to {high:.2}; \
         fastest {:.1?} ÷ {:.1?} = {:.2})",
        fastest.0,
        fastest.1,
        ratio(fastest)
    );
}

fn ratio((own, floor): (Duration, Duration)) -> f64 {
    own.as_secs_f64() / floor.as_secs_f64()
}

fn time(work: impl Fn()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
