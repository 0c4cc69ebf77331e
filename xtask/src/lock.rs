//! One run at a time on a target.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Keeps other runs from a target, for as long as it lives: even if the run is killed, the system lets go of it.
#[derive(Debug)]
pub(crate) struct Lock {
    _held: File,
}

impl Lock {
    /// For a run that writes.
    pub(crate) fn exclusive(folder: &Path) -> Result<Self> {
        Self::new(folder, File::try_lock)
    }

    /// For one that only reads: others that do may go on at the same time.
    pub(crate) fn shared(folder: &Path) -> Result<Self> {
        Self::new(folder, File::try_lock_shared)
    }

    fn new(folder: &Path, lock: impl Fn(&File) -> Result<(), TryLockError>) -> Result<Self> {
        // A file that every target has, so that none is left behind.
        let path = folder.join("target.toml");
        let file = File::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        match lock(&file) {
            Ok(()) => Ok(Self { _held: file }),
            Err(TryLockError::WouldBlock) => bail!("another regen is at work on it: try again when that is done"),
            // A file system without locks, such as some network drives: two runs at once are unlikely there too.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => Ok(Self { _held: file }),
            Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn one_run_at_a_time_writes_and_none_reads_meanwhile() {
        let folder = std::env::temp_dir().join(format!("odoo-lock-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("target.toml"), "").unwrap();
        let writes = Lock::exclusive(&folder).unwrap();
        for other in [Lock::exclusive, Lock::shared] {
            assert!(other(&folder).unwrap_err().to_string().contains("another regen"));
        }
        drop(writes);
        let reads = (Lock::shared(&folder).unwrap(), Lock::shared(&folder).unwrap());
        assert!(Lock::exclusive(&folder).is_err());
        drop(reads);
        Lock::exclusive(&folder).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "something is left behind");
        fs::remove_dir_all(&folder).unwrap();
    }
}
