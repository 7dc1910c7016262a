//! Patterns of paths, as in `.gitignore`.

use std::path::{Component, Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::source::Span;

/// One pattern. Without a slash inside it holds at any depth, with one from the directory of the configuration on; what
/// it says of a directory holds for all inside it; `!` in front takes back what earlier ones said.
#[derive(Clone, Debug)]
pub struct PathPattern {
    /// As it is written.
    pub text: String,
    /// Where it is written.
    pub span: Span,
    matcher: Gitignore,
}

impl PathPattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(text: &str, span: Span) -> Result<PathPattern, String> {
        let mut builder = GitignoreBuilder::new("");
        builder.allow_unclosed_class(false);
        let written = text.strip_prefix("./").unwrap_or(text);
        let built = builder.add_line(None, written).and_then(|b| b.build());
        match built {
            Ok(matcher) if matcher.is_empty() => Err("matches no path".to_owned()),
            Ok(matcher) => Ok(PathPattern {
                text: text.to_owned(),
                span,
                matcher,
            }),
            Err(error) => Err(reason(&error)),
        }
    }

    /// What it says of a path that begins below the directory of the configuration.
    fn says(&self, relative: &Path, is_directory: bool) -> Option<bool> {
        match self
            .matcher
            .matched_path_or_any_parents(relative, is_directory)
        {
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
            Match::None => None,
        }
    }
}

fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        other => other.to_string(),
    }
}

/// Several patterns; the last that speaks of a path decides.
#[derive(Clone, Debug, Default)]
pub struct PathPatterns(pub Vec<PathPattern>);

impl PathPatterns {
    /// The pattern that takes the path in, by its index.
    pub(crate) fn find(&self, relative: &Path, is_directory: bool) -> Option<usize> {
        let mut patterns = self.0.iter().enumerate().rev();
        let said = patterns.find_map(|(index, pattern)| {
            let says = pattern.says(relative, is_directory)?;
            Some((index, says))
        });
        said.filter(|(_, taken_in)| *taken_in)
            .map(|(index, _)| index)
    }

    /// The patterns that speak of the path, whether another decides or not.
    pub(crate) fn speaking(
        &self,
        relative: &Path,
        is_directory: bool,
    ) -> impl Iterator<Item = usize> {
        let patterns = self.0.iter().enumerate();
        patterns
            .filter(move |(_, pattern)| pattern.says(relative, is_directory).is_some())
            .map(|(index, _)| index)
    }
}

/// A path as patterns see it: below the directory, or as a whole where it is elsewhere.
pub(crate) fn below(directory: &Path, path: &Path) -> PathBuf {
    let rest = path.strip_prefix(directory).unwrap_or(path);
    let names = rest.components();
    names
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(texts: &[&str]) -> PathPatterns {
        let read = |text: &&str| PathPattern::read(text, Span::at(0)).unwrap();
        PathPatterns(texts.iter().map(read).collect())
    }

    #[test]
    fn they_read_as_gitignore_does() {
        let takes = |texts: &[&str], path: &str| patterns(texts).find(Path::new(path), false);
        assert_eq!(takes(&["old"], "cdn/old/a.xml"), Some(0));
        assert_eq!(takes(&["/old"], "cdn/old/a.xml"), None);
        assert_eq!(takes(&["./cdn/old"], "cdn/old/a.xml"), Some(0));
        assert_eq!(takes(&["*.gen.xml"], "cdn/a.gen.xml"), Some(0));
        assert_eq!(takes(&["cdn/**"], "cdn/x/y.xml"), Some(0));
        assert_eq!(takes(&["cdn/*.xml"], "cdn/x/y.xml"), None);
        assert_eq!(takes(&["cdn/**", "!cdn/live.xml"], "cdn/live.xml"), None);
    }

    #[test]
    fn what_is_no_pattern() {
        for text in ["", "# x", "a[", "{a"] {
            assert!(PathPattern::read(text, Span::at(0)).is_err(), "{text}");
        }
    }

    #[test]
    fn paths_elsewhere_are_seen_whole() {
        let path = |text: &str| PathBuf::from(text);
        assert_eq!(
            below(Path::new("/a"), Path::new("/a/b/c.xml")),
            path("b/c.xml")
        );
        assert_eq!(
            below(Path::new("/a"), Path::new("/x/c.xml")),
            path("x/c.xml")
        );
    }
}
