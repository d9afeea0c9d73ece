import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { main, takeNoArguments } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";

// It imports no package, so that it runs before anything is installed.
const run = promisify(execFile);

/** Milliseconds for the installation, the build and the start, on a slow network too. */
const TIME_LIMIT = 15 * 60_000;

/**
 * Runs `npm start` as somebody does who has just cloned the repository: the last commit in a folder of its own, with empty caches of npm,
 * pnpm and Node.
 */
async function startInClone(folder: string): Promise<void> {
  const clone = join(folder, "clone");
  await run("git", ["clone", "--quiet", "--shared", paths.root, clone]);
  const at = (name: string) => join(folder, name);
  const child = spawn("npm", ["start", "--", "--port", "0"], {
    cwd: clone,
    env: {
      ...process.env,
      ...{ CI: "true", npm_config_cache: at("npm"), XDG_CACHE_HOME: at("cache"), NODE_COMPILE_CACHE: at("node") },
      ...{ npm_config_store_dir: at("store"), PNPM_CONFIG_STORE_DIR: at("store") },
    },
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
    // A process group of its own, so that a signal reaches all of it, as Ctrl-C does.
    detached: process.platform !== "win32",
  });
  const signal = (name: NodeJS.Signals) => {
    if (process.platform === "win32") return run("taskkill", ["/pid", String(child.pid), "/t", "/f"]);
    process.kill(-Number(child.pid), name);
  };
  const limit = setTimeout(() => signal("SIGKILL"), TIME_LIMIT);
  // When all that hold its output have ended, as npm may end before what it runs.
  const ended = once(child, "close");
  const ready = Promise.withResolvers<void>();
  let printed = "";
  child.stdout.on("data", (piece) => {
    process.stdout.write(piece);
    printed += piece;
    if (printed.includes("Ctrl-C")) ready.resolve();
  });
  try {
    await Promise.race([ready.promise, ended]);
    const urls = /Mock API +(\S+)\s+Docs +(\S+)\s+Mock page +(\S+)\s+Example +(\S+)/.exec(printed)?.slice(1);
    if (!urls) throw new Error("npm start ended before it was ready.");
    const [mock = "", ...pages] = urls;
    for (const url of pages) {
      const response = await fetch(url);
      const text = await response.text();
      if (!response.ok || !text.includes("<title>")) throw new Error(`${url} responds with ${response.status}.`);
    }
    await signal("SIGINT");
    // npm itself ends by the signal, which is no code.
    const [code] = await ended;
    if (process.platform !== "win32" && code) throw new Error(`npm start ended with ${code} after Ctrl-C.`);
    if (await fetch(mock).catch(() => undefined)) throw new Error("The mock responds still after Ctrl-C.");
  } finally {
    clearTimeout(limit);
    if (child.exitCode === null && child.signalCode === null) await signal("SIGKILL");
  }
}

main(async () => {
  takeNoArguments();
  const folder = await mkdtemp(join(tmpdir(), "imcloud-fresh-"));
  try {
    await startInClone(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
});
