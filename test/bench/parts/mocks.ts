import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import credentials from "@imcloud/mock/credentials.json" with { type: "json" };
import openapi from "@imcloud/spec/openapi.json" with { type: "json" };
import autocannon, { type Result } from "autocannon";
import { tokenOf } from "../../support/token.ts";
import { endWithParent } from "../children.ts";
import { type Budget, byTurns, type Part, type Row, ratioOf, row } from "../measure.ts";
import { folder } from "../peers.ts";
import type { Usage } from "../servers/report-usage.ts";

const ROUNDS = 3;
const SECONDS = 2;
/** V8 still compiles much of a server after its first 5,000 requests, which take long at one connection. */
const WARM_UP_SECONDS = 4;
const WARM_UP_CONNECTIONS = 10;
/** How many connections send requests at once, one number after the other to the same process. */
const CONNECTIONS = [1, 10, 50];

/** The compared servers, each with its program and arguments. Each runs in a process of its own. */
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

const sale = openapi.components.examples.SalesOrderCreate;

/** The sale of the document's examples, for one seat, with the parameters it needs, and without a check of the customer's credit. */
const order = {
  ...sale.value,
  creditCheck: false,
  products: sale.value.products.map(({ id, parameters }) => ({ id, quantity: 1, parameters: parameters.slice(0, 2) })),
};

const requests: Record<string, { method: "GET" | "POST"; path: string; body?: string }> = {
  "GET /customers": { method: "GET", path: "/customers" },
  "GET /orders/{id}": { method: "GET", path: "/orders/900301" },
  "POST /orders": { method: "POST", path: "/orders", body: JSON.stringify(order) },
};

interface Started {
  url: string;
  /** Milliseconds until it listened, with the start of Node. */
  startUp: number;
  /** CPU time and memory that the process has used so far. */
  usage(): Promise<Usage>;
  end(): void;
}

async function start([file = "", ...args]: string[]): Promise<Started> {
  const since = performance.now();
  const preload = pathToFileURL(join(folder, "servers/report-usage.ts")).href;
  const words = ["--no-warnings", "--import", preload, join(folder, "servers", file), ...args];
  const child = endWithParent(spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit", "ipc"] }));
  // Some servers print other lines first.
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout as Readable).on("line", (line) => line.startsWith("http") && resolve(line.trim()));
    child.once("exit", () => reject(new Error(`${file} ended before it listened.`)));
  });
  return {
    url,
    startUp: performance.now() - since,
    async usage() {
      child.send("usage");
      const [usage] = await once(child, "message");
      return usage as Usage;
    },
    end: () => child.kill("SIGKILL"),
  };
}

/** Sends one request to a server again and again for some seconds. */
async function load(url: string, what: string, connections: number, seconds: number): Promise<Result> {
  const { path, ...request } = requests[what] as (typeof requests)[string];
  const headers = {
    authorization: `Bearer ${await tokenOf({ url, credentials })}`,
    "content-type": "application/json",
  };
  const result = await autocannon({ url: `${url}${path}`, ...request, headers, connections, duration: seconds });
  if (result.non2xx || result.errors)
    throw new Error(`${what} at ${url} met ${result.non2xx} refusals, ${result.errors} errors.`);
  return result;
}

interface Loaded {
  result: Result;
  memory: number;
  /** Microseconds of the server's CPU time for a request. Other load on the machine does not count. */
  cpu: number;
}

/** Starts a new process of a server, and loads it with a request, for each number of connections. */
async function loadNewProcess(args: string[], what: string, counts: readonly number[]): Promise<Loaded[]> {
  const { url, usage, end } = await start(args);
  const loads: Loaded[] = [];
  try {
    await load(url, what, WARM_UP_CONNECTIONS, WARM_UP_SECONDS);
    for (const connections of counts) {
      const before = await usage();
      const result = await load(url, what, connections, SECONDS);
      const { cpu, memory } = await usage();
      loads.push({ result, memory, cpu: (cpu - before.cpu) / result["2xx"] });
    }
    return loads;
  } finally {
    end();
  }
}

/** A figure of a result: its label, its unit, and how to read it. */
type Figure<T> = [name: string, unit: string, read: (found: T) => number];

/** A row for each figure of each server. */
const rowsOf = <T>(what: string, found: Map<string, T[]>, figures: Figure<T>[]): Row[] =>
  [...found].flatMap(([who, rounds]) =>
    figures.map(([name, unit, read]) => row(what + name, who, unit, rounds.map(read))),
  );

async function startUps(those: Record<string, string[]>): Promise<Row[]> {
  const found = await byTurns(Object.keys(those), 7, async (name) => {
    const { startUp, usage, end } = await start(those[name] ?? []);
    const { memory } = await usage();
    end();
    return { startUp, held: memory };
  });
  return rowsOf("start-up", found, [
    ["", "ms", ({ startUp }) => startUp],
    [", memory then", "MB", ({ held }) => held],
  ]);
}

const underLoad: Figure<Loaded>[] = [
  ["", "requests/s", ({ result }) => result.requests.average],
  [", p50", "ms", ({ result }) => result.latency.p50],
  [", p99", "ms", ({ result }) => result.latency.p99],
  [", CPU of a request", "µs", ({ cpu }) => cpu],
  [", memory after", "MB", ({ memory }) => memory],
];

/**
 * The limits of our mock relative to stock Prism: requests a second, and requests for the same CPU time. With one connection, a request costs
 * either about as much more, so that the ratio is smaller.
 */
function budgetsOf(what: string, found: Map<string, Loaded[]>, connections: number): Budget[] {
  const contenders = ["imcloud", "stock Prism"];
  const [ours, theirs] = contenders.map((who) => found.get(who) ?? []);
  if (!ours?.length || !theirs?.length) return [];
  const against = (name: string, read: (loaded: Loaded) => number): Budget => ({
    ...{ name: `${what}, ${name} against stock Prism`, limit: connections > 1 ? 2 : 1.3, is: "at least", contenders },
    ...ratioOf(ours.map(read), theirs.map(read)),
  });
  return [
    against("requests a second", ({ result }) => result.requests.average),
    against("requests for the same CPU time", ({ cpu }) => 1 / cpu),
  ];
}

/** Measures servers under a request, in turns, each with a new process. */
async function compare(
  those: Record<string, string[]>,
  request: string,
  counts: readonly number[],
  whatOf: (connections: number) => string,
): Promise<Part> {
  const loadOne = (name: string) => loadNewProcess(those[name] ?? [], request, counts);
  const partOf = (found: Map<string, Loaded[][]>): Part => {
    const parts = counts.map((connections, index) => {
      const those = new Map([...found].map(([who, rounds]) => [who, rounds.flatMap((loads) => loads[index] ?? [])]));
      const what = whatOf(connections);
      return { rows: rowsOf(what, those, underLoad), budgets: budgetsOf(what, those, connections) };
    });
    return { rows: parts.flatMap(({ rows }) => rows), budgets: parts.flatMap(({ budgets }) => budgets) };
  };
  return partOf(await byTurns(Object.keys(those), ROUNDS, loadOne, (found) => partOf(found).budgets));
}

/** Our mock beside stock Prism, Scalar's mock and an empty server; and our mock in the sizes small, medium and large. */
export async function mocks(): Promise<Part> {
  const rows = await startUps({ ...servers, ...sizes });
  const budgets: Budget[] = [];
  for (const request of Object.keys(requests)) {
    const compared = await compare(servers, request, CONNECTIONS, (count) => `${request}, ${count} at once`);
    rows.push(...compared.rows);
    budgets.push(...compared.budgets);
  }
  const sizedServers = { "imcloud, small": ["imcloud.ts", "small"], ...sizes };
  const sized = await compare(
    sizedServers,
    "GET /customers",
    [10],
    (count) => `GET /customers, ${count} at once, by size`,
  );
  rows.push(...sized.rows);
  return { rows, budgets };
}
