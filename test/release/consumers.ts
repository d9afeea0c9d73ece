import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Miniflare } from "miniflare";
import sirv from "sirv";
import { paths } from "../../scripts/paths.ts";
import { launchBrowser } from "../browser/browser.ts";
import { freePort } from "../support/free-port.ts";
import { environmentOf, nodes, shell } from "./run.ts";

/** An app of `test/consumers/apps`, and how to check that it works. */
interface Consumer {
  /** The shell commands to run, one after the other. */
  lines: string[];
  /** Text in the output of the last command. */
  prints?: string;
  /** Paths of the server that `npm start` starts, with a text of their responses. */
  serves?: Record<string, string>;
  /** Text on the built page. */
  shows?: string;
  /** Paths of the built worker, with a text of their responses. */
  works?: Record<string, string>;
  node?: keyof typeof nodes;
}

const INSTALL = "npm install --no-audit --no-fund --prefer-offline";
const NAMES = "1002102 Lindmark Timber\n1002101 Brightwater Dental Group\n";

/** Every app, by its folder. */
export const consumers: Record<string, Consumer> = {
  "node-typescript": {
    lines: [INSTALL, "npm run build"],
    serves: { "/renewals?within=400": '"subscription":"700401"', "/renewals?within=x": "a number of days" },
    node: "20",
  },
  "node-commonjs": { lines: [INSTALL, "npm start"], prints: "SO900301,sales,", node: "20" },
  express: {
    lines: [INSTALL],
    serves: { "/customers/1002101": '"orders":2', "/customers/999": '"correlationId":"a8n-' },
    node: "20",
  },
  next: {
    lines: [INSTALL, "npm run build"],
    serves: { "/": "SO900301", "/api/customers/1002101": "Brightwater Dental Group", "/api/customers/999": "no such" },
    node: "22",
  },
  "vite-react": { lines: [INSTALL, "npm run build"], shows: "Brightwater Dental Group" },
  worker: {
    lines: [INSTALL, "npm run build"],
    works: { "/900301": '"orderNumber":"SO900301"', "/1": "There is no such order." },
  },
  jest: { lines: [INSTALL, "npm test"] },
  vitest: { lines: [INSTALL, "npm test"], prints: "2 passed" },
  bun: { lines: ["bun install", "bun run --silent start"], prints: NAMES },
  // Deno would refuse a package that was published a moment ago.
  deno: { lines: ["deno run --minimum-dependency-age=0 --allow-env --allow-net customers.ts"], prints: NAMES },
};

/** The surroundings of a trial. */
export interface Trial {
  folder: string;
  npmrc: string;
  /** The `IMCLOUD_*` settings of a mock. */
  settings: Record<string, string>;
}

/** @throws {@link Error} when a text lacks the expected one */
function expectIn(text: string, expected: string, where: string): void {
  if (!text.includes(expected)) throw new Error(`${where} gives\n${text}\nand not\n${expected}`);
}

/** Milliseconds for a server to start. */
const START = 60_000;

async function whenServing(url: string): Promise<void> {
  const end = Date.now() + START;
  while (Date.now() < end) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response) return;
    await sleep(100);
  }
  throw new Error(`Nothing serves ${url} after ${START / 1_000} s.`);
}

async function checkServer(folder: string, env: Record<string, string>, serves: Record<string, string>): Promise<void> {
  const port = await freePort();
  // In a process group of its own, as npm's shell does not forward signals.
  const child = spawn("npm", ["start"], {
    ...{ cwd: folder, env: { ...env, PORT: String(port) }, stdio: "ignore", detached: true },
  });
  const ended = once(child, "exit");
  try {
    await whenServing(`http://127.0.0.1:${port}/`);
    for (const [path, expected] of Object.entries(serves)) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      // React puts comments between text nodes.
      expectIn((await response.text()).replaceAll("<!-- -->", ""), expected, path);
    }
  } finally {
    if (child.pid) process.kill(-child.pid, "SIGTERM");
    await ended;
  }
}

async function checkPage(folder: string, expected: string): Promise<void> {
  const server = createServer(sirv(join(folder, "dist"))).listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.getByText(expected).waitFor({ timeout: START });
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}

async function checkWorker(folder: string, settings: Record<string, string>, works: Record<string, string>) {
  const script = await readFile(join(folder, "dist/worker.js"), "utf8");
  const worker = new Miniflare({ modules: true, script, bindings: settings, compatibilityDate: "2026-01-01" });
  try {
    for (const [path, expected] of Object.entries(works)) {
      const response = await worker.dispatchFetch(`http://worker${path}`);
      expectIn(await response.text(), expected, path);
    }
  } finally {
    await worker.dispose();
  }
}

/**
 * Copies an app to a folder of its own, installs it from the registry, and checks that it works.
 * @throws {@link Error} when it does not
 */
export async function tryConsumer(name: string, { folder, npmrc, settings }: Trial): Promise<void> {
  const consumer = consumers[name];
  if (!consumer) throw new Error(`There is no app ${name}; there are ${Object.keys(consumers).join(", ")}.`);
  await cp(join(paths.root, "test/consumers/apps", name), folder, { recursive: true });
  await writeFile(join(folder, ".npmrc"), npmrc);
  const platforms = join(paths.root, "test/platforms/node_modules/.bin");
  const env = environmentOf(nodes[consumer.node ?? "24"], settings);
  // Bun and Deno are packages of the tests. Last in the path, as their folder has a Node too.
  env.PATH = `${env.PATH}:${platforms}`;
  let printed = "";
  for (const line of consumer.lines) printed = await shell(line, folder, env);
  if (consumer.prints) expectIn(printed, consumer.prints, String(consumer.lines.at(-1)));
  if (consumer.serves) await checkServer(folder, env, consumer.serves);
  if (consumer.shows) await checkPage(folder, consumer.shows);
  if (consumer.works) await checkWorker(folder, settings, consumer.works);
}
