//! The limits that keep a hostile document from costing more than an honest one.

/// How large, deep and crowded a document may be. Every limit is one number here and one flag of the same name.
///
/// They exist because the XML parser's cost is not linear in attributes and namespace declarations; the defaults are
/// far beyond anything that CloudFront accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a document (`--max-size`).
    pub max_size: u64,
    /// Elements inside each other, the root counted (`--max-depth`).
    pub max_depth: usize,
    /// Attributes of one element, namespace declarations counted (`--max-attributes`).
    pub max_attributes: usize,
    /// Namespace declarations of a document (`--max-namespaces`).
    pub max_namespaces: usize,
    /// Elements, comments, CDATA sections and processing instructions of a document (`--max-nodes`).
    pub max_nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            max_size: 64 * 1024 * 1024,
            max_depth: 256,
            max_attributes: 64,
            max_namespaces: 64,
            max_nodes: 4_000_000,
        }
    }
}
