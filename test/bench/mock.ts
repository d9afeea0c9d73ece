import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import autocannon, { type Result } from "autocannon";
import { main } from "../../scripts/step.ts";

/** The two that are compared, each in a process of its own. */
const servers = { ours: "our-mock.ts", prism: "stock-prism.ts" };
type Name = keyof typeof servers;

const order = {
  type: "sales",
  customerId: "1002101",
  creditCheck: false,
  products: [{ id: "500201", quantity: 1, parameters: [{ name: "microsoft_domain", value: "brightwater.example" }] }],
};

const calls: Record<string, { method: "GET" | "POST"; path: string; body?: string }> = {
  "GET /customers": { method: "GET", path: "/customers" },
  "GET /orders/{id}": { method: "GET", path: "/orders/900301" },
  "POST /orders": { method: "POST", path: "/orders", body: JSON.stringify(order) },
};

async function start(name: Name) {
  const file = fileURLToPath(new URL(servers[name], import.meta.url));
  const since = performance.now();
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  return { url: String(line).trim(), startUp: performance.now() - since, end: () => child.kill("SIGKILL") };
}

async function tokenOf(url: string): Promise<string> {
  const response = await fetch(`${url}/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("demo.api:demo-password")}`, "content-type": "application/json" },
    body: '{"marketplace":"se"}',
  });
  return ((await response.json()) as { token: string }).token;
}

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Loads a server with one call for some seconds. */
async function load(url: string, token: string, call: string, connections: number, duration: number): Promise<Result> {
  const { path, ...request } = calls[call] as (typeof calls)[string];
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const result = await autocannon({ url: `${url}${path}`, ...request, headers, connections, duration });
  if (result.non2xx || result.errors)
    throw new Error(`${call} met ${result.non2xx} refusals, ${result.errors} errors.`);
  return result;
}

/** Compares the mock with stock Prism, by turns in one run, so that what the machine does meanwhile meets both. */
async function compare(rounds: number, duration: number): Promise<void> {
  console.log(
    `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}; ${rounds} rounds of ${duration} s, by turns`,
  );
  const names = Object.keys(servers) as Name[];
  const startUps: Record<Name, number[]> = { ours: [], prism: [] };
  for (let round = 0; round < 5; round++) {
    for (const name of names) {
      const { startUp, end } = await start(name);
      startUps[name].push(startUp);
      end();
    }
  }
  const rows: object[] = [];
  for (const connections of [10, 50]) {
    for (const call of Object.keys(calls)) {
      const seen: Record<Name, Result[]> = { ours: [], prism: [] };
      for (let round = 0; round < rounds; round++) {
        for (const name of names) {
          const { url, end } = await start(name);
          const token = await tokenOf(url);
          await load(url, token, call, connections, 1);
          seen[name].push(await load(url, token, call, connections, duration));
          end();
        }
      }
      const rate = (name: Name) => median(seen[name].map(({ requests }) => requests.average));
      const p99 = (name: Name) => median(seen[name].map(({ latency }) => latency.p99));
      rows.push({
        ...{ call, connections, "ours, req/s": Math.round(rate("ours")), "Prism, req/s": Math.round(rate("prism")) },
        ratio: (rate("ours") / rate("prism")).toFixed(2),
        ...{ "ours, p99 ms": p99("ours"), "Prism, p99 ms": p99("prism") },
      });
    }
  }
  console.table(rows);
  const [ours, prism] = [median(startUps.ours), median(startUps.prism)];
  console.log(`Start-up: ours ${ours.toFixed(0)} ms, Prism ${prism.toFixed(0)} ms, ratio ${(ours / prism).toFixed(2)}`);
}

main(async () => {
  const { values } = parseArgs({
    options: { rounds: { type: "string", default: "3" }, seconds: { type: "string", default: "4" } },
  });
  await compare(Number(values.rounds), Number(values.seconds));
});
