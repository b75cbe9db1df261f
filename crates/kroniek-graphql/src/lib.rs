//! kroniek-graphql
