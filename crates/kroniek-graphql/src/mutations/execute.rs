//! The one way from an input to a payload.

use super::addressed::Addressed;
use super::input::{CommandInput, Shape};
use crate::context::{self, AfterCommit};
use crate::payload::Payload;
use crate::scalars::Position;
use crate::user_error::UserError;
use async_graphql::{Context, Error, ErrorExtensions, Result, ScalarType};
use kroniek_domain::{Permission, Problem, Prompt};
use kroniek_engine::{ExecuteFault, Outcome, Request};

/// Executes the command that an input means.
///
/// A refusal is a payload with `userErrors`; only what is broken is an error.
pub(crate) async fn execute<I: CommandInput>(ctx: &Context<'_>, mut input: I) -> Result<Payload<I>> {
    let actor = context::actor(ctx);
    let may_see = actor.may(Permission::Read);
    let envelope = input.envelope();
    let mut shape = Shape::default();
    let command = input.command(&mut shape);
    let refused = |problems: &[Problem]| {
        let publish = |problem: &Problem| UserError::new(&shape.respell(problem.clone()), may_see);
        Payload::refused(problems.iter().map(publish).collect())
    };
    let Some(command) = command.filter(|_| shape.problems().is_empty()) else {
        return Ok(refused(shape.problems()));
    };
    let addressed = Addressed::of(&command);
    let provenance = context::provenance(ctx);
    let request = Request {
        command,
        command_id: envelope.command_id.map(|id| id.0),
        actor: actor.clone(),
        reason: envelope.reason,
        expected_version: envelope.expected_version.map(Into::into),
        confirm: envelope.confirm.unwrap_or_default().into_iter().map(Prompt::from).collect(),
        correlation: provenance.correlation,
        causation: provenance.causation,
    };
    match context::engine(ctx)?.execute(request).await {
        Ok(Outcome::Refused(problems)) => Ok(refused(&problems)),
        Ok(Outcome::Done(done)) => {
            let after = AfterCommit::of(ctx).map_err(|error| at(error, done.position))?;
            Ok(Payload::accepted(after, addressed, done, may_see))
        }
        Err(fault) => Err(broken(&fault)),
    }
}

/// What is broken, as an error of GraphQL.
fn broken(fault: &ExecuteFault) -> Error {
    let position = match fault {
        ExecuteFault::ProjectionBehind { position } => Some(*position),
        ExecuteFault::Overloaded
        | ExecuteFault::ShuttingDown
        | ExecuteFault::StorageFull { .. }
        | ExecuteFault::LogPoisoned { .. }
        | ExecuteFault::ViewsStopped { .. }
        | ExecuteFault::Broken { .. } => None,
    };
    at(context::error(fault.code(), fault.to_string()), position)
}

/// The error, with the position of the commit that stands in spite of it.
pub(crate) fn at(error: Error, position: Option<kroniek_domain::Position>) -> Error {
    match position {
        None => error,
        Some(position) => error.extend_with(|_, extensions| {
            extensions.set("position", Position::from(position).to_value());
        }),
    }
}
