//! The stylesheet, the script and the icons, compiled into the binary and served under content-hash URLs.
//!
//! A URL is `/assets/{hash}/{file}`, where the hash is that of the file's bytes. A file at a URL never changes, so
//! it may be cached for a year, and two versions of Poort behind one address never mix: an unknown hash is not found.
//!
//! The stylesheet is one file made of the component files of NL Design System (`assets/nlds/`, unmodified, EUPL-1.2)
//! followed by `assets/poort.css`, so that a page asks for one stylesheet.

use std::borrow::Cow;
use std::sync::LazyLock;

use aws_lc_rs::digest;
use rust_embed::RustEmbed;

/// What `Cache-Control` says about an asset: its URL holds its hash, so it never changes.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "src/pages/assets/"]
struct Embedded;

/// One file as it is served.
#[derive(Debug)]
pub struct Asset {
    /// The file's name, the last part of its URL.
    pub name: &'static str,
    /// The media type for `Content-Type`.
    pub content_type: &'static str,
    /// The bytes of the file.
    pub bytes: Cow<'static, [u8]>,
    hash: String,
}

impl Asset {
    fn new(name: &'static str, content_type: &'static str, bytes: Cow<'static, [u8]>) -> Self {
        let digest = digest::digest(&digest::SHA256, &bytes);
        // 64 bits tell the versions of one file apart; the hash is no defence.
        let hash = digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Self { name, content_type, bytes, hash }
    }

    /// The path and file under which a page asks for this: `/assets/{hash}/{file}`.
    pub fn url(&self) -> String {
        format!("/assets/{}/{}", self.hash, self.name)
    }
}

static STYLESHEET: LazyLock<Asset> = LazyLock::new(|| {
    let mut css = b"/* Parts from NL Design System's Utrecht component library (c) Frameless B.V. and Gemeente Utrecht, EUPL-1.2. */\n".to_vec();
    let mut components: Vec<_> =
        Embedded::iter().filter(|path| path.starts_with("nlds/") && path.ends_with(".css")).collect();
    components.sort();
    for path in components.iter().map(AsRef::as_ref).chain(["poort.css"]) {
        if let Some(file) = Embedded::get(path) {
            css.extend_from_slice(&file.data);
            css.push(b'\n');
        }
    }
    Asset::new("poort.css", "text/css; charset=utf-8", css.into())
});
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| single("session.js", "text/javascript; charset=utf-8"));
static PASSKEY_SCRIPT: LazyLock<Asset> = LazyLock::new(|| single("passkey.js", "text/javascript; charset=utf-8"));
static CARD_SCRIPT: LazyLock<Asset> = LazyLock::new(|| single("card.js", "text/javascript; charset=utf-8"));
static ICON: LazyLock<Asset> = LazyLock::new(|| single("icon.svg", "image/svg+xml"));

fn single(name: &'static str, content_type: &'static str) -> Asset {
    let bytes = Embedded::get(name).map_or(Cow::Borrowed(&[][..]), |file| file.data);
    Asset::new(name, content_type, bytes)
}

/// The stylesheet of every page.
pub fn stylesheet() -> &'static Asset {
    &STYLESHEET
}

/// The script that warns before a session ends. Pages work without it.
pub fn script() -> &'static Asset {
    &SCRIPT
}

/// The script that asks the browser for a passkey: nothing else can. Only the pages with passkeys have it.
pub fn passkey_script() -> &'static Asset {
    &PASSKEY_SCRIPT
}

/// The script that asks for an identity card. Only the page with the card has it.
pub fn card_script() -> &'static Asset {
    &CARD_SCRIPT
}

/// The icon of a browser's tab.
pub fn icon() -> &'static Asset {
    &ICON
}

/// The asset at `/assets/{hash}/{file}`; `None` when there is none with that name and hash.
pub fn find(hash: &str, file: &str) -> Option<&'static Asset> {
    [stylesheet(), script(), passkey_script(), card_script(), icon()]
        .into_iter()
        .find(|asset| asset.name == file && asset.hash == hash)
}

#[cfg(test)]
mod tests {
    use super::{card_script, find, icon, passkey_script, script, stylesheet};

    #[test]
    fn an_asset_is_found_by_its_own_url_only() {
        for asset in [stylesheet(), script(), passkey_script(), card_script(), icon()] {
            let url = asset.url();
            let [hash, file] = url.trim_start_matches("/assets/").split('/').collect::<Vec<_>>()[..] else {
                panic!("{url} has a hash and a file")
            };
            assert_eq!(find(hash, file).map(|found| found.name), Some(asset.name));
            assert!(find("0000000000000000", file).is_none());
            assert!(!asset.bytes.is_empty(), "{file} was compiled in");
        }
        assert!(find("", "../Cargo.toml").is_none());
    }

    #[test]
    fn the_stylesheet_is_small_and_asks_for_nothing_else() {
        let css = std::str::from_utf8(&stylesheet().bytes).expect("a stylesheet is text");
        assert!(css.len() < 120_000, "{} bytes", css.len());
        for banned in ["url(", "@import", "http:", "https:"] {
            assert!(!css.contains(banned), "the stylesheet has {banned}");
        }
    }
}
