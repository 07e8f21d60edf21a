// What the text of the schema promises, checked on the text alone.
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from "graphql";

/** The one list whose items may be null: unknown identifiers keep their place. */
const NULLABLE_ITEMS = new Set(["Query.nodes"]);
const PAGING = { first: "Int", after: "Cursor", last: "Int", before: "Cursor" };
/** What happened comes in one order: it is followed forward, from a cursor on. */
const FORWARD_ONLY = new Set(["Query.changes"]);
const PASCAL = /^[A-Z][A-Za-z0-9]*$/;
const CAMEL = /^[a-z][A-Za-z0-9]*$/;
const SCREAMING = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;

/** Every element of the schema as `{ path, kind, element, owner }`. */
function elements(schema) {
  const found = [];
  const add = (path, kind, element, owner) => found.push({ path, kind, element, owner });
  for (const type of ownTypes(schema)) {
    add(type.name, "type", type);
    if (isEnumType(type)) for (const value of type.getValues()) add(`${type.name}.${value.name}`, "value", value, type);
    if (isInputObjectType(type))
      for (const field of Object.values(type.getFields())) add(`${type.name}.${field.name}`, "inputField", field, type);
    for (const field of outputFields(type)) {
      add(`${type.name}.${field.name}`, "field", field, type);
      for (const argument of field.args)
        add(`${type.name}.${field.name}(${argument.name})`, "argument", argument, field);
    }
  }
  for (const directive of schema.getDirectives().filter((one) => !isSpecifiedDirective(one))) {
    add(`@${directive.name}`, "directive", directive);
    for (const argument of directive.args) add(`@${directive.name}(${argument.name})`, "argument", argument, directive);
  }
  return found;
}

const ownTypes = (schema) =>
  Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type));
const outputFields = (type) => (isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : []);
const argument = (field, name) => field.args.find((one) => one.name === name);

/** Whether some list inside a type has items that may be null. */
function hasNullableItems(type) {
  if (isNonNullType(type)) return hasNullableItems(type.ofType);
  if (!isListType(type)) return false;
  return !isNonNullType(type.ofType) || hasNullableItems(type.ofType);
}

function described(all) {
  return all.filter(({ element }) => !element.description?.trim()).map(({ path }) => path);
}

function listItems(all) {
  const typed = all.filter(
    ({ element }) => element.type !== undefined && !isIntrospectionType(getNamedType(element.type)),
  );
  return typed
    .filter(({ path, element }) => hasNullableItems(element.type) && !NULLABLE_ITEMS.has(path))
    .map(({ path, element }) => `${path}: ${element.type}`);
}

function names(all) {
  const rule = { type: PASCAL, value: SCREAMING, field: CAMEL, inputField: CAMEL, argument: CAMEL, directive: CAMEL };
  return all.filter(({ kind, element }) => !rule[kind].test(element.name)).map(({ path }) => path);
}

function deprecations(all) {
  const vague = ({ element }) =>
    element.deprecationReason !== undefined &&
    element.deprecationReason !== null &&
    !/`\w+`/.test(element.deprecationReason);
  return all.filter(vague).map(({ path }) => `${path} names no replacement`);
}

function mutations(schema) {
  const problems = { input: [], payload: [], userErrors: [], idempotency: [], version: [] };
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const base = field.name[0].toUpperCase() + field.name.slice(1);
    const is = (type, expected) => String(type) === expected;
    if (field.args.length !== 1 || !is(argument(field, "input")?.type, `${base}Input!`)) {
      problems.input.push(`${field.name}(${field.args.map(({ name, type }) => `${name}: ${type}`).join(", ")})`);
    }
    if (!is(field.type, `${base}Payload`)) problems.payload.push(`${field.name}: ${field.type}`);
    const payload = getNamedType(field.type);
    const told = isObjectType(payload) ? payload.getFields().userErrors : undefined;
    if (!is(told?.type, "[UserError!]!")) problems.userErrors.push(`${payload}.userErrors: ${told?.type}`);
    const input = argument(field, "input") && getNamedType(argument(field, "input").type);
    const inputs = isInputObjectType(input) ? input.getFields() : {};
    if (!is(inputs.idempotencyKey?.type, "String!"))
      problems.idempotency.push(`${input}.idempotencyKey: ${inputs.idempotencyKey?.type}`);
    if (inputs.expectedVersion !== undefined && !is(inputs.expectedVersion.type, "Int!"))
      problems.version.push(`${input}.expectedVersion: ${inputs.expectedVersion.type}`);
  }
  return problems;
}

function userErrors(schema) {
  const problems = [];
  const type = schema.getType("UserError");
  if (!isInterfaceType(type)) return ["UserError is not an interface"];
  for (const [name, expected] of Object.entries({ message: "String!", code: "UserErrorCode!", field: "[String!]" })) {
    const found = type.getFields()[name]?.type;
    if (String(found) !== expected) problems.push(`UserError.${name}: ${found}, not ${expected}`);
  }
  const kinds = schema.getPossibleTypes(type).map(({ name }) => name);
  if (!kinds.includes("StaleVersionError")) problems.push("no StaleVersionError");
  return problems;
}

const connections = (schema) =>
  ownTypes(schema).filter((type) => isObjectType(type) && type.name.endsWith("Connection"));

function connectionShapes(schema) {
  const problems = [];
  const found = connections(schema);
  if (found.length === 0) problems.push("the schema has no connection");
  for (const type of found) {
    const base = type.name.slice(0, -"Connection".length);
    const expect = (owner, name, pattern) => {
      const seen = String(owner?.getFields?.()[name]?.type);
      if (!pattern.test(seen)) problems.push(`${owner?.name ?? `${base}Edge`}.${name}: ${seen}`);
    };
    expect(type, "edges", new RegExp(`^\\[${base}Edge!\\]!$`));
    expect(type, "nodes", new RegExp(`^\\[${base}!\\]!$`));
    expect(type, "pageInfo", /^PageInfo!$/);
    expect(type, "totalCount", /^Int!?$/);
    const edge = schema.getType(`${base}Edge`);
    expect(edge, "cursor", /^Cursor!$/);
    expect(edge, "node", new RegExp(`^${base}!$`));
  }
  const info = schema.getType("PageInfo");
  for (const [name, expected] of Object.entries({
    hasNextPage: "Boolean!",
    hasPreviousPage: "Boolean!",
    startCursor: "Cursor",
    endCursor: "Cursor",
  })) {
    const seen = String(info?.getFields?.()[name]?.type);
    if (seen !== expected) problems.push(`PageInfo.${name}: ${seen}`);
  }
  return problems;
}

function pagingArguments(all) {
  const problems = [];
  for (const { path, kind, element } of all) {
    if (kind !== "field" || !getNamedType(element.type).name.endsWith("Connection")) continue;
    if (!isNonNullType(element.type)) problems.push(`${path}: ${element.type} may be null`);
    for (const [name, expected] of Object.entries(PAGING)) {
      if (FORWARD_ONLY.has(path) && ["last", "before"].includes(name)) continue;
      const seen = String(argument(element, name)?.type);
      if (seen !== expected) problems.push(`${path}(${name}): ${seen}`);
    }
  }
  return problems;
}

function scalars(schema) {
  const own = ownTypes(schema).filter(isScalarType);
  const untold = own.filter(({ specifiedByURL }) => !specifiedByURL || !URL.canParse(specifiedByURL));
  return untold.map(({ name }) => `${name} has no @specifiedBy`);
}

const untyped = (schema) =>
  ownTypes(schema)
    .filter((type) => isScalarType(type) && /^(json|any|map|object)/i.test(type.name))
    .map(({ name }) => name);

function nodes(schema) {
  const node = schema.getType("Node");
  if (!isInterfaceType(node)) return ["Node is not an interface of the schema"];
  const withId = ownTypes(schema).filter((type) => isObjectType(type) && String(type.getFields().id?.type) === "ID!");
  return withId
    .filter((type) => !type.getInterfaces().includes(node))
    .map(({ name }) => `${name} has \`id: ID!\` and is no Node`);
}

function nodeQueries(schema) {
  const fields = schema.getQueryType().getFields();
  const problems = [];
  const expect = (name, type, argumentName, argumentType) => {
    const field = fields[name];
    if (String(field?.type) !== type) problems.push(`Query.${name}: ${field?.type}, not ${type}`);
    else if (String(argument(field, argumentName)?.type) !== argumentType)
      problems.push(`Query.${name}(${argumentName}): ${argument(field, argumentName)?.type}`);
  };
  expect("node", "Node", "id", "ID!");
  expect("nodes", "[Node]!", "ids", "[ID!]!");
  return problems;
}

function rootLookups(schema) {
  const fields = Object.values(schema.getQueryType().getFields());
  const single = (field) => field.args.some(({ name }) => name === "by" || name === "id");
  return fields
    .filter((field) => single(field) && isNonNullType(field.type))
    .map(({ name, type }) => `Query.${name}: ${type} can't tell that there is none`);
}

function lookupInputs(schema) {
  const choices = ownTypes(schema).filter((type) => isInputObjectType(type) && /By$/.test(type.name));
  const lookups = new Set();
  for (const field of Object.values(schema.getQueryType().getFields())) {
    const by = argument(field, "by");
    if (by) lookups.add(getNamedType(by.type));
  }
  return choices.filter((type) => lookups.has(type) && !type.isOneOf).map(({ name }) => `${name} is not @oneOf`);
}

/** Checks a schema; `note(name, problems)` is told the outcome of each check. */
export function checkStructure(schema, note) {
  const all = elements(schema);
  const inMutations = mutations(schema);
  note(`all ${all.length} elements are described`, described(all));
  note("no list has items that may be null, except those of `nodes`", listItems(all));
  note("names are PascalCase, camelCase and SCREAMING_SNAKE_CASE", names(all));
  note("every deprecation names what to use", deprecations(all));
  note("every mutation has one `input: <Name>Input!`", inMutations.input);
  note("every mutation answers a `<Name>Payload` that may be null", inMutations.payload);
  note("every payload has `userErrors: [UserError!]!`", inMutations.userErrors);
  note("every mutation's input has `idempotencyKey: String!`", inMutations.idempotency);
  note("`expectedVersion` is `Int!` wherever it is", inMutations.version);
  note("UserError is an interface with message, code and field", userErrors(schema));
  note(
    `all ${connections(schema).length} connections have edges, nodes, pageInfo and totalCount`,
    connectionShapes(schema),
  );
  note("every connection pages both ways", pagingArguments(all));
  note("every scalar says by what it is specified", scalars(schema));
  note("no scalar is untyped", untyped(schema));
  note("every type with `id: ID!` is a Node", nodes(schema));
  note("`node` and `nodes` are there", nodeQueries(schema));
  note("what is looked up may be null", rootLookups(schema));
  note("lookups by alternatives are @oneOf", lookupInputs(schema));
}
