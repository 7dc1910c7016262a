//! "Did you mean": the nearest known name.

/// The known name nearest to `name`, if one is near: at most a third of its letters differ.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    // Long text is never a slip of a name, and the distance costs the product of both lengths.
    const LONGEST: usize = 64;
    if name.len() > LONGEST {
        return None;
    }
    let folded = fold(name);
    let length = name.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        if candidate.len() > 2 * LONGEST {
            continue;
        }
        let other = candidate.chars().count();
        let allowed = (length.max(other) / 3).max(1);
        let distance = match fold(candidate) == folded {
            true => 0,
            // Where the lengths differ by more, the names do.
            false if length.abs_diff(other) > allowed => continue,
            false => strsim::damerau_levenshtein(name, candidate),
        };
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The value of an enumeration nearest to what was written: also one that it begins or ends like, the last of several.
pub(crate) fn nearest_value<'k>(
    written: &str,
    known: impl Iterator<Item = &'k str> + Clone,
) -> Option<&'k str> {
    let part = fold(written);
    let same = known.clone().find(|k| fold(k) == part);
    let partial = |fits: fn(&str, &str) -> bool| {
        let fits = |k: &&str| part.len() >= 3 && fits(&fold(k), &part);
        known.clone().filter(fits).last()
    };
    same.or_else(|| partial(|whole, part| whole.starts_with(part)))
        .or_else(|| partial(|whole, part| whole.ends_with(part)))
        .or_else(|| nearest(written, known))
}

/// Whether what was written can only mean the name `meant`: it differs in case and signs alone, or in one letter, and all
/// other names are further away.
pub(crate) fn is_sure<'k>(
    written: &str,
    meant: &str,
    known: impl Iterator<Item = &'k str>,
) -> bool {
    let (own, wanted) = (fold(written), fold(meant));
    // Names that differ in digits alone mean different things.
    let digits = |name: &str| {
        name.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let distance = |name: &str| strsim::damerau_levenshtein(&own, name);
    let least = match own == wanted {
        true => 0,
        false if own.len() < 4 || own.len() > 64 || digits(&own) != digits(&wanted) => {
            return false;
        }
        false => distance(&wanted),
    };
    let others = known.filter(|name| *name != meant).map(fold);
    least <= 1
        && others
            .into_iter()
            .all(|other| distance(&other) > least + 1 || least == 0 && other != own)
}

/// Letters and digits alone, in lower case: what people keep when they misremember a name.
pub(crate) fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// Words in a sentence: `a`, `a or b`, `a, b or c`.
pub(crate) fn alternatives<'w>(
    words: impl IntoIterator<Item = &'w str>,
    conjunction: &str,
) -> String {
    let words: Vec<&str> = words.into_iter().collect();
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} {conjunction} {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_name() {
        let known = ["Enabled", "Comment", "PriceClass_100", "https-only"];
        assert_eq!(nearest("Enabeld", known), Some("Enabled"));
        assert_eq!(nearest("PriceClass100", known), Some("PriceClass_100"));
        assert_eq!(nearest("HTTPS-Only", known), Some("https-only"));
        assert_eq!(nearest("Zebra", known), None);
        assert_eq!(nearest("", known), None);
    }

    #[test]
    fn nearest_value_of_an_enumeration() {
        let near =
            |written, known: &'static [&'static str]| nearest_value(written, known.iter().copied());
        let policies = &["allow-all", "https-only", "redirect-to-https"];
        assert_eq!(near("https", policies), Some("https-only"));
        assert_eq!(near("HTTPS-Only", policies), Some("https-only"));
        assert_eq!(near("allow_al", policies), Some("allow-all"));
        assert_eq!(near("none", policies), None);
        assert_eq!(
            near("TLSv1.2", &["TLSv1", "TLSv1.2_2018", "TLSv1.2_2021"]),
            Some("TLSv1.2_2021")
        );
        assert_eq!(
            near("100", &["PriceClass_100", "PriceClass_All"]),
            Some("PriceClass_100")
        );
    }

    #[test]
    fn sure_of_a_name() {
        let sure =
            |written, meant, known: &[&'static str]| is_sure(written, meant, known.iter().copied());
        let policies = ["allow-all", "https-only", "redirect-to-https"];
        assert!(sure("HTTPS_Only", "https-only", &policies));
        assert!(sure("htps-only", "https-only", &policies));
        assert!(!sure("https", "https-only", &policies));
        assert!(sure(
            "tlsv1.2_2021",
            "TLSv1.2_2021",
            &["TLSv1.2_2019", "TLSv1.2_2021"]
        ));
        assert!(!sure(
            "TLSv1.2_2022",
            "TLSv1.2_2021",
            &["TLSv1.2_2019", "TLSv1.2_2021"]
        ));
        assert!(!sure("ac", "ab", &["ab", "cd"]));
    }

    #[test]
    fn alternatives_read_well() {
        assert_eq!(alternatives([], "or"), "");
        assert_eq!(alternatives(["a"], "or"), "a");
        assert_eq!(alternatives(["a", "b", "c"], "or"), "a, b or c");
    }
}
