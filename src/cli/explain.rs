//! `cloudfront-lint explain`: the page of a rule, a constraint, an API error or an element.

use clap::Args;

use super::{Outcome, complain, print};
use crate::explain;

/// Explain a rule, an error code of the API, an element, or a row of the catalogue of constraints
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Such as quantity-mismatch, InconsistentQuantities, ViewerProtocolPolicy or C105
    #[arg(value_name = "RULE|ERROR-CODE|ELEMENT|CONSTRAINT")]
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
