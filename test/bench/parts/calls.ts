import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { outputOf } from "../children.ts";
import { type Budget, byTurns, type Part, type Row, ratioOf, row } from "../measure.ts";
import { folder, peers, prepareHey } from "../peers.ts";

const ROUNDS = 5;
const STUB = "a call on a stub fetch";
const LOOPBACK = "a call over loopback";

/** The cost of a call: microseconds of CPU time, and allocated kilobytes. */
interface Cost {
  time: number;
  allocated: number;
}

/** Measures in a process of its own, in which garbage is collected only on demand. */
async function measure(name: string, url: string): Promise<Cost> {
  const flags = ["--expose-gc", "--max-semi-space-size=512", "--no-warnings"];
  return JSON.parse(await outputOf([...flags, join(folder, "parts/one-caller.ts"), name, url]));
}

/** The limits of our calls' cost, relative to openapi-fetch. */
function budgetsOf(found: Map<string, Cost[]>): Budget[] {
  const against = (who: string, other: string): Budget => {
    const [ours, theirs] = [who, other].map((name) => (found.get(name) ?? []).map(({ time }) => time));
    const name = `${who}, against ${other}, on the stub`;
    return { name, ...ratioOf(ours ?? [], theirs ?? []), limit: 1.3, is: "at most", contenders: [who, other] };
  };
  return [
    against("imcloud, a method", "openapi-fetch"),
    against("imcloud, a method", "openapi-fetch, with a timeout"),
    // It makes each call by openapi-fetch, and does for it what this one has to do by itself.
    against("imcloud, http", "openapi-fetch, with a token and a timeout"),
    against("imcloud, a method, with a fetch of the caller's", "openapi-fetch, with a timeout"),
  ];
}

/** The cost of a call of our client and of others, on a stub `fetch` and over loopback. */
export async function calls(): Promise<Part> {
  await prepareHey();
  const body = JSON.stringify({ id: "1", type: "sales", status: "completed", customerId: "2" });
  const server = createServer((_request, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end(body),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rows: Row[] = [];
  const budgets: Budget[] = [];
  try {
    for (const [what, where] of [
      [STUB, "stub"],
      [LOOPBACK, url],
    ] as const) {
      // Over loopback the socket takes most of the time.
      const isBudgeted = what === STUB;
      const found = await byTurns(
        Object.keys(peers),
        ROUNDS,
        (name) => measure(name, where),
        isBudgeted ? budgetsOf : undefined,
      );
      if (isBudgeted) budgets.push(...budgetsOf(found));
      for (const [name, costs] of found) {
        rows.push(
          row(
            what,
            name,
            "µs of CPU",
            costs.map(({ time }) => time),
          ),
        );
        rows.push(
          row(
            `${what}, allocated`,
            name,
            "kB",
            costs.map(({ allocated }) => allocated),
          ),
        );
      }
    }
  } finally {
    server.close();
    server.closeAllConnections();
  }
  return { rows, budgets };
}
