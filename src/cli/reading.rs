//! How documents are read and checked: the options that several commands have.

use std::io::{self, IsTerminal};

use anstream::stream::RawStream;
use clap::{Args, ColorChoice};

use crate::check::Settings;
use crate::limits::Limits;
use crate::rule::{OPTIONS, Operation, OptionId, RuleOptions};
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
    limits: LimitArguments,
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
    /// Largest document in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_size)]
    max_size: u64,
    /// Deepest nesting of elements
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_depth)]
    max_depth: usize,
    /// Most attributes on one element
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_attributes)]
    max_attributes: usize,
    /// Most namespace declarations in a document
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_namespaces)]
    max_namespaces: usize,
    /// Most elements, comments and other parts of a document
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_nodes)]
    max_nodes: usize,
}

impl Reading {
    /// What the library is to do.
    pub(super) fn settings(&self, operation: Option<Operation>) -> Settings {
        let mut options = RuleOptions::default();
        for (option, number) in &self.set {
            options.set(*option, *number);
        }
        Settings {
            api_version: self.api_version,
            limits: self.limits.limits(),
            operation,
            options,
            require_reason: false,
        }
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
    pub(super) fn limits(&self) -> Limits {
        Limits {
            max_size: self.max_size,
            max_depth: self.max_depth,
            max_attributes: self.max_attributes,
            max_namespaces: self.max_namespaces,
            max_nodes: self.max_nodes,
        }
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
