//! `cargo odoo new`: a target for an Odoo of one's own.

mod ask;
mod file;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use odoo_client::client::EnvVars;
use odoo_client::error::visible;

use self::ask::{Ask, Terminal, Wanted};
use crate::connection::{self, Connection};
use crate::doctor::{Checkup, rights};
use crate::pattern::Pattern;
use crate::project::TargetsFolder;
use crate::target::Target;

/// Makes a target for an Odoo: asks where it is, logs in, and writes generated/NAME/target.toml.
///
/// What is not given as an option or in the environment is asked for, on a terminal. A password or API key is never an option: it
/// comes from ODOO_PASSWORD or ODOO_API_KEY, or is asked for without being shown, and is not kept. Nothing is overwritten.
///
/// Exit status: 0 done; 2 it could not be done, and nothing was written.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo odoo new acme                                  asks for all of it
  ODOO_API_KEY=… cargo odoo new acme --url https://odoo.example.com --database prod --user bot@example.com \\
      --models res.partner res.country 'sale.*'")]
pub struct Args {
    /// The name of the target: a folder of generated/, and the package that is made in it
    name: String,
    /// The server's address, or that of any page of it (or ODOO_URL)
    #[arg(long)]
    url: Option<String>,
    /// The database (or ODOO_DB)
    #[arg(long, value_name = "NAME")]
    database: Option<String>,
    /// The user's login (or ODOO_USER)
    #[arg(long, value_name = "LOGIN")]
    user: Option<String>,
    /// Names and globs of models, '*' for all of them
    #[arg(long, value_name = "GLOB", num_args = 1..)]
    models: Vec<String>,
    #[command(flatten)]
    folder: TargetsFolder,
}

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    Target::check_name(&args.name)?;
    let project = args.folder.project()?;
    let folder = project.generated.join(&args.name);
    if folder.exists() {
        bail!(
            "{} exists, and nothing is overwritten: choose another name, or see whether it works with `cargo odoo doctor {}`",
            folder.display(),
            args.name
        );
    }
    let mut terminal = Terminal::new();
    let ask = terminal.as_mut().map(|terminal| terminal as &mut dyn Ask);
    let wanted = Wanted { url: args.url, database: args.database, user: args.user, models: args.models };
    let wanted = wanted.complete(ask, connection::value).await?;

    let connection = Connection::saying(&wanted.said);
    let client = connection.client()?.connect().await.context(
        "nothing was written; `cargo odoo doctor` says step by step what is wrong, with ODOO_URL and the others in the environment",
    )?;
    let series = client.version().series();
    let found =
        format!("Odoo {series} at {}, database `{}`, user `{}`", client.url(), client.database(), client.user());
    println!("{}", visible(&found));

    file::write(&folder, &file::text(&args.name, series, &wanted.models))?;
    println!("wrote {}", folder.join("target.toml").display());
    let target = Target::load(&project.generated, &args.name)?;
    let mut checkup = Checkup::new(false);
    rights::look(&client, Some(&target), &mut checkup).await;

    let usual = EnvVars::default();
    let shown = |text: &str| visible(&quoted(text)).to_string();
    println!("\nNext:");
    println!(
        "  export {}={} {}={} {}={}",
        usual.url,
        shown(client.url()),
        usual.database,
        shown(client.database()),
        usual.user,
        shown(client.user())
    );
    if connection::value(&usual.password).or_else(|| connection::value(&usual.api_key)).is_none() {
        println!("  read -rs {0} && export {0}    # or {1}", usual.password, usual.api_key);
    }
    let next = format!(
        "  cargo odoo regen {0}     # pins the models, and writes the crate
  cargo odoo verify {0}    # reads what there is through it
  cargo odoo doctor {0}    # when something does not work",
        args.name
    );
    println!("{}", crate::as_run(&next));
    Ok(ExitCode::SUCCESS)
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@+~".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// What no name or glob of models can be.
fn check_models(models: &[String]) -> Result<()> {
    for model in models {
        if !model.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '\\')) {
            bail!("{model:?} is not a name or a glob of models");
        }
        Pattern::new(model)?;
    }
    Ok(())
}
