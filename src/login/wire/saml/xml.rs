//! XML as far as SAML needs it: a document that is bounded before it is parsed, and elements that are read strictly.
//!
//! No DTD, so no entity but the five of XML; no processing instruction, no CDATA section, one encoding. What is read as a text is one
//! run of characters: two parsers that would disagree about a comment within it (CVE-2026-57580) find nothing to disagree about.

use std::{borrow::Cow, collections::BTreeMap};

use uppsala::{Document, NodeId, NodeKind, Parser};

/// The largest document, in bytes.
pub const BYTES: usize = 128 * 1024;
/// How deep elements may stand in each other.
const DEPTH: u32 = 32;
/// How many tags a document may have, and how many attributes.
const MARKS: usize = 4000;

/// The document, or something in it, is not what it should be. Nobody's data is in what it says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub Cow<'static, str>);

impl From<&'static str> for Malformed {
    fn from(what: &'static str) -> Self {
        Self(Cow::Borrowed(what))
    }
}

fn malformed(what: String) -> Malformed {
    Malformed(Cow::Owned(what))
}

/// Whether a comment may stand in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// None: a message from program to program.
    Refused,
    /// Between elements: a file that people write.
    Allowed,
}

/// A document.
pub struct Tree<'x> {
    pub(super) document: Document<'x>,
    pub(super) source: &'x str,
    root: NodeId,
}

impl<'x> Tree<'x> {
    /// Parses a document, after it was found to be small enough.
    ///
    /// # Errors
    /// When it is too large, no XML, or has what SAML needs nowhere.
    pub fn parse(source: &'x str, comments: Comments) -> Result<Self, Malformed> {
        if source.len() > BYTES {
            return Err(malformed(format!("more than {BYTES} bytes")));
        }
        let bytes = source.as_bytes();
        let many = |mark| bytes.iter().filter(|byte| **byte == mark).count() > MARKS;
        if many(b'<') || many(b'=') {
            return Err(malformed(format!("more than {MARKS} tags or attributes")));
        }
        let parser = Parser::new().with_max_depth(DEPTH).with_forbid_dtd(true).with_forbid_entities(true);
        let document = parser.parse(source).map_err(|_| Malformed::from("no well-formed XML without a DTD"))?;
        let declared = document.xml_declaration.as_ref().and_then(|declaration| declaration.encoding.as_deref());
        if declared.is_some_and(|encoding| !encoding.eq_ignore_ascii_case("utf-8")) {
            return Err("an encoding that is not UTF-8".into());
        }
        let root = document.document_element().ok_or(Malformed::from("no element"))?;
        let all = || std::iter::once(document.root()).chain(document.descendants(document.root()));
        for node in all() {
            match document.node_kind(node) {
                Some(NodeKind::ProcessingInstruction(_)) => return Err("a processing instruction".into()),
                Some(NodeKind::CData(_)) => return Err("a CDATA section".into()),
                Some(NodeKind::Comment(_)) if comments == Comments::Refused => return Err("a comment".into()),
                // Its canonical form is an error to some, and nothing at all to others.
                Some(NodeKind::Element(element))
                    if element.namespace_declarations.iter().any(|(_, uri)| is_relative(uri)) =>
                {
                    return Err("a name space that is no absolute URI".into());
                }
                _ => {}
            }
        }
        Ok(Self { document, source, root })
    }

    /// Its outermost element.
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element { tree: self, node: self.root }
    }
}

/// Whether a name space is named by something that depends on where it stands. None at all is `""`.
fn is_relative(uri: &str) -> bool {
    !uri.is_empty() && url::Url::parse(uri).is_err()
}

/// An element of a document.
#[derive(Clone, Copy)]
pub struct Element<'t> {
    pub(super) tree: &'t Tree<'t>,
    pub(super) node: NodeId,
}

impl<'t> Element<'t> {
    fn data(self) -> Option<&'t uppsala::Element<'t>> {
        self.tree.document.element(self.node)
    }

    /// Whether it has this name.
    #[must_use]
    pub fn is(self, namespace: &str, name: &str) -> bool {
        self.data().is_some_and(|data| data.matches_name_ns(namespace, name))
    }

    /// Its name without the namespace, for a log: cut to what a name may be.
    #[must_use]
    pub fn name(self) -> String {
        let name = self.data().map_or("", |data| &*data.name.local_name);
        name.chars().filter(char::is_ascii_alphanumeric).take(40).collect()
    }

    /// An attribute. One with a prefix is another one.
    #[must_use]
    pub fn attribute(self, name: &str) -> Option<&'t str> {
        let mut found = self.data()?.attributes.iter();
        found
            .find(|known| known.name.namespace_uri.is_none() && known.name.local_name == name)
            .map(|known| &*known.value)
    }

    /// An attribute of this name, of whatever name space, or none.
    pub(super) fn in_any_space(self, name: &str) -> Option<&'t str> {
        self.data()?.attributes.iter().find(|known| known.name.local_name == name).map(|known| &*known.value)
    }

    /// An attribute that must be there.
    ///
    /// # Errors
    /// When it is not, or is empty.
    pub fn required(self, name: &str) -> Result<&'t str, Malformed> {
        let value = self.attribute(name).filter(|value| !value.is_empty());
        value.ok_or_else(|| malformed(format!("{} without {name}", self.name())))
    }

    /// The elements directly in it.
    pub fn children(self) -> impl Iterator<Item = Element<'t>> {
        let nodes = self.tree.document.children(self.node).into_iter();
        nodes.map(move |node| Element { tree: self.tree, node }).filter(|child| child.data().is_some())
    }

    /// The elements of this name directly in it.
    pub fn all(self, namespace: &'static str, name: &'static str) -> impl Iterator<Item = Element<'t>> {
        self.children().filter(move |child| child.is(namespace, name))
    }

    /// The one element of this name directly in it, when there is one.
    ///
    /// # Errors
    /// When there are two.
    pub fn at_most_one(self, namespace: &'static str, name: &'static str) -> Result<Option<Element<'t>>, Malformed> {
        let mut found = self.all(namespace, name);
        match (found.next(), found.next()) {
            (one, None) => Ok(one),
            _ => Err(malformed(format!("{} with more than one {name}", self.name()))),
        }
    }

    /// The one element of this name directly in it.
    ///
    /// # Errors
    /// When there is none, or two.
    pub fn one(self, namespace: &'static str, name: &'static str) -> Result<Element<'t>, Malformed> {
        self.at_most_one(namespace, name)?.ok_or_else(|| malformed(format!("{} without {name}", self.name())))
    }

    /// Its text: one run of characters, and nothing else in it.
    ///
    /// # Errors
    /// When it is empty, or has anything else.
    pub fn text(self) -> Result<&'t str, Malformed> {
        let document = &self.tree.document;
        let mut nodes = document.children_iter(self.node);
        match (nodes.next().and_then(|node| document.node_kind(node)), nodes.next()) {
            (Some(NodeKind::Text(text)), None) if !text.is_empty() => Ok(text),
            _ => Err(malformed(format!("{} is no plain text", self.name()))),
        }
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(self) -> bool {
        self.tree.document.children_iter(self.node).next().is_none()
    }

    /// Whether it stands somewhere within an element of this name.
    pub(super) fn stands_in(self, namespace: &str, name: &str) -> bool {
        let document = &self.tree.document;
        let around = std::iter::successors(document.parent(self.node), |node| document.parent(*node));
        around.map(|node| Element { tree: self.tree, node }).any(|element| element.is(namespace, name))
    }

    /// The declarations of every prefix that counts where it stands, as attributes: for what stood there and is read elsewhere.
    pub(super) fn prefixes(self) -> String {
        let document = &self.tree.document;
        let (mut place, mut known) = (Some(self.node), BTreeMap::new());
        while let Some(node) = place {
            for (prefix, uri) in document.element(node).into_iter().flat_map(|data| &data.namespace_declarations) {
                // The nearest counts.
                known.entry(prefix.to_string()).or_insert_with(|| uri.to_string());
            }
            place = document.parent(node);
        }
        let declared = known.into_iter().map(|(prefix, uri)| match prefix.as_str() {
            "" => format!(" xmlns=\"{}\"", escaped(&uri)),
            prefix => format!(" xmlns:{prefix}=\"{}\"", escaped(&uri)),
        });
        declared.collect()
    }

    /// Every element of the document.
    pub(super) fn everywhere(self) -> impl Iterator<Item = Element<'t>> {
        let nodes = self.tree.document.descendants(self.tree.document.root()).into_iter();
        nodes.map(move |node| Element { tree: self.tree, node }).filter(|element| element.data().is_some())
    }

    /// Whether it has this value as an identifier, by whatever attribute some parser might take for one.
    pub(super) fn is_called(self, id: &str) -> bool {
        const NAMES: [&str; 2] = ["id", "assertionid"];
        self.data().is_some_and(|data| {
            let named = |name: &str| NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
            data.attributes.iter().any(|known| known.value == id && named(&known.name.local_name))
        })
    }
}

/// A text as it may stand in an element or an attribute.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
