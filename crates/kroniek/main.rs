//! The command line of Kroniek; see `kroniek::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kroniek::cli::main()
}
