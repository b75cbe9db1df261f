//! `kroniek schema`.

use super::fault::Fault;
use std::io::Write;

/// Print the GraphQL schema
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  kroniek schema > schema.graphql")]
pub(super) struct Schema {}

impl Schema {
    #[allow(clippy::unused_self, reason = "every verb is run in the same way")]
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<(), Fault> {
        let sdl = kroniek_graphql::sdl();
        writeln!(out, "{}", sdl.trim_end()).map_err(Fault::Output)
    }
}
