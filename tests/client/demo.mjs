// The demonstration server: one that runs already, or one that is started here and ended after.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const START_MS = 180_000;
const END_MS = 30_000;

/** Gives `{ demo, stop }`; there is nothing to stop where the server runs already. */
export async function openDemo({ PASSERELLE_DEMO_JSON: line, PASSERELLE_BIN: program }) {
  return line ? { demo: JSON.parse(line) } : start(program);
}

async function start(program) {
  const folder = await mkdtemp(join(tmpdir(), "passerelle-client-"));
  // It runs in the folder, because it leaves a file with its tokens where it runs.
  const arguments_ = ["demo", "--database", join(folder, "demo.sqlite"), "--port", "0", "--json"];
  const server = spawn(program, arguments_, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const log = [];
  createInterface({ input: server.stderr }).on("line", (text) => log.push(text));
  // From here on, so that an early end is not missed.
  const ended = new Promise((resolve) => {
    server.once("error", (error) => resolve(error.message));
    server.once("exit", (code, signal) => resolve(signal ?? code));
  });

  const stop = async () => {
    server.kill("SIGTERM");
    const how = await within(ended, END_MS, () => server.kill("SIGKILL"));
    await rm(folder, { recursive: true, force: true });
    if (how !== 0) throw new Error(`the server ended with ${how} after SIGTERM`);
  };
  try {
    const first = once(createInterface({ input: server.stdout }), "line").then(([text]) => JSON.parse(text));
    const early = ended.then((how) => {
      throw new Error(`the server ended with ${how} before it said where it listens\n${log.slice(-20).join("\n")}`);
    });
    early.catch(() => {});
    const late = () => server.kill("SIGKILL");
    return { demo: await within(Promise.race([first, early]), START_MS, late), stop };
  } catch (error) {
    await stop().catch(() => {});
    throw error;
  }
}

/** Waits for a promise; after `ms` calls `late` and fails. */
async function within(promise, ms, late) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => {
      late();
      reject(new Error(`nothing happened within ${ms / 1000} s`));
    }, ms);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
