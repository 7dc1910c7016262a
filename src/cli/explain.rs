//! `cloudfront-lint explain`: the page of a rule, a constraint, an API error or an element.

use clap::Args;

use super::policies::{self, PolicyArguments};
use super::reading::ConfigArguments;
use super::{Outcome, complain, print};
use crate::explain;
use crate::policy::Policies;

/// Explain a rule, an error code of the API, an element, or a row of the catalogue of constraints
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Such as quantity-mismatch, InconsistentQuantities, ViewerProtocolPolicy or C105
    #[arg(value_name = "RULE|ERROR-CODE|ELEMENT|CONSTRAINT")]
    name: String,

    #[command(flatten)]
    policies: PolicyArguments,

    #[command(flatten)]
    config: ConfigArguments,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let policies = match here_if_needed(arguments) {
        Ok(policies) => policies,
        Err(outcome) => return outcome,
    };
    match explain::explain(&arguments.name, &policies) {
        Ok(page) => print(&page),
        Err(message) => {
            complain(&message);
            Outcome::Failed
        }
    }
}

/// The policies that are read here; what is ours can be explained without them.
fn here_if_needed(arguments: &Arguments) -> Result<Policies, Outcome> {
    match arguments.name.contains('/') {
        true => policies::here(&arguments.policies, &arguments.config),
        false => Ok(Policies::default()),
    }
}
