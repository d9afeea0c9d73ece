import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { type PostgresClient, type PostgresPool, postgresConnection } from "./postgres.ts";

const limits = { connection: 20, lock: 20, statement: 20, question: 20 };
const NOTHING = { rows: [], rowCount: 0 };
const never = new Promise<never>(() => {});

/** A pool with one connection, which responds as it is told. */
function poolOf(
  respond: (statement: string) => Promise<typeof NOTHING>,
  connected: Promise<unknown> = Promise.resolve(),
) {
  const released: (boolean | undefined)[] = [];
  const asked: string[] = [];
  const query = (statement: string) => {
    asked.push(statement);
    return respond(statement);
  };
  const client: PostgresClient = { query, release: (error) => void released.push(error), on: () => {}, off: () => {} };
  const pool: PostgresPool = { query, connect: () => connected.then(() => client) };
  return { connection: postgresConnection(pool, "lock", limits), released, asked };
}

describe("postgresConnection", () => {
  test("waits for no connection for ever, and gives back one that comes too late", async () => {
    let arrive = (_: unknown) => {};
    const late = new Promise((resolve) => {
      arrive = resolve;
    });
    const { connection, released } = poolOf(async () => NOTHING, late);
    await expect(connection.transaction(async () => {})).rejects.toThrow(
      "It gave no connection, or the pool had none that was free within 20 ms: check that it runs, and the way to it.",
    );
    expect(released).toEqual([]);
    arrive(undefined);
    await late;
    await new Promise(setImmediate);
    expect(released).toEqual([undefined]);
  });

  test("waits for no statement for ever, and gives up the connection that does not respond", async () => {
    const { connection, released, asked } = poolOf(async (statement) => (statement === "SELECT 1" ? never : NOTHING));
    const message = "It did not respond to a statement within 20 ms: check that it runs, and the way to it.";
    await expect(connection.transaction((run) => run("SELECT 1"))).rejects.toThrow(message);
    expect(released).toEqual([true]);
    expect(asked.at(-1)).toBe("SELECT 1");
    await expect(connection.run("SELECT 1")).rejects.toThrow(message);
  });

  test.each([
    [
      "55P03",
      "Another process had the tables locked for 20 ms: look in pg_stat_activity for one that leaves a transaction open.",
    ],
    ["57014", "A statement was ended by the server's statement_timeout, or by an administrator."],
  ])("says what the server's code %s means, and undoes what it began", async (code, message) => {
    const refused = Object.assign(new Error("canceling statement"), { code });
    const { connection, released, asked } = poolOf(async (statement) => {
      if (statement.startsWith("SELECT")) throw refused;
      return NOTHING;
    });
    await expect(connection.transaction(async () => {})).rejects.toThrow(message);
    expect(asked).toEqual([
      "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = 20",
      expect.stringContaining("pg_advisory_xact_lock"),
      "ROLLBACK",
    ]);
    expect(released).toEqual([false]);
    await expect(connection.run("SELECT 1")).rejects.toThrow(message);
  });

  test("survives a connection that ends in the moment in which the pool gives it", async () => {
    const ended = new Error("terminating connection due to administrator command");
    const client = Object.assign(new EventEmitter(), {
      query: () => Promise.reject(new Error("Client has encountered a connection error and is not queryable")),
      release: () => {},
    }) as unknown as PostgresClient & EventEmitter;
    const connect = (given: (error: undefined, client: PostgresClient) => void) => {
      given(undefined, client);
      // As of the packet that said that the connection is ready: before any promise is settled.
      client.emit("error", ended);
    };
    const pool = { query: client.query, connect } as unknown as PostgresPool;
    await expect(postgresConnection(pool, "lock", limits).transaction(async () => {})).rejects.toBe(ended);
    expect(client.listenerCount("error")).toBe(0);
  });

  test("does a statement again that a stricter isolation has undone, a few times", async () => {
    const met = Object.assign(new Error("could not serialize access due to concurrent update"), { code: "40001" });
    let times = 0;
    const { connection } = poolOf(async (statement) => {
      times += 1;
      if (times < 3 || statement === "SELECT 2") throw met;
      return { rows: [{ one: 1 }], rowCount: 1 } as never;
    });
    expect(await connection.run("SELECT 1 AS one")).toEqual({ rows: [{ one: 1 }], count: 1 });
    expect(times).toBe(3);
    await expect(connection.run("SELECT 2")).rejects.toBe(met);
  });

  test("gives the rows of the last of several statements", async () => {
    const results = [NOTHING, { rows: [{ two: 2 }], rowCount: 1 }];
    const { connection } = poolOf(async () => results as never);
    expect(await connection.run("SELECT 1; SELECT 2 AS two")).toEqual({ rows: [{ two: 2 }], count: 1 });
  });
});
