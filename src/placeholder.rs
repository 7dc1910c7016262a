//! Placeholders that the user has declared: what a template fills in later, so that nobody knows the value yet.

use std::sync::Arc;

/// A form of placeholders, such as `${*}`: `*` stands for any characters, all else for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placeholder {
    text: String,
}

impl Placeholder {
    /// Reads a form.
    ///
    /// # Errors
    /// It has nothing but `*`, so that every value would be unknown.
    pub fn read(text: &str) -> Result<Placeholder, String> {
        match text.chars().all(|c| c == '*' || c.is_whitespace()) {
            true => Err(
                "would make every value unknown: write what stands around it, such as ${*}"
                    .to_owned(),
            ),
            false => Ok(Placeholder {
                text: text.to_owned(),
            }),
        }
    }

    /// As it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first one in a value: where it begins and ends.
    fn find(&self, value: &str) -> Option<(usize, usize)> {
        let mut pieces = self.text.split('*').filter(|piece| !piece.is_empty());
        let first = pieces.next()?;
        let start = value.find(first)?;
        let mut end = start + first.len();
        for piece in pieces {
            end += value[end..].find(piece)? + piece.len();
        }
        let start = if self.text.starts_with('*') { 0 } else { start };
        let end = if self.text.ends_with('*') {
            value.len()
        } else {
            end
        };
        Some((start, end))
    }
}

/// All forms that hold for a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placeholders(Option<Arc<[Placeholder]>>);

impl Placeholders {
    /// Whether there are none, as nearly always.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The forms.
    pub fn forms(&self) -> &[Placeholder] {
        self.0.as_deref().unwrap_or_default()
    }

    /// Whether a value holds one.
    pub(crate) fn are_in(&self, value: &str) -> bool {
        self.forms().iter().any(|form| form.find(value).is_some())
    }

    /// Whether a value is nothing else.
    pub(crate) fn are_all_of(&self, value: &str) -> bool {
        let whole = Some((0, value.len()));
        self.forms().iter().any(|form| form.find(value) == whole)
    }
}

impl FromIterator<Placeholder> for Placeholders {
    fn from_iter<I: IntoIterator<Item = Placeholder>>(forms: I) -> Placeholders {
        let forms: Arc<[Placeholder]> = forms.into_iter().collect();
        Placeholders((!forms.is_empty()).then_some(forms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_in_values() {
        let one = |text| Placeholders::from_iter([Placeholder::read(text).unwrap()]);
        assert!(one("${*}").are_in("https-${x}"));
        assert!(!one("${*}").are_in("${x"));
        assert!(one("${*}").are_all_of("${x}"));
        assert!(!one("${*}").are_all_of("${x}-y"));
        assert!(one("TF_*").are_all_of("TF_x") && !one("TF_*").are_all_of("a TF_x"));
        assert!(one("TODO").are_in("a TODO b"));
        assert!(one("@@*@@").are_all_of("@@a@@"));
        assert!(!one("@@*@@").are_in("@@a"));
        assert!(Placeholder::read("*").is_err());
        assert!(Placeholder::read("").is_err());
    }
}
