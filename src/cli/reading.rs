//! How documents are read and checked: the options that several commands have.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anstream::stream::RawStream;
use clap::{Args, ColorChoice};

use crate::check::Settings;
use crate::config::{At, Finder, Layer, Limit};
use crate::limits::Limits;
use crate::report::Failure;
use crate::rule::{OPTIONS, Operation, OptionId};
use crate::schema::ApiVersion;
use crate::suggest;

/// Options that several commands have.
#[derive(Debug, Args)]
pub(super) struct Reading {
    /// Check against this API version, whatever the namespace says, such as 2020-05-31
    #[arg(long, value_name = "DATE", value_parser = api_version, help_heading = "Checks")]
    api_version: Option<ApiVersion>,

    /// Set a number of a rule, such as a quota that AWS has raised for you: --set max-origins=200
    #[arg(long, value_name = "NAME=NUMBER", value_delimiter = ',', value_parser = rule_option, help_heading = "Checks")]
    set: Vec<(OptionId, i64)>,

    #[command(flatten)]
    color: ColorArgument,

    #[command(flatten)]
    pub(super) config: ConfigArguments,

    #[command(flatten)]
    limits: LimitArguments,
}

/// Where the configuration is.
#[derive(Debug, Args)]
#[command(next_help_heading = "Configuration")]
pub(super) struct ConfigArguments {
    /// Use this configuration for all files instead of the nearest cloudfront-lint.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Use no configuration
    #[arg(long, conflicts_with = "config")]
    isolated: bool,
}

impl ConfigArguments {
    /// What finds configurations.
    pub(super) fn finder(&self) -> Finder {
        match &self.config {
            Some(path) => Finder::given(path),
            None if self.isolated => Finder::isolated(),
            None => Finder::nearest(),
        }
    }
}

/// Whether to write in colours.
#[derive(Debug, Args)]
pub(super) struct ColorArgument {
    /// Colour the output: auto, always or never
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        help_heading = "Output"
    )]
    color: ColorChoice,
}

/// Bounds on what is read, so that no document can exhaust the machine.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArguments {
    #[arg(long, value_name = "BYTES", help = limit("Largest document in bytes", Limit::MaxSize))]
    max_size: Option<u64>,
    #[arg(long, value_name = "N", help = limit("Deepest nesting of elements", Limit::MaxDepth))]
    max_depth: Option<u64>,
    #[arg(long, value_name = "N", help = limit("Most attributes on one element", Limit::MaxAttributes))]
    max_attributes: Option<u64>,
    #[arg(long, value_name = "N", help = limit("Most namespace declarations in a document", Limit::MaxNamespaces))]
    max_namespaces: Option<u64>,
    #[arg(long, value_name = "N", help = limit("Most elements, comments and other parts of a document", Limit::MaxNodes))]
    max_nodes: Option<u64>,
}

/// The help of a limit. What holds without the flag may be said by a configuration.
fn limit(what: &str, limit: Limit) -> String {
    format!("{what} [default: {}]", limit.get(&Limits::default()))
}

impl Reading {
    /// What the command line says.
    pub(super) fn layer(&self, operation: Option<Operation>) -> Layer {
        Layer {
            options: self.set.iter().copied().map(At::nowhere).collect(),
            api_version: self.api_version.map(At::nowhere),
            operation: operation.map(At::nowhere),
            limits: self.limits.given(),
            ..Layer::default()
        }
    }

    /// What holds for a file.
    pub(super) fn settings(&self, file: &Path) -> Result<Settings, Vec<Failure>> {
        let profile = self.config.finder().profile(file, &self.layer(None))?;
        Ok(profile.settings)
    }

    /// Whether a standard stream gets colours.
    pub(super) fn color_on(&self, stream: &impl RawStream) -> bool {
        self.color.is_on(stream)
    }

    /// Whether files get colours.
    pub(super) fn color_in_file(&self) -> bool {
        self.color.color == ColorChoice::Always
    }
}

impl ColorArgument {
    /// Whether a standard stream gets colours.
    pub(super) fn is_on(&self, stream: &impl RawStream) -> bool {
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => {
                anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
            }
        }
    }
}

impl LimitArguments {
    /// What the command line says.
    pub(super) fn layer(&self) -> Layer {
        Layer {
            limits: self.given(),
            ..Layer::default()
        }
    }

    fn given(&self) -> Vec<At<(Limit, u64)>> {
        let numbers = [
            (Limit::MaxSize, self.max_size),
            (Limit::MaxDepth, self.max_depth),
            (Limit::MaxAttributes, self.max_attributes),
            (Limit::MaxNamespaces, self.max_namespaces),
            (Limit::MaxNodes, self.max_nodes),
        ];
        let given = numbers
            .into_iter()
            .filter_map(|(limit, number)| Some((limit, number?)));
        given.map(At::nowhere).collect()
    }
}

pub(super) fn api_version(date: &str) -> Result<ApiVersion, String> {
    ApiVersion::parse(date).ok_or_else(|| {
        let near: Vec<&str> = ApiVersion::around(date)
            .into_iter()
            .flatten()
            .map(ApiVersion::date)
            .collect();
        format!("no API version; the nearest are {}", near.join(" and "))
    })
}

fn rule_option(text: &str) -> Result<(OptionId, i64), String> {
    let (name, number) = text.split_once('=').ok_or("write NAME=NUMBER")?;
    let option = OptionId::find(name).ok_or_else(|| {
        match suggest::nearest(name, OPTIONS.iter().map(|o| o.name)) {
            Some(near) => format!("no rule has an option {name}; did you mean {near}?"),
            None => format!(
                "no rule has an option {name}; `cloudfront-lint rules --options` lists them"
            ),
        }
    })?;
    let number: i64 = number
        .parse()
        .map_err(|_| format!("{number:?} is no whole number"))?;
    match number {
        0.. => Ok((option, number)),
        _ => Err("a quota is not negative".to_owned()),
    }
}

/// Columns of the terminal; 80 where there is none or it does not say.
pub(super) fn terminal_width() -> usize {
    const UNKNOWN: usize = 80;
    if !io::stdout().is_terminal() {
        return UNKNOWN;
    }
    match terminal_size::terminal_size() {
        Some((width, _)) if width.0 >= 40 => usize::from(width.0).min(120),
        _ => UNKNOWN,
    }
}
