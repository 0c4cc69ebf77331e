//! Keeps the contacts of an Odoo 19 in a file of SQLite: what was created, changed or archived since the last time, and what was
//! deleted. It can be killed at any time and run again.
//!
//! ```sh
//! eval "$(cargo xtask live up 19)" # or export ODOO_URL, ODOO_DB, ODOO_USER, and ODOO_PASSWORD or ODOO_API_KEY
//! cargo run -p odoo-nightly-example -- contacts.sqlite
//! ```

use std::error::Error;
use std::process::ExitCode;

use odoo_client::query::ChangeCursor;
use odoo_client::{Client, Id, Record};
use odoo19::res::Partner;
use rusqlite::{Connection, OptionalExtension, params};

/// How many records go into one transaction of the file.
const CHUNK: usize = 1_000;

#[derive(Record)]
#[odoo(model = Partner)]
struct Contact {
    id: Id<Partner>,
    name: Option<String>,
    email: Option<String>,
    active: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Some(path) = std::env::args().nth(1) else {
        eprintln!("nightly: name the file to keep the contacts in");
        return ExitCode::FAILURE;
    };
    match connected(&path).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("nightly: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn connected(path: &str) -> Result<(), Box<dyn Error>> {
    run(&Client::from_env().await?, path).await
}

async fn run(odoo: &Client, path: &str) -> Result<(), Box<dyn Error>> {
    let mut file = Connection::open(path)?;
    file.execute_batch(
        "create table if not exists contact (id integer primary key, name text, email text, active integer);
         create table if not exists cursor (one integer primary key check (one = 1), text text)",
    )?;
    let kept: Option<String> = file.query_row("select text from cursor", [], |row| row.get(0)).optional()?;
    let kept: Option<ChangeCursor> = kept.map(|text| text.parse()).transpose()?;

    let contacts = odoo.query::<Contact>();
    let mut changes = contacts.changes(kept);
    let mut changed = 0;
    loop {
        let mut chunk = Vec::with_capacity(CHUNK);
        while chunk.len() < CHUNK
            && let Some(contact) = changes.next().await
        {
            chunk.push(contact?);
        }
        // Records and cursor at once: whatever happens, the cursor is of what is in the file.
        let transaction = file.transaction()?;
        for contact in &chunk {
            let values = params![contact.id.get(), contact.name, contact.email, contact.active];
            transaction.execute("insert or replace into contact values (?, ?, ?, ?)", values)?;
        }
        transaction.execute("insert or replace into cursor values (1, ?)", [changes.cursor().to_string()])?;
        transaction.commit()?;
        changed += chunk.len();
        if chunk.len() < CHUNK {
            break;
        }
    }

    let held: Vec<Id<Partner>> = file
        .prepare("select id from contact")?
        .query_map([], |row| row.get(0).map(Id::new))?
        .collect::<Result<_, _>>()?;
    let gone = contacts.gone(held).await?;
    let transaction = file.transaction()?;
    for id in &gone {
        transaction.execute("delete from contact where id = ?", [id.get()])?;
    }
    transaction.commit()?;
    let count: i64 = file.query_row("select count(*) from contact", [], |row| row.get(0))?;
    println!("{changed} contacts changed, {} are gone, {count} are in {path}", gone.len());
    Ok(())
}

/// On an Odoo in the process: each test has its own.
#[cfg(test)]
mod tests {
    use odoo_client::Values;
    use odoo_emulator::{Emulator, Failure};
    use serde_json::json;

    use super::*;

    const PIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../generated/odoo19");

    async fn connect(emulator: &Emulator) -> Result<Client, odoo_client::Error> {
        let builder = Client::builder().url(emulator.url()).database(emulator.database());
        builder.user("admin").password("admin").connect().await
    }

    /// The names in a file, of those that the test made.
    fn names(path: &str) -> Result<Vec<String>, Box<dyn Error>> {
        let file = Connection::open(path)?;
        let mut names = file.prepare("select name from contact where email like '%@acme.example' order by id")?;
        let names = names.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    }

    fn file(test: &str) -> String {
        let path = std::env::temp_dir().join(format!("nightly-{test}-{}.sqlite", std::process::id()));
        let _ = std::fs::remove_file(&path);
        path.display().to_string()
    }

    #[tokio::test]
    async fn what_changed_and_what_is_gone_is_in_the_file_after_the_next_run() -> Result<(), Box<dyn Error>> {
        let emulator = Emulator::start(PIN).await?;
        let acme = emulator.create("res.partner", json!({"name": "Acme", "email": "info@acme.example"}))?;
        let odoo = connect(&emulator).await?;

        let path = file("changes");
        run(&odoo, &path).await?;
        assert_eq!(names(&path)?, ["Acme"]);
        odoo.update(Id::<Partner>::new(acme), Values::new().set(Partner::NAME, "Acme & Sons")).await?;
        let values = Values::new().set(Partner::NAME, "Ann").set(Partner::EMAIL, "ann@acme.example");
        let ann: Id<Partner> = odoo.create(values).await?;
        run(&odoo, &path).await?;
        assert_eq!(names(&path)?, ["Acme & Sons", "Ann"]);
        odoo.delete(ann).await?;
        run(&odoo, &path).await?;
        assert_eq!(names(&path)?, ["Acme & Sons"]);
        std::fs::remove_file(path)?;
        Ok(())
    }

    #[tokio::test]
    async fn a_server_that_does_not_answer_leaves_the_file_as_it_was() -> Result<(), Box<dyn Error>> {
        let emulator = Emulator::start(PIN).await?;
        emulator.create("res.partner", json!({"name": "Acme", "email": "info@acme.example"}))?;
        let odoo = connect(&emulator).await?;

        let path = file("failure");
        run(&odoo, &path).await?;
        emulator.create("res.partner", json!({"name": "Ann", "email": "ann@acme.example"}))?;
        let broken = Failure::raises(odoo_emulator::Fault::user("Not tonight")).always();
        let before = emulator.snapshot();
        emulator.fail(broken)?;
        run(&odoo, &path).await.unwrap_err();
        assert_eq!(names(&path)?, ["Acme"]);
        emulator.reset(&before);
        run(&odoo, &path).await?;
        assert_eq!(names(&path)?, ["Acme", "Ann"]);
        std::fs::remove_file(path)?;
        Ok(())
    }
}
