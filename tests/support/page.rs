//! The examples on the pages of the rules.

use cloudfront_lint::schema::{ApiVersion, Root};
use cloudfront_lint::{Operation, OptionId, RULES, Rule, RuleOptions};

use cloudfront_lint::smallest::Fragment;

/// Stands in a section whose examples cannot be written in Markdown.
const ELSEWHERE: &str = "The examples are in the test suite.";

/// The word after the fence of a configuration.
const TOML: &str = "toml";

/// A fenced block of a page.
pub(crate) struct Block {
    /// Line of the page, from 1, on which its text begins.
    pub(crate) line: usize,
    /// The words after the fence.
    pub(crate) info: String,
    pub(crate) text: String,
}

/// An example: a document, perhaps the older one that it would replace or its primary distribution, and others that are checked with it.
pub(crate) struct Example {
    pub(crate) place: String,
    pub(crate) block: Block,
    pub(crate) against: Option<Block>,
    pub(crate) primary: Option<Block>,
    pub(crate) others: Vec<Block>,
    /// What the fix makes of it.
    pub(crate) fixed: Option<Block>,
}

/// What the words after `xml` say.
#[derive(Clone)]
pub(crate) struct Reading {
    pub(crate) root: String,
    pub(crate) version: ApiVersion,
    pub(crate) whole: bool,
    /// What the document is sent for, if the page says so.
    pub(crate) operation: Option<Operation>,
    /// Rules that have one finding each besides the page's own.
    pub(crate) also: Vec<String>,
    /// Numbers that the user has set.
    pub(crate) options: RuleOptions,
    /// Comments that ignore a rule must say why.
    pub(crate) require_reason: bool,
}

/// The configurations of a section.
#[allow(dead_code)]
pub(crate) fn configurations(rule: &Rule, section: &str) -> Vec<Block> {
    let (blocks, _) = section_of(rule.page, section).unwrap_or_default();
    let mut blocks = blocks;
    blocks.retain(|block| block.info == TOML);
    blocks
}

/// The examples of a section.
pub(crate) fn examples(rule: &Rule, section: &str) -> Result<Vec<Example>, String> {
    let page = format!("rules/lint/{}.md", rule.name);
    let (blocks, prose) = section_of(rule.page, section)
        .ok_or_else(|| format!("{page} has no section \"## {section}\"\n"))?;
    let mut examples: Vec<Example> = Vec::new();
    let (configurations, blocks): (Vec<_>, Vec<_>) =
        blocks.into_iter().partition(|block| block.info == TOML);
    for block in blocks {
        let place = format!(
            "{page}, {section}, block {}, line {} of the page",
            examples.len() + 1,
            block.line
        );
        match block.info.split_whitespace().next() {
            Some("xml") => examples.push(Example {
                place,
                block,
                against: None,
                primary: None,
                others: Vec::new(),
                fixed: None,
            }),
            Some("fixed") => match examples.last_mut() {
                Some(example) if example.fixed.is_none() => example.fixed = Some(block),
                _ => return Err(format!("{place}: a fixed document follows one xml block\n")),
            },
            Some("against") => match examples.last_mut() {
                Some(example) if example.against.is_none() => example.against = Some(block),
                _ => {
                    return Err(format!(
                        "{place}: an older document follows one xml block\n"
                    ));
                }
            },
            Some("primary") => match examples.last_mut() {
                Some(example) if example.primary.is_none() => example.primary = Some(block),
                _ => {
                    return Err(format!(
                        "{place}: a primary distribution follows one xml block\n"
                    ));
                }
            },
            Some("other") => match examples.last_mut() {
                Some(example) => example.others.push(block),
                None => return Err(format!("{place}: another document follows an xml block\n")),
            },
            _ => {
                return Err(format!(
                    "{place}: `{}` is none of xml, fixed, against, primary and other\n",
                    block.info
                ));
            }
        }
    }
    if examples.is_empty() && configurations.is_empty() && !prose.contains(ELSEWHERE) {
        return Err(format!(
            "{page}, {section}: write an example, or \"{ELSEWHERE}\"\n"
        ));
    }
    Ok(examples)
}

/// The blocks of a section and the prose between them.
fn section_of(page: &str, section: &str) -> Option<(Vec<Block>, String)> {
    let mut blocks = Vec::new();
    let (mut prose, mut found, mut inside) = (String::new(), false, false);
    let mut open: Option<Block> = None;
    for (number, line) in page.lines().enumerate() {
        if let Some(mut block) = open.take() {
            if line != "```" {
                block.text.push_str(line);
                block.text.push('\n');
                open = Some(block);
            } else if inside {
                blocks.push(block);
            }
        } else if let Some(info) = line.strip_prefix("```") {
            open = Some(Block {
                line: number + 2,
                info: info.to_owned(),
                text: String::new(),
            });
        } else if let Some(title) = line.strip_prefix("## ") {
            inside = title == section;
            found |= inside;
        } else if inside {
            prose.push_str(line);
            prose.push('\n');
        }
    }
    found.then_some((blocks, prose))
}

impl Reading {
    /// Reads the words.
    pub(crate) fn of(info: &str) -> Result<Reading, String> {
        let reading = Reading {
            root: "DistributionConfig".to_owned(),
            version: ApiVersion::LATEST,
            whole: false,
            operation: None,
            also: Vec::new(),
            options: RuleOptions::default(),
            require_reason: false,
        };
        reading.with(info)
    }

    /// How a block is read that is read like this one but for its own words.
    pub(crate) fn with(mut self, info: &str) -> Result<Reading, String> {
        let reading = &mut self;
        for word in info.split_whitespace().skip(1) {
            match word.split_once('=') {
                Some(("root", root)) => reading.root = root.to_owned(),
                Some(("version", date)) => {
                    reading.version = ApiVersion::parse(date)
                        .ok_or_else(|| format!("{date} is no API version"))?;
                }
                Some(("operation", name)) => {
                    let known = Operation::ALL.into_iter().find(|o| o.name() == name);
                    reading.operation =
                        Some(known.ok_or_else(|| format!("{name} is no operation"))?);
                }
                Some(("also", name)) if RULES.iter().any(|r| r.name == name) => {
                    reading.also.push(name.to_owned());
                }
                Some(("also", name)) => return Err(format!("there is no rule {name}")),
                Some(("set", option)) => {
                    let (name, number) = option.split_once('=').ok_or("write set=NAME=NUMBER")?;
                    let option =
                        OptionId::find(name).ok_or_else(|| format!("there is no option {name}"))?;
                    let number = number.parse();
                    let number = number.map_err(|_| format!("`{word}` sets no number"))?;
                    reading.options.set(option, number);
                }
                None if word == "whole" => reading.whole = true,
                None if word == "require-reason" => reading.require_reason = true,
                _ => return Err(format!("`{word}` means nothing here")),
            }
        }
        Ok(self)
    }

    /// The whole document, with its marks.
    pub(crate) fn document(&self, block: &str) -> Result<String, String> {
        if self.whole || block.starts_with("<?xml") {
            return Ok(block.to_owned());
        }
        let fragment = Fragment::read(block)?;
        if Root::find(fragment.name()).is_some() {
            return Ok(block.to_owned());
        }
        let update = self.operation == Some(Operation::Update);
        fragment.complete(&self.root, self.version, update)
    }
}
