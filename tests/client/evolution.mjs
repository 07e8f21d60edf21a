// How the contract has changed since the one that partners hold: breaking, dangerous or safe.
//   node evolution.mjs [OLD.graphql] [NEW.graphql]
// Without files, schema.graphql is compared with itself as it stood at the commit of contract.json.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { diff } from "@graphql-inspector/core";
import { buildSchema, getNamedType, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from "graphql";

const execute = promisify(execFile);
/** How long before its removal an element is announced as deprecated. */
const MONTHS_OF_NOTICE = 6;
const REMOVAL = /Removed on (\d{4}-\d{2}-\d{2})\./;
const CLASSES = { BREAKING: "breaking", DANGEROUS: "dangerous", NON_BREAKING: "safe" };

/** The date so many months after `date`, both as `2027-06-01`. */
function later(date, months) {
  const moved = new Date(`${date}T00:00:00Z`);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  return moved.toISOString().slice(0, 10);
}

/** The element of a path such as `Type`, `Type.field` or `Type.field.argument`; nothing where there is none. */
function element(schema, path) {
  const [typeName, name, argument] = path.split(".");
  const type = schema.getType(typeName);
  if (!type || !name) return type;
  if (isEnumType(type)) return type.getValue(name);
  if (!(isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))) return undefined;
  const field = type.getFields()[name];
  return argument ? field?.args?.find((one) => one.name === argument) : field;
}

/** Every deprecated element of a schema: path and reason. */
function* deprecations(schema) {
  for (const type of Object.values(schema.getTypeMap())) {
    const parts = isEnumType(type) ? type.getValues() : type.getFields ? Object.values(type.getFields()) : [];
    for (const part of parts) {
      const path = `${type.name}.${part.name}`;
      if (part.deprecationReason) yield [path, part.deprecationReason];
      for (const argument of part.args ?? [])
        if (argument.deprecationReason) yield [`${path}.${argument.name}`, argument.deprecationReason];
    }
  }
}

/** Whether the old contract said that this element would be gone by `today`. */
function announced(old, path, today) {
  const date = REMOVAL.exec(element(old, path)?.deprecationReason ?? "")?.[1];
  return date !== undefined && date <= today;
}

/** Where a type is used in a schema, as paths. */
function* uses(schema, name) {
  for (const type of Object.values(schema.getTypeMap())) {
    for (const field of type.getFields ? Object.values(type.getFields()) : []) {
      if (getNamedType(field.type).name === name) yield `${type.name}.${field.name}`;
      for (const argument of field.args ?? [])
        if (getNamedType(argument.type).name === name) yield `${type.name}.${field.name}.${argument.name}`;
    }
  }
}

/** Whether a breaking change was told in time: of its element, or of everything that used the type. */
function wasTold(old, change, today) {
  if (change.type.endsWith("_REMOVED") && !change.type.startsWith("TYPE_")) return announced(old, change.path, today);
  if (change.type !== "TYPE_REMOVED") return false;
  const places = [...uses(old, change.path)];
  return places.length > 0 && places.every((path) => announced(old, path, today));
}

/** Whether an input of the old contract is taken by the new one only with exactly one of its fields. */
function isNarrowed(old, change) {
  const [name, directive] = (change.path ?? "").split(".");
  return change.type === "DIRECTIVE_USAGE_INPUT_OBJECT_ADDED" && directive === "@oneOf" && old.getType(name) !== undefined;
}

/** What the list of changes says below `## Unreleased`, up to the next release; all of a text without such a heading. */
function unreleased(told) {
  const below = told.split(/^## Unreleased\s*$/m)[1];
  return below === undefined ? told : below.split(/^## /m)[0];
}

/** Whether a text names a path by its last part, alone or behind its owners: that the type is named somewhere is not enough. */
function isNamed(path, text) {
  return new RegExp(`(?<!\\w)${path.split(".").at(-1)}(?!\\w)`).test(text);
}

/**
 * The changes between two contracts, each with its class, and the problems that keep them from being made.
 * `on` is the day of the old contract, `today` the day of the new one, `told` the text of the list of changes.
 */
export async function evolution(oldText, newText, { on, today, told }) {
  const [old, fresh] = [buildSchema(oldText), buildSchema(newText)];
  const problems = [];
  const news = unreleased(told);
  const changes = (await diff(old, fresh)).map((change) => {
    const path = change.path ?? "schema";
    // What an element costs is told by directives; whoever asks is told it with each answer.
    if (change.type.startsWith("DIRECTIVE_USAGE_") && !isNarrowed(old, change))
      return { kind: "safe", path, message: change.message };
    const breaks = change.criticality.level === "BREAKING" && !wasTold(old, change, today);
    const kind = breaks ? "breaking" : change.criticality.level === "BREAKING" ? "dangerous" : CLASSES[change.criticality.level];
    if (kind === "breaking") problems.push(`breaking, without a deprecation that is over: ${path}: ${change.message}`);
    if (kind === "dangerous" && !isNamed(path, news))
      problems.push(`dangerous, and not in api/CHANGELOG.md: ${path}: ${change.message}`);
    return { kind, path, message: change.message };
  });
  for (const [path, reason] of deprecations(fresh)) {
    const date = REMOVAL.exec(reason)?.[1];
    if (!date) problems.push(`deprecated without \`Removed on YYYY-MM-DD.\`: ${path}`);
    else if (!element(old, path)?.deprecationReason && element(old, path) && date < later(on, MONTHS_OF_NOTICE))
      problems.push(`removed sooner than ${MONTHS_OF_NOTICE} months after its deprecation: ${path}`);
  }
  return { changes, problems };
}

/** Compares schema.graphql, or the files given, with what partners hold. */
export async function contract(oldFile, newFile) {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const { since, on } = JSON.parse(await readFile(new URL("contract.json", import.meta.url), "utf8"));
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const oldText = oldFile
    ? await readFile(oldFile, "utf8")
    : (await execute("git", ["show", `${since}:schema.graphql`], options)).stdout;
  const newText = await readFile(newFile ?? `${root}schema.graphql`, "utf8");
  const told = await readFile(`${root}api/CHANGELOG.md`, "utf8");
  return evolution(oldText, newText, { on, today: new Date().toISOString().slice(0, 10), told });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { changes, problems } = await contract(...process.argv.slice(2));
  for (const kind of ["breaking", "dangerous", "safe"]) {
    const those = changes.filter((change) => change.kind === kind);
    console.log(`${kind}: ${those.length}`);
    if (kind !== "safe") for (const { message } of those) console.log(`  ${message}`);
  }
  for (const problem of problems) console.log(`FAIL ${problem}`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
