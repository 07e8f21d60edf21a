// Runs every request of the partner guide, in order, and compares every answer with what the page shows.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const execute = promisify(execFile);
const GUIDE = new URL("../../api/docs/partner-guide.md", import.meta.url);
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;
/** Commands that start or install something: shown to people, not run here. */
const FOR_PEOPLE = /^cargo run /;

/** The fenced blocks of a page: `{ language, words, text, line }`. */
export function blocks(page) {
  const found = [];
  let open = null;
  page.split("\n").forEach((text, index) => {
    if (open && text === "```") {
      found.push({ ...open, text: open.lines.join("\n") });
      open = null;
    } else if (open) open.lines.push(text);
    else if (text.startsWith("```")) {
      const [language, ...words] = text.slice(3).split(" ");
      open = { language, words, lines: [], line: index + 1 };
    }
  });
  if (open) throw new Error(`the block of line ${open.line} has no end`);
  return found;
}

/** Groups blocks into requests: what is sent, its variables, the answer shown. */
export function requests(found) {
  const all = [];
  for (const block of found) {
    const kind = [block.language, block.words[0]].filter(Boolean).join(" ");
    if (["graphql", "graphql until", "sh send", "sh until"].includes(kind)) all.push({ ...block, kind });
    else if (kind === "json variables" && all.length > 0) all.at(-1).variables = block.text;
    else if (kind === "json answer" && all.length > 0) all.at(-1).answer = block.text;
    else if (!(kind === "sh" && FOR_PEOPLE.test(block.text)))
      throw new Error(`nobody runs the block \`${kind}\` of line ${block.line}`);
  }
  const mute = all.find(({ answer }) => answer === undefined);
  if (mute) throw new Error(`the request of line ${mute.line} shows no answer`);
  return all;
}

/** Puts known values for `{{name}}`; a value that stands alone keeps its type. */
export function filled(text, values) {
  const value = (name) => {
    if (!(name in values)) throw new Error(`{{${name}}} is not known`);
    return values[name];
  };
  return text
    .replace(/"\{\{(\w+)\}\}"/g, (_, name) => JSON.stringify(value(name)))
    .replace(/\{\{(\w+)\}\}/g, (_, name) => String(value(name)));
}

/** Where an answer is not what is shown; what `"<name>"` stands for is kept in `values`. */
export function difference(shown, actual, values, path = "") {
  if (shown === "…") return actual === undefined ? `${path} is missing` : null;
  const named = typeof shown === "string" ? /^<(\w+)>$/.exec(shown) : null;
  if (named) {
    if (actual === undefined || actual === null) return `${path} is ${actual}`;
    values[named[1]] = actual;
    return null;
  }
  if (typeof shown !== "object" || shown === null || typeof actual !== "object" || actual === null)
    return Object.is(shown, actual) ? null : `${path} is ${JSON.stringify(actual)}, not ${JSON.stringify(shown)}`;
  const names = new Set([...Object.keys(shown), ...Object.keys(actual)]);
  for (const name of names) {
    if (!(name in shown)) return `${path}.${name} is not shown`;
    const told = difference(shown[name], actual[name], values, `${path}.${name}`);
    if (told) return told;
  }
  return null;
}

async function sent(request, values) {
  if (request.language === "sh") {
    const env = { ...process.env, ...Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)])) };
    const { stdout } = await execute("bash", ["-euo", "pipefail", "-c", filled(request.text, values)], { env });
    return JSON.parse(stdout);
  }
  const response = await fetch(`${values.PASSERELLE_URL}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "accept-language": "en",
      authorization: `Bearer ${values.PASSERELLE_SANDBOX}`,
    },
    body: JSON.stringify({ query: request.text, variables: JSON.parse(filled(request.variables ?? "{}", values)) }),
  });
  return response.json();
}

async function held(request, values) {
  const ends = Date.now() + PATIENCE_MS;
  for (;;) {
    const actual = await sent(request, values);
    const shown = JSON.parse(filled(request.answer, values));
    if (!("extensions" in shown)) delete actual.extensions;
    const told = difference(shown, actual, values);
    if (!told) return;
    if (!request.kind.endsWith("until") || Date.now() > ends) throw new Error(`${told}\n      ${JSON.stringify(actual)}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Runs the guide against a demonstration; the first request that does not hold ends it. */
export async function guide(demo, step) {
  const url = demo.graphql.replace(/\/graphql$/, "");
  const token = demo.personas.find(({ name }) => name.includes("sandbox"))?.token;
  const prefixed = Object.entries(demo.sandbox).map(([name, value]) => [`PASSERELLE_${name}`, value]);
  const client = demo.clients.find(({ name }) => name.includes("sandbox"));
  const today = new Date().toISOString().slice(0, 10);
  const values = { ...Object.fromEntries(prefixed), PASSERELLE_URL: url, PASSERELLE_SANDBOX: token, today };
  Object.assign(values, { PASSERELLE_SANDBOX_ID: client.clientId, PASSERELLE_SANDBOX_SECRET: client.clientSecret });
  const all = requests(blocks(await readFile(GUIDE, "utf8")));
  for (const request of all) await step(`line ${request.line}: ${request.text.split("\n")[0].slice(0, 80)}`, () => held(request, values));
}
