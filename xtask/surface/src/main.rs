//! The rustdoc of the compiler that the repository names, allowed to write JSON, which otherwise only a nightly one is. It stands in
//! for rustdoc alone: the packages that a library needs are compiled as they are for all else, and so not again.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let mut rustdoc = Command::new("rustdoc");
    match rustdoc.args(std::env::args_os().skip(1)).env("RUSTC_BOOTSTRAP", "1").status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot run rustdoc: {error}");
            ExitCode::FAILURE
        }
    }
}
