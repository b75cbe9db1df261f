//! Executing an operation.
//!
//! async-graphql asks an extension about every field and every entry of a list, and looks through the whole document for
//! what is wrong in it, at every request; together that took a third of the time of a card. The extension puts nulls in the
//! right places, which is only needed when something fails, and a document in which nothing was wrong holds nothing wrong
//! the next time, whatever its variables are. So a document that only reads and went well is executed the quick way from
//! then on; if anything fails there, once more the careful way. The limits hold on both. What changes something is executed
//! once, and with care.

use crate::context::{Provenance, SharedReader};
use crate::documents::Documents;
use crate::extension::EveryRequest;
use crate::limited;
use crate::mutations::MutationRoot;
use crate::query::QueryRoot;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{EmptySubscription, Request, Response, ValidationMode, Value as ConstValue};
use kroniek_domain::Actor;
use kroniek_engine::Engine;
use std::sync::Arc;

/// The schema of Kroniek.
pub(crate) type Schema = async_graphql::Schema<QueryRoot, MutationRoot, EmptySubscription>;

/// Who asks, and what for. Comes with the request, never with the query.
#[derive(Clone, Default)]
pub struct Caller {
    /// Who; without one nothing may be done.
    pub actor: Option<Actor>,
    /// What the commands belong to and follow from.
    pub provenance: Provenance,
}

impl Caller {
    fn asks(&self, mut request: Request) -> Request {
        if let Some(actor) = &self.actor {
            request = request.data(actor.clone());
        }
        request.data(self.provenance.clone())
    }
}

/// The API over an engine. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    quick: Schema,
    careful: Schema,
    /// Documents that only read, and in which nothing was wrong.
    went_well: Arc<Documents>,
}

impl Api {
    /// The API over an engine, with limits that refuse hostile queries before anything is read.
    pub fn new(engine: Engine) -> Self {
        let careful = limited().extension(EveryRequest::default()).data(engine.clone()).finish();
        let quick = limited().validation_mode(ValidationMode::Fast).data(engine).finish();
        Self { quick, careful, went_well: Arc::default() }
    }

    /// Executes an operation of a request, which brings text, variables and the name of the operation.
    pub async fn execute(&self, request: Request, caller: Caller) -> Response {
        // An unknown field in an object is found only by looking through the whole.
        if request.query.contains("mutation") || request.variables.values().any(holds_object) {
            return self.careful.execute(caller.asks(request)).await;
        }
        let Some(document) = self.went_well.get(&request.query) else {
            let query = request.query.clone();
            let response = self.careful.execute(caller.asks(request)).await;
            self.keep(&query, &response);
            return response;
        };
        let response = self.read(&request, document, &caller).await;
        if response.errors.is_empty() { response } else { self.careful.execute(caller.asks(request)).await }
    }

    fn keep(&self, query: &str, response: &Response) {
        if response.errors.is_empty()
            && let Ok(document) = parse_query(query)
            && document.operations.iter().all(|(_, operation)| operation.node.ty == OperationType::Query)
        {
            self.went_well.keep(query, &document);
        }
    }

    async fn read(&self, request: &Request, document: ExecutableDocument, caller: &Caller) -> Response {
        let mut quick = Request::new(&*request.query).variables(request.variables.clone());
        quick.operation_name.clone_from(&request.operation_name);
        quick.set_parsed_query(document);
        self.quick.execute(caller.asks(quick).data(SharedReader::default())).await
    }
}

fn holds_object(value: &ConstValue) -> bool {
    match value {
        ConstValue::Object(_) => true,
        ConstValue::List(values) => values.iter().any(holds_object),
        ConstValue::Null
        | ConstValue::Number(_)
        | ConstValue::String(_)
        | ConstValue::Boolean(_)
        | ConstValue::Binary(_)
        | ConstValue::Enum(_) => false,
    }
}
