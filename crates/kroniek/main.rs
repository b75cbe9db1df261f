//! The command line of Kroniek; see `kroniek::cli`.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Answering a request makes and frees hundreds of small values on many threads.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    kroniek::cli::main()
}
