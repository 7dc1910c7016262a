//! `cloudfront-lint schema`: what a version of the API allows.

use clap::{Args, ValueEnum};

use super::{Outcome, complain, print};
use crate::schema::{ApiVersion, Root, ShapeId, print as schema, roots};
use crate::suggest;

/// Print what an API version allows in a document
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Root element, or any type of the schema; without it, the roots are listed
    root: Option<String>,

    /// API version, such as 2020-05-31 [default: the latest]
    #[arg(long, value_name = "DATE", value_parser = super::reading::api_version)]
    api_version: Option<ApiVersion>,

    /// As a tree for people or as JSON for programs
    #[arg(long, value_name = "FORMAT", default_value = "tree")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Tree,
    Json,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments) -> Outcome {
    let Some(name) = &arguments.root else {
        return list(arguments);
    };
    let version = arguments.api_version.unwrap_or(ApiVersion::LATEST);
    match find(name, version) {
        Ok(shape) => print(&match arguments.format {
            Format::Tree => schema::tree(name, shape, version),
            Format::Json => pretty(&schema::json(name, shape, version)),
        }),
        Err(message) => {
            complain(&message);
            Outcome::Failed
        }
    }
}

fn list(arguments: &Arguments) -> Outcome {
    print(&match arguments.format {
        Format::Tree => schema::list_roots(arguments.api_version),
        Format::Json => pretty(&schema::json_roots(arguments.api_version)),
    })
}

fn find(name: &str, version: ApiVersion) -> Result<ShapeId, String> {
    let found = Root::find(name).map(|root| (root.shape, root.versions));
    let found = found.or_else(|| ShapeId::find(name).map(|id| (id, id.shape().versions)));
    match found {
        Some((shape, versions)) if versions.contains(version) => Ok(shape),
        Some((_, versions)) => Err(format!(
            "{name} does not exist in API version {version}, only in {versions}"
        )),
        None => {
            let known = roots()
                .iter()
                .map(|r| r.name)
                .chain(ShapeId::all().map(|id| id.shape().name));
            Err(match suggest::nearest(name, known) {
                Some(near) => {
                    format!("no root element or type is named {name}; did you mean {near}?")
                }
                None => format!(
                    "no root element or type is named {name}; `cloudfront-lint schema` lists the roots"
                ),
            })
        }
    }
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
