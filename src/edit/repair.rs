//! What fixes are made of: edits of the text of one document, as small as they can be. Comments, line ends, indentation
//! and prefixes stay as they are.
//!
//! Nothing here writes a secret into an edit, for edits are shown: a sensitive value can lose blanks or disappear, but
//! not be written anew.

use super::{
    Base, Content, Splice, Style, declarations, end_tag, escaped, indent_at,
    inherited_declarations, inner_line, line_end_above, prefix, structure,
};
use crate::check::{is_blank, trimmed};
use crate::document::{Document, Element, cut};
use crate::finding::{Edit, Fix, Safety};
use crate::schema::{NameId, name};
use crate::source::Span;

/// The edits of a fix; none if they cannot be made.
pub(crate) type Edits = Option<Vec<Edit>>;

/// Replaces the value of an element, and the blanks around it. Comments inside stay; none if one of them divides the value.
pub(crate) fn set_value(element: Element<'_>, value: &str) -> Edits {
    if element.is_sensitive() || element.has_children() {
        return None;
    }
    let base = base(element);
    let text = escaped(value);
    let parts = match parts(element) {
        parts if parts.is_empty() => {
            let content = element.content_span();
            if !content.is_empty() {
                // Only comments stand there.
                return sorted(vec![base.put(Span::at(content.start), text)]);
            }
            let piece = base.fresh(text, element.span());
            return sorted(vec![base.set_value(element, piece)]);
        }
        parts => parts,
    };
    let source = base.source;
    let is_filled = |part: &&Span| !trimmed(source.slice(**part)).is_empty();
    let mut filled = parts.iter().filter(is_filled);
    // A value of blanks alone is replaced where it begins.
    let place = filled.next().or(parts.first())?;
    if filled.next().is_some() {
        return None;
    }
    let old = source.slice(*place);
    let inner = trimmed(old).strip_prefix(CDATA);
    let inner = inner.and_then(|inner| inner.strip_suffix("]]>"));
    let is_marked = inner.is_some_and(|inner| !inner.contains("]]>"));
    let text = match is_marked && !value.contains("]]>") && !value.contains('\r') {
        true => format!("{CDATA}{value}]]>"),
        false => text,
    };
    let new = |part: &Span| {
        if part == place {
            text.clone()
        } else {
            String::new()
        }
    };
    let splices = parts.iter().map(|part| base.put(*part, new(part)));
    sorted(splices.filter(|s| !is_nothing(base, s)).collect())
}

const CDATA: &str = "<![CDATA[";

/// Whether a splice puts in what is there already.
fn is_nothing(base: Base<'_, ()>, splice: &Splice<'_, ()>) -> bool {
    let new: String = splice.pieces.iter().map(|p| p.text.as_ref()).collect();
    base.source.slice(splice.span) == new
}

/// The fix that writes a value.
pub(crate) fn write(element: Element<'_>, value: &str, safety: Safety) -> Option<Fix> {
    let title = match value {
        "" => format!("leave {} empty", element.shown_name()),
        value => format!("write {}", cut(value)),
    };
    Fix::new(title, safety, set_value(element, value))
}

/// Takes the blanks around a value away, and leaves the value as it is written.
pub(crate) fn trim(element: Element<'_>) -> Edits {
    let base = base(element);
    let span = element.content_span();
    let text = base.source.slice(span);
    let bare = trimmed(text);
    let strange = |text: &str| text.contains(['<', '\r']) || text.contains("&#");
    if element.has_children() || bare.is_empty() {
        return None;
    }
    // Blanks may stand there as references, in marked sections, or beside comments.
    if strange(text) && (text.contains('<') || trimmed(element.value()) != plain(bare)) {
        return set_value(element, trimmed(element.value()));
    }
    let start = span.start + (text.len() - text.trim_start_matches(is_blank).len()) as u32;
    let end = start + bare.len() as u32;
    let around = [Span::new(span.start, start), Span::new(end, span.end)];
    let splices = around.into_iter().filter(|blanks| !blanks.is_empty());
    sorted(splices.map(|blanks| base.put(blanks, "")).collect())
}

/// A text without references and with line ends as XML reads them; else something that is no value.
fn plain(text: &str) -> String {
    match text.contains('&') {
        true => String::new(),
        false => text.replace("\r\n", "\n").replace('\r', "\n"),
    }
}

/// The parts of what stands in an element that are no comments and no processing instructions.
fn parts(element: Element<'_>) -> Vec<Span> {
    let span = element.content_span();
    let text = element.document().slice(span);
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    let mut push = |from: usize, to: usize| {
        if from < to {
            parts.push(Span::new(span.start + from as u32, span.start + to as u32));
        }
    };
    while let Some(found) = text[at..].find('<') {
        let start = at + found;
        let rest = &text[start..];
        let (end, is_text) = match rest {
            _ if rest.starts_with("<!--") => ("-->", false),
            _ if rest.starts_with("<?") => ("?>", false),
            _ => ("]]>", true),
        };
        let length = rest.find(end).map_or(rest.len(), |n| n + end.len());
        at = start + length;
        if !is_text {
            push(from, start);
            from = at;
        }
    }
    push(from, text.len());
    parts
}

/// Gives an element another name, in both tags.
pub(crate) fn rename(element: Element<'_>, name: &str) -> Edits {
    let base = base(element);
    let old = element.name_span();
    let mut splices = vec![base.put(old, name)];
    if let Some(start) = end_tag(element) {
        let prefix = old.start - element.span().start - 1;
        let start = start + prefix;
        splices.push(base.put(Span::new(start, start + old.len()), name));
    }
    sorted(splices)
}

/// Takes elements out, with their lines where they have them for themselves.
pub(crate) fn remove<'d>(elements: impl IntoIterator<Item = Element<'d>>) -> Edits {
    let remove = |element: Element<'d>| base(element).remove(element);
    sorted(elements.into_iter().map(remove).collect())
}

/// Lists with more items are counted by nobody for each of their findings.
const MOST_COUNTED: usize = 256;

/// Takes an element out; an item of a list as [`remove_items`] does, if the list is not very long.
pub(crate) fn remove_item(element: Element<'_>) -> Edits {
    let is_items = |e: &Element<'_>| e.node().known_as == name::ITEMS;
    let list = element.parent().filter(is_items).and_then(Element::parent);
    let is_short = |list: Element<'_>| list.items().take(MOST_COUNTED + 1).count() <= MOST_COUNTED;
    list.is_none_or(is_short)
        .then(|| remove_items(&[element]))
        .flatten()
}

/// Whether two elements say the same: the same names and values in the same order, whatever stands between them.
pub(crate) fn are_equal(one: Element<'_>, other: Element<'_>) -> bool {
    let size = |e: Element<'_>| e.node().end - e.id();
    let depth = |e: Element<'_>, top: Element<'_>| e.node().parent.wrapping_sub(top.id());
    let same = |(a, b): (Element<'_>, Element<'_>)| {
        let inside = a.id() != one.id();
        a.name() == b.name()
            && trimmed(a.value()) == trimmed(b.value())
            && (!inside || depth(a, one) == depth(b, other))
    };
    size(one) == size(other) && one.and_below().zip(other.and_below()).all(same)
}

/// Takes elements out; where they are items of a list that counts them rightly, it counts the others afterwards. An
/// `Items` that would be empty goes with its items.
pub(crate) fn remove_items(elements: &[Element<'_>]) -> Edits {
    let mut changes = Vec::new();
    let mut rest = elements;
    // The items of one list follow each other.
    while let Some(first) = rest.first() {
        let parent = first.parent()?;
        let same = |e: &Element<'_>| e.parent().is_some_and(|p| p.id() == parent.id());
        let count = rest.iter().take_while(|e| same(e)).count();
        let (own, others) = rest.split_at(count);
        rest = others;
        let list = parent
            .parent()
            .filter(|_| parent.node().known_as == name::ITEMS);
        let Some(list) = list else {
            changes.push(remove(own.iter().copied()));
            continue;
        };
        let items = list.items().count();
        changes.push(match items > count {
            true => remove(own.iter().copied()),
            false => remove([parent]),
        });
        let quantity = list.get(name::QUANTITY);
        let is_right = |q: &Element<'_>| trimmed(q.value()).parse() == Ok(items);
        if let Some(quantity) = quantity.filter(is_right) {
            changes.push(set_value(quantity, &(items - count.min(items)).to_string()));
        }
    }
    all(changes)
}

/// Puts a member with this value into a structure, where the schema has it.
pub(crate) fn insert(parent: Element<'_>, name: NameId, value: &str) -> Edits {
    let value = escaped(value);
    let content = Content::Value(name, &value);
    sorted(vec![base(parent).insert(parent, name, &content, &[])])
}

/// Puts a structure with these members into another one, where the schema has it. The values need no escapes.
pub(crate) fn insert_structure(
    parent: Element<'_>,
    name: NameId,
    members: &[(&str, &str)],
) -> Edits {
    let content = Content::Members(name, members);
    sorted(vec![base(parent).insert(parent, name, &content, &[])])
}

/// Takes away what stands around an element that becomes the root: all before and behind it but the XML declaration.
pub(crate) fn unwrap(element: Element<'_>) -> Edits {
    let root = element.document().root();
    let (outer, inner) = (root.span(), element.span());
    let base = base(element);
    // The lines inside keep their indentation: to change it would be an edit for each of them.
    let mut splices = vec![
        base.put(Span::new(outer.start, inner.start), ""),
        base.put(Span::new(inner.end, outer.end), ""),
    ];
    let declarations = inherited_declarations(element);
    if !declarations.is_empty() {
        splices.push(base.put(Span::at(element.name_span().end), declarations));
    }
    sorted(splices)
}

/// Takes a namespace declaration out of the start tag of an element, with the blanks before it.
pub(crate) fn undeclare(element: Element<'_>, name: &str) -> Edits {
    let base = base(element);
    let start = element.name_span().end;
    let tag = base.source.slice(Span::new(start, element.span().end));
    let (_, whole) = declarations(element).find(|(declared, _)| *declared == name)?;
    let at = tag.find(whole)?;
    let blanks = tag[..at].len() - tag[..at].trim_end_matches(is_blank).len();
    let span = Span::new(
        start + (at - blanks) as u32,
        start + (at + whole.len()) as u32,
    );
    sorted(vec![base.put(span, "")])
}

/// Puts a structure with these members in the place of an element. The values need no escapes.
pub(crate) fn replace_by(element: Element<'_>, name: NameId, members: &[(&str, &str)]) -> Edits {
    let base = base(element);
    let span = element.span();
    let indent = indent_at(base.source, span.start);
    let above = |indent| line_end_above(base.source, indent, span.start);
    let style = Style {
        indent: indent.unwrap_or_default(),
        line_end: indent.map_or("\n", above),
        prefix: prefix(element),
        declarations: "",
    };
    let line = indent.zip(element.parent());
    let line = line.map(|(indent, parent)| inner_line(parent, indent, style.line_end));
    let text = structure(name, members, &style, line.as_deref());
    sorted(vec![base.put(span, text)])
}

/// Replaces a part of the text.
pub(crate) fn replace(document: &Document<'_>, span: Span, text: impl Into<String>) -> Edits {
    let base = Base {
        file: (),
        source: document.source(),
    };
    sorted(vec![base.put(span, text)])
}

/// The edits of several changes that are made together.
pub(crate) fn all(changes: impl IntoIterator<Item = Edits>) -> Edits {
    let mut edits: Vec<Edit> = Vec::new();
    for change in changes {
        edits.extend(change?);
    }
    merged(edits)
}

fn base<'d>(element: Element<'d>) -> Base<'d, ()> {
    Base {
        file: (),
        source: element.document().source(),
    }
}

pub(super) fn sorted(splices: Vec<Splice<'_, ()>>) -> Edits {
    let edit = |splice: Splice<'_, ()>| Edit {
        span: splice.span,
        content: splice.pieces.iter().map(|p| p.text.as_ref()).collect(),
    };
    merged(splices.into_iter().map(edit).collect())
}

/// Sorts edits and joins those that touch each other; none if two overlap.
fn merged(mut edits: Vec<Edit>) -> Edits {
    edits.sort_by_key(|edit| edit.span);
    let mut merged: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match merged.last_mut() {
            Some(last) if last.span.end > edit.span.start => return None,
            Some(last) if last.span.end == edit.span.start => {
                last.span.end = edit.span.end;
                last.content.push_str(&edit.content);
            }
            _ => merged.push(edit),
        }
    }
    Some(merged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Settings, read};
    use crate::fix::apply;
    use crate::schema::name;
    use crate::source::Source;

    const NAMESPACE: &str = "xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"";

    /// What becomes of a distribution with this inside if its first element of a name is changed; none without a fix.
    fn changed(inside: &str, of: &str, change: impl Fn(Element<'_>) -> Edits) -> Option<String> {
        let (open, close) = (
            format!("<DistributionConfig {NAMESPACE}>"),
            "</DistributionConfig>",
        );
        let text = format!("{open}{inside}{close}");
        let new = rewritten(&text, of, change)?;
        let inside = new.strip_prefix(&open).unwrap().strip_suffix(close);
        Some(inside.unwrap().to_owned())
    }

    fn rewritten(text: &str, of: &str, change: impl Fn(Element<'_>) -> Edits) -> Option<String> {
        let source = Source::from_bytes("a.xml", text.as_bytes().to_vec());
        let document = read(&source, &Settings::default()).unwrap();
        let element = document.elements().find(|e| e.name() == of).unwrap();
        let fix = Fix::safe("change it", change(element))?;
        assert!(fix.edits.is_sorted_by(|a, b| a.span.end < b.span.start));
        Some(apply(source.text(), &[&fix]))
    }

    #[test]
    fn values_are_written_anew() {
        let marked = changed("<WebACLId><![CDATA[x]]></WebACLId>", "WebACLId", |e| {
            set_value(e, "a<&>b")
        });
        assert_eq!(
            marked.as_deref(),
            Some("<WebACLId><![CDATA[a<&>b]]></WebACLId>")
        );
        let set = |inside: &str| changed(inside, "WebACLId", |e| set_value(e, "a<&>b\r"));
        let written = "a&lt;&amp;&gt;b&#13;";
        for (before, after) in [
            ("<WebACLId>old</WebACLId>", "<WebACLId>NEW</WebACLId>"),
            ("<WebACLId> \n old\t</WebACLId>", "<WebACLId>NEW</WebACLId>"),
            ("<WebACLId/>", "<WebACLId>NEW</WebACLId>"),
            ("<WebACLId />", "<WebACLId>NEW</WebACLId>"),
            ("<WebACLId></WebACLId>", "<WebACLId>NEW</WebACLId>"),
            ("<WebACLId>  </WebACLId>", "<WebACLId>NEW</WebACLId>"),
            (
                "<WebACLId a='>'>x</WebACLId >",
                "<WebACLId a='>'>NEW</WebACLId >",
            ),
            ("<WebACLId>&#97;&lt;</WebACLId>", "<WebACLId>NEW</WebACLId>"),
            // WebACLIds stay, and what a marked section was stays one.
            (
                "<WebACLId>old<!-- x --></WebACLId>",
                "<WebACLId>NEW<!-- x --></WebACLId>",
            ),
            (
                "<WebACLId> <!-- x --> old </WebACLId>",
                "<WebACLId><!-- x -->NEW</WebACLId>",
            ),
            (
                "<WebACLId><!-- x --></WebACLId>",
                "<WebACLId>NEW<!-- x --></WebACLId>",
            ),
            (
                "<WebACLId><![CDATA[old]]></WebACLId>",
                "<WebACLId>NEW</WebACLId>",
            ),
        ] {
            let after = after.replace("NEW", written);
            assert_eq!(set(before).as_deref(), Some(&after[..]), "{before}");
        }
        assert_eq!(set("<WebACLId>one<!-- x -->two</WebACLId>"), None);
        let prefixed = format!("<c:Tags xmlns:c={}><c:Items/></c:Tags>", &NAMESPACE[6..]);
        let filled = rewritten(&prefixed, "Items", |e| set_value(e, "x"));
        assert!(filled.is_some_and(|new| new.contains("<c:Items>x</c:Items>")));
    }

    #[test]
    fn a_secret_is_not_written() {
        let header = "<HeaderName>x</HeaderName><HeaderValue> S3CR3T </HeaderValue>";
        let origin = format!(
            "<Origins><Quantity>1</Quantity><Items><Origin><CustomHeaders><Quantity>1</Quantity><Items>\
                              <OriginCustomHeader>{header}</OriginCustomHeader></Items></CustomHeaders></Origin></Items></Origins>"
        );
        let set = changed(&origin, "HeaderValue", |e| set_value(e, "S3CR3T"));
        assert_eq!(set, None);
        let bare = origin.replace(" S3CR3T ", "S3CR3T");
        assert_eq!(changed(&origin, "HeaderValue", trim), Some(bare));
        let marked = origin.replace(" S3CR3T ", "<![CDATA[ S3CR3T ]]>");
        assert_eq!(changed(&marked, "HeaderValue", trim), None);
    }

    #[test]
    fn blanks_go_and_the_rest_stays_as_it_is_written() {
        let trimmed = |value: &str| {
            let inside = format!("<WebACLId>{value}</WebACLId>");
            let new = changed(&inside, "WebACLId", trim)?;
            let new = new.strip_prefix("<WebACLId>")?;
            Some(new.strip_suffix("</WebACLId>")?.to_owned())
        };
        for (before, after) in [
            ("  a &amp; b\r\n", "a &amp; b"),
            ("a &#38; b ", "a &amp; b"),
            ("&#32;a ", "a"),
            ("<![CDATA[ a ]]>", "<![CDATA[a]]>"),
            (" a <!-- x --> ", "a<!-- x -->"),
            (" a\r\nb ", "a\r\nb"),
        ] {
            assert_eq!(trimmed(before).as_deref(), Some(after), "{before:?}");
        }
    }

    #[test]
    fn both_tags_get_the_name() {
        let renamed = |inside: &str| changed(inside, "WebACLI", |e| rename(e, "WebACLId"));
        for (before, after) in [
            ("<WebACLI>a</WebACLI>", "<WebACLId>a</WebACLId>"),
            (
                "<WebACLI a='1'\n>a</WebACLI  >",
                "<WebACLId a='1'\n>a</WebACLId  >",
            ),
            ("<WebACLI/>", "<WebACLId/>"),
            (
                "<WebACLI><WebACLI>x</WebACLI></WebACLI>",
                "<WebACLId><WebACLI>x</WebACLI></WebACLId>",
            ),
        ] {
            assert_eq!(renamed(before).as_deref(), Some(after), "{before}");
        }
        let prefixed = format!(
            "<c:Tags xmlns:c={}><c:Item>&lt;/</c:Item></c:Tags>",
            &NAMESPACE[6..]
        );
        let new = rewritten(&prefixed, "Item", |e| rename(e, "Items"));
        assert_eq!(new, Some(prefixed.replace("c:Item", "c:Items")));
    }

    #[test]
    fn elements_go_with_their_lines() {
        let without = |inside: &str| changed(inside, "WebACLId", |e| remove([e]));
        for (before, after) in [
            (
                "\r\n\t<WebACLId/>\r\n\t<Enabled/>\r\n",
                "\r\n\t<Enabled/>\r\n",
            ),
            ("<WebACLId/><Enabled/>", "<Enabled/>"),
            (
                "\n  <WebACLId>a\nb</WebACLId> <!-- x -->\n",
                "\n   <!-- x -->\n",
            ),
        ] {
            assert_eq!(without(before).as_deref(), Some(after), "{before:?}");
        }
    }

    #[test]
    fn items_are_counted_when_one_has_gone() {
        let list = |quantity: &str, items: &str| {
            format!("<Aliases><Quantity>{quantity}</Quantity>{items}</Aliases>")
        };
        let without = |inside: &str| changed(inside, "CNAME", remove_item);
        let two = "<Items><CNAME>a</CNAME><CNAME>b</CNAME></Items>";
        let one = "<Items><CNAME>b</CNAME></Items>";
        assert_eq!(without(&list("2", two)), Some(list("1", one)));
        assert_eq!(without(&list("1", one)), Some(list("0", "")));
        // A wrong count is no part of this.
        assert_eq!(without(&list("1", two)), Some(list("1", one)));
        let many = format!(
            "<Items>{}</Items>",
            "<CNAME>a</CNAME>".repeat(MOST_COUNTED + 1)
        );
        assert_eq!(without(&list("257", &many)), None);
    }

    #[test]
    fn members_are_put_where_the_schema_has_them() {
        let with = |inside: &str| {
            changed(inside, "DistributionConfig", |e| {
                insert(e, name::DEFAULT_ROOT_OBJECT, "a&b")
            })
        };
        let new = "<DefaultRootObject>a&amp;b</DefaultRootObject>";
        for (before, after) in [
            ("", "NEW"),
            ("<Enabled/>", "NEW<Enabled/>"),
            (
                "\r\n\t<Aliases/>\r\n\t<Enabled/>\r\n",
                "\r\n\t<Aliases/>\r\n\tNEW\r\n\t<Enabled/>\r\n",
            ),
            ("\n  <Enabled/>\n", "\n  NEW\n  <Enabled/>\n"),
            (
                "\n  <Aliases/> <!-- x -->\n",
                "\n  <Aliases/> <!-- x -->\n  NEW\n",
            ),
        ] {
            let after = after.replace("NEW", new);
            assert_eq!(with(before).as_deref(), Some(&after[..]), "{before:?}");
        }
        let lines = |inside: &str| {
            changed(inside, "DefaultCacheBehavior", |e| {
                insert(e, name::MIN_TTL, "0")
            })
        };
        for (before, after) in [
            (
                "\r\n\t<DefaultCacheBehavior>\r\n\t</DefaultCacheBehavior>\r\n",
                "\r\n\t<DefaultCacheBehavior>\r\n\t\t<MinTTL>0</MinTTL>\r\n\t</DefaultCacheBehavior>\r\n",
            ),
            (
                "\n  <DefaultCacheBehavior> \n    <!-- x -->\n  </DefaultCacheBehavior>\n",
                "\n  <DefaultCacheBehavior>\n    <MinTTL>0</MinTTL> \n    <!-- x -->\n  </DefaultCacheBehavior>\n",
            ),
            (
                "<DefaultCacheBehavior>\n</DefaultCacheBehavior>",
                "<DefaultCacheBehavior><MinTTL>0</MinTTL>\n</DefaultCacheBehavior>",
            ),
        ] {
            assert_eq!(lines(before).as_deref(), Some(after), "{before:?}");
        }
        let inside = "<DefaultCacheBehavior/>";
        let opened = changed(inside, "DefaultCacheBehavior", |e| {
            insert(e, name::MIN_TTL, "0")
        });
        let wanted = "<DefaultCacheBehavior><MinTTL>0</MinTTL></DefaultCacheBehavior>";
        assert_eq!(opened.as_deref(), Some(wanted));
    }

    #[test]
    fn structures_keep_the_indentation_of_their_neighbours() {
        let with = |inside: &str| {
            changed(inside, "Origin", |e| {
                insert_structure(e, name::S3_ORIGIN_CONFIG, &[("OriginAccessIdentity", "")])
            })
        };
        let before = "\n  <Origins><Quantity>1</Quantity><Items>\n      <Origin>\n          <Id>a</Id>\n      </Origin>\n  \
                      </Items></Origins>\n";
        let after = before.replace(
            "</Id>\n",
            "</Id>\n          <S3OriginConfig>\n              <OriginAccessIdentity></OriginAccessIdentity>\n          \
             </S3OriginConfig>\n",
        );
        assert_eq!(with(before), Some(after));
    }

    #[test]
    fn declarations_and_elements_are_replaced() {
        let bare = |inside: &str| changed(inside, "Comment", |e| undeclare(e, "xmlns"));
        for (before, after) in [
            ("<Comment xmlns=''>x</Comment>", "<Comment>x</Comment>"),
            (
                "<Comment a='1'\n  xmlns = \"\" b='2'/>",
                "<Comment a='1' b='2'/>",
            ),
        ] {
            assert_eq!(bare(before).as_deref(), Some(after), "{before}");
        }
        assert_eq!(bare("<Comment/>"), None);
        let replaced = |inside: &str| {
            changed(inside, "Logging", |e| {
                replace_by(e, name::ALIASES, &[("Quantity", "0")])
            })
        };
        for (before, after) in [
            ("<Logging/>", "<Aliases><Quantity>0</Quantity></Aliases>"),
            (
                "\r\n\t<Logging>\r\n\t\t<Enabled/>\r\n\t</Logging>\r\n",
                "\r\n\t<Aliases>\r\n\t\t<Quantity>0</Quantity>\r\n\t</Aliases>\r\n",
            ),
        ] {
            assert_eq!(replaced(before).as_deref(), Some(after), "{before}");
        }
    }

    #[test]
    fn a_wrapper_is_taken_off() {
        let text = format!(
            "<?xml version='1.0'?>\r\n<c:Distribution xmlns:c={}>\r\n  <c:Id>E1</c:Id>\r\n  <c:DistributionConfig>\r\n    \
             <c:Comment>a\n    b</c:Comment><!-- x -->\r\n  </c:DistributionConfig>\r\n</c:Distribution>\r\n<!-- end -->",
            &NAMESPACE[6..]
        );
        let new = rewritten(&text, "DistributionConfig", unwrap);
        let wanted = format!(
            "<?xml version='1.0'?>\r\n<c:DistributionConfig xmlns:c={}>\r\n    <c:Comment>a\n    b</c:Comment><!-- x -->\r\n  \
             </c:DistributionConfig>\r\n<!-- end -->",
            &NAMESPACE[6..]
        );
        assert_eq!(new, Some(wanted));
    }

    #[test]
    fn equal_elements_say_the_same() {
        let text =
            "<a><b>1</b><b> 1 </b><b><c/></b><b><c>1</c></b><d><b/><c/></d><d><b><c/></b></d></a>";
        let source = Source::from_bytes("a.xml", text.as_bytes().to_vec());
        let document = crate::syntax::parse(&source, &crate::limits::Limits::default()).unwrap();
        let b: Vec<Element<'_>> = document.root().children().collect();
        assert!(are_equal(b[0], b[1]));
        assert!(!are_equal(b[0], b[2]));
        assert!(!are_equal(b[2], b[3]));
        assert!(!are_equal(b[4], b[5]));
    }

    #[test]
    fn edits_do_not_overlap() {
        let edit = |start, end, text: &str| {
            Some(vec![Edit {
                span: Span::new(start, end),
                content: text.to_owned(),
            }])
        };
        let joined = all([edit(4, 6, "b"), edit(2, 4, "a"), edit(8, 8, "c")]);
        let spans: Vec<Span> = joined.unwrap().iter().map(|e| e.span).collect();
        assert_eq!(spans, [Span::new(2, 6), Span::new(8, 8)]);
        assert_eq!(all([edit(2, 5, ""), edit(4, 6, "")]), None);
        assert_eq!(all([edit(2, 5, ""), None]), None);
    }
}
