import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Run } from "./connection.ts";

/** A connection of `pg`, as far as it is used. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[]; rowCount: number | null }>;
  release(error?: boolean): void;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
}

/** A pool of `pg`, as far as it is used. */
export interface PostgresPool extends Pick<PostgresClient, "query"> {
  connect(): Promise<PostgresClient>;
}

/** Whether a value can be a pool. A client of `pg` has the same methods, and connects once. */
export const isPool = (value: unknown): value is PostgresPool => {
  const { connect, query } = Object(value) as Partial<PostgresPool>;
  return typeof connect === "function" && typeof query === "function" && !("processID" in (value as object));
};

/** The way in which a pool of `pg` gives a connection in the moment in which it has it; others give a promise all the same. */
type ConnectAtOnce = (
  given: (error: Error | undefined, client: PostgresClient | undefined) => void,
) => Promise<PostgresClient> | undefined;

/** Milliseconds for which is waited, as `pg` and the server wait without an end. */
export interface PostgresLimits {
  /** For a connection that is free. */
  connection: number;
  /** For the transaction of another process to end. */
  lock: number;
  /** For a statement of a transaction. */
  statement: number;
  /** For a statement outside of one, which can be a question of the user's over everything that is kept. */
  question: number;
}

const LIMITS: PostgresLimits = { connection: 30_000, lock: 30_000, statement: 60_000, question: 600_000 };

/** PostgreSQL's codes of a lock that did not become free, and of a statement that was ended. */
const LOCK_NOT_AVAILABLE = "55P03";
const QUERY_CANCELED = "57014";

/** Its codes of a statement that met another's at the same time, and was undone: where the default isolation is a stricter one. */
const CONFLICTS: ReadonlySet<unknown> = new Set(["40001", "40P01"]);
/** Times that such a statement is tried. */
const MAX_TRIES = 20;

/** What took too long. */
class Late extends Error {}

/** @throws {@link Late} when it takes longer */
async function within<T>(milliseconds: number, message: string, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Late(`${message} within ${milliseconds} ms: check that it runs, and the way to it.`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const runOn =
  (client: Pick<PostgresClient, "query">, limit: number): Run =>
  async (statement, parameters = []) => {
    const response = await within(limit, "It did not respond to a statement", client.query(statement, [...parameters]));
    // Several statements without parameters have a result each.
    const { rows, rowCount } = [response].flat().at(-1) ?? { rows: [], rowCount: 0 };
    return { rows, count: rowCount ?? 0 };
  };

/** Does a statement again that met another's. */
async function untilAlone<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= MAX_TRIES || !CONFLICTS.has((error as { code?: unknown }).code)) throw error;
    }
    await sleep(Math.random() * attempt);
  }
}

/**
 * A connection that is free. One that comes too late is given back.
 * @param onError is told what ends the connection, from the first moment on
 */
async function connect(pool: PostgresPool, limit: number, onError: (error: Error) => void): Promise<PostgresClient> {
  const connecting = new Promise<PostgresClient>((resolve, reject) => {
    let isGiven = false;
    const give = (client: PostgresClient) => {
      if (!isGiven) client.on("error", onError);
      isGiven = true;
      resolve(client);
    };
    // What ends it can stand in the same packet as what began it: whoever listens after a promise misses that, which ends the process.
    const promised = (pool as { connect: ConnectAtOnce }).connect((error, client) =>
      client ? give(client) : reject(error),
    );
    promised?.then(give, reject);
  });
  try {
    return await within(limit, "It gave no connection, or the pool had none that was free", connecting);
  } catch (error) {
    if (error instanceof Late)
      connecting.then(
        (client) => {
          client.release();
          client.off("error", onError);
        },
        () => {},
      );
    throw error;
  }
}

/** What an error of the server means here. */
function explained(error: unknown, limits: PostgresLimits): unknown {
  const { code } = error as { code?: string };
  if (code === LOCK_NOT_AVAILABLE) {
    const message = `Another process had the tables locked for ${limits.lock} ms: look in pg_stat_activity for one that leaves a transaction open.`;
    return new Error(message, { cause: error });
  }
  if (code !== QUERY_CANCELED) return error;
  return new Error("A statement was ended by the server's statement_timeout, or by an administrator.", {
    cause: error,
  });
}

/**
 * A way to PostgreSQL. The pool stays the caller's.
 * @param lock transactions that name the same one go one after the other, whatever process they are of
 */
export function postgresConnection(pool: PostgresPool, lock: string, limits: PostgresLimits = LIMITS): Connection {
  const run = runOn(pool, limits.question);
  return {
    run: (...statement) =>
      untilAlone(() => run(...statement)).catch((error) => {
        throw explained(error, limits);
      }),
    async transaction(work) {
      let isBroken = false;
      let ended: Error | undefined;
      // A connection that ends between two statements is an event, which ends the process where nobody listens.
      const onError = (error: Error) => {
        ended ??= error;
      };
      const client = await connect(pool, limits.connection, onError);
      const ask = runOn(client, limits.statement);
      try {
        // Both at once: each transaction would wait for another response.
        // A stricter isolation, which can be the default, would read what was there before the lock came free.
        await ask(`BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = ${limits.lock}`);
        await ask("SELECT pg_advisory_xact_lock(hashtext($1))", [lock]);
        const result = await work(ask);
        await ask("COMMIT");
        return result;
      } catch (error) {
        // A connection that does not respond is given up: nothing more is asked of it, and the server undoes what it began.
        isBroken = error instanceof Late;
        if (!isBroken) {
          await ask("ROLLBACK").catch(() => {
            isBroken = true;
          });
        }
        // What is asked of it then fails by a sentence that says no more than that.
        throw ended && /not queryable/.test((error as Error).message) ? ended : explained(error, limits);
      } finally {
        client.release(isBroken || ended !== undefined);
        client.off("error", onError);
      }
    },
    async close() {},
  };
}
