//! What the cost needs to know of the schema, read once from its own SDL.

use std::collections::{HashMap, HashSet};

use async_graphql::Value;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{BaseType, FieldDefinition, Type, TypeDefinition, TypeKind, TypeSystemDefinition};

use crate::graphql::cost;
use crate::http::limits::Limits;

/// Introspection's own types are in no printed schema.
const INTROSPECTION: &str = "
type __Schema { types: [__Type!]! queryType: __Type! mutationType: __Type
  subscriptionType: __Type directives: [__Directive!]! }
type __Type { fields(includeDeprecated: Boolean): [__Field!] interfaces: [__Type!]
  possibleTypes: [__Type!] enumValues(includeDeprecated: Boolean): [__EnumValue!]
  inputFields(includeDeprecated: Boolean): [__InputValue!] ofType: __Type }
type __Field { args(includeDeprecated: Boolean): [__InputValue!]! type: __Type! }
type __InputValue { type: __Type! }
type __EnumValue { name: String! }
type __Directive { args(includeDeprecated: Boolean): [__InputValue!]! }
";

/// The schema's own SDL could not be read; a fault in the schema, told at start. The printer of
/// `async_graphql` does not escape quotes in deprecation reasons nor `"""` in descriptions: then
/// the printed schema is broken for everyone.
#[derive(Debug, thiserror::Error)]
#[error("the schema's own SDL could not be read: {0}")]
pub struct ShapeError(#[from] async_graphql::parser::Error);

/// One field, as far as its cost goes.
#[derive(Debug)]
pub struct FieldShape {
    /// The named type below lists and non-null marks.
    pub of: String,
    /// Whether it is a list.
    pub list: bool,
    /// Whether it takes `first` or `last`.
    pub paged: bool,
    /// The page size when none is asked for.
    pub default_page: u64,
    /// Whether it takes a list named `ids`.
    pub ids: bool,
    /// Whether it is a text that may be long.
    pub long_text: bool,
}

/// One object, interface or union.
#[derive(Debug, Default)]
pub struct TypeShape {
    /// Whether its `nodes` or `edges` are one page of a connection.
    pub connection: bool,
    /// Whether it has a result for each row of a batch.
    pub batch: bool,
    /// Its fields by name.
    pub fields: HashMap<String, FieldShape>,
}

/// The composite types of a schema and every name it knows.
#[derive(Debug)]
pub struct Shape {
    types: HashMap<String, TypeShape>,
    names: HashSet<String>,
    query: String,
    mutation: Option<String>,
}

impl Shape {
    /// Reads the SDL that [`async_graphql::Schema::sdl`] prints.
    ///
    /// # Errors
    /// [`ShapeError`] when it is not SDL.
    pub fn from_sdl(sdl: &str) -> Result<Self, ShapeError> {
        let mut shape = Self {
            types: HashMap::new(),
            names: ["__typename", "__schema", "__type"].map(str::to_owned).into(),
            query: "Query".to_owned(),
            mutation: None,
        };
        for text in [sdl, INTROSPECTION] {
            for definition in parse_schema(text)?.definitions {
                match definition {
                    TypeSystemDefinition::Schema(schema) => {
                        if let Some(query) = schema.node.query {
                            shape.query = query.node.to_string();
                        }
                        shape.mutation = schema.node.mutation.map(|name| name.node.to_string());
                    }
                    TypeSystemDefinition::Type(definition) => shape.add(definition.node),
                    TypeSystemDefinition::Directive(definition) => {
                        shape.names.insert(definition.node.name.node.to_string());
                    }
                }
            }
        }
        Ok(shape)
    }

    /// The type of that name, when it has fields.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&TypeShape> {
        self.types.get(name)
    }

    /// The name of the query root.
    #[must_use]
    pub fn query(&self) -> &str {
        &self.query
    }

    /// The name of the mutation root, when there is one.
    #[must_use]
    pub fn mutation(&self) -> Option<&str> {
        self.mutation.as_deref()
    }

    /// Whether the schema itself has this name: a type, field, argument, enum value or
    /// directive. Only such names may be repeated in an error message.
    #[must_use]
    pub fn knows(&self, name: &str) -> bool {
        self.names.contains(name) || ["Int", "Float", "String", "Boolean", "ID"].contains(&name)
    }

    fn add(&mut self, definition: TypeDefinition) {
        let name = definition.name.node.to_string();
        self.names.insert(name.clone());
        let fields = match definition.kind {
            TypeKind::Object(object) => object.fields,
            TypeKind::Interface(interface) => interface.fields,
            TypeKind::Union(_) => Vec::new(),
            TypeKind::Enum(values) => {
                self.names.extend(values.values.into_iter().map(|value| value.node.value.node.to_string()));
                return;
            }
            TypeKind::InputObject(input) => {
                self.names.extend(input.fields.into_iter().map(|field| field.node.name.node.to_string()));
                return;
            }
            TypeKind::Scalar => return,
        };
        let entry = self.types.entry(name.clone()).or_default();
        for field in fields {
            let field = field.node;
            self.names.insert(field.name.node.to_string());
            self.names.extend(field.arguments.iter().map(|each| each.node.name.node.to_string()));
            entry.fields.insert(field.name.node.to_string(), FieldShape::of(&field));
        }
        entry.connection = name.ends_with("Connection")
            && ["nodes", "edges"].iter().any(|item| entry.fields.get(*item).is_some_and(|field| field.list));
        entry.batch = name.ends_with("Payload") && entry.fields.get(cost::RESULTS).is_some_and(|field| field.list);
    }
}

impl FieldShape {
    fn of(field: &FieldDefinition) -> Self {
        let (of, list) = named(&field.ty.node);
        let argument = |name: &str| field.arguments.iter().map(|each| &each.node).find(|each| each.name.node == *name);
        let default = ["first", "last"].into_iter().filter_map(argument).find_map(|each| {
            match each.default_value.as_ref().map(|value| &value.node) {
                Some(Value::Number(number)) => number.as_u64(),
                _ => None,
            }
        });
        Self {
            long_text: cost::is_long_text(field.name.node.as_str(), &of),
            of,
            list,
            paged: argument("first").or_else(|| argument("last")).is_some(),
            default_page: default.unwrap_or(Limits::DEFAULT_PAGE),
            ids: argument("ids").is_some_and(|each| named(&each.ty.node).1),
        }
    }
}

/// The named type below lists, and whether there is a list.
fn named(ty: &Type) -> (String, bool) {
    match &ty.base {
        BaseType::Named(name) => (name.to_string(), false),
        BaseType::List(inner) => (named(inner).0, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_lists_and_defaults_are_seen() {
        let shape = Shape::from_sdl(
            "schema { query: Root mutation: Change }
             type Root { all(first: Int = 7, last: Int): ThingConnection! nodes(ids: [ID!]!): [Thing]! }
             type Change { go: Boolean }
             type ThingConnection { nodes: [Thing!]! edges: [ThingEdge!]! }
             type LoneConnection { node: Thing }
             type ThingEdge { node: Thing! }
             type Thing { id: ID! }
             enum Color { RED }",
        )
        .unwrap();
        assert_eq!((shape.query(), shape.mutation()), ("Root", Some("Change")));
        let all = &shape.get("Root").unwrap().fields["all"];
        assert!(all.paged && !all.list && all.default_page == 7);
        assert!(shape.get("Root").unwrap().fields["nodes"].ids);
        assert!(shape.get("ThingConnection").unwrap().connection);
        assert!(!shape.get("LoneConnection").unwrap().connection);
        assert!(shape.get("__Type").is_some());
        assert!(shape.knows("RED") && shape.knows("first") && !shape.knows("amina"));
    }
}

#[cfg(test)]
mod printed {
    use async_graphql::{
        EmptyMutation, EmptySubscription, Enum, ID, InputObject, Interface, Object, OneofObject, Schema, SimpleObject,
        Union,
    };

    use super::Shape;

    #[derive(OneofObject)]
    enum By {
        /// Its "id".
        Id(ID),
        Name(String),
    }

    #[derive(InputObject)]
    struct Filter {
        #[graphql(default = 5)]
        size: i32,
        #[graphql(default_with = "vec![Color::Red]", deprecation = "Use `size`.")]
        colors: Vec<Color>,
    }

    /// Colors, with "quotes" in the text.
    #[derive(Enum, Clone, Copy, PartialEq, Eq)]
    enum Color {
        Red,
        #[graphql(deprecation = "Use `RED`.")]
        Blue,
    }

    #[derive(SimpleObject)]
    struct Cat {
        id: ID,
        at: Option<Stamp>,
    }

    #[derive(SimpleObject)]
    struct Dog {
        id: ID,
    }

    #[derive(Interface)]
    #[graphql(field(name = "id", ty = "&ID"))]
    enum Node {
        Cat(Cat),
        Dog(Dog),
    }

    #[derive(Union)]
    enum Pet {
        Cat(Cat),
        Dog(Dog),
    }

    struct Stamp;

    #[async_graphql::Scalar(specified_by_url = "https://example.org/stamp")]
    impl async_graphql::ScalarType for Stamp {
        fn parse(_: async_graphql::Value) -> async_graphql::InputValueResult<Self> {
            Ok(Self)
        }

        fn to_value(&self) -> async_graphql::Value {
            async_graphql::Value::Null
        }
    }

    struct Query;

    #[Object]
    impl Query {
        /// One pet, "by" whatever.
        async fn pet(&self, by: By, filter: Option<Filter>) -> Option<Pet> {
            let named = matches!(&by, By::Name(name) if name.is_empty());
            let small = filter.is_some_and(|filter| filter.size < 1 || filter.colors.is_empty());
            let By::Id(id) = by else { return None };
            (named || small).then_some(Pet::Dog(Dog { id }))
        }

        #[graphql(deprecation = "Use `pet`.")]
        async fn nodes(&self, ids: Vec<ID>) -> Vec<Option<Node>> {
            ids.into_iter().map(|id| Some(Node::Cat(Cat { id, at: None }))).collect()
        }
    }

    /// Whatever the schema macros print, the guard must be able to read at start.
    #[test]
    fn the_sdl_of_every_kind_of_type_is_read() {
        let schema = Schema::build(Query, EmptyMutation, EmptySubscription).register_output_type::<Node>().finish();
        let shape = Shape::from_sdl(&schema.sdl()).unwrap();
        assert!(shape.get("Query").unwrap().fields["nodes"].ids);
        assert!(shape.get("Node").unwrap().fields.contains_key("id"));
        assert!(shape.get("Pet").is_some());
        for name in ["oneOf", "deprecated", "specifiedBy", "BLUE", "colors", "Stamp", "by"] {
            assert!(shape.knows(name), "{name}");
        }
        assert!(!shape.knows("Red"));
    }
}
