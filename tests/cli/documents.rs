//! Documents that the tests share.

/// Nothing is wrong with it.
pub(crate) const CLEAN: &str = r#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <Paths>
    <Quantity>1</Quantity>
    <Items>
      <Path>/index.html</Path>
    </Items>
  </Paths>
  <CallerReference>2026-01-31</CallerReference>
</InvalidationBatch>
"#;

/// One error, `quantity-mismatch`, at 3:15.
pub(crate) const ERROR: &str = r#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <Paths>
    <Quantity>2</Quantity>
    <Items>
      <Path>/index.html</Path>
    </Items>
  </Paths>
  <CallerReference>2026-01-31</CallerReference>
</InvalidationBatch>
"#;

/// One warning, `missing-namespace`, at 1:2.
pub(crate) const WARNING: &str = "<InvalidationBatch>
  <Paths>
    <Quantity>1</Quantity>
    <Items>
      <Path>/index.html</Path>
    </Items>
  </Paths>
  <CallerReference>2026-01-31</CallerReference>
</InvalidationBatch>
";

/// `malformed-xml`: the tag of Paths is never closed.
pub(crate) const MALFORMED: &str = r#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
  <Paths>
  <CallerReference>2026-01-31</CallerReference>
</InvalidationBatch>
"#;

/// Of another vocabulary.
pub(crate) const FOREIGN: &str =
    "<project xmlns=\"http://maven.apache.org/POM/4.0.0\"><version>1</version></project>\n";

/// The start tag of a distribution, to be completed.
pub(crate) const DISTRIBUTION: &str =
    r#"<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">"#;
