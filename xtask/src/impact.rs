//! `cargo odoo impact`: what another Odoo breaks of the code that uses a target.
//!
//! The compiler is asked twice, with code of the target that is made for the question. First with that of the pin as it is, in
//! which all that changes is deprecated: so it tells each use, and none hides another. Then with that of the other Odoo, in which
//! what is gone is still there: so it gets to all that does not fit.

mod code;
mod compile;
mod join;
mod packages;
mod show;
mod texts;

use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use odoo_codegen::diff::{Grade, diff};

pub(crate) use self::compile::as_compiler;
use self::packages::Packages;
use self::show::Found;
use crate::diff::source::Source;
use crate::project::TargetsFolder;
use crate::report::{Report, counted};
use crate::target::Target;

/// Lists what another Odoo would break of your own code, by file and line, and touches nothing.
///
/// The packages that depend on the target are checked by the compiler against code of the other Odoo, which is made in cargo's
/// target folder. What breaks, and what compiles but may act differently, is listed with the change that is the cause and with
/// the new name where there may be one. Texts such as `odoo.model("sale.order")` are searched for the names of what is gone.
///
/// Exit status: 0 when none of your code is touched, whatever else changed; 1 when it is; 2 when it could not be found out.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cargo odoo impact acme --to live                     what the server has by now
  cargo odoo impact acme --to acme@upgrade             what is pinned on the branch `upgrade`
  cargo odoo impact odoo18 --to odoo19                 the pin of another target
  cargo odoo impact acme --to live --manifest-path ../shop/Cargo.toml
                                                       code that is in another workspace
  cargo odoo impact acme --to live -- -p shop --lib --offline
                                                       arguments for `cargo check`")]
pub struct Args {
    /// The target that your code uses
    target: String,
    /// The other Odoo: a revision of a pin in git (`acme@upgrade`), `live` (the server of the target), a target, or a folder
    #[arg(long)]
    to: String,
    /// Cargo.toml of the package or workspace with your code, unless that is in this workspace
    #[arg(long, value_name = "FILE")]
    manifest_path: Option<PathBuf>,
    /// All of it in JSON on standard output
    #[arg(long)]
    json: bool,
    /// Do not ask a server for methods, which takes Odoo most of the time: they stay as they are pinned
    #[arg(long)]
    no_methods: bool,
    #[command(flatten)]
    folder: TargetsFolder,
    /// Arguments for `cargo check`: packages, features, `--offline`; all targets unless some are named
    #[arg(last = true, value_name = "CARGO ARGUMENTS")]
    cargo: Vec<String>,
}

pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let report = Report::new(args.json);
    let project = args.folder.project()?;
    let target = Target::load(&project.generated, &args.target)?;
    let from = Source::parse(&project.generated, &args.target, None)?;
    let to = Source::parse(&project.generated, &args.to, Some(&args.target))?;
    // Whether there is code to look at is known sooner than what a server has.
    let manifest = args.manifest_path.clone().unwrap_or_else(|| project.root.join("Cargo.toml"));
    let packages = Packages::find(&target.name, &manifest, &args.cargo)?;
    let maker = code::Maker { target: &target, packages: &packages, settings: project.settings(&target.name)? };
    let (old, mut new) = (from.read(false).await?, to.read(!args.no_methods).await?);
    new.models.retain(|model, _| target.models.matches(model));
    if target.fields.is_in(&new) {
        new = target.fields.without(&new);
    }
    let mut changes = diff(&old, &new);
    changes.retain(|change| change.grade > Grade::Safe);
    let mut found = Found::new([(&from.name, &old.series), (&to.name, &new.series)], &packages);
    if changes.iter().any(|change| !change.code(&old).is_empty()) {
        let root = packages.target_directory.join("impact");
        let crates = root.join("crates").join(&target.name);
        std::fs::create_dir_all(&crates).with_context(|| format!("cannot make {}", crates.display()))?;
        // Runs that are at work at the same time would compile each other's code.
        let lock = File::create(root.join("lock")).and_then(|file| file.lock().map(|()| file));
        let _lock = lock.with_context(|| format!("cannot lock {}", root.display()))?;
        let check = compile::Check { packages: &packages, root: &root, crates: &crates, arguments: &args.cargo };

        report.say(&format!(
            "{}: {} of the schema, looking for what {} uses of that",
            target.name,
            counted(changes.len(), "change"),
            packages.names()
        ));
        code::write(&crates, maker.as_it_is(&old, &changes)?)?;
        let now = check.run()?;
        // Of a library, and again of its tests.
        let errors: BTreeSet<String> = now.errors().map(|error| format!("\n  {error}")).collect();
        if !errors.is_empty() {
            bail!(
                "your code does not compile as it is, so what another Odoo breaks of it cannot be seen:{}",
                Vec::from_iter(errors).concat()
            );
        }
        if !now.is_done {
            bail!("cargo could not check your code as it is: what it says is above");
        }
        report.say(&format!("{}: compiling that with the code of {}", target.name, to.name));
        code::write(&crates, maker.as_it_will_be(&old, &new)?)?;
        let then = check.run()?;
        if !then.is_done && then.errors().next().is_none() {
            bail!("cargo could not check your code with that of {}: what it says is above", to.name);
        }
        if let Some(error) = then.errors().find(|error| error.package == packages.generated) {
            bail!("the code of {} does not compile, which is an error of the generator: {error}", to.name);
        }
        join::join(&mut found, &packages, &changes, &now, &then);
    }
    texts::find(&mut found, &packages, &changes);
    if args.json {
        report.json(&found)?;
    } else {
        show::list(&found)?;
    }
    Ok(if found.is_touched() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}
