//! `cloudfront-lint explain`: the page of a rule, an API error or an element.

use clap::Args;

use super::{Outcome, complain, print};
use crate::explain;

/// Explain a rule, an error code of the API, or an element
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Such as quantity-mismatch, InconsistentQuantities or ViewerProtocolPolicy
    #[arg(value_name = "RULE|ERROR-CODE|ELEMENT")]
    name: String,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    match explain::explain(&arguments.name) {
        Ok(page) => print(&page),
        Err(message) => {
            complain(&message);
            Outcome::Failed
        }
    }
}
