//! What a target takes: given, in the environment, or asked for.

use std::collections::BTreeMap;
use std::io::IsTerminal;

use anyhow::{Context, Result, bail};
use console::Term;
use odoo_client::client::EnvVars;
use odoo_client::error::visible;

use super::check_models;
use crate::connection::Connection;

/// Whoever answers questions.
pub(super) trait Ask {
    fn line(&mut self, question: &str) -> Result<String>;
    /// The answer is not shown.
    fn secret(&mut self, question: &str) -> Result<String>;
}

/// A person.
pub(super) struct Terminal(Term);

impl Terminal {
    /// If there is one.
    pub(super) fn new() -> Option<Self> {
        let terminal = Term::stderr();
        (terminal.is_term() && std::io::stdin().is_terminal()).then_some(Self(terminal))
    }

    fn ask(&self, question: &str, answer: impl Fn(&Term) -> std::io::Result<String>) -> Result<String> {
        let asked = self.0.write_str(&format!("{question}: ")).and_then(|()| answer(&self.0));
        Ok(asked.context("the terminal cannot be read")?.trim().to_owned())
    }
}

impl Ask for Terminal {
    fn line(&mut self, question: &str) -> Result<String> {
        self.ask(question, Term::read_line)
    }

    fn secret(&mut self, question: &str) -> Result<String> {
        self.ask(question, Term::read_secure_line)
    }
}

/// What was given.
pub(super) struct Wanted {
    pub(super) url: Option<String>,
    pub(super) database: Option<String>,
    pub(super) user: Option<String>,
    pub(super) models: Vec<String>,
}

/// All that it takes.
pub(super) struct Complete {
    /// In place of the variables of these names.
    pub(super) said: BTreeMap<String, String>,
    pub(super) models: Vec<String>,
}

impl Wanted {
    /// With what the environment says and a person answers. What is then still missing is named at once.
    pub(super) async fn complete(
        self,
        mut ask: Option<&mut dyn Ask>,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Complete> {
        let names = EnvVars::default();
        let (has_session, has_key) = (variable(&names.session_id).is_some(), variable(&names.api_key).is_some());
        let mut said = BTreeMap::new();
        let mut missing = Vec::new();
        for (given, name, question, option, is_needed) in [
            (self.url, &names.url, "Address of the server, or of any page of it", "--url", true),
            (self.database, &names.database, "Database", "--database", !has_session && !has_key),
            (self.user, &names.user, "User (the login)", "--user", !has_session && !has_key),
        ] {
            let mut value = given.filter(|given| !given.trim().is_empty()).or_else(|| variable(name));
            if let (None, true, Some(ask)) = (&value, is_needed, &mut ask) {
                let question =
                    if name == &names.database { databases(&said, question).await } else { question.to_owned() };
                value = Some(ask.line(&question)?).filter(|answer| !answer.is_empty());
            }
            match value {
                Some(value) => drop(said.insert(name.clone(), value)),
                None if is_needed => missing.push(format!("{option} (or {name})")),
                None => {}
            }
        }
        if !has_session && !has_key && variable(&names.password).is_none() {
            let secret = match &mut ask {
                Some(ask) => ask.secret("Password or API key (it is neither shown nor kept)")?,
                None => String::new(),
            };
            if secret.is_empty() {
                missing.push(format!("{} or {} in the environment", names.password, names.api_key));
            }
            said.insert(names.password.clone(), secret);
        }
        let mut models = self.models;
        if let (true, Some(ask)) = (models.is_empty(), ask) {
            let answer = ask.line("Models: names or globs such as res.partner sale.*, or * for all")?;
            models.extend(answer.split([' ', ',']).filter(|model| !model.is_empty()).map(str::to_owned));
        }
        if models.is_empty() {
            missing.push("--models ('*' for all)".to_owned());
        }
        if !missing.is_empty() {
            bail!("nothing was written: give {}", missing.join(", "));
        }
        check_models(&models)?;
        Ok(Complete { said, models })
    }
}

/// The question, with the names of the databases that the server tells.
async fn databases(said: &BTreeMap<String, String>, question: &str) -> String {
    let listed = match Connection::saying(said).server() {
        Ok(server) => server.databases().await.unwrap_or_default(),
        Err(_) => Vec::new(),
    };
    if listed.is_empty() {
        question.to_owned()
    } else {
        format!("{question} (there is {})", visible(&listed.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers in their order; a question without one fails the test.
    struct Answers(Vec<&'static str>, Vec<String>);

    impl Ask for Answers {
        fn line(&mut self, question: &str) -> Result<String> {
            self.1.push(question.to_owned());
            Ok(self.0.remove(0).to_owned())
        }

        fn secret(&mut self, question: &str) -> Result<String> {
            self.line(question)
        }
    }

    fn wanted(url: Option<&str>, models: &[&str]) -> Wanted {
        let models = models.iter().map(|model| (*model).to_owned()).collect();
        Wanted { url: url.map(str::to_owned), database: None, user: None, models }
    }

    #[tokio::test]
    async fn what_is_neither_given_nor_in_the_environment_is_asked_for() {
        let mut answers = Answers(vec!["no address", "prod", "bot", "hunter2", "res.partner, sale.*"], Vec::new());
        let complete = wanted(None, &[]).complete(Some(&mut answers), |_| None).await.unwrap();
        let said: Vec<_> = complete.said.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(said, ["ODOO_DB=prod", "ODOO_PASSWORD=hunter2", "ODOO_URL=no address", "ODOO_USER=bot"]);
        assert_eq!(complete.models, ["res.partner", "sale.*"]);
        assert_eq!(answers.1.len(), 5);

        // With a key nobody has to say whose it is.
        let key = |name: &str| (name == "ODOO_API_KEY").then(|| "hunter2".to_owned());
        let complete = wanted(Some("u"), &["*"]).complete(None, key).await.unwrap();
        assert_eq!(complete.said.into_keys().collect::<Vec<_>>(), ["ODOO_URL"]);
    }

    #[tokio::test]
    async fn names_of_databases_are_not_for_the_terminal_to_obey() {
        let schema = odoo_codegen::Schema { series: "17.0".to_owned(), ..Default::default() };
        let emulator = odoo_emulator::Builder::of(schema).another_database("x\u{1b}[2J").start().unwrap();
        let said = BTreeMap::from([("ODOO_URL".to_owned(), emulator.url().to_owned())]);
        assert_eq!(databases(&said, "Database").await, "Database (there is emulated, x\\u{1b}[2J)");
    }

    #[tokio::test]
    async fn what_is_missing_is_named_at_once() {
        let error = wanted(None, &[]).complete(None, |_| None).await.err().unwrap();
        assert_eq!(
            error.to_string(),
            "nothing was written: give --url (or ODOO_URL), --database (or ODOO_DB), --user (or ODOO_USER), ODOO_PASSWORD or \
             ODOO_API_KEY in the environment, --models ('*' for all)"
        );
        let all = |name: &str| Some(name.to_owned());
        for models in ["sale.[", "a\"b", "a b"] {
            assert!(wanted(None, &[models]).complete(None, all).await.is_err(), "{models}");
        }
    }
}
