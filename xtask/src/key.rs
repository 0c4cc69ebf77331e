//! `cargo odoo key`: the API keys of a user.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use odoo_client::error::visible;
use odoo_client::model::ResUsersApikeys;
use odoo_client::ops::{ApiKey, ApiKeys, NewApiKey};
use odoo_client::version::Difference;
use odoo_client::{Client, Date, Id, SecretString, Timestamp};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::connection::{self, Connection};
use crate::project::TargetsFolder;
use crate::report::{Report, print};

/// Lists, makes, replaces and revokes the API keys of the user that the environment names.
///
/// ODOO_URL, ODOO_DB, ODOO_USER and ODOO_PASSWORD say who that is. To make or revoke a key Odoo wants the password, so
/// that an API key does not do (for `list` it does), nor does ODOO_SESSION_ID without ODOO_PASSWORD.
///
/// Exit status: 0 done; 2 it could not be done.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo odoo key list                                            own keys, with their ids
  cargo odoo key create nightly-import --days 90 --file odoo.key
  ODOO_API_KEY=$(cargo odoo key create ci --days 1 --print)      for this shell alone
  cargo odoo key rotate 17 --file odoo.key                       a new key into the file, then the old one is revoked
  cargo odoo key revoke 17 18")]
pub struct Args {
    #[command(subcommand)]
    action: Action,
    /// A folder of generated/ whose target.toml names other variables than the usual ones
    #[arg(long, global = true)]
    target: Option<String>,
    /// Report in JSON on standard output
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    folder: TargetsFolder,
}

#[derive(clap::Subcommand)]
enum Action {
    /// List the user's keys: never the keys themselves, which Odoo shows but once
    List {
        /// Those of all users, as far as this one may see them
        #[arg(long)]
        all: bool,
    },
    /// Make a key
    Create {
        /// What it is for, to know it again in the list
        name: String,
        #[command(flatten)]
        end: End,
        #[command(flatten)]
        place: Place,
    },
    /// Make a key in place of another, try it out, keep it, and only then revoke the old one
    ///
    /// The new key has the name of the old one, and is good for as long as that was, unless --days or --until say otherwise.
    /// If any step fails the old key stays.
    Rotate {
        /// The id of the old key
        id: i64,
        #[command(flatten)]
        end: End,
        #[command(flatten)]
        place: Place,
    },
    /// Revoke keys: all of them, or if one is unknown none
    Revoke {
        /// The ids of the keys
        #[arg(required = true)]
        ids: Vec<i64>,
    },
}

/// How long a key is good. Odoo before 18 has only keys that never expire.
#[derive(clap::Args)]
#[group(multiple = false)]
struct End {
    /// Good for so many days
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: Option<u32>,
    /// Good until the beginning of this day (UTC)
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<Date>,
    /// Good until it is revoked
    #[arg(long)]
    never: bool,
}

/// Where the key goes, which nobody can read again afterwards.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Place {
    /// Write the key to this file, which only its owner may read; `create` does not replace a file, `rotate` does
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// Print the key on standard output
    #[arg(long)]
    print: bool,
}

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let connection = args.folder.connection(args.target.as_deref())?;
    match args.action {
        Action::List { all } => {
            let keys = connection.client()?.connect().await?.api_keys();
            let keys = if all { keys.list_all().await? } else { keys.list().await? };
            list(&keys, args.json)?;
        }
        Action::Create { name, end, place } => {
            let odoo = connect(&connection).await?;
            if odoo.version().has(Difference::KeysExpire) && end.days.is_none() && end.until.is_none() && !end.never {
                bail!("say how long the key is to be good: --days, --until or --never");
            }
            let place = Prepared::new(place, false, args.json)?;
            let keys = keys(&odoo, &connection);
            let new = keys.create(&name, end.timestamp()?).await?;
            if let Err(error) = place.keep(&new.key, report(&new)) {
                keys.revoke(new.id).await.context(NEITHER)?;
                return Err(error.context(undone(&new)));
            }
            made(&new, &name, &place);
        }
        Action::Rotate { id, end, place } => {
            let odoo = connect(&connection).await?;
            if end.never {
                bail!("--never is for new keys: a key that takes the place of another is good for as long as that was");
            }
            let place = Prepared::new(place, true, args.json)?;
            let rotation = keys(&odoo, &connection).rotate(Id::new(id), end.timestamp()?).await?;
            if let Err(error) = place.keep(&rotation.new_key().key, report(rotation.new_key())) {
                let undone = undone(rotation.new_key());
                rotation.cancel().await.context(NEITHER)?;
                return Err(error.context(undone).context("the old key stays"));
            }
            let kept = place.describe();
            let new = rotation.finish().await.with_context(|| format!("the new key is good, and {kept}"))?;
            made(&new, &format!("in place of {id}"), &place);
        }
        Action::Revoke { ids } => {
            let ids: Vec<Id<ResUsersApikeys>> = ids.into_iter().map(Id::new).collect();
            let keys = keys(&connect(&connection).await?, &connection);
            let known = keys.list_all().await?;
            let wanted: Vec<_> = known.iter().filter(|key| ids.contains(&key.id)).collect();
            let unknown: Vec<_> = ids.iter().filter(|id| known.iter().all(|key| key.id != **id)).collect();
            if !unknown.is_empty() {
                bail!("nothing is revoked: there is no key {unknown:?}, or the user may not see it");
            }
            keys.revoke(ids).await?;
            for key in &wanted {
                eprintln!("revoked {} {} of {}", key.id, visible(&key.name), visible(&key.user));
            }
            Report::new(args.json).json(&json!({"revoked": wanted.iter().map(|key| key.id).collect::<Vec<_>>()}))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// With the password if there is one, even where there is an API key, which serves for nothing here.
async fn connect(connection: &Connection) -> Result<Client> {
    let mut names = connection.names.clone();
    if password(connection).is_some() {
        names.api_key = format!("{}_IS_NOT_READ", names.api_key);
    }
    Ok(connection.client_with(&names)?.connect().await?)
}

fn keys(odoo: &Client, connection: &Connection) -> ApiKeys {
    match password(connection) {
        Some(password) => odoo.api_keys().password(password),
        None => odoo.api_keys(),
    }
}

fn password(connection: &Connection) -> Option<SecretString> {
    connection::value(&connection.names.password).map(Into::into)
}

fn list(keys: &[ApiKey], json: bool) -> Result<()> {
    if json {
        let keys: Vec<Value> = keys
            .iter()
            .map(|key| {
                let time = |time: Option<Timestamp>| time.map(|time| time.to_string());
                json!({
                    "id": key.id, "name": key.name, "user": key.user, "user_id": key.user_id, "scope": key.scope,
                    "created": time(key.created), "expires": time(key.expires),
                })
            })
            .collect();
        return Report::new(true).json(&keys);
    }
    let now = Timestamp::now();
    let mut lines = String::new();
    for key in keys {
        let end = match key.expires {
            None => "never expires".to_owned(),
            Some(end) if end < now => format!("expired {end}"),
            Some(end) => format!("until {end}"),
        };
        lines += &format!("{:>6}  {}  ({}, {end})\n", key.id, visible(&key.name), visible(&key.user));
    }
    if keys.is_empty() {
        eprintln!("no keys");
    }
    print(&lines)
}

const NEITHER: &str =
    "the new key could be neither kept nor revoked: `cargo odoo key list` shows it, `cargo odoo key revoke` revokes it";

/// What became of a key that could not be kept.
fn undone(new: &NewApiKey) -> &'static str {
    match new.id {
        Some(_) => "the new key is revoked again",
        None => "the new key is lost: revoke the newest of its name, which `cargo odoo key list` shows",
    }
}

fn report(new: &NewApiKey) -> Value {
    json!({"id": new.id, "expires": new.expires.map(|end| end.to_string())})
}

fn made(new: &NewApiKey, name: &str, place: &Prepared) {
    let id = new.id.map_or_else(|| "?".to_owned(), |id| id.to_string());
    let until = new.expires.map_or_else(|| "it is revoked".to_owned(), |end| end.to_string());
    eprintln!("key {id} ({}) is good until {until}; {}", visible(name), place.describe());
}

impl End {
    fn timestamp(&self) -> Result<Option<Timestamp>> {
        Ok(match (self.days, self.until) {
            (Some(days), _) => Some(Timestamp::now() + Duration::from_secs(u64::from(days) * 24 * 60 * 60)),
            (None, Some(day)) => Some(format!("{day}T00:00:00Z").parse().context("the day is out of range")?),
            (None, None) => None,
        })
    }
}

/// A place for a key, which is known to take it before there is a key that could be lost, if it is a file.
struct Prepared {
    /// Where the key goes, and the file beside it that takes its place.
    file: Option<(PathBuf, PathBuf)>,
    json: bool,
}

impl Prepared {
    fn new(place: Place, replaces: bool, json: bool) -> Result<Self> {
        let Some(file) = place.file else { return Ok(Self { file: None, json }) };
        if !replaces && file.exists() {
            bail!("{} exists, and may hold a key: give another file, or remove it", file.display());
        }
        let mut beside = file.clone().into_os_string();
        beside.push(".new");
        let beside = PathBuf::from(beside);
        open(&beside).with_context(|| format!("cannot make {}", beside.display()))?;
        Ok(Self { file: Some((file, beside)), json })
    }

    /// Writes the key to its place, and the report. Unlike elsewhere, that nobody reads it is an error: it would be lost.
    fn keep(&self, key: &SecretString, mut report: Value) -> Result<()> {
        let key = key.expose_secret();
        if let Some((file, beside)) = &self.file {
            let write = || {
                let mut open = fs::OpenOptions::new().write(true).open(beside)?;
                writeln!(open, "{key}")?;
                open.sync_all()?;
                fs::rename(beside, file)
            };
            write().with_context(|| format!("cannot write the key to {}", file.display()))?;
            report["file"] = file.display().to_string().into();
            return Report::new(self.json).json(&report);
        }
        report["key"] = key.into();
        let text = if self.json { format!("{report:#}") } else { key.to_owned() };
        let mut output = std::io::stdout().lock();
        writeln!(output, "{text}").and_then(|()| output.flush()).context("cannot write the key to standard output")
    }

    fn describe(&self) -> String {
        match &self.file {
            Some((file, _)) => format!("it is in {}", file.display()),
            None => "it is on standard output".to_owned(),
        }
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        if let Some((_, beside)) = &self.file {
            // There is none once the key is kept.
            let _ = fs::remove_file(beside);
        }
    }
}

/// A new file that only its owner may read.
fn open(path: &Path) -> std::io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_takes_the_place_of_another_only_once_the_key_is_in_it() {
        let folder = std::env::temp_dir().join(format!("odoo-client key {}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("odoo.key");
        let place = |replaces| Prepared::new(Place { file: Some(file.clone()), print: false }, replaces, false);
        place(false).unwrap().keep(&"first".into(), json!({})).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "first\n");
        #[cfg(unix)]
        assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
        assert!(place(false).err().unwrap().to_string().contains("exists"));
        drop(place(true).unwrap());
        assert_eq!(fs::read_to_string(&file).unwrap(), "first\n");
        place(true).unwrap().keep(&"second".into(), json!({})).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "second\n");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(&folder).unwrap();
    }
}
