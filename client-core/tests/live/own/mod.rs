//! What the live tests share: clients, own records and their removal, users, what stands between client and server.

pub(crate) mod guide;
pub(crate) mod records;
pub(crate) mod relay;
pub(crate) mod session;
pub(crate) mod totp;
pub(crate) mod users;
