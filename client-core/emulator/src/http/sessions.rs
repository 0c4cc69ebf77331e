//! The web sessions that there are, and who is logged in to each.

use std::collections::HashMap;

use super::accounts::random;

/// The sessions that there are, by id.
#[derive(Debug, Default)]
pub(crate) struct Sessions(HashMap<String, Session>);

/// One session: with a database, but perhaps nobody logged in yet.
#[derive(Clone, Default)]
pub(crate) struct Session {
    pub(crate) uid: Option<i64>,
    /// The password that it began with: another one ends it.
    pub(super) password: String,
    /// Who gave the password, and has to give a code.
    pub(super) waiting: Option<i64>,
    /// Whether the user gave the password once more.
    pub(crate) is_checked: bool,
    /// What goes on once that is done: model, method and ids, by the id of the record that asks.
    pub(crate) pending: HashMap<i64, (String, String, Vec<i64>)>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("uid", &self.uid).finish_non_exhaustive()
    }
}

impl Sessions {
    pub(crate) fn get(&self, id: &str) -> Option<&Session> {
        self.0.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Session> {
        self.0.get_mut(id)
    }

    /// A session of its own id.
    pub(super) fn begin(&mut self, session: Session) -> String {
        let id = random(40, b"0123456789abcdef");
        self.0.insert(id.clone(), session);
        id
    }

    /// Ends those that a test says: all.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn end(&mut self, id: &str) {
        self.0.remove(id);
    }
}
