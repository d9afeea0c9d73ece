import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import autocannon, { type Result } from "autocannon";
import { byTurns, medianOf, type Part, type Row, row } from "../measure.ts";
import { folder } from "../peers.ts";

const ROUNDS = 3;
const SECONDS = 2;

/** The servers that are compared, each in a process of its own, with the words that its program takes. */
const servers: Record<string, string[]> = {
  imcloud: ["imcloud.ts"],
  "stock Prism": ["prism.ts"],
  "Scalar's mock": ["scalar.ts"],
  "empty node:http": ["empty.ts"],
};

const sizes: Record<string, string[]> = {
  "imcloud, medium": ["imcloud.ts", "medium"],
  "imcloud, large": ["imcloud.ts", "large"],
};

const order = {
  type: "sales",
  customerId: "1002101",
  creditCheck: false,
  products: [{ id: "500201", quantity: 1, parameters: [{ name: "microsoft_domain", value: "brightwater.example" }] }],
};

const requests: Record<string, { method: "GET" | "POST"; path: string; body?: string }> = {
  "GET /customers": { method: "GET", path: "/customers" },
  "GET /orders/{id}": { method: "GET", path: "/orders/900301" },
  "POST /orders": { method: "POST", path: "/orders", body: JSON.stringify(order) },
};

interface Started {
  url: string;
  /** Milliseconds until it listened, the start of Node included. */
  startUp: number;
  /** Megabytes that the process holds. */
  memory(): Promise<number>;
  end(): void;
}

async function start([file = "", ...words]: string[]): Promise<Started> {
  const since = performance.now();
  const child = spawn(process.execPath, ["--no-warnings", join(folder, "servers", file), ...words], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  // Some say more than their address first.
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => line.startsWith("http") && resolve(line.trim()));
    child.once("exit", () => reject(new Error(`${file} ended before it listened.`)));
  });
  return {
    url,
    startUp: performance.now() - since,
    memory: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
      return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    end: () => child.kill("SIGKILL"),
  };
}

async function tokenOf(url: string): Promise<string> {
  const response = await fetch(`${url}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("demo.api:demo-password")}`, "content-type": "application/json" },
    body: '{"marketplace":"se"}',
  });
  return ((await response.json()) as { token?: string }).token ?? "any";
}

/** Loads a server with one request for some seconds. */
async function load(url: string, what: string, connections: number, seconds: number): Promise<Result> {
  const { path, ...request } = requests[what] as (typeof requests)[string];
  const headers = { authorization: `Bearer ${await tokenOf(url)}`, "content-type": "application/json" };
  const result = await autocannon({ url: `${url}${path}`, ...request, headers, connections, duration: seconds });
  if (result.non2xx || result.errors)
    throw new Error(`${what} at ${url} met ${result.non2xx} refusals, ${result.errors} errors.`);
  return result;
}

interface Loaded {
  result: Result;
  memory: number;
}

async function loadFresh(words: string[], what: string, connections: number): Promise<Loaded> {
  const { url, memory, end } = await start(words);
  try {
    await load(url, what, connections, 1);
    return { result: await load(url, what, connections, SECONDS), memory: await memory() };
  } finally {
    end();
  }
}

async function startUps(those: Record<string, string[]>): Promise<Row[]> {
  const found = await byTurns(Object.keys(those), 7, async (name) => {
    const { startUp, memory, end } = await start(those[name] ?? []);
    const held = await memory();
    end();
    return { startUp, held };
  });
  return [...found].flatMap(([name, rounds]) => [
    row(
      "mocks",
      "start-up",
      name,
      "ms",
      rounds.map(({ startUp }) => startUp),
    ),
    row(
      "mocks",
      "memory at the start",
      name,
      "MB",
      rounds.map(({ held }) => held),
    ),
  ]);
}

function rowsOf(what: string, found: Map<string, Loaded[]>): Row[] {
  return [...found].flatMap(([name, rounds]) => [
    row(
      "mocks",
      what,
      name,
      "requests/s",
      rounds.map(({ result }) => result.requests.average),
    ),
    row(
      "mocks",
      `${what}, p50`,
      name,
      "ms",
      rounds.map(({ result }) => result.latency.p50),
    ),
    row(
      "mocks",
      `${what}, p99`,
      name,
      "ms",
      rounds.map(({ result }) => result.latency.p99),
    ),
    row(
      "mocks",
      `${what}, memory after`,
      name,
      "MB",
      rounds.map(({ memory }) => memory),
    ),
  ]);
}

/** Our mock beside stock Prism, Scalar's mock and a server that does nothing; and in a small, medium and large world. */
export async function mocks(): Promise<Part> {
  const rows = await startUps({ ...servers, ...sizes });
  const budgets: Part["budgets"] = [];
  for (const connections of [1, 10, 50]) {
    for (const request of Object.keys(requests)) {
      const what = `${request}, ${connections} at once`;
      rows.push(
        ...rowsOf(
          what,
          await byTurns(Object.keys(servers), ROUNDS, (name) => loadFresh(servers[name] ?? [], request, connections)),
        ),
      );
      const ratio = medianOf(rows, what, "imcloud") / medianOf(rows, what, "stock Prism");
      budgets.push({ name: `${what}, against stock Prism`, ratio, limit: 2, is: "at least" });
    }
  }
  const worlds = { "imcloud, small": ["imcloud.ts", "small"], ...sizes } as Record<string, string[]>;
  const what = "GET /customers, 10 at once, by world";
  rows.push(
    ...rowsOf(
      what,
      await byTurns(Object.keys(worlds), ROUNDS, (name) => loadFresh(worlds[name] ?? [], "GET /customers", 10)),
    ),
  );
  return { rows, budgets };
}
