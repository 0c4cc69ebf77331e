//! `cargo odoo doctor`: what is wrong between this machine and the server of a target?

mod checkup;
mod network;
mod offers;
pub(crate) mod rights;
mod user;

use std::process::ExitCode;

use anyhow::{Result, bail};

pub(crate) use self::checkup::Checkup;
use crate::connection::Connection;
use crate::introspect::log_out;
use crate::project::TargetsFolder;
use crate::target::Target;

/// Says step by step whether a server can be reached, logged in to and read, and what to do where it cannot.
///
/// It looks at the name, the connection, TLS, whether an Odoo answers, its series, the database, the login, the API key and its end,
/// the models that the user may read, the record rules that hold for the user, and what the server offers. It reads only.
///
/// Exit status: 0 all is well; 1 something is wrong that `regen` would fail on; 2 it could not be tried.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo odoo doctor acme             the server of generated/acme, and the models that it wants
  cargo odoo doctor                  that of ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY
  cargo odoo doctor acme --json      for programs; names all models")]
pub struct Args {
    /// A folder of generated/; without it the usual variables lead to the server, and no models are looked at
    target: Option<String>,
    /// Report in JSON on standard output
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    folder: TargetsFolder,
}

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let load = |name| Target::load(&args.folder.project()?.generated, name);
    let target = args.target.as_deref().map(load).transpose()?;
    let environment = Connection::default();
    let connection = target.as_ref().map_or(&environment, |target| &target.connection);
    if !connection.is_set() {
        bail!("{} is not set: it says where the server is, such as https://odoo.example.com", connection.names.url);
    }
    let mut checkup = Checkup::new(args.json);
    examine(connection, target.as_ref(), &mut checkup).await?;
    checkup.end(args.target.as_deref())
}

async fn examine(connection: &Connection, target: Option<&Target>, checkup: &mut Checkup) -> Result<()> {
    let Some(version) = network::reach(connection, checkup).await? else { return Ok(()) };
    user::series(&version, target, checkup);
    let Some(client) = user::log_in(connection, checkup).await? else { return Ok(()) };
    rights::look(&client, target, checkup).await;
    offers::look(&client, checkup).await;
    log_out(&client, connection).await;
    Ok(())
}
