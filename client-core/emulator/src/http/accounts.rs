//! Who may log in: passwords, API keys with their ends, and second factors. Their records are the engine's.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;
use totp_rs::{Builder, Secret};

/// The users of the database, by id, and their keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accounts {
    users: BTreeMap<i64, Account>,
    keys: Vec<Key>,
}

/// One user.
#[derive(Clone, Default)]
pub(crate) struct Account {
    pub(crate) login: String,
    pub(crate) password: String,
    /// The secret of the codes, in base 32, if there is a second factor.
    pub(crate) totp: Option<String>,
    /// The code that was used last: it is taken once.
    used: Option<String>,
}

// Passwords are in no output.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("login", &self.login).finish_non_exhaustive()
    }
}

/// One API key.
#[derive(Clone)]
struct Key {
    /// The id of its record in `res.users.apikeys`.
    id: i64,
    uid: i64,
    secret: String,
    expires: Option<Timestamp>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("id", &self.id).field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Accounts {
    /// Takes the login and the password out of what is written to a user.
    pub(crate) fn change(&mut self, uid: i64, values: &Value) {
        let account = self.users.entry(uid).or_default();
        for (name, kept) in [("login", &mut account.login), ("password", &mut account.password)] {
            if let Some(text) = values[name].as_str() {
                text.clone_into(kept);
            }
        }
    }

    /// Users that are gone, with their keys.
    pub(crate) fn remove(&mut self, uids: &[i64]) {
        self.users.retain(|uid, _| !uids.contains(uid));
        self.keys.retain(|key| !uids.contains(&key.uid));
    }

    pub(crate) fn get(&self, uid: i64) -> Option<&Account> {
        self.users.get(&uid)
    }

    pub(crate) fn get_mut(&mut self, uid: i64) -> Option<&mut Account> {
        self.users.get_mut(&uid)
    }

    /// The id of the user with this login.
    pub(crate) fn uid_of(&self, login: &str) -> Option<i64> {
        self.users.iter().find(|(_, account)| account.login == login).map(|(uid, _)| *uid)
    }

    /// The user whom login and password let in, before any second factor.
    pub(crate) fn with_password(&self, login: &str, password: &str) -> Option<i64> {
        let uid = self.uid_of(login)?;
        self.is_password(uid, password).then_some(uid)
    }

    pub(crate) fn is_password(&self, uid: i64, password: &str) -> bool {
        !password.is_empty() && self.get(uid).is_some_and(|account| account.password == password)
    }

    /// Whether a program may act as this user: with the password, where there is no second factor, or with a key.
    pub(crate) fn lets_program(&self, uid: i64, secret: &str) -> bool {
        let has_factor = self.get(uid).is_some_and(|account| account.totp.is_some());
        (!has_factor && self.is_password(uid, secret)) || self.with_key(secret) == Some(uid)
    }

    /// The user whose key this is, while it lasts.
    pub(crate) fn with_key(&self, secret: &str) -> Option<i64> {
        let now = Timestamp::now();
        let key = self.keys.iter().find(|key| key.secret == secret)?;
        key.expires.is_none_or(|end| end > now).then_some(key.uid)
    }

    pub(crate) fn add_key(&mut self, id: i64, uid: i64, secret: &str, expires: Option<Timestamp>) {
        self.keys.push(Key { id, uid, secret: secret.to_owned(), expires });
    }

    pub(crate) fn owns_keys(&self, uid: i64, ids: &[i64]) -> bool {
        self.keys.iter().filter(|key| ids.contains(&key.id)).all(|key| key.uid == uid)
    }

    pub(crate) fn remove_keys(&mut self, ids: &[i64]) {
        self.keys.retain(|key| !ids.contains(&key.id));
    }

    /// Whether this is the code that the user's device shows now, or showed or will show half a minute from now; each is
    /// taken once.
    pub(crate) fn takes_code(&mut self, uid: i64, code: &str) -> bool {
        let Some(account) = self.users.get_mut(&uid) else { return false };
        let Some(secret) = account.totp.clone() else { return false };
        if account.used.as_deref() == Some(code) || !is_code(&secret, code) {
            return false;
        }
        account.used = Some(code.to_owned());
        true
    }
}

/// Whether a code is one of the secret's, at about this time.
pub(crate) fn is_code(secret: &str, code: &str) -> bool {
    let Ok(secret) = Secret::try_from_base32(secret.replace(' ', "")) else { return false };
    let Ok(totp) = Builder::new().with_secret(secret).build() else { return false };
    let now = u64::try_from(Timestamp::now().as_second()).unwrap_or_default();
    [now.saturating_sub(30), now, now + 30].into_iter().any(|time| totp.generate(time).to_string() == code)
}

/// A secret of random characters of this alphabet.
pub(crate) fn random(length: usize, alphabet: &[u8]) -> String {
    use std::hash::{BuildHasher, RandomState};
    let letter = || {
        let number = RandomState::new().hash_one(0_u8);
        let at = usize::try_from(number % alphabet.len() as u64).unwrap_or_default();
        char::from(alphabet[at])
    };
    (0..length).map(|_| letter()).collect()
}
