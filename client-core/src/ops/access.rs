//! What the user may do.

use std::fmt;

use crate::error::ErrorKind;
use crate::model::ToIds;
use crate::version::Difference;
use crate::{Client, Error, Model};

/// What a user may be allowed to do with records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// Read them: `read`.
    Read,
    /// Change them: `write`.
    Write,
    /// Make new ones: `create`.
    Create,
    /// Delete them: `unlink`.
    Unlink,
}

impl Operation {
    /// As on the wire: `read`, `write`, `create`, `unlink`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Create => "create",
            Self::Unlink => "unlink",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Client {
    /// Whether the user may do this with all of these records; without ids, whether with any record of the model at
    /// all.
    ///
    /// ```no_run
    /// # enum Partner {}
    /// # impl odoo_client::Model for Partner { const ODOO_NAME: &'static str = "res.partner"; }
    /// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
    /// use odoo_client::ops::Operation;
    /// use odoo_client::{Id, Ids};
    ///
    /// if odoo.has_access(Operation::Write, [Id::<Partner>::new(7)]).await? {
    ///     println!("may be changed");
    /// }
    /// let may_create = odoo.has_access(Operation::Create, Ids::<Partner>::EMPTY).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// On the wire `has_access`, and before Odoo 18 `check_access_rights` and `check_access_rule`.
    ///
    /// # Errors
    ///
    /// Those of any call. A record that does not exist is [`Missing`](crate::ErrorKind::Missing) before Odoo 18; since
    /// then it may be done with whatever may be done with the model.
    pub async fn has_access<M: Model>(&self, operation: Operation, ids: impl ToIds<M>) -> Result<bool, Error> {
        may(self, M::ODOO_NAME, operation, ids.to_ids()).await
    }
}

pub(super) async fn may(
    client: &Client,
    model: &'static str,
    operation: Operation,
    ids: Vec<i64>,
) -> Result<bool, Error> {
    let model = client.model(model);
    let operation = operation.as_str();
    if client.version().has(Difference::HasAccess) {
        return model.call("has_access").ids(ids).arg("operation", operation).send().await;
    }
    let rights = model.call("check_access_rights").arg("operation", operation).arg("raise_exception", false);
    if !rights.send::<bool>().await? {
        return Ok(false);
    }
    if ids.is_empty() {
        return Ok(true);
    }
    match model.call("check_access_rule").ids(ids).arg("operation", operation).send::<()>().await {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::Access => Ok(false),
        Err(error) => Err(error),
    }
}
