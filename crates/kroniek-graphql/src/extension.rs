//! What a request goes through beside its resolvers, on the careful way (see `api`).
//!
//! One extension for all of it, because async-graphql makes a future for every field and every extension.

use crate::context::SharedReader;
use crate::documents::Documents;
use crate::expansion;
use crate::nulls::Nulls;
use async_graphql::async_trait::async_trait;
use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextPrepareRequest,
    NextResolve, ResolveInfo,
};
use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Response, ServerResult, Value, Variables};
use std::sync::Arc;

/// Makes the extension anew for every request.
#[derive(Default)]
pub(crate) struct EveryRequest {
    documents: Arc<Documents>,
}

impl ExtensionFactory for EveryRequest {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OneRequest { documents: Arc::clone(&self.documents), nulls: Nulls::default() })
    }
}

struct OneRequest {
    documents: Arc<Documents>,
    nulls: Nulls,
}

#[async_trait]
impl Extension for OneRequest {
    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        next.run(ctx, request.data(SharedReader::default())).await
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        if let Some(known) = self.documents.get(query) {
            return Ok(known);
        }
        expansion::check(query)?;
        let document = next.run(ctx, query, variables).await?;
        self.documents.keep(query, &document);
        Ok(document)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        self.nulls.finish(&mut response);
        response
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let (place, nullable) = (info.path_node, self.nulls.nullable(&info));
        let resolved = next.run(ctx, info).await;
        Ok(self.nulls.settle(resolved, nullable, place))
    }
}
