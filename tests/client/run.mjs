// Runs all checks: the schema's text, the generated client, and, given a server, the loop and the HTTP audits.
//   PASSERELLE_SCHEMA     another schema file than ../../schema.graphql
//   PASSERELLE_DEMO_JSON  the line of a running `passerelle demo --json`
//   PASSERELLE_BIN        the program, to start and end a demonstration here
//   PASSERELLE_PYTHON     a Python with what python/requirements.txt names, for the app in Python
import { execFile } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildSchema } from "graphql";
import { runAudits } from "./audits.mjs";
import { openDemo } from "./demo.mjs";
import { contract } from "./evolution.mjs";
import { checkCases } from "./evolution_cases.mjs";
import { guide } from "./guide.mjs";
import { introspected } from "./introspection.mjs";
import { Report } from "./report.mjs";
import { checkStructure } from "./structure.mjs";

const execute = promisify(execFile);
// Paths are meant from where the caller is; npm changes the folder and tells the caller's.
for (const name of ["PASSERELLE_SCHEMA", "PASSERELLE_BIN"]) {
  if (process.env[name]) process.env[name] = resolve(process.env.INIT_CWD ?? process.cwd(), process.env[name]);
}
process.chdir(fileURLToPath(new URL(".", import.meta.url)));
const report = new Report();
const note = report.note.bind(report);
const step = report.step.bind(report);

/** Runs a program of a package; its output is the problem when it fails. */
async function tool(path, ...options) {
  const ran = execute(process.execPath, [`node_modules/${path}`, ...options]);
  await ran.catch(({ stdout, stderr }) => {
    const lines = `${stdout}${stderr}`.trim().split("\n");
    throw new Error(
      [...lines.slice(0, 40), ...(lines.length > 40 ? [`and ${lines.length - 40} more lines`] : [])].join("\n      "),
    );
  });
}

async function client() {
  await Promise.all(["generated", "build"].map((folder) => rm(folder, { recursive: true, force: true })));
  await step("graphql-codegen generates a client", () =>
    tool("@graphql-codegen/cli/esm/bin.js", "--config", "codegen.yml"),
  );
  await step("no generated type is `any`", async () => {
    const files = await Promise.all(
      ["generated/passerelle.ts", "generated/schema.ts"].map((path) => readFile(path, "utf8")),
    );
    const loose = files.flatMap((text) => text.split("\n")).filter((line) => /[:<|]\s*any\b/.test(line));
    if (loose.length > 0) throw new Error(loose.join("\n      "));
  });
  await step("tsc --strict accepts it and the loop", () => tool("typescript/bin/tsc", "--project", "."));
}

/** The same app in Python, with a client that is made from the schema and checked like ours. */
async function pythonApp(python, demo) {
  report.heading("a partner's app in Python");
  const options = { cwd: "python", env: { ...process.env, PASSERELLE_DEMO_JSON: JSON.stringify(demo) } };
  const ran = async (...words) => {
    await execute(python, words, options).catch(({ stdout, stderr }) => {
      throw new Error(`${stdout}${stderr}`.trim().split("\n").slice(-30).join("\n      "));
    });
  };
  await (async () => {
    await mkdir("python/build", { recursive: true });
    await step("ariadne-codegen generates a client", () => ran("-m", "ariadne_codegen", "--config", "ariadne.toml", "client"));
    await step("mypy --strict accepts the app", () => ran("-m", "mypy", "partner.py"));
    await step("it walks the loop with webhooks, over a line that breaks", () => ran("partner.py"));
  })().catch(() => {});
}

async function server() {
  const opened = await step("the demonstration says where it listens", () => openDemo(process.env));
  try {
    report.heading("the loop");
    const { loop } = await import("./build/loop.js");
    // Everything in it is a step, so what does not hold is in the report already.
    await loop(opened.demo, step).catch(() => {});
    report.heading("the partner guide");
    await guide(opened.demo, step).catch(() => {});
    report.heading("a partner's app");
    const { partner } = await import("./build/partner.js");
    await partner(opened.demo, step).catch(() => {});
    const python = process.env.PASSERELLE_PYTHON;
    if (python) await pythonApp(python, opened.demo);
    else console.log("\nPASSERELLE_PYTHON is not set: the app in Python did not run.");
    report.heading("GraphQL over HTTP");
    await runAudits(opened.demo.graphql, note);
    report.heading("manners");
    const { manners } = await import("./build/manners.js");
    await manners(opened.demo, step);
    report.heading("introspection");
    const differences = introspected(opened.demo.graphql, schema).catch((error) => [error.message]);
    note("the server's introspection is the schema file", await differences);
  } finally {
    if (opened.stop) await step("the server ends when told to", opened.stop);
  }
}

report.heading("the schema");
const schema = await step("the schema can be read", async () =>
  buildSchema(await readFile(process.env.PASSERELLE_SCHEMA ?? "../../schema.graphql", "utf8")),
).catch(() => null);
if (schema) {
  checkStructure(schema, note);
  report.heading("its evolution");
  await checkCases(note);
  const evolved = await contract().catch((error) => ({ problems: [error.message] }));
  note("what partners hold still holds, and what is dangerous is told", evolved.problems);
  report.heading("the client");
  // What failed is in the report; the rest needs what it would have made.
  const made = await client().then(
    () => true,
    () => false,
  );
  const given = process.env.PASSERELLE_DEMO_JSON || process.env.PASSERELLE_BIN;
  if (!given)
    console.log(
      "\nNo server: PASSERELLE_DEMO_JSON and PASSERELLE_BIN are not set. The loop and the HTTP audits did not run.",
    );
  else if (made) await server().catch(() => {});
}
console.log(`\n${report.passed} passed, ${report.failed} failed`);
process.exitCode = report.failed === 0 ? 0 : 1;
