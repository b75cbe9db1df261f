//! Executing an operation.
//!
//! async-graphql asks an extension about every field and every entry of a list, which took a fifth of the time of a card.
//! What the extension is for, nulls in the right places, is only needed when something fails. So an operation that only
//! reads is executed without it, and when a field of it fails, once more with it. A mutation is executed once, and with it.

use crate::context::{Provenance, SharedReader};
use crate::documents::Documents;
use crate::extension::EveryRequest;
use crate::mutations::MutationRoot;
use crate::query::QueryRoot;
use crate::{expansion, limited};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{ExecutableDocument, OperationType};
use async_graphql::{EmptySubscription, Request, Response};
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
    documents: Arc<Documents>,
}

impl Api {
    /// The API over an engine, with limits that refuse hostile queries before anything is read.
    pub fn new(engine: Engine) -> Self {
        let documents = Arc::<Documents>::default();
        let every_request = EveryRequest::new(Arc::clone(&documents));
        let careful = limited().extension(every_request).data(engine.clone()).finish();
        Self { quick: limited().data(engine).finish(), careful, documents }
    }

    /// Executes an operation of a request, which brings text, variables and the name of the operation.
    pub async fn execute(&self, request: Request, caller: Caller) -> Response {
        if let Some(document) = self.document(&request.query)
            && only_reads(&document)
        {
            let response = self.read(&request, document, &caller).await;
            // Without a place in the answer an error is about the operation as a whole, of which nothing was executed.
            if response.errors.iter().all(|error| error.path.is_empty()) {
                return response;
            }
        }
        self.careful.execute(caller.asks(request)).await
    }

    async fn read(&self, request: &Request, document: ExecutableDocument, caller: &Caller) -> Response {
        let mut quick = Request::new(&*request.query).variables(request.variables.clone());
        quick.operation_name.clone_from(&request.operation_name);
        let new = (!self.documents.knows(&request.query)).then(|| document.clone());
        quick.set_parsed_query(document);
        let response = self.quick.execute(caller.asks(quick).data(SharedReader::default())).await;
        if let Some(new) = new
            && response.errors.is_empty()
        {
            // It is within all limits, which is not asked again of what is kept.
            self.documents.keep(&request.query, &new);
        }
        response
    }

    /// The document of a text that parses; what may be too large is left to the careful way, and refused there.
    fn document(&self, query: &str) -> Option<ExecutableDocument> {
        self.documents.get(query).or_else(|| {
            expansion::check(query).ok()?;
            parse_query(query).ok()
        })
    }
}

fn only_reads(document: &ExecutableDocument) -> bool {
    document.operations.iter().all(|(_, operation)| operation.node.ty == OperationType::Query)
}
