// Starts GraphiQL on this server. Served as a file, because the page allows no inline scripts.
"use strict";

const firstQuery = `# Kroniek: an event-sourced CRM core. Ctrl-Space completes, Ctrl-Enter runs.
# Who acts, and with which permissions, stands under "Headers" below.

{ __typename }
`;

const actor = { "Kroniek-Actor": "demo; permissions=READ,WRITE,SENSITIVE_READ,SENSITIVE_WRITE" };

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
