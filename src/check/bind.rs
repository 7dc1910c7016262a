//! Gives every element its shape and notes where the document leaves the schema.
//!
//! Violations are small facts; the rules turn them into findings afterwards, when all shapes are known.

use super::recognise::Start;
use super::same;
use crate::document::{Document, NONE, Node};
use crate::schema::{
    ApiVersion, Kind, Location, Member, NameId, Root, RootClass, Shape, ShapeId, UsualMember,
    VersionRange,
};

/// Where a document leaves the schema. Numbers are indexes of elements.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Violation {
    /// Not allowed under its parent.
    Unknown { element: u32 },
    /// In an element that holds a value.
    InValue { element: u32 },
    /// In a namespace other than its parent's.
    Foreign { element: u32 },
    /// A required member is absent.
    Missing {
        parent: u32,
        member: &'static Member,
    },
    /// A member that may stand once stands again.
    Duplicate { element: u32, first: u32 },
    /// `count` items of the list are not named `item`; `element` is the first.
    WrongItem {
        element: u32,
        item: &'static str,
        count: u32,
    },
    /// Items stand directly in the structure that should wrap them; `element` is the first of `count`.
    Unwrapped { element: u32, count: u32 },
    /// A member that this version knows, but deprecates; the first of its name. Nothing leaves the schema here.
    Deprecated { element: u32 },
}

impl Violation {
    /// The document fits the schema all the same.
    pub(crate) fn is_remark(&self) -> bool {
        matches!(self, Violation::Deprecated { .. })
    }

    /// A required member is absent.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Violation::Missing { .. })
    }
}

/// Most members that a structure of the schema has; `seen` is a bit set.
const MOST_MEMBERS: usize = 64;

/// Compares the document with the schema, from `start` downwards.
///
/// Remarks stand among the violations; see [`faults`].
pub(super) fn bind(document: &mut Document<'_>, start: Start) -> Vec<Violation> {
    let version = document.version();
    let mut binder = Binder {
        document,
        version,
        violations: Vec::new(),
        slip_noted: false,
        earlier: [0; MOST_MEMBERS],
    };
    let root = &mut binder.document.nodes[start.element as usize];
    root.take(start.root.shape);
    root.checked = matches!(start.root.class, RootClass::Config | RootClass::Request);
    let end = root.end;
    for id in start.element..end {
        let node = binder.node(id);
        // A value has nothing inside, and most elements are values.
        if !(node.scalar && node.end == id + 1) {
            binder.element(id);
        }
    }
    binder.violations
}

/// How many of the violations say that the document does not fit the version.
pub(crate) fn faults(violations: &[Violation]) -> usize {
    violations.iter().filter(|v| !v.is_remark()).count()
}

/// Takes repeated single elements out of what rules see. Each copy is reported already, and a rule that looks for a
/// member would else meet all copies of all members, for each element that asks.
pub(super) fn set_aside_repeats(document: &mut Document<'_>, violations: &[Violation]) {
    let repeats: Vec<u32> = violations
        .iter()
        .filter_map(|violation| match violation {
            Violation::Duplicate { element, .. } => Some(*element),
            _ => None,
        })
        .collect();
    let nodes = &mut document.nodes;
    let parent = |nodes: &[Node<'_>], id: u32| nodes[id as usize].parent;
    let mut rest = &repeats[..];
    // Structures are compared one after the other, so the copies in one parent follow each other, in document order.
    while let Some(&repeat) = rest.first() {
        let parent_id = parent(nodes, repeat);
        let count = rest.partition_point(|id| parent(nodes, *id) == parent_id);
        let (copies, others) = rest.split_at(count);
        rest = others;
        let mut copies = copies.iter().copied().peekable();
        // The first child repeats nothing.
        let mut kept = parent_id + 1;
        let mut next = nodes[kept as usize].next;
        while next != NONE {
            let after = nodes[next as usize].next;
            if copies.next_if_eq(&next).is_some() {
                let end = nodes[next as usize].end;
                for node in &mut nodes[next as usize..end as usize] {
                    node.checked = false;
                }
            } else {
                nodes[kept as usize].next = next;
                kept = next;
            }
            next = after;
        }
        nodes[kept as usize].next = NONE;
    }
}

/// Forgets what [`bind`] wrote down, so that another version can be tried.
pub(super) fn unbind(document: &mut Document<'_>) {
    for node in &mut document.nodes {
        (node.shape, node.known_as, node.scalar) = (None, NameId::NONE, false);
        (node.position, node.sensitive, node.checked) = (0, false, false);
    }
}

/// Which members of a structure were met.
#[derive(Default)]
struct Seen {
    /// The place of the member that comes next if the order of the schema is kept.
    expected: usize,
    /// A bit for each place.
    present: u64,
    /// The same for those that are not empty.
    filled: u64,
}

impl Seen {
    /// Whether a member was met before.
    fn has(&self, index: usize) -> bool {
        self.present >> index & 1 == 1
    }

    /// Notes a member.
    fn note(&mut self, index: usize, is_empty: bool) {
        self.expected = index + 1;
        self.present |= 1 << index;
        self.filled |= u64::from(!is_empty) << index;
    }
}

struct Binder<'b, 's> {
    document: &'b mut Document<'s>,
    version: ApiVersion,
    violations: Vec<Violation>,
    /// A child in no namespace under a parent in one was reported.
    slip_noted: bool,
    /// Of each member that was met in this structure the first element; where items stand directly in it, the last.
    earlier: [u32; MOST_MEMBERS],
}

impl Binder<'_, '_> {
    fn element(&mut self, id: u32) {
        let Some(shape) = self.node(id).shape.map(ShapeId::shape) else {
            return;
        };
        match &shape.kind {
            Kind::Structure {
                members,
                usual,
                required,
                ..
            } => self.structure(id, (members, usual), required),
            Kind::List {
                item,
                item_id,
                shape,
                ..
            } => self.list(id, item, *item_id, *shape),
            _ => self.scalar(id),
        }
    }

    fn node(&self, id: u32) -> &Node<'_> {
        &self.document.nodes[id as usize]
    }

    /// The name in bytes: to compare, nobody has to know that they are UTF-8.
    fn name(&self, id: u32) -> &[u8] {
        let name = self.node(id).name;
        &self.document.text.as_bytes()[name.start as usize..name.end as usize]
    }

    fn is_empty(&self, id: u32) -> bool {
        let node = self.node(id);
        node.written.is_empty() && node.end == id + 1
    }

    /// The children of `id`, one after the other.
    fn first_child(&self, id: u32) -> Option<u32> {
        (self.node(id).end > id + 1).then_some(id + 1)
    }

    fn next(&self, id: u32) -> Option<u32> {
        let next = self.node(id).next;
        (next != NONE).then_some(next)
    }

    /// Notes only what lies in the part of the document that is sent.
    fn note(&mut self, around: u32, violation: Violation) {
        if self.node(around).checked {
            self.violations.push(violation);
        }
    }

    fn structure(
        &mut self,
        id: u32,
        (members, usual): (&'static [Member], &'static [UsualMember]),
        required: &'static [(VersionRange, u64)],
    ) {
        debug_assert!(members.len() <= MOST_MEMBERS);
        let mut seen = Seen::default();
        let mut unwrapped = Unwrapped::default();
        let mut next = self.first_child(id);
        while let Some(element) = self.usual(id, next, usual, &mut seen) {
            next = self.next(element);
            if self.is_foreign(element, id) {
                continue;
            }
            let index = place(usual, self.name(element), seen.expected);
            match index.filter(|index| travels(&members[*index], self.version)) {
                Some(index) => {
                    let before = seen.has(index).then_some(self.earlier[index]);
                    seen.note(index, self.is_empty(element));
                    let is_item = self.member(id, element, &members[index], before);
                    if is_item || before.is_none() {
                        self.earlier[index] = element;
                    }
                }
                None => match self.item_of_missing_wrapper(members, element) {
                    Some(item) => unwrapped.take(self, id, element, item),
                    None => self.note(id, Violation::Unknown { element }),
                },
            }
        }
        let Seen {
            present, filled, ..
        } = seen;
        let node = &mut self.document.nodes[id as usize];
        (node.present, node.filled) = (present, filled);
        if unwrapped.count > 0 {
            self.note(
                id,
                Violation::Unwrapped {
                    element: unwrapped.first,
                    count: unwrapped.count,
                },
            );
        }
        let required = required
            .iter()
            .find(|(versions, _)| versions.contains(self.version));
        let mut missing = required.map_or(0, |(_, mask)| mask & !present);
        while missing != 0 {
            let member = &members[missing.trailing_zeros() as usize];
            missing &= missing - 1;
            if !(unwrapped.count > 0 && member.name == "Items") {
                self.note(id, Violation::Missing { parent: id, member });
            }
        }
    }

    /// Does what [`Self::member`] does, for all children from `next` on with which there is nothing special; returns the
    /// first other one.
    fn usual(
        &mut self,
        parent: u32,
        mut next: Option<u32>,
        members: &'static [UsualMember],
        seen: &mut Seen,
    ) -> Option<u32> {
        let (text, version) = (self.document.text.as_bytes(), self.version);
        let nodes = &mut self.document.nodes[..];
        let Node {
            namespace, checked, ..
        } = nodes[parent as usize];
        if !checked {
            return next;
        }
        while let Some(element) = next {
            let node = &mut nodes[element as usize];
            let name = &text[node.name.start as usize..node.name.end as usize];
            let Some(index) = place(members, name, seen.expected) else {
                break;
            };
            let member = &members[index];
            let usual = member.versions.contains(version) && node.namespace == namespace;
            if !usual || seen.has(index) {
                break;
            }
            (node.shape, node.scalar) = (Some(member.shape), member.scalar);
            (node.known_as, node.sensitive) = (member.id, member.sensitive);
            node.checked = true;
            seen.note(index, node.written.is_empty() && node.end == element + 1);
            self.earlier[index] = element;
            next = (node.next != NONE).then_some(node.next);
        }
        next
    }

    /// A child that the structure allows, and one of its name before it; whether it is an item.
    fn member(
        &mut self,
        parent: u32,
        element: u32,
        member: &'static Member,
        before: Option<u32>,
    ) -> bool {
        let Some(shape) = member.shape_in(self.version) else {
            return false;
        };
        let flattened = match shape.shape().kind {
            Kind::List {
                flattened: true,
                shape: item,
                ..
            } => Some(item),
            _ => None,
        };
        match before {
            Some(first) if flattened.is_none() => {
                self.note(parent, Violation::Duplicate { element, first });
            }
            None if member.is_deprecated(self.version) => {
                self.note(parent, Violation::Deprecated { element });
            }
            _ => {}
        }
        let position = match flattened {
            Some(_) => before.map_or(0, |last| self.node(last).position) + 1,
            None => 0,
        };
        let inherited = self.node(parent).checked;
        let checked = inherited || is_sent(member.name, shape);
        let node = &mut self.document.nodes[element as usize];
        node.take(flattened.unwrap_or(shape));
        node.known_as = member.id;
        node.sensitive |= member.sensitive;
        node.position = position;
        node.checked = checked;
        if checked && !inherited {
            // In a response, this is the part that can be sent back.
            self.document.payload = element;
        }
        flattened.is_some()
    }

    fn list(&mut self, id: u32, item: &'static str, item_id: NameId, shape: ShapeId) {
        let checked = self.node(id).checked;
        let (scalar, sensitive) = (shape.shape().is_scalar(), shape.shape().sensitive);
        let (mut position, mut wrong, mut first_wrong) = (0, 0, 0);
        let mut child = self.first_child(id);
        while let Some(element) = child {
            child = self.next(element);
            if self.is_foreign(element, id) {
                continue;
            }
            let name = self.name(element);
            if !same(name, item.as_bytes()) {
                // Quantity and a second Items are never items; what is inside them says nothing about the item.
                if matches!(name, b"Items" | b"Quantity") && item != "Items" {
                    self.note(id, Violation::Unknown { element });
                    continue;
                }
                wrong += 1;
                if wrong == 1 {
                    first_wrong = element;
                }
            }
            position += 1;
            let node = &mut self.document.nodes[element as usize];
            (node.shape, node.scalar) = (Some(shape), scalar);
            (node.known_as, node.sensitive) = (item_id, sensitive);
            (node.position, node.checked) = (position, checked);
        }
        if wrong > 0 {
            self.note(
                id,
                Violation::WrongItem {
                    element: first_wrong,
                    item,
                    count: wrong,
                },
            );
        }
    }

    /// An element that holds a value has no child elements; the first one speaks for all.
    fn scalar(&mut self, id: u32) {
        if let Some(element) = self.first_child(id) {
            self.note(id, Violation::InValue { element });
        }
    }

    /// Whether a child is in another namespace, and so passed over. Children in no namespace under a prefixed root are
    /// a common slip: the first is reported, all are read.
    fn is_foreign(&mut self, element: u32, parent: u32) -> bool {
        let namespace = self.node(element).namespace;
        if namespace == self.node(parent).namespace {
            return false;
        }
        let slip = namespace == 0;
        if !slip || !self.slip_noted {
            self.note(parent, Violation::Foreign { element });
        }
        self.slip_noted |= slip;
        !slip
    }

    /// The shape of the item that `element` would be if the structure's `Items` were around it.
    fn item_of_missing_wrapper(&self, members: &'static [Member], element: u32) -> Option<ShapeId> {
        let items = members
            .iter()
            .find(|m| m.name == "Items" && m.exists_in(self.version))?;
        match items.shape_in(self.version)?.shape().kind {
            Kind::List { item, shape, .. } if item.as_bytes() == self.name(element) => Some(shape),
            _ => None,
        }
    }
}

/// Items that stand directly in their structure.
#[derive(Default)]
struct Unwrapped {
    first: u32,
    count: u32,
}

impl Unwrapped {
    fn take(&mut self, binder: &mut Binder<'_, '_>, parent: u32, element: u32, item: ShapeId) {
        if self.count == 0 {
            self.first = element;
        }
        self.count += 1;
        let checked = binder.node(parent).checked;
        let node = &mut binder.document.nodes[element as usize];
        node.take(item);
        node.position = self.count;
        node.checked = checked;
    }
}

/// Whether a member travels in the body in this version.
fn travels(member: &Member, version: ApiVersion) -> bool {
    member.exists_in(version) && member.location == Location::Body
}

/// The place of a name among the members. Most documents keep the order of the schema, so the search begins at the member
/// that is expected next.
#[inline]
fn place(members: &[UsualMember], name: &[u8], expected: usize) -> Option<usize> {
    let among = |members: &[UsualMember]| {
        let is_it = |member: &UsualMember| same(member.name.as_bytes(), name);
        members.iter().position(is_it)
    };
    let (before, after) = members.split_at_checked(expected).unwrap_or((members, &[]));
    match among(after) {
        Some(index) => Some(expected + index),
        None => among(before),
    }
}

/// Whether an element is, by name and shape, a body that can be sent by itself.
fn is_sent(name: &str, shape: ShapeId) -> bool {
    let root = Root::find(name).filter(|root| root.shape == shape);
    root.is_some_and(|root| matches!(root.class, RootClass::Config | RootClass::Request))
}

/// The names and shapes of the members of a structure in one version.
pub(crate) fn members_in(
    shape: &'static Shape,
    version: ApiVersion,
) -> impl Iterator<Item = &'static Member> {
    let members = match shape.kind {
        Kind::Structure { members, .. } => members,
        _ => &[],
    };
    members
        .iter()
        .filter(move |m| m.exists_in(version) && m.location == Location::Body)
}
