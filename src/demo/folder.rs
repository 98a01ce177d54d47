//! The folder with the demo's data: one that was named and stays, or a temporary one that goes with the demo.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    base::Random,
    storage::seal::{MasterKey, MasterKeyError},
};

/// A folder that exists as long as this value; a named one, also after it.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    /// The named folder, or a new temporary one that nobody else on the machine can look into.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(super) fn open(named: Option<&Path>, random: &Random) -> io::Result<Self> {
        let (path, temporary) = match named {
            Some(path) => (path.to_owned(), false),
            None => (std::env::temp_dir().join(format!("poort-demo-{}", random.uuid().simple())), true),
        };
        let mut builder = fs::DirBuilder::new();
        // A temporary folder that is there already is somebody else's.
        builder.recursive(!temporary);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self { path, temporary })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) const fn is_temporary(&self) -> bool {
        self.temporary
    }

    /// The master key in the folder, made when there is none.
    ///
    /// # Errors
    /// When it can be neither read nor written.
    pub(super) fn master_key(&self, random: &Random) -> Result<MasterKey, MasterKeyError> {
        let file = self.path.join("master.key");
        match MasterKey::read(&file) {
            Err(MasterKeyError::File(error)) if error.kind() == io::ErrorKind::NotFound => {
                MasterKey::create(&file, random)
            }
            read => read,
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            // What is left behind is in the temporary folder, where the system cleans up.
            let _left = fs::remove_dir_all(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_folder_goes_and_a_named_one_stays_with_its_key() {
        let random = Random::system();
        let temporary = Folder::open(None, &random).expect("a folder");
        let path = temporary.path().to_owned();
        fs::write(path.join("x"), "x").expect("written");
        drop(temporary);
        assert!(!path.exists());

        let kept = tempfile::tempdir().expect("a folder");
        let named = kept.path().join("a/b");
        let made = Folder::open(Some(&named), &random).expect("made");
        made.master_key(&random).expect("a key");
        drop(made);
        let text = fs::read_to_string(named.join("master.key")).expect("it stays");
        Folder::open(Some(&named), &random).expect("again").master_key(&random).expect("the same key");
        assert_eq!(fs::read_to_string(named.join("master.key")).expect("it stays"), text);
    }
}
