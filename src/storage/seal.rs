//! Sealing: how national numbers, second-factor secrets, mails and signing keys lie in the database, and how a national
//! number is found there without being there.
//!
//! A [`MasterKey`] outside the database wraps data keys; each tenant has its own, one for each [`Purpose`]. A tenant's
//! [`Sealer`] holds them unwrapped, in memory only.
//!
//! | envelope | bytes |
//! |---|---|
//! | sealed value | version 1, key id (4, big-endian), nonce (12), ciphertext, tag (16) |
//! | wrapped data key | version 1, master key's fingerprint (8), nonce (12), ciphertext (32), tag (16) |
//! | index | key id (4, big-endian), HMAC-SHA-256 (32) |
//!
//! Sealed is AES-256-GCM with a random nonce, good for 2^32 values under one key (NIST SP 800-38D section 8.3). What the
//! tag covers besides the text is where it belongs: tenant, purpose, key id, kind and owner. So a value that somebody
//! with access to the database copies to another row, tenant or column does not open there.
//!
//! Rotation: a new key has the next id, and each key a [`KeyStage`]. What is new is sealed with the highest active id; what an
//! older key sealed opens as long as that key is in the sealer. A value is found under every index key that is not retired.
//!
//! Architecture invariant: nothing in this file prints a key or a text, in `Debug` or in an error.

use std::{collections::BTreeMap, fmt, fs, io, path::Path, sync::Arc};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hmac,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use crate::base::{Random, id::TenantId};

const VERSION: u8 = 1;
const FINGERPRINT: usize = 8;

/// The key that wraps all others. 32 random bytes in a file that only Poort can read; never in the database.
pub struct MasterKey {
    key: RandomizedNonceKey,
    fingerprint: [u8; FINGERPRINT],
}

/// The file of the master key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// It cannot be read or written.
    #[error("the file of the master key: {0}")]
    File(#[from] io::Error),
    /// Everybody on the machine can read it.
    #[error("the file of the master key can be read by everybody: chmod 0600")]
    Exposed,
    /// It does not hold the base64 of 32 bytes.
    #[error("the file of the master key must hold the base64 of 32 random bytes: openssl rand -base64 32")]
    Content,
}

impl MasterKey {
    /// The master key of its base64 text, white space around it ignored.
    ///
    /// # Errors
    /// When the text is not the base64 of 32 bytes.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        let mut bytes = Zeroizing::new([0; 32]);
        match STANDARD.decode_slice(text.trim(), bytes.as_mut_slice()) {
            Ok(32) => Ok(Self::of(&bytes)),
            _ => Err(MasterKeyError::Content),
        }
    }

    /// Reads the master key's file.
    ///
    /// # Errors
    /// When it cannot be read, can be read by everybody, or holds no key.
    pub fn read(path: &Path) -> Result<Self, MasterKeyError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            if fs::metadata(path)?.permissions().mode() & 0o007 != 0 {
                return Err(MasterKeyError::Exposed);
            }
        }
        Self::parse(&Zeroizing::new(fs::read_to_string(path)?))
    }

    /// Makes a master key and its file, which must not exist yet.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create(path: &Path, random: &Random) -> Result<Self, MasterKeyError> {
        use io::Write;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.mode(0o600);
        }
        let bytes = Zeroizing::new(random.bytes::<32>());
        let mut file = options.open(path)?;
        file.write_all(Zeroizing::new(STANDARD.encode(bytes.as_slice())).as_bytes())?;
        file.sync_all()?;
        Ok(Self::of(&bytes))
    }

    /// A master key that ends with the process.
    #[must_use]
    pub fn ephemeral(random: &Random) -> Self {
        Self::of(&Zeroizing::new(random.bytes()))
    }

    fn of(bytes: &[u8; 32]) -> Self {
        let mut fingerprint = [0; FINGERPRINT];
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, bytes), b"poort master key fingerprint");
        fingerprint.copy_from_slice(&tag.as_ref()[..FINGERPRINT]);
        let key = RandomizedNonceKey::new(&AES_256_GCM, bytes).expect("AES-256 takes every 32 bytes");
        Self { key, fingerprint }
    }

    /// Makes a data key for `purpose` of `tenant`, number `id`, wrapped as the database keeps it.
    ///
    /// # Errors
    /// When AWS-LC does not seal.
    pub fn new_data_key(
        &self,
        tenant: &TenantId,
        purpose: Purpose,
        id: u32,
        random: &Random,
    ) -> Result<WrappedKey, SealError> {
        let mut text = roomy(Zeroizing::new(random.bytes::<32>()).as_slice());
        let mut wrapped = vec![VERSION];
        wrapped.extend_from_slice(&self.fingerprint);
        seal(&self.key, &binding(tenant, purpose, id, &[]), &mut text, &mut wrapped)?;
        Ok(WrappedKey { purpose, id, stage: KeyStage::Active, wrapped })
    }

    /// The same data key, wrapped by `new` instead of this master key.
    ///
    /// # Errors
    /// When this master key did not wrap it for this tenant.
    pub fn rewrap(&self, new: &MasterKey, tenant: &TenantId, key: &WrappedKey) -> Result<WrappedKey, SealError> {
        let mut text = roomy(&self.unwrap(tenant, key)?);
        let mut wrapped = vec![VERSION];
        wrapped.extend_from_slice(&new.fingerprint);
        seal(&new.key, &binding(tenant, key.purpose, key.id, &[]), &mut text, &mut wrapped)?;
        Ok(WrappedKey { wrapped, ..key.clone() })
    }

    /// Whether this master key wrapped `key`, as its fingerprint says.
    #[must_use]
    pub fn wrapped(&self, key: &WrappedKey) -> bool {
        key.wrapped.strip_prefix(&[VERSION]).is_some_and(|rest| rest.starts_with(&self.fingerprint))
    }

    fn unwrap(&self, tenant: &TenantId, key: &WrappedKey) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let rest = key.wrapped.strip_prefix(&[VERSION]).ok_or(SealError::Damaged)?;
        let sealed = rest.strip_prefix(&self.fingerprint).ok_or(SealError::OtherMasterKey)?;
        open(&self.key, &binding(tenant, key.purpose, key.id, &[]), sealed)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([hidden])")
    }
}

/// What a data key is for. A key for one purpose does nothing for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Sealing people's data.
    Sealing,
    /// Finding sealed values. A national number has few values: who has this key has them all.
    Index,
    /// Sealing the tenant's signing keys.
    SigningKeys,
}

impl Purpose {
    /// Every purpose; a tenant needs a key for each.
    pub const ALL: [Purpose; 3] = [Purpose::Sealing, Purpose::Index, Purpose::SigningKeys];

    /// The word in the database, and under the tag.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Purpose::Sealing => "sealing",
            Purpose::Index => "index",
            Purpose::SigningKeys => "signing_keys",
        }
    }

    /// The purpose of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.word() == word)
    }
}

/// Where a data key is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStage {
    /// Every replica gets to know it; nothing new is sealed with it yet.
    Next,
    /// Used; of several the highest seals what is new.
    Active,
    /// Opens what it sealed; the database takes nothing new under it.
    Retired,
}

impl KeyStage {
    /// Every stage.
    pub const ALL: [KeyStage; 3] = [KeyStage::Next, KeyStage::Active, KeyStage::Retired];

    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            KeyStage::Next => "next",
            KeyStage::Active => "active",
            KeyStage::Retired => "retired",
        }
    }

    /// The stage of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }
}

/// A data key as the database keeps it.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// What it is for.
    pub purpose: Purpose,
    /// Its number within tenant and purpose; the highest active one is used for what is new.
    pub id: u32,
    /// Where it is in its life.
    pub stage: KeyStage,
    /// The envelope.
    pub wrapped: Vec<u8>,
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKey({}, {}, {})", self.purpose.word(), self.id, self.stage.word())
    }
}

/// Something cannot be sealed or opened. Says nothing of what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The envelope is of no known version, too short, or was changed; or it belongs somewhere else.
    #[error("a sealed value is damaged or does not belong where it stands")]
    Damaged,
    /// Another master key wrapped the data key.
    #[error("the data keys were wrapped by another master key: is the right file configured?")]
    OtherMasterKey,
    /// The sealer has no key of that number.
    #[error("the key that sealed a value is missing")]
    MissingKey,
    /// A purpose has no key at all.
    #[error("the tenant has no key for {0}")]
    NoKey(&'static str),
    /// AWS-LC does not seal.
    #[error("nothing could be sealed")]
    Failed,
}

/// What is sealed; part of what the tag covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A national number; its owner is the person.
    NationalNumber,
    /// The secret of an authenticator app; its owner is the person.
    TotpSecret,
    /// A mail in the outbox, with its address; its owner is the row.
    Mail,
    /// A telephone number; its owner is the person.
    Phone,
    /// A message by telephone, with its number; its owner is the row.
    PhoneMessage,
    /// A signing key's PKCS#8; its owner is the `kid`.
    SigningKey,
    /// The PKCS#8 of a key that other providers see; its owner is its purpose and number.
    RelyingKey,
    /// What a method needs when somebody comes back from another provider; its owner is the digest of `state`.
    FederatedLogin,
    /// The answer of another provider that waits for who left; its owner is the digest of `state`.
    FederatedAnswer,
    /// What is remembered until a browser answers; its owner is the digest by which it is found.
    Ceremony,
    /// A form that waits for its owner; its owner is the digest by which it is found.
    KeptForm,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Kind::NationalNumber => "national_number",
            Kind::TotpSecret => "totp_secret",
            Kind::Mail => "mail",
            Kind::Phone => "phone",
            Kind::PhoneMessage => "phone_message",
            Kind::SigningKey => "signing_key",
            Kind::RelyingKey => "relying_key",
            Kind::FederatedLogin => "federated_login",
            Kind::FederatedAnswer => "federated_answer",
            Kind::Ceremony => "ceremony",
            Kind::KeptForm => "kept_form",
        }
    }

    /// Which of the tenant's keys seals it.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self {
            Kind::NationalNumber
            | Kind::TotpSecret
            | Kind::Mail
            | Kind::Phone
            | Kind::PhoneMessage
            | Kind::FederatedLogin
            | Kind::FederatedAnswer
            | Kind::Ceremony
            | Kind::KeptForm => Purpose::Sealing,
            Kind::SigningKey | Kind::RelyingKey => Purpose::SigningKeys,
        }
    }
}

/// How one value is found: its index under each key that counts.
#[derive(Clone, PartialEq, Eq)]
pub struct Lookup(Vec<(u32, Vec<u8>)>);

impl Lookup {
    /// The id of each key, with the index under it; the newest key last.
    pub fn entries(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.0.iter().map(|(id, index)| (*id, index.as_slice()))
    }

    /// The index under the oldest and under the newest key, to be asked for both. They are one while no key is exchanged.
    #[must_use]
    pub fn either(&self) -> (&[u8], &[u8]) {
        let nothing: &[u8] = &[];
        let ends = (self.0.first(), self.0.last());
        (ends.0.map_or(nothing, |(_, index)| index), ends.1.map_or(nothing, |(_, index)| index))
    }

    /// The index under one key alone.
    #[must_use]
    pub fn under(self, id: u32) -> Option<Vec<u8>> {
        self.0.into_iter().find(|(key, _)| *key == id).map(|(_, index)| index)
    }
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Lookup([hidden])")
    }
}

/// The number of the key that sealed an envelope, when it is one.
#[must_use]
pub fn key_of(envelope: &[u8]) -> Option<u32> {
    let (id, _) = envelope.strip_prefix(&[VERSION])?.split_first_chunk::<4>()?;
    Some(u32::from_be_bytes(*id))
}

/// A key and where it is in its life.
#[derive(Clone)]
struct Held<K> {
    stage: KeyStage,
    key: K,
}

type HeldKeys<K> = BTreeMap<u32, Held<K>>;

/// The highest key that is active.
fn current<K>(keys: &HeldKeys<K>, purpose: Purpose) -> Result<(u32, &K), SealError> {
    let active = keys.iter().rev().find(|(_, held)| held.stage == KeyStage::Active);
    active.map(|(id, held)| (*id, &held.key)).ok_or(SealError::NoKey(purpose.word()))
}

/// The data keys of one tenant. Does not print.
pub struct Sealer {
    tenant: TenantId,
    sealing: HeldKeys<Arc<RandomizedNonceKey>>,
    signing_keys: HeldKeys<Arc<RandomizedNonceKey>>,
    index: HeldKeys<hmac::Key>,
}

impl Sealer {
    /// Unwraps a tenant's data keys.
    ///
    /// # Errors
    /// When a key was wrapped by another master key, for another tenant, purpose or number, or a purpose has none.
    pub fn new(master: &MasterKey, tenant: TenantId, keys: &[WrappedKey]) -> Result<Self, SealError> {
        let nobody = Self { tenant, sealing: BTreeMap::new(), signing_keys: BTreeMap::new(), index: BTreeMap::new() };
        nobody.renewed(master, keys)
    }

    /// The sealer of the tenant's keys as they are now. What was unwrapped stays so: a key that another master key has
    /// wrapped since is the same key.
    ///
    /// # Errors
    /// As of [`Sealer::new`], for the keys that are new.
    pub fn renewed(&self, master: &MasterKey, keys: &[WrappedKey]) -> Result<Self, SealError> {
        let mut sealer = Self {
            tenant: self.tenant.clone(),
            sealing: BTreeMap::new(),
            signing_keys: BTreeMap::new(),
            index: BTreeMap::new(),
        };
        for wrapped in keys {
            let (id, stage) = (wrapped.id, wrapped.stage);
            let unwrap = || master.unwrap(&self.tenant, wrapped);
            let aead = |known: &HeldKeys<Arc<RandomizedNonceKey>>| match known.get(&id) {
                Some(held) => Ok(Held { stage, key: held.key.clone() }),
                None => RandomizedNonceKey::new(&AES_256_GCM, &unwrap()?)
                    .map(|key| Held { stage, key: Arc::new(key) })
                    .map_err(|_| SealError::Damaged),
            };
            match wrapped.purpose {
                Purpose::Sealing => drop(sealer.sealing.insert(id, aead(&self.sealing)?)),
                Purpose::SigningKeys => drop(sealer.signing_keys.insert(id, aead(&self.signing_keys)?)),
                Purpose::Index => {
                    let key = match self.index.get(&id) {
                        Some(held) => held.key.clone(),
                        None => hmac::Key::new(hmac::HMAC_SHA256, &unwrap()?),
                    };
                    sealer.index.insert(id, Held { stage, key });
                }
            }
        }
        current(&sealer.sealing, Purpose::Sealing)?;
        current(&sealer.index, Purpose::Index)?;
        current(&sealer.signing_keys, Purpose::SigningKeys)?;
        Ok(sealer)
    }

    /// Seals `text`, of this kind and for this owner: the row's own id, as it will be named at [`Sealer::open`].
    ///
    /// # Errors
    /// When AWS-LC does not seal.
    pub fn seal(&self, kind: Kind, owner: &impl fmt::Display, text: &[u8]) -> Result<Vec<u8>, SealError> {
        let purpose = kind.purpose();
        let (id, key) = current(self.keys(purpose), purpose)?;
        let mut envelope = Vec::with_capacity(5 + NONCE_LEN + text.len() + 16);
        envelope.push(VERSION);
        envelope.extend_from_slice(&id.to_be_bytes());
        let mut text = roomy(text);
        seal(key, &self.binding(kind, id, owner), &mut text, &mut envelope)?;
        Ok(envelope)
    }

    /// Opens what [`Sealer::seal`] sealed for this tenant, kind and owner.
    ///
    /// # Errors
    /// When it was not, was changed, or its key is missing.
    pub fn open(
        &self,
        kind: Kind,
        owner: &impl fmt::Display,
        envelope: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let rest = envelope.strip_prefix(&[VERSION]).ok_or(SealError::Damaged)?;
        let (id, sealed) = rest.split_first_chunk::<4>().ok_or(SealError::Damaged)?;
        let id = u32::from_be_bytes(*id);
        let held = self.keys(kind.purpose()).get(&id).ok_or(SealError::MissingKey)?;
        open(&held.key, &self.binding(kind, id, owner), sealed)
    }

    /// The keyed index of a value in its canonical form, under the key for what is new: equal for equal values of one kind
    /// in one tenant, and telling nothing to who has not the key.
    ///
    /// # Errors
    /// When the tenant has no index key.
    pub fn index(&self, kind: &str, canonical: &str) -> Result<Vec<u8>, SealError> {
        let (id, key) = current(&self.index, Purpose::Index)?;
        Ok(index_under(id, key, kind, canonical))
    }

    /// The keyed index of a value under every key that is not retired: all of them are kept, and any of them finds it.
    #[must_use]
    pub fn lookup(&self, kind: &str, canonical: &str) -> Lookup {
        let counts = self.index.iter().filter(|(_, held)| held.stage != KeyStage::Retired);
        Lookup(counts.map(|(id, held)| (*id, index_under(*id, &held.key, kind, canonical))).collect())
    }

    /// Whether `index` is that of this value, with whichever key it was made; in constant time.
    #[must_use]
    pub fn indexes(&self, index: &[u8], kind: &str, canonical: &str) -> bool {
        index.split_first_chunk::<4>().is_some_and(|(id, tag)| {
            self.index
                .get(&u32::from_be_bytes(*id))
                .is_some_and(|held| hmac::verify(&held.key, &indexed(kind, canonical), tag).is_ok())
        })
    }

    fn keys(&self, purpose: Purpose) -> &HeldKeys<Arc<RandomizedNonceKey>> {
        match purpose {
            Purpose::SigningKeys => &self.signing_keys,
            Purpose::Sealing | Purpose::Index => &self.sealing,
        }
    }

    fn binding(&self, kind: Kind, id: u32, owner: &impl fmt::Display) -> Vec<u8> {
        binding(&self.tenant, kind.purpose(), id, &[kind.word(), &owner.to_string()])
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealer({}, [hidden])", self.tenant)
    }
}

/// What the tag covers besides the text. Each part has its length before it, so that no two lists are alike.
fn binding(tenant: &TenantId, purpose: Purpose, id: u32, more: &[&str]) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&id.to_be_bytes());
    for part in [tenant.as_str(), purpose.word()].iter().chain(more) {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

fn index_under(id: u32, key: &hmac::Key, kind: &str, canonical: &str) -> Vec<u8> {
    let mut index = id.to_be_bytes().to_vec();
    index.extend_from_slice(hmac::sign(key, &indexed(kind, canonical)).as_ref());
    index
}

fn indexed(kind: &str, canonical: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(8 + kind.len() + canonical.len()));
    bytes.extend_from_slice(&(kind.len() as u64).to_be_bytes());
    bytes.extend_from_slice(kind.as_bytes());
    bytes.extend_from_slice(canonical.as_bytes());
    bytes
}

/// A copy with room for the tag, so that the text is not moved on the way and left behind.
fn roomy(text: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut copy = Zeroizing::new(Vec::with_capacity(text.len() + AES_256_GCM.tag_len()));
    copy.extend_from_slice(text);
    copy
}

/// Appends nonce, ciphertext and tag to `envelope`; `text` is overwritten.
fn seal(key: &RandomizedNonceKey, binding: &[u8], text: &mut Vec<u8>, envelope: &mut Vec<u8>) -> Result<(), SealError> {
    let nonce = key.seal_in_place_append_tag(Aad::from(binding), text).map_err(|_| SealError::Failed)?;
    envelope.extend_from_slice(nonce.as_ref());
    envelope.extend_from_slice(text);
    Ok(())
}

fn open(key: &RandomizedNonceKey, binding: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (nonce, ciphertext) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Damaged)?;
    let mut text = Zeroizing::new(ciphertext.to_vec());
    let length = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(binding), &mut text)
        .map_err(|_| SealError::Damaged)?
        .len();
    text.truncate(length);
    Ok(text)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::base::id::PersonId;

    const ELS: PersonId = PersonId::from_u128(1);
    const JAN: PersonId = PersonId::from_u128(2);

    fn master() -> MasterKey {
        MasterKey::ephemeral(&Random::system())
    }

    fn tenant(slug: &str) -> TenantId {
        slug.parse().expect("a slug")
    }

    fn keys(master: &MasterKey, slug: &str, id: u32) -> Vec<WrappedKey> {
        Purpose::ALL
            .map(|purpose| master.new_data_key(&tenant(slug), purpose, id, &Random::system()).expect("a key"))
            .to_vec()
    }

    /// A sealer with new keys, for the tests of rooms above.
    pub fn sealer(slug: &str) -> Sealer {
        let master = master();
        Sealer::new(&master, tenant(slug), &keys(&master, slug, 1)).expect("a sealer")
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_and_lies_there_unreadable() {
        let sealer = sealer("progezondheid");
        let sealed = sealer.seal(Kind::NationalNumber, &ELS, b"111222333").expect("sealed");
        assert_eq!(sealer.open(Kind::NationalNumber, &ELS, &sealed).expect("open").as_slice(), b"111222333");
        assert_eq!(&sealed[..5], [1, 0, 0, 0, 1], "version and key id stand in front");
        assert_eq!(sealed.len(), 5 + 12 + 9 + 16);
        assert!(!sealed.windows(9).any(|window| window == b"111222333"));
        assert_ne!(
            sealed,
            sealer.seal(Kind::NationalNumber, &ELS, b"111222333").expect("sealed"),
            "equal values differ"
        );
        let empty = sealer.seal(Kind::Mail, &1, b"").expect("sealed");
        assert!(sealer.open(Kind::Mail, &1, &empty).expect("open").is_empty());
    }

    #[test]
    fn it_opens_for_no_other_tenant_purpose_kind_or_owner() {
        let master = master();
        let ours = keys(&master, "progezondheid", 1);
        let sealer = Sealer::new(&master, tenant("progezondheid"), &ours).expect("a sealer");
        let sealed = sealer.seal(Kind::NationalNumber, &ELS, b"111222333").expect("sealed");
        assert!(sealer.open(Kind::NationalNumber, &ELS, &sealed).is_ok(), "the valid twin");
        for (kind, owner) in
            [(Kind::NationalNumber, JAN), (Kind::TotpSecret, ELS), (Kind::Mail, ELS), (Kind::SigningKey, ELS)]
        {
            assert_eq!(sealer.open(kind, &owner, &sealed).err(), Some(SealError::Damaged), "{kind:?} {owner}");
        }
        // Another tenant does not even unwrap our keys, and its own do not open.
        assert_eq!(Sealer::new(&master, tenant("mijnrgs"), &ours).err(), Some(SealError::Damaged));
        let theirs = Sealer::new(&master, tenant("mijnrgs"), &keys(&master, "mijnrgs", 1)).expect("a sealer");
        assert_eq!(theirs.open(Kind::NationalNumber, &ELS, &sealed).err(), Some(SealError::Damaged));
        // With the very same key bytes the tenant's name alone keeps them apart.
        let twin = Sealer {
            tenant: tenant("mijnrgs"),
            ..Sealer::new(&master, tenant("progezondheid"), &ours).expect("a sealer")
        };
        assert_eq!(twin.open(Kind::NationalNumber, &ELS, &sealed).err(), Some(SealError::Damaged));
    }

    #[test]
    fn a_wrapped_key_serves_its_own_purpose_and_number_under_its_own_master_key() {
        let master = master();
        let ours = keys(&master, "progezondheid", 1);
        let with = |change: fn(&mut WrappedKey)| {
            let mut changed = ours.clone();
            change(&mut changed[0]);
            Sealer::new(&master, tenant("progezondheid"), &changed).err()
        };
        assert_eq!(with(|_| ()), None, "the valid twin");
        assert_eq!(with(|key| key.purpose = Purpose::SigningKeys), Some(SealError::Damaged));
        assert_eq!(with(|key| key.id = 2), Some(SealError::Damaged));
        assert_eq!(with(|key| key.wrapped[0] = 2), Some(SealError::Damaged));
        assert_eq!(with(|key| key.wrapped.truncate(12)), Some(SealError::Damaged));
        assert_eq!(with(|key| *key.wrapped.last_mut().expect("a byte") ^= 1), Some(SealError::Damaged));
        let other = self::master();
        assert_eq!(Sealer::new(&other, tenant("progezondheid"), &ours).err(), Some(SealError::OtherMasterKey));
        for missing in 0..3 {
            let mut some = ours.clone();
            let gone = some.remove(missing).purpose.word();
            assert_eq!(Sealer::new(&master, tenant("progezondheid"), &some).err(), Some(SealError::NoKey(gone)));
        }
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let sealer = sealer("progezondheid");
        let sealed = sealer.seal(Kind::TotpSecret, &ELS, b"secret").expect("sealed");
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 0x40;
            let expected = if (1..5).contains(&position) { SealError::MissingKey } else { SealError::Damaged };
            assert_eq!(sealer.open(Kind::TotpSecret, &ELS, &changed).err(), Some(expected), "{position}");
            assert!(sealer.open(Kind::TotpSecret, &ELS, &sealed[..position]).is_err(), "{position}");
        }
    }

    #[test]
    fn after_a_rotation_the_new_key_seals_and_the_old_still_opens() {
        let master = master();
        let old = keys(&master, "progezondheid", 1);
        let before = Sealer::new(&master, tenant("progezondheid"), &old).expect("a sealer");
        let sealed = before.seal(Kind::NationalNumber, &ELS, b"111222333").expect("sealed");
        let index = before.index("bsn", "111222333").expect("an index");
        let coming: Vec<_> = old
            .iter()
            .cloned()
            .chain(keys(&master, "progezondheid", 2).into_iter().map(|key| WrappedKey { stage: KeyStage::Next, ..key }))
            .collect();
        let known = before.renewed(&master, &coming).expect("a sealer");
        assert_eq!(key_of(&known.seal(Kind::NationalNumber, &ELS, b"x").expect("sealed")), Some(1), "not yet");
        assert_eq!(known.lookup("bsn", "111222333").entries().map(|(id, _)| id).collect::<Vec<_>>(), [1, 2]);
        let both: Vec<_> = old.into_iter().chain(keys(&master, "progezondheid", 2)).collect();
        let after = Sealer::new(&master, tenant("progezondheid"), &both).expect("a sealer");
        assert!(after.open(Kind::NationalNumber, &ELS, &sealed).is_ok());
        assert!(after.indexes(&index, "bsn", "111222333"));
        assert_eq!(&after.seal(Kind::NationalNumber, &ELS, b"1").expect("sealed")[1..5], [0, 0, 0, 2]);
        assert_eq!(&after.index("bsn", "111222333").expect("an index")[..4], [0, 0, 0, 2]);
        let new_only = Sealer::new(&master, tenant("progezondheid"), &both[3..]).expect("a sealer");
        assert_eq!(new_only.open(Kind::NationalNumber, &ELS, &sealed).err(), Some(SealError::MissingKey));
        assert!(!new_only.indexes(&index, "bsn", "111222333"));
    }

    #[test]
    fn an_index_is_equal_only_for_one_value_of_one_kind_in_one_tenant() {
        let (ours, theirs) = (sealer("progezondheid"), sealer("mijnrgs"));
        let index = ours.index("bsn", "111222333").expect("an index");
        assert_eq!(index.len(), 36);
        assert_eq!(ours.index("bsn", "111222333").as_ref(), Ok(&index));
        assert_ne!(ours.index("nrn", "111222333").as_ref(), Ok(&index));
        assert_ne!(ours.index("bs", "n111222333").as_ref(), Ok(&index), "the parts do not run together");
        assert_ne!(theirs.index("bsn", "111222333").as_ref(), Ok(&index));
        assert!(ours.indexes(&index, "bsn", "111222333"));
        assert!(!ours.indexes(&index, "bsn", "111222334"));
        assert!(!ours.indexes(&index[..35], "bsn", "111222333"));
        assert!(!ours.indexes(&[], "bsn", "111222333"));
    }

    #[test]
    fn a_master_key_file_is_made_once_read_again_and_refused_when_exposed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("master.key");
        let made = MasterKey::create(&path, &Random::system()).expect("a key");
        assert!(
            matches!(MasterKey::create(&path, &Random::system()), Err(MasterKeyError::File(_))),
            "never overwritten"
        );
        let wrapped = keys(&made, "progezondheid", 1);
        let read = MasterKey::read(&path).expect("a key");
        assert!(Sealer::new(&read, tenant("progezondheid"), &wrapped).is_ok());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
            assert!(matches!(MasterKey::read(&path), Err(MasterKeyError::Exposed)));
        }
    }

    #[test]
    fn a_master_key_is_exactly_32_bytes() {
        let text = STANDARD.encode([7; 32]);
        assert!(MasterKey::parse(&format!("{text}\n")).is_ok(), "the valid twin");
        for bad in
            [String::new(), STANDARD.encode([7; 31]), STANDARD.encode([7; 33]), text.replace('=', ""), "x".into()]
        {
            assert!(matches!(MasterKey::parse(&bad), Err(MasterKeyError::Content)), "{bad}");
        }
    }

    #[test]
    fn nothing_prints() {
        let key = [0xAB; 32];
        let master = MasterKey::of(&key);
        let wrapped = keys(&master, "progezondheid", 1);
        let sealer = Sealer::new(&master, tenant("progezondheid"), &wrapped).expect("a sealer");
        let shown = format!("{master:?} {wrapped:?} {sealer:?}");
        assert_eq!(
            shown,
            "MasterKey([hidden]) [WrappedKey(sealing, 1, active), WrappedKey(index, 1, active), \
             WrappedKey(signing_keys, 1, active)] Sealer(progezondheid, [hidden])"
        );
        let error = MasterKey::parse("c2VjcmV0").expect_err("too short");
        assert!(!format!("{error} {error:?}").contains("c2VjcmV0"));
    }
}
