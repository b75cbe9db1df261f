//! Reading what a desk should look at.

use crate::context::{self};
use crate::types::connection::{Connection, Wanted, cost};
use crate::types::data_quality::{self, DataQualityCheck, DataQualityCount, DataQualityFinding};
use async_graphql::{Context, Object, Result};
use kroniek_domain::Permission;
use kroniek_domain::data_quality::Check;

/// What counting costs in the schema's limit of complexity: it asks the rules about everybody concerned.
const COUNTING: usize = 5_000;

/// Reading the lists of data quality.
#[derive(Default)]
pub struct DataQualityQueries;

#[Object]
impl DataQualityQueries {
    /// What a check finds today, the most urgent first, then in order of age. A page may hold fewer entries than
    /// asked for while there are more: go on with `after: endCursor` as long as `hasNextPage`. `SALUTATION_GENDER`
    /// needs the permission `SENSITIVE_READ`, else there is an error `FORBIDDEN`.
    #[graphql(complexity = "cost(first, child_complexity)")]
    async fn data_quality(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is looked for.")] check: DataQualityCheck,
        #[graphql(desc = "Entries on the page: 20 when left out, 100 at most (PAGE_TOO_LARGE).")]
        first: Option<i32>,
        #[graphql(desc = "The cursor to go on from.")] after: Option<String>,
    ) -> Result<Option<Connection<DataQualityFinding>>> {
        let reader = context::reader(ctx)?;
        let check = Check::from(check);
        if check.sensitive() {
            context::require(context::actor(ctx), Permission::SensitiveRead)?;
        }
        let wanted = Wanted::read(first, after)?;
        reader.search(move |reader| data_quality::listed(reader, check, &wanted)).await.map(Some)
    }

    /// How much every check finds today, of the checks that the actor may ask for.
    #[graphql(complexity = "COUNTING + child_complexity")]
    async fn data_quality_counts(&self, ctx: &Context<'_>) -> Result<Vec<DataQualityCount>> {
        let reader = context::reader(ctx)?;
        let sensitive = reader.sensitive();
        let checks: Vec<_> =
            Check::ALL.iter().copied().filter(|check| sensitive || !check.sensitive()).collect();
        reader.search(move |reader| data_quality::counted(reader, &checks)).await
    }
}
