import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SqliteOptions, sqliteConnection } from "./sqlite.ts";

const options: SqliteOptions = {
  ...{ name: "a test", instead: "PostgreSQL works here too.", synchronous: "NORMAL" },
  toError: (message, cause) => new Error(message, { cause }),
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-sql-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("sqliteConnection", () => {
  test("keeps what is written beside a transaction that is undone", async () => {
    const connection = sqliteConnection(":memory:", options);
    await connection.run("CREATE TABLE one (number INTEGER)");
    let beside: Promise<unknown> | undefined;
    const undone = connection.transaction(async (run) => {
      await run("INSERT INTO one VALUES (1)");
      beside = connection.run("INSERT INTO one VALUES (2)");
      await new Promise(setImmediate);
      throw new Error("undo it");
    });
    await expect(undone).rejects.toThrow("undo it");
    await beside;
    expect((await connection.run("SELECT number FROM one")).rows).toEqual([{ number: 2 }]);
    await connection.close();
  });

  test("waits for another's transaction without stopping its process", async () => {
    const file = join(folder, "busy.db");
    const [one, other] = [sqliteConnection(file, options), sqliteConnection(file, options)];
    await one.run("CREATE TABLE one (number INTEGER)");
    const held = one.transaction(async (run) => {
      await run("INSERT INTO one VALUES (1)");
      // Were the process stopped, this would never go on.
      await new Promise((resolve) => setTimeout(resolve, 60));
    });
    const waiting = other.transaction((run) => run("INSERT INTO one SELECT count(*) FROM one"));
    await Promise.all([held, waiting]);
    expect((await other.run("SELECT count(*) AS count, max(number) AS number FROM one")).rows).toEqual([
      { count: 2, number: 1 },
    ]);
    await Promise.all([one.close(), other.close()]);
  });

  test("counts the rows that a statement changed", async () => {
    const connection = sqliteConnection(":memory:", options);
    await connection.run("CREATE TABLE one (number INTEGER)");
    expect((await connection.run("INSERT INTO one VALUES ($1), ($2)", [1, 2])).count).toBe(2);
    expect((await connection.run("UPDATE one SET number = 3 WHERE number = $1 RETURNING number", [1])).rows).toEqual([
      { number: 3 },
    ]);
    expect((await connection.run("DELETE FROM one WHERE number = $1", [9])).count).toBe(0);
    await connection.close();
  });
});
