//! What differs between two documents in substance: the older one that an update would replace, and the newer one.
//!
//! Items of lists are aligned by what identifies them (`key` and `alike` of the schema), not by their position. The
//! order of unordered lists, blanks, comments, the spelling of numbers and booleans, and what the service fills in for
//! an absent element (`default` of the schema) make no difference. What the schema does not know is not compared, since
//! CloudFront drops it.
//!
//! Takes time linear in the two documents, up to a logarithm.

mod align;
mod value;

use crate::document::{Document, Element};
use crate::schema::{ApiVersion, Kind, Member, NameId, Shape, name};
use align::Alignment;

/// What happens to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Only the newer document has it.
    Added,
    /// Only the older document has it.
    Removed,
    /// It has another value.
    Changed,
    /// It stands at another place of a list whose order has a meaning.
    Moved,
}

/// One difference, at the smallest element that differs.
#[derive(Clone, Copy)]
pub struct Change<'d> {
    /// What happens.
    pub action: Action,
    /// The element in the older document; none if it is added.
    pub old: Option<Element<'d>>,
    /// The element in the newer document; none if it is removed.
    pub new: Option<Element<'d>>,
    /// The innermost element around it that both documents have, in the older one.
    pub old_around: Element<'d>,
    /// The same element in the newer one.
    pub new_around: Element<'d>,
}

/// All differences of two documents.
pub struct Comparison<'d> {
    /// What is compared of the older document: the configuration inside a response or beside tags, else the root.
    pub old: Element<'d>,
    /// What is compared of the newer document.
    pub new: Element<'d>,
    /// In the order of the newer document; what is removed stands at the element that was around it.
    pub changes: Vec<Change<'d>>,
    /// Structures that stand for the same thing: numbers of the newer and the older element, sorted.
    pairs: Vec<(u32, u32)>,
}

impl Action {
    /// All actions.
    pub const ALL: [Action; 4] = [
        Action::Added,
        Action::Removed,
        Action::Changed,
        Action::Moved,
    ];

    /// The name used in every output.
    pub fn name(self) -> &'static str {
        match self {
            Action::Added => "added",
            Action::Removed => "removed",
            Action::Changed => "changed",
            Action::Moved => "moved",
        }
    }
}

impl<'d> Change<'d> {
    /// The element, in the newer document if it is there.
    pub fn element(&self) -> Element<'d> {
        self.new.or(self.old).unwrap_or(self.new_around)
    }

    /// The smallest place for it in the newer document: the element, or what was around it.
    pub fn place(&self) -> Element<'d> {
        self.new.unwrap_or(self.new_around)
    }

    /// The smallest place for it in the older document.
    pub fn old_place(&self) -> Element<'d> {
        self.old.unwrap_or(self.old_around)
    }

    /// Path of the element that differs, as [`Element::path`] writes it.
    pub fn path(&self) -> String {
        self.element().path()
    }
}

impl<'d> Comparison<'d> {
    /// The structure of the older document that a structure of the newer one stands for.
    pub fn counterpart(&self, new: Element<'_>) -> Option<Element<'d>> {
        let found = self.pairs.binary_search_by_key(&new.id(), |(new, _)| *new);
        let (_, old) = self.pairs.get(found.ok()?)?;
        Some(self.old.document().element(*old))
    }

    /// Whether the documents mean the same.
    pub fn is_same(&self) -> bool {
        self.changes.is_empty()
    }

    /// Whether the two configure things of different kinds, so that nothing else was compared.
    pub fn kinds_differ(&self) -> bool {
        self.old.name() != self.new.name()
    }

    /// Whether only one of them is written for the API as it was until 2012-03-15, when everything had other names.
    pub fn is_across_generations(&self) -> bool {
        is_of_first_generation(self.old.document().version())
            != is_of_first_generation(self.new.document().version())
    }
}

/// The last version of the API before everything got other names.
const LAST_OF_FIRST_GENERATION: &str = "2012-03-15";

/// Whether a version is one of those up to 2012-03-15.
pub(crate) fn is_of_first_generation(version: ApiVersion) -> bool {
    version.date() <= LAST_OF_FIRST_GENERATION
}

/// Compares two documents; none if one of them is no CloudFront document.
///
/// ```
/// use cloudfront_lint::{Settings, Source, compare, read};
///
/// let batch = |path: &str| {
///     let text = format!(
///         r#"<InvalidationBatch xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">
///   <Paths><Quantity>2</Quantity><Items>{path}</Items></Paths>
///   <CallerReference>2026-01-31</CallerReference>
/// </InvalidationBatch>"#
///     );
///     Source::from_bytes("batch.xml", text.into_bytes())
/// };
/// let old = batch("<Path>/a</Path><Path>/b</Path>");
/// let new = batch("<Path>/c</Path><Path>/a</Path>");
/// let old = read(&old, &Settings::default()).unwrap();
/// let new = read(&new, &Settings::default()).unwrap();
/// let comparison = compare::compare(&old, &new).unwrap();
/// let changes: Vec<_> = comparison.changes.iter().map(|c| (c.action.name(), c.path())).collect();
/// assert_eq!(changes, [
///     ("removed", "/InvalidationBatch/Paths/Items/Path[2]".to_owned()),
///     ("added", "/InvalidationBatch/Paths/Items/Path[1]".to_owned()),
/// ]);
/// ```
pub fn compare<'d>(old: &'d Document<'d>, new: &'d Document<'d>) -> Option<Comparison<'d>> {
    old.recognised()?;
    new.recognised()?;
    let (old, new) = (configuration(old), configuration(new));
    let mut walker = Walker {
        changes: Vec::new(),
        pairs: Vec::new(),
    };
    if old.name() == new.name() {
        walker.pair(old, new, None);
        if let (Some(old), Some(new)) = (tags_beside(old), tags_beside(new)) {
            walker.pair(old, new, None);
        }
    } else {
        walker.push(Action::Changed, Some(old), Some(new), (old, new));
    }
    let Walker {
        mut changes,
        mut pairs,
    } = walker;
    changes.sort_by_key(|change| (change.place().id(), change.old_place().id()));
    pairs.sort_unstable();
    Some(Comparison {
        old,
        new,
        changes,
        pairs,
    })
}

/// What a document configures: its payload, without the tags that may stand beside it.
pub(crate) fn configuration<'d>(document: &'d Document<'d>) -> Element<'d> {
    let payload = document.payload();
    let inner = [
        name::DISTRIBUTION_CONFIG,
        name::STREAMING_DISTRIBUTION_CONFIG,
    ]
    .into_iter()
    .find_map(|inner| payload.get(inner));
    inner.unwrap_or(payload)
}

fn tags_beside(configuration: Element<'_>) -> Option<Element<'_>> {
    let payload = configuration.document().payload();
    (payload.id() != configuration.id())
        .then(|| payload.get(name::TAGS))
        .flatten()
}

struct Walker<'d> {
    changes: Vec<Change<'d>>,
    pairs: Vec<(u32, u32)>,
}

/// The innermost elements around something, in the older and in the newer document.
type Around<'d> = (Element<'d>, Element<'d>);

impl<'d> Walker<'d> {
    fn push(
        &mut self,
        action: Action,
        old: Option<Element<'d>>,
        new: Option<Element<'d>>,
        around: Around<'d>,
    ) {
        self.changes.push(Change {
            action,
            old,
            new,
            old_around: around.0,
            new_around: around.1,
        });
    }

    /// Two elements that stand for the same thing. Recurses as deep as the schema is, not as the documents are.
    fn pair(&mut self, old: Element<'d>, new: Element<'d>, member: Option<&'static Member>) {
        let (Some(old_shape), Some(new_shape)) = (old.shape(), new.shape()) else {
            return;
        };
        match (&old_shape.kind, &new_shape.kind) {
            (Kind::Structure { .. }, Kind::Structure { .. }) => {
                let off = |element| member.is_some_and(|m| value::is_default(element, m));
                if !(off(old) && off(new)) {
                    self.structure(old, new, None);
                }
            }
            (Kind::List { .. }, Kind::List { .. }) => {
                self.list(&items(old), &items(new), new_shape, (old, new));
            }
            _ if old_shape.is_scalar() && new_shape.is_scalar() => {
                if !value::is_same(old, new) {
                    self.push(Action::Changed, Some(old), Some(new), (old, new));
                }
            }
            _ => self.push(Action::Changed, Some(old), Some(new), (old, new)),
        }
    }

    /// The members of two structures, but for the one that identifies both.
    fn structure(&mut self, old: Element<'d>, new: Element<'d>, key: Option<&'static str>) {
        let around = (old, new);
        self.pairs.push((new.id(), old.id()));
        let (old_members, new_members) = (Members::of(old, key), Members::of(new, key));
        for (id, element) in &new_members.single {
            let member = member_of(new, *id);
            match old_members.get(*id) {
                Some(older) => self.pair(older, *element, member),
                None => self.one_sided(Action::Added, *element, member, around),
            }
        }
        for (id, element) in &old_members.single {
            if new_members.get(*id).is_none() {
                self.one_sided(Action::Removed, *element, member_of(old, *id), around);
            }
        }
        for (id, list) in &new_members.flattened {
            self.list(
                old_members.items(*id),
                list,
                flattened_list(new, *id),
                around,
            );
        }
        for (id, list) in &old_members.flattened {
            if new_members.items(*id).is_empty() {
                self.list(list, &[], flattened_list(old, *id), around);
            }
        }
    }

    /// An element that only one document has.
    fn one_sided(
        &mut self,
        action: Action,
        element: Element<'d>,
        member: Option<&'static Member>,
        around: Around<'d>,
    ) {
        let is_default = member.is_some_and(|m| value::is_default(element, m));
        if is_default || value::may_be_nothing(element) {
            return;
        }
        // A list that is absent is a list without items.
        let Some(list) = element.shape().filter(|_| is_plain_list(element, member)) else {
            return self.push_one(action, element, around);
        };
        let (items, list) = match list.kind {
            Kind::List { .. } => (items(element), list),
            _ => match element.get(name::ITEMS).map(|list| (list, list.shape())) {
                Some((list, Some(shape))) => (items(list), shape),
                _ => return self.push_one(action, element, around),
            },
        };
        match action {
            Action::Removed => self.list(&items, &[], list, around),
            _ => self.list(&[], &items, list, around),
        }
    }

    fn push_one(&mut self, action: Action, element: Element<'d>, around: Around<'d>) {
        match action {
            Action::Removed => self.push(action, Some(element), None, around),
            _ => self.push(action, None, Some(element), around),
        }
    }

    fn list(
        &mut self,
        old: &[Element<'d>],
        new: &[Element<'d>],
        list: &'static Shape,
        around: Around<'d>,
    ) {
        let Alignment {
            pairs,
            moved,
            added,
            removed,
        } = align::align(old, new, list);
        for (old, new, key) in pairs {
            match key {
                Some(_) => self.structure(old, new, key),
                // Values that were found alike are the same.
                None if new.shape().is_some_and(Shape::is_scalar) => {}
                None => self.pair(old, new, None),
            }
        }
        for (old, new) in moved {
            self.push(Action::Moved, Some(old), Some(new), around);
        }
        for old in removed {
            self.push(Action::Removed, Some(old), None, around);
        }
        for new in added {
            self.push(Action::Added, None, Some(new), around);
        }
    }
}

/// The members of one structure that are compared.
struct Members<'d> {
    single: Vec<(NameId, Element<'d>)>,
    /// Items that stand directly in the structure.
    flattened: Vec<(NameId, Vec<Element<'d>>)>,
}

impl<'d> Members<'d> {
    fn of(structure: Element<'d>, key: Option<&str>) -> Members<'d> {
        let mut members = Members {
            single: Vec::new(),
            flattened: Vec::new(),
        };
        let counts = is_counted(structure);
        for child in structure.children() {
            let (node, id) = (child.node(), child.node().known_as);
            let is_key = key.is_some_and(|key| id.name() == key);
            // How many items there are is no matter of its own.
            if node.shape.is_none() || is_key || counts && id == name::QUANTITY {
                continue;
            }
            if node.position == 0 {
                members.single.push((id, child));
                continue;
            }
            match members.flattened.iter_mut().find(|(name, _)| *name == id) {
                Some((_, items)) => items.push(child),
                None => members.flattened.push((id, vec![child])),
            }
        }
        members
    }

    // A structure has a few dozen members at most.
    fn get(&self, id: NameId) -> Option<Element<'d>> {
        let found = self.single.iter().find(|(name, _)| *name == id);
        found.map(|(_, element)| *element)
    }

    fn items(&self, id: NameId) -> &[Element<'d>] {
        let found = self.flattened.iter().find(|(name, _)| *name == id);
        found.map_or(&[], |(_, items)| items)
    }
}

/// The items of a list, without foreign elements.
fn items(list: Element<'_>) -> Vec<Element<'_>> {
    list.children()
        .filter(|item| item.node().shape.is_some())
        .collect()
}

fn member_of(structure: Element<'_>, id: NameId) -> Option<&'static Member> {
    let members = structure.shape()?.members();
    members.iter().find(|member| member.id == id)
}

/// The list of items that stand directly in a structure.
fn flattened_list(structure: Element<'_>, id: NameId) -> &'static Shape {
    let member = member_of(structure, id);
    let list = member.and_then(|m| m.shape_in(structure.document().version()));
    // Only members have items; that of the structure stands for nothing here.
    list.or(structure.node().shape)
        .map_or(&crate::schema::SHAPES[0], |shape| shape.shape())
}

/// Whether a structure counts items.
fn is_counted(structure: Element<'_>) -> bool {
    let members = structure.shape().map_or(&[][..], Shape::members);
    members.iter().any(|m| m.id == name::QUANTITY) && members.iter().any(|m| m.id == name::ITEMS)
}

/// Whether an element is a list and nothing more, so that its absence is the same as no items.
fn is_plain_list(element: Element<'_>, member: Option<&Member>) -> bool {
    let Some(shape) = element.shape() else {
        return false;
    };
    let version = element.document().version();
    // A list of values that has to have some says more than none does.
    let has_values = |m: &Member| {
        let list = m.shape_in(version).map(|list| list.shape());
        let item = list.and_then(Shape::item);
        m.is_required(version) && item.is_some_and(|(_, item)| item.shape().is_scalar())
    };
    let is_more = |m: &Member| m.id != name::QUANTITY && (m.id != name::ITEMS || has_values(m));
    let has_default = member.is_some_and(|m| m.absent.is_some());
    match shape.kind {
        Kind::List { .. } => true,
        _ => is_counted(element) && !has_default && !shape.members().iter().any(is_more),
    }
}

#[cfg(test)]
mod tests;
