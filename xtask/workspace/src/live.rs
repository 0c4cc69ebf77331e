//! `cargo xtask live`: real Odoo servers to develop and test against.

use std::ffi::OsString;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

/// Installs and runs real Odoo servers on this machine, from Debian's packages.
///
/// `up` installs what is missing into a folder of its own (root and debootstrap are needed, about 3 GB of disk and ten
/// minutes the first time), starts the server on 127.0.0.1, creates a database with demo data, and prints the environment
/// to export; beside 19 it starts one more, with routes that take keys, which ODOO_ROUTES_URL names. Any other Odoo works as
/// well: set ODOO_URL, ODOO_DB, ODOO_USER and ODOO_PASSWORD or ODOO_API_KEY yourself.
///
/// Exit status: 0 done; 1 a test failed; 2 it could not be done; 3 this machine lacks what it takes.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  eval \"$(cargo xtask live up 19)\"    install, start, and set the environment of this shell
  cargo xtask live test               the live tests of the workspace, on 14 and 19
  cargo xtask live test --here        the same on the server of this environment, of any series since 14
  cargo xtask live test --here acme   the same on the server of a target
  cargo xtask live shell 19 < facts.py   a program in Odoo's shell, which has `env`
  cargo xtask live down               stop both

The servers are kept in /var/lib/odoo-live, or where ODOO_LIVE_DIR says.")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(clap::Subcommand)]
enum Action {
    /// Install what is missing, start, and print the environment to export
    Up {
        #[command(flatten)]
        servers: Servers,
        /// Fewer apps: sale_management, account, stock, contacts (in a database of its own)
        #[arg(long)]
        small: bool,
    },
    /// Stop
    Down(Servers),
    /// Say what is installed and running
    Status(Servers),
    /// Run a Python program from standard input in Odoo's own shell, on a server that is up
    Shell {
        #[arg(value_parser = ["14", "19"])]
        version: String,
    },
    /// Start, and run every test that needs a server
    Test {
        #[command(flatten)]
        servers: Servers,
        /// On the server that ODOO_URL, ODOO_DB, ODOO_USER and ODOO_PASSWORD name, or on that of a target; of any series since 14
        /// (an administrator; what the tests create they delete), through what the other variables name: a gateway's headers,
        /// certificates, a proxy. What is passed over there is said
        #[arg(long, value_name = "TARGET", num_args = 0..=1, conflicts_with = "versions")]
        here: Option<Option<String>>,
    },
}

#[derive(clap::Args)]
struct Servers {
    /// Versions; both if none is given
    #[arg(value_parser = ["14", "19"])]
    versions: Vec<String>,
}

impl Servers {
    fn versions(&self) -> Vec<&str> {
        if self.versions.is_empty() { vec!["14", "19"] } else { self.versions.iter().map(String::as_str).collect() }
    }
}

/// The exit status of the script where the machine lacks something that cannot be installed.
const LACKING: i32 = 3;

pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    match &args.action {
        Action::Up { servers, small } => {
            for version in servers.versions() {
                match up(version, if *small { "small" } else { "full" })? {
                    Ok(environment) => print!("{}", exports(&environment)),
                    Err(lacking) => return Ok(lacking),
                }
            }
        }
        Action::Down(servers) => each(servers, "down")?,
        Action::Status(servers) => each(servers, "status")?,
        Action::Shell { version } => one(version, "shell")?,
        Action::Test { here: Some(target), .. } => return here(target.as_deref()),
        Action::Test { servers, .. } => {
            for version in servers.versions() {
                let code = match up(version, "full")? {
                    Ok(environment) => test(version, &environment)?,
                    Err(lacking) => lacking,
                };
                if code != ExitCode::SUCCESS {
                    return Ok(code);
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn script() -> Command {
    let mut command = Command::new("bash");
    command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/live/live.sh"));
    command
}

fn each(servers: &Servers, action: &str) -> Result<()> {
    for version in servers.versions() {
        if servers.versions().len() > 1 && action == "status" {
            println!("version={version}");
        }
        one(version, action)?;
    }
    Ok(())
}

fn one(version: &str, action: &str) -> Result<()> {
    let status = script().args([action, version]).status().context("cannot run bash")?;
    if !status.success() {
        bail!("`live {action} {version}` failed");
    }
    Ok(())
}

/// Names and values of the environment that reaches a server.
type Environment = Vec<(String, String)>;

/// The environment of a running server, or the exit status where this machine cannot have one.
fn up(version: &str, apps: &str) -> Result<Result<Environment, ExitCode>> {
    let output = script().args(["up", version, apps]).stderr(Stdio::inherit()).output().context("cannot run bash")?;
    match output.status.code() {
        Some(0) => {}
        Some(LACKING) => return Ok(Err(ExitCode::from(3))),
        _ => bail!("Odoo {version} could not be started"),
    }
    let text = String::from_utf8(output.stdout).context("the environment of the server is not text")?;
    let pairs = text.lines().filter_map(|line| line.split_once('='));
    Ok(Ok(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()))
}

fn exports(environment: &Environment) -> String {
    environment.iter().map(|(name, value)| format!("export {name}={value}\n")).collect()
}

/// The tests that say that they need a server, in the order in which they are run, with the words for it. The features are those
/// that `.ci/run` tests the blocking client with: another choice would compile it once more.
const TESTS: [(&str, &[&str]); 3] = [
    ("tests", &["--package", "odoo-client", "--test", "live"]),
    ("tests of the blocking client", &["--package", "odoo-client", "--all-features", "--test", "live", "blocking::"]),
    ("tests of the commands", &["--package", "cargo-odoo", "--test", "live"]),
];

/// Cargo with these arguments, after a word on what for; its exit status.
fn cargo(server: &str, doing: &str, arguments: &[&str], environment: &[(String, String)]) -> Result<Option<i32>> {
    eprintln!("live {server}: {doing}");
    let mut command = crate::cargo();
    command.args(arguments).env_remove("ODOO_API_KEY").env_remove("ODOO_SESSION_ID").envs(environment.iter().cloned());
    Ok(command.status().context("cannot run cargo")?.code())
}

/// Runs the tests, all of them also when some fail: what fails on a server is seen at once.
fn run_tests(server: &str, environment: &[(String, String)]) -> Result<bool> {
    let mut passed = true;
    for (doing, which) in TESTS {
        let arguments = [&["test", "--quiet"], which, &["--", "--ignored", "--nocapture"]].concat();
        if cargo(server, doing, &arguments, environment)? != Some(0) {
            eprintln!("live {server}: FAILED: {doing}");
            passed = false;
        }
    }
    Ok(passed)
}

/// The tests on the server that the environment or a target names, connected to as the commands do.
fn here(target: Option<&str>) -> Result<ExitCode> {
    let environment = cargo_odoo::environment(target)?.into_iter();
    let is_said = |name: &str| name != "ODOO_API_KEY" && name != "ODOO_SESSION_ID";
    let text = |(name, value): (String, Option<OsString>)| Some((name, value?.into_string().ok()?));
    let environment: Vec<_> = environment.filter_map(text).filter(|(name, _)| is_said(name)).collect();
    let has = |wanted: &str| environment.iter().any(|(name, value)| name == wanted && !value.is_empty());
    let wanted = [("ODOO_URL", "URL"), ("ODOO_DB", "database"), ("ODOO_USER", "user"), ("ODOO_PASSWORD", "password")];
    let missing: Vec<_> = wanted.into_iter().filter(|(name, _)| !has(name)).map(|(_, what)| what).collect();
    if !missing.is_empty() {
        bail!(
            "--here lacks {}: set ODOO_URL, ODOO_DB, ODOO_USER and ODOO_PASSWORD, or what [connection] of the target names",
            missing.join(", ")
        );
    }
    let passed = run_tests("here", &environment)?;
    eprintln!("live here: {}", if passed { "passed" } else { "FAILED" });
    Ok(ExitCode::from(u8::from(!passed)))
}

/// Everything that needs a server: the live tests of the crates, and every value of the database through the pin.
fn test(version: &str, environment: &Environment) -> Result<ExitCode> {
    let target = format!("odoo{version}");
    // An Odoo that got an update since the pin was made is worth knowing, but no fault of the code.
    let check = ["xtask", "regen", &target, "--check", "--no-methods"];
    if cargo(version, "is the pin that of this server?", &check, environment)? != Some(0) {
        eprintln!("live {version}: WARNING: this server is not quite the pinned one (see above)");
    }
    if !run_tests(version, environment)? {
        return Ok(ExitCode::from(1));
    }
    // Of all fields, some lead to models that the administrator may not read (two in 19): all that was read fits.
    match cargo(version, "every value through the pin", &["xtask", "verify", &target, "--all-fields"], environment)? {
        Some(0) => {}
        Some(3) => eprintln!("live {version}: WARNING: not every field could be verified (see above)"),
        _ => {
            eprintln!("live {version}: FAILED: every value through the pin");
            return Ok(ExitCode::from(1));
        }
    }
    eprintln!("live {version}: passed");
    Ok(ExitCode::SUCCESS)
}
