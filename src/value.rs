//! What the text of one value means: path patterns, host names, ARNs, pieces of HTTP. Nothing here knows of documents.
//!
//! A function that looks for what is wrong returns its place as bytes into the text it was given.

pub(crate) mod arn;
pub(crate) mod host;
pub(crate) mod http;
pub(crate) mod path_pattern;
pub(crate) mod tls;
