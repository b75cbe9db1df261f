// Starts GraphiQL on this server. Served as a file, because the page allows no inline scripts.
"use strict";

const firstQuery = `# Ctrl-Enter runs this query, Ctrl-Space completes.
# "Headers" below says who acts, with which rights.
{
  findCustomers(first: 3) {
    edges {
      node {
        number
        name
        correspondenceAddress { display }
        relatedRoles { roleCode beginDate shownFirst person { name title } }
        paymentLine { effectiveDate transactionMode bankAccount { iban } mandate { code } }
        history(first: 3) {
          edges { node { position time actor command changes { field before after } } }
        }
      }
    }
  }
}
`;

const actor = {
  "Kroniek-Actor": "demo; permissions=READ,WRITE,SENSITIVE_READ,SENSITIVE_WRITE,INTEGRATION,REGISTER,REFERENCE,SUPERVISE",
};

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(
    GraphiQL,
    {
      fetcher: GraphiQL.createFetcher({ url: "/graphql" }),
      defaultQuery: firstQuery,
      defaultHeaders: JSON.stringify(actor, null, 2),
      defaultEditorToolsVisibility: "headers",
      shouldPersistHeaders: true,
    },
    React.createElement(GraphiQL.Logo, null, "Kroniek"),
  ),
);
