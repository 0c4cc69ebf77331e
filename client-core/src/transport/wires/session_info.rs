//! What the server says about a web session.

use serde_json::Value;

use crate::model::{Id, ResCompany, ResPartner, ResUsers};
use crate::version::ServerVersion;
use crate::write::context::Context;

/// Whose session it is, and what goes with it.
///
/// ```no_run
/// # async fn f(odoo: odoo_client::Client) -> Result<(), odoo_client::Error> {
/// let session = odoo.session_info().await?;
/// println!("{} ({}) in {}", session.name, session.login, session.database);
/// for company in &session.companies {
///     println!("{}{}", company.name, if session.company_id == Some(company.id) { " (current)" } else { "" });
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionInfo {
    /// The user's id.
    pub uid: Id<ResUsers>,
    /// The name the user logs in with.
    pub login: String,
    /// The user's name.
    pub name: String,
    /// The user's contact.
    pub partner_id: Option<Id<ResPartner>>,
    /// The name of the database.
    pub database: String,
    /// The server's version.
    pub server_version: Option<ServerVersion>,
    /// The user's own language, time zone and so on. It goes with no call unless you put it in the client's context.
    pub user_context: Context,
    /// The company the user works in.
    pub company_id: Option<Id<ResCompany>>,
    /// The companies the user may work in, by id; none for users of the portal, who are not told.
    pub companies: Vec<Company>,
}

/// A company of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Company {
    /// Its id.
    pub id: Id<ResCompany>,
    /// Its name.
    pub name: String,
}

impl SessionInfo {
    /// From the server's words, whose shape differs from version to version; `None` if nobody is logged in.
    pub(crate) fn read(info: &Value) -> Option<Self> {
        let text = |key: &str| info[key].as_str().unwrap_or_default().to_owned();
        let companies = &info["user_companies"];
        Some(Self {
            uid: Id::new(info["uid"].as_i64()?),
            login: text("username"),
            name: text("name"),
            partner_id: info["partner_id"].as_i64().map(Id::new),
            database: text("db"),
            server_version: info["server_version"].as_str().and_then(ServerVersion::parse),
            user_context: info["user_context"].as_object().cloned().unwrap_or_default().into(),
            company_id: id(&companies["current_company"]).or_else(|| id(&info["company_id"])).map(Id::new),
            companies: allowed(&companies["allowed_companies"]),
        })
    }
}

/// `1`, or `[1, "name"]` in 14.
fn id(company: &Value) -> Option<i64> {
    company.as_i64().or_else(|| company[0].as_i64())
}

/// `[[1, "name"], …]` in 14, `{"1": {"id": 1, "name": "name", …}, …}` later.
fn allowed(companies: &Value) -> Vec<Company> {
    let read = |id: &Value, name: &Value| {
        id.as_i64().map(|id| Company { id: Id::new(id), name: name.as_str().unwrap_or_default().to_owned() })
    };
    let mut allowed: Vec<_> = match companies {
        Value::Array(pairs) => pairs.iter().filter_map(|pair| read(&pair[0], &pair[1])).collect(),
        Value::Object(map) => map.values().filter_map(|company| read(&company["id"], &company["name"])).collect(),
        _ => Vec::new(),
    };
    allowed.sort_unstable_by_key(|company| company.id.get());
    allowed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_shapes_of_both_versions_say_the_same() {
        let of_14 = json!({
            "uid": 2, "user_context": {"lang": "en_US", "tz": "Europe/Brussels", "uid": 2}, "db": "apps",
            "server_version": "14.0", "name": "Mitchell Admin", "username": "admin", "company_id": 1, "partner_id": 3,
            "user_companies": {"current_company": [1, "SF"], "allowed_companies": [[2, "Chicago"], [1, "SF"]]}
        });
        let mut of_19 = of_14.clone();
        of_19.as_object_mut().unwrap().remove("company_id");
        of_19["user_companies"] = json!({
            "current_company": 1, "disallowed_ancestor_companies": {},
            "allowed_companies": {"2": {"id": 2, "name": "Chicago"}, "1": {"id": 1, "name": "SF", "child_ids": []}}
        });
        let read = SessionInfo::read(&of_14).unwrap();
        assert_eq!(SessionInfo::read(&of_19).unwrap(), read);
        assert_eq!((read.uid, read.partner_id, read.company_id), (Id::new(2), Some(Id::new(3)), Some(Id::new(1))));
        let companies: Vec<_> =
            read.companies.iter().map(|company| (company.id.get(), company.name.as_str())).collect();
        assert_eq!(companies, [(1, "SF"), (2, "Chicago")]);
    }

    #[test]
    fn nobody_is_logged_in_while_the_code_is_missing() {
        assert_eq!(SessionInfo::read(&json!({"uid": null})), None);
        assert_eq!(SessionInfo::read(&json!({"uid": null, "db": "apps", "username": false})), None);
    }

    #[test]
    fn a_user_of_the_portal_is_told_less() {
        let info = SessionInfo::read(&json!({"uid": 8, "username": "joel", "db": "apps", "company_id": 1})).unwrap();
        assert_eq!((info.company_id, info.companies), (Some(Id::new(1)), vec![]));
    }
}
