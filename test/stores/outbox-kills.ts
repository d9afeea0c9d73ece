import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { type CustomerCreate, createClient, type OrderCreate } from "@imcloud/client";
import { createSandbox, type Sandbox } from "@imcloud/mock/sandbox";
import { salesOrder } from "../support/document.ts";
import { Random } from "../support/random.ts";
import { ownPrefix } from "./engines.ts";
import type { Address } from "./open-store.ts";
import { DIE_AT, type OutboxJob, type OutboxReport, PROCESS, type Task } from "./outbox-job.ts";

const CUSTOMER = "1002101";
const SUBSCRIPTION = "700401";
const DAY = 86_400_000;

export const orderOf = (poNumber: string): OrderCreate & { poNumber: string } => ({ ...salesOrder(), poNumber });

/** What happens to a write in transit: nothing, its response is lost after it was done, or it never arrives. */
export type Fate = "kept" | "responseLost" | "gatewayTimeout" | "neverArrived";
export const FATES: readonly Fate[] = ["kept", "kept", "responseLost", "gatewayTimeout", "neverArrived"];

/** The API of a run. */
interface Api {
  sandbox: Sandbox;
  nextFate(): Fate;
  /** Called for each request. */
  onRequest(): void;
}

/** One server for the APIs of all runs, behind a gateway that loses requests and responses, and kills processes during a request. */
async function startGateway() {
  const apis = new Map<string, Api>();
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const [, run = "", path = ""] = /^\/([^/]+)(\/.*)$/.exec(url) ?? [];
    const api = apis.get(run);
    const body = await buffer(request).catch(() => undefined);
    if (!api || !body) return response.destroy();
    api.onRequest();
    const kill = (at: string) => {
      if (headers[DIE_AT] === at) process.kill(Number(headers[PROCESS]), "SIGKILL");
    };
    kill("arrived");
    const fate = method === "POST" && !path.endsWith("/token") ? api.nextFate() : "kept";
    // Destroys the response: once its body is read, destroying the request would not close the connection.
    if (fate === "neverArrived") return response.destroy();
    const given = Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]);
    const call = new Request(new URL(path, api.sandbox.url), {
      ...{ method, headers: given },
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    const got = await api.sandbox.fetch(call);
    kill("done");
    await respond(response, got, fate);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    open(run: string, api: Api): string {
      apis.set(run, api);
      return `http://127.0.0.1:${port}/${run}${new URL(api.sandbox.url).pathname}`;
    },
    close(run: string): void {
      apis.delete(run);
    },
    stop(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function respond(response: ServerResponse, got: Response, fate: Fate): Promise<void> {
  if (fate === "responseLost") {
    response.destroy();
  } else if (fate === "gatewayTimeout") {
    response.writeHead(504, { "content-type": "text/html" }).end("<html>");
  } else {
    response.writeHead(got.status, Object.fromEntries(got.headers));
    response.end(Buffer.from(await got.arrayBuffer()));
  }
}

/** An idle process. */
interface Worker {
  child: ChildProcess;
  ready: Promise<unknown>;
}

/** How a job ended: with a report, or killed at a step. */
type Ended = Extract<OutboxReport, { steps: number }> | { killedAt: string };

/**
 * A pool of started processes, as a start takes half a second. A process that finished its job
 * takes the next one.
 */
function startWorkers(spare: number) {
  const idle: Worker[] = [];
  const all = new Set<ChildProcess>();

  function start(): Worker {
    const child = fork(join(import.meta.dirname, "outbox-worker.ts"), {
      execArgv: ["--no-warnings"],
      stdio: ["ignore", "pipe", "inherit", "ipc"],
    });
    all.add(child);
    child.once("exit", () => all.delete(child));
    return { child, ready: once(child, "message") };
  }

  const fill = () => {
    while (idle.length < spare) idle.push(start());
  };

  fill();
  return {
    async run(job: OutboxJob): Promise<Ended> {
      const worker = idle.shift() ?? start();
      fill();
      const { child } = worker;
      await worker.ready;
      let said = "";
      const listen = (text: Buffer) => {
        said += text;
      };
      child.stdout?.on("data", listen);
      child.send(job);
      const [event] = await Promise.race([once(child, "message"), once(child, "close")]);
      child.stdout?.off("data", listen);
      if (!child.connected || child.signalCode) {
        if (child.signalCode === "SIGKILL" && job.dieAt) return { killedAt: said };
        throw new Error(`A process ended by ${child.signalCode ?? child.exitCode} and not by its task.`);
      }
      const report = event as OutboxReport;
      if ("error" in report) throw new Error(report.error);
      idle.push(worker);
      return report;
    },
    async stop(): Promise<void> {
      await Promise.all(
        [...all].map((child) => {
          const ended = once(child, "exit");
          child.kill("SIGKILL");
          return ended;
        }),
      );
    },
  };
}

/** The outcome of one run. */
export interface Outcome {
  /** The step at which the first process was killed, if it reached the step. */
  killedAt: string | undefined;
  /** The steps of the first process, if it finished. */
  steps: number;
  /** The number of writes that `resume` finished. */
  resumed: number;
  asked: string[];
  placed: string[];
}

/** The tasks of a run, by its seed: two orders, or an order and a customer, or an order and a change of seats. */
async function tasksOf(seed: number, sandbox: Sandbox): Promise<Task[]> {
  const order = { order: orderOf(`RUN-${seed}-0`) };
  if (seed % 3 === 1) {
    const imcloud = createClient({ ...sandbox.connection, rateLimit: false });
    const { address, contactPersons, language, taxRegId } = await imcloud.customers.get(CUSTOMER);
    const customer = {
      address,
      contactPersons,
      language,
      taxRegId,
      name: "Fernhill Bakery",
      externalId: `RUN-${seed}-1`,
    };
    return [order, { customer: customer as CustomerCreate & { externalId: string } }];
  }
  if (seed % 3 === 2) return [order, { seats: { subscription: SUBSCRIPTION, by: 3, poNumber: `RUN-${seed}-1` } }];
  return [order, { order: orderOf(`RUN-${seed}-1`) }];
}

const numberOf = (task: Task): string => {
  if ("order" in task) return task.order.poNumber;
  return "seats" in task ? task.seats.poNumber : task.customer.externalId;
};

/** The numbers of everything that a run has created in a sandbox, with duplicates. */
async function placedIn(sandbox: Sandbox, seed: number): Promise<string[]> {
  const imcloud = createClient({ ...sandbox.connection, rateLimit: false });
  const numbers: (string | undefined)[] = [];
  for await (const order of imcloud.orders.details({ customerId: CUSTOMER })) numbers.push(order.poNumber);
  for await (const customer of imcloud.customers.list()) numbers.push(customer.externalId);
  return numbers.filter((number): number is string => Boolean(number?.startsWith(`RUN-${seed}-`))).sort();
}

const seatsOf = async (sandbox: Sandbox): Promise<number> => {
  const imcloud = createClient({ ...sandbox.connection, rateLimit: false });
  return Number((await imcloud.subscriptions.get(SUBSCRIPTION)).products?.[0]?.quantity);
};

/** The most steps of a run of two tasks, with losses. Most runs take fewer, so that one in five is not killed. */
const MAX_STEPS = 60;
/** Milliseconds without progress after which a run fails, on a busy machine too. */
const PROGRESS_LIMIT = 180_000;

/**
 * Fails when there is no progress for too long. A slow machine does not fail.
 * @param what what makes progress with each call of `isAlive`, for the message
 */
export function watchProgress(what: string) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let fail = (_error: Error) => {};
  const stuck = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const error = new Error(`No ${what} came within ${PROGRESS_LIMIT} ms.`);
  const isAlive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => fail(error), PROGRESS_LIMIT);
  };
  isAlive();
  return { stuck, isAlive, end: () => clearTimeout(timer) };
}

/** Runs in which a process is killed at some step, and one or four others finish its work. */
export interface Kills {
  run(address: Address, seed: number): Promise<Outcome>;
  stop(): Promise<void>;
}

/**
 * @param spare the number of processes to start in advance
 * @param lease milliseconds after which a claim expires without a renewal; on a busy machine a process can be stopped for a second
 */
export async function startKills(spare: number, lease: number): Promise<Kills> {
  const gateway = await startGateway();
  const workers = startWorkers(spare);

  async function run(address: Address, seed: number, onRequest: () => void): Promise<Outcome> {
    const random = new Random(seed);
    const sandbox = createSandbox({ speed: 0 });
    const name = `${seed}-${crypto.randomUUID().slice(0, 8)}`;
    const baseUrl = gateway.open(name, { sandbox, nextFate: () => random.pick(FATES), onRequest });
    try {
      const tasks = await tasksOf(seed, sandbox);
      const seatsBefore = await seatsOf(sandbox);
      const { auth, subscriptionKey } = sandbox.connection;
      const job: OutboxJob = {
        ...{ address, prefix: ownPrefix(), baseUrl, auth, subscriptionKey },
        lease,
        tasks,
      };
      const first = await workers.run({ ...job, dieAt: random.integer(1, MAX_STEPS) });
      const others = Array.from({ length: seed % 4 === 0 ? 4 : 1 }, () =>
        // In every other run after the claim has expired, else at once.
        workers.run({ ...job, resumeAfter: seed % 2 ? lease : 0 }),
      );
      const ended = await Promise.all(others);
      const placed = await placedIn(sandbox, seed);
      await sandbox.advance(DAY);
      const added = (await seatsOf(sandbox)) - seatsBefore;
      const meant = tasks.reduce((sum, task) => sum + ("seats" in task ? task.seats.by : 0), 0);
      if (added !== meant) placed.push(`${added} seats in place of ${meant}`);
      return {
        killedAt: "killedAt" in first ? first.killedAt : undefined,
        steps: "steps" in first ? first.steps : 0,
        resumed: ended.reduce((sum, each) => sum + ("finished" in each ? each.finished : 0), 0),
        asked: tasks.map(numberOf),
        placed,
      };
    } finally {
      gateway.close(name);
      sandbox.close();
    }
  }

  return {
    async run(address, seed) {
      const { stuck, isAlive, end } = watchProgress(`request of the run of seed ${seed}`);
      const running = run(address, seed, isAlive).catch((cause: Error) => {
        throw new Error(`The run of seed ${seed} failed: ${cause.message}`, { cause });
      });
      return Promise.race([running, stuck]).finally(end);
    },
    async stop() {
      await workers.stop();
      gateway.stop();
    },
  };
}

/** Runs many seeds, several at a time, and yields each outcome. */
export async function killAll(
  kills: Kills,
  address: Address,
  seeds: readonly number[],
  atOnce: number,
  tell: (outcome: Outcome) => void,
): Promise<void> {
  const next = seeds.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const seed of next) tell(await kills.run(address, seed));
    }),
  );
}

/** The totals of outcomes. */
export function sumUp(outcomes: readonly Outcome[]) {
  const asked = outcomes.flatMap((outcome) => outcome.asked);
  const placed = outcomes.flatMap((outcome) => outcome.placed);
  const killedAt: Record<string, number> = {};
  for (const { killedAt: step } of outcomes) if (step) killedAt[step] = (killedAt[step] ?? 0) + 1;
  return {
    runs: outcomes.length,
    killed: outcomes.filter((outcome) => outcome.killedAt).length,
    asked: asked.length,
    placed: placed.length,
    resumed: outcomes.reduce((sum, { resumed }) => sum + resumed, 0),
    twice: placed.filter((number, index) => placed.indexOf(number) !== index),
    lost: asked.filter((number) => !placed.includes(number)),
    notAsked: placed.filter((number) => !asked.includes(number)),
    killedAt,
  };
}
