// Whether a client generated from the address is the one generated from the file.
import { buildClientSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from "graphql";

const SHOWN = 20;
/** What is applied to the schema's own elements: introspection does not tell where, so it does not tell of it. */
const APPLIED = new Set(["directive @cost", "directive @listSize"]);

/** The lines in which the server's introspection and the schema file differ. */
export async function introspected(url, schema) {
  // The schema's own description is left out: the server's library has a fixed text for it and does not print it.
  const query = getIntrospectionQuery({
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    inputValueDeprecation: true,
    oneOf: true,
  });
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(30_000),
  });
  const { data, errors } = await response.json();
  if (response.status !== 200 || errors || !data) return [`status ${response.status}: ${JSON.stringify(errors)}`];
  const server = blocks(buildClientSchema(data));
  const file = blocks(schema);
  const problems = [];
  for (const name of file.keys()) if (!server.has(name) && !APPLIED.has(name)) problems.push(`only in the file: ${name}`);
  for (const [name, text] of server) {
    if (!file.has(name)) problems.push(`only in the server: ${name}`);
    else if (file.get(name) !== text) problems.push(`${name}: ${difference(file.get(name), text)}`);
  }
  return problems.length > SHOWN ? [...problems.slice(0, SHOWN), `and ${problems.length - SHOWN} more`] : problems;
}

/** Each definition of a schema, printed, by what it begins with. */
function blocks(schema) {
  const printed = printSchema(lexicographicSortSchema(schema)).split(/\n\n(?=\S)/);
  return new Map(
    printed.map((text) => [
      text.match(/^(type|interface|input|enum|union|scalar|directive|schema) ?@?\w*/m)?.[0] ?? text,
      text,
    ]),
  );
}

function difference(file, server) {
  const [ours, theirs] = [file.split("\n"), server.split("\n")];
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  const line = at < 0 ? ours.length : at;
  return `the file has ${JSON.stringify(ours[line] ?? "")}, the server ${JSON.stringify(theirs[line] ?? "")}`;
}
