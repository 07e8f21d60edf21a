// Drives the GraphiQL page of a running server in headless Chromium.
//   node graphiql.mjs http://127.0.0.1:8080 [screenshot.png]
// It starts no server. CHROMIUM names the browser (default /usr/bin/chromium). The exit status is 0 when every
// check held, else 1. In demonstration mode it walks the loop: it runs each tab once, in order, and so changes data.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const [address, screenshot] = process.argv.slice(2);
if (!address) {
  process.stderr.write("usage: node graphiql.mjs <base URL> [screenshot.png]\n");
  process.exit(2);
}
const base = new URL(address);

/** Notes what must not happen on the page: refused loads, other hosts, script errors, failed files. */
async function watch(page) {
  const seen = { violations: [], elsewhere: [], errors: [], failed: [], bytes: 0 };
  await page.exposeBinding("noteViolation", (_, text) => seen.violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.noteViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}:${event.columnNumber}`);
    });
  });
  const note = (url) => {
    const { host, protocol } = new URL(url);
    if (!["data:", "blob:", "about:"].includes(protocol) && host !== base.host) seen.elsewhere.push(url);
  };
  page.on("request", (request) => note(request.url()));
  page.on("websocket", (socket) => note(socket.url()));
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("response", (response) => {
    if (response.status() >= 400) seen.failed.push(`${response.status()} ${response.url()}`);
  });
  page.on("requestfinished", async (request) => {
    seen.bytes += (await request.sizes()).responseBodySize;
  });
  return seen;
}

/** Every non-empty `userErrors` in an answer, at any depth. */
function userErrors(value) {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === "userErrors" && inner?.length ? inner : userErrors(inner)));
}

/** Runs the selected tab and returns the request and its answer. */
async function run(page) {
  const waiting = page.waitForResponse((response) => {
    const request = response.request();
    return (
      new URL(response.url()).pathname === "/graphql" &&
      request.method() === "POST" &&
      request.postDataJSON().operationName !== "IntrospectionQuery"
    );
  });
  await page.locator(".graphiql-execute-button").click();
  const response = await waiting;
  await page.waitForFunction(() => document.getElementById("status").textContent.startsWith("HTTP "));
  return { status: response.status(), request: response.request(), answer: await response.json() };
}

/** Opens what a visitor opens: documentation, history, shortcuts, settings, completion. */
async function lookAround(page) {
  const sidebar = page.locator(".graphiql-sidebar");
  for (const plugin of ["Documentation Explorer", "History"]) {
    await sidebar.getByLabel(`Show ${plugin}`).click();
    await page.locator(".graphiql-plugin").waitFor();
    await sidebar.getByLabel(`Hide ${plugin}`).click();
  }
  for (const dialog of ["Open short keys dialog", "Open settings dialog"]) {
    await sidebar.getByLabel(dialog).click();
    await page.locator(".graphiql-dialog").waitFor();
    await page.locator(".graphiql-dialog-close").click();
    await page.locator(".graphiql-dialog").waitFor({ state: "detached" });
  }
  await page.locator(".graphiql-tab-add").click();
  await page.locator(".graphiql-query-editor .CodeMirror").click();
  await page.keyboard.type("{ __");
  await page.keyboard.press("Control+Space");
  await page.locator(".CodeMirror-hints").waitFor();
  await page.keyboard.press("Escape");
}

/** Without personas: the token field is there, and a change of data is refused until the switch is set. */
async function visit(page) {
  assert.equal(await page.getByLabel("Act as").isVisible(), false, "no personas outside demonstration mode");
  assert.equal(await page.getByLabel("Token").isVisible(), true, "token field");
  assert.equal(await page.getByLabel("Allow changes").isChecked(), false, "reads only until the switch is set");
  await page.getByLabel("Token").fill("a-pasted-token");
  const { request } = await run(page);
  assert.equal((await request.allHeaders()).authorization, "Bearer a-pasted-token", "the pasted token is sent");
}

/** With personas: each is listed; each step takes its persona, runs, and answers without errors. */
async function walk(page, demo) {
  const chooser = page.getByLabel("Act as");
  await chooser.focus();
  const listed = await chooser.locator("option").evaluateAll((options) => options.map((option) => option.value));
  for (const persona of demo.personas) assert.ok(listed.includes(persona.name), `${persona.name} is listed`);
  assert.equal(await page.locator(".graphiql-tab").count(), demo.tabs.length, "one tab a step");
  for (const [index, tab] of demo.tabs.entries()) {
    if (index > 0) await page.locator("#next").press("Enter");
    const title = `Step ${index + 1} of ${demo.tabs.length}: ${tab.title}`;
    await page.getByText(title, { exact: true }).waitFor();
    const persona = demo.personas.find(({ name }) => name === tab.persona);
    assert.equal(await chooser.inputValue(), persona?.name ?? "nobody", `${title}: persona`);
    const { status, request, answer } = await run(page);
    const told = `${title}: ${JSON.stringify(answer)}`;
    assert.equal(status, 200, told);
    assert.equal(answer.errors, undefined, told);
    assert.deepEqual(userErrors(answer.data), [], told);
    const sent = (await request.allHeaders()).authorization;
    assert.equal(sent, persona && `Bearer ${persona.token}`, `${title}: token`);
    const line = await page.locator("#status").textContent();
    const { requestId } = answer.extensions ?? {};
    if (requestId) assert.ok(line.includes(requestId), `${title}: request id in "${line}"`);
    if (answer.extensions?.cost) assert.match(line, /cost \d/, title);
    process.stdout.write(`ok  ${title} · ${line}\n`);
  }
}

const profile = await mkdtemp(join(tmpdir(), "passerelle-browser-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: FLAGS,
  viewport: { width: 1360, height: 800 },
});
try {
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const seen = await watch(page);
  await page.goto(new URL("/graphiql", base).href);
  assert.equal(await page.title(), "Passerelle – GraphiQL");
  await page.locator(".graphiql-container .CodeMirror").first().waitFor();
  const demo = await (await context.request.get(new URL("/graphiql/personas.json", base).href)).json();
  await (demo.demo ? walk(page, demo) : visit(page));
  if (screenshot) await page.screenshot({ path: screenshot });
  await lookAround(page);
  const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
  assert.deepEqual(kept, [0, 0, ""], "nothing is kept in the browser");
  assert.deepEqual(seen.violations, [], "violations of the content-security policy");
  assert.deepEqual(seen.elsewhere, [], "requests to other hosts");
  assert.deepEqual(seen.errors, [], "script errors");
  assert.deepEqual(seen.failed, [], "failed requests");
  process.stdout.write(`ok  0 policy violations, 0 requests elsewhere, ${seen.bytes} bytes of answers\n`);
} catch (error) {
  // Show what was on the page when a check failed.
  if (screenshot) await context.pages().at(-1).screenshot({ path: screenshot });
  throw error;
} finally {
  await context.close();
  await rm(profile, { recursive: true, force: true });
}
