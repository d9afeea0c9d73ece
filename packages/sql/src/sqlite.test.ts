import { execFileSync } from "node:child_process";
import { chmod, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
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

  test("gives whole numbers exactly: those that JavaScript cannot hold as texts", async () => {
    const connection = sqliteConnection(":memory:", options);
    const asked = await connection.run(
      "SELECT 9007199254740991 AS most, 9007199254740993 AS more, -1 AS less, 0.5 AS half",
    );
    expect(asked.rows).toEqual([{ most: Number.MAX_SAFE_INTEGER, more: "9007199254740993", less: -1, half: 0.5 }]);
    await connection.close();
  });

  test.each(["DELETE FROM one; SELECT 1", "DELETE FROM one;;\n/* all */ DELETE FROM one -- twice"])(
    "refuses several statements, of which it would run the first alone: %j",
    async (statements) => {
      const connection = sqliteConnection(":memory:", options);
      await connection.run("CREATE TABLE one (number INTEGER)");
      await connection.run("INSERT INTO one VALUES (1); -- and nothing ;\n /* ; */ ;");
      const refused = "SQLite runs one statement at a time, and got several: run each by itself.";
      await expect(connection.run(statements)).rejects.toThrow(refused);
      expect((await connection.run("SELECT number FROM one")).rows).toEqual([{ number: 1 }]);
      await connection.close();
    },
  );

  test("reads long comments behind a statement in no time", async () => {
    const connection = sqliteConnection(":memory:", options);
    const refused = connection.run(`SELECT 1;${"--".repeat(50_000)}\n/*${"*".repeat(50_000)}*/SELECT 2`);
    await expect(refused).rejects.toThrow("SQLite runs one statement at a time");
    await connection.close();
  });

  test("keeps no statement prepared of each that it was ever asked", async () => {
    const prepare = vi.spyOn(DatabaseSync.prototype, "prepare");
    const connection = sqliteConnection(":memory:", options);
    const ask = (number: number) => connection.run(`SELECT ${number} AS number`);
    for (let number = 0; number < 300; number++) await ask(number);
    prepare.mockClear();
    await ask(299);
    expect(prepare).not.toHaveBeenCalled();
    expect((await ask(0)).rows).toEqual([{ number: 0 }]);
    expect(prepare).toHaveBeenCalledWith("SELECT 0 AS number");
    prepare.mockRestore();
    await connection.close();
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

  test.each([
    ["deleted", (file: string) => rm(file), "was deleted, moved or unmounted"],
    ["moved", (file: string) => rename(file, `${file}.bak`), "was deleted, moved or unmounted"],
    [
      "replaced",
      async (file: string) => {
        await writeFile(`${file}.new`, "");
        await rename(`${file}.new`, file);
      },
      "was replaced by another file",
    ],
  ])("fails once its file was %s, as others would not see what it writes", async (how, change, what) => {
    const file = join(folder, `${how}.db`);
    const connection = sqliteConnection(file, options);
    await connection.run("CREATE TABLE one (number INTEGER)");
    await change(file);
    const message = `The file ${file} ${what} while this process had it open. End all processes that use it, and start them again.`;
    await expect(connection.run("INSERT INTO one VALUES (1)")).rejects.toThrow(message);
    await expect(connection.transaction((run) => run("INSERT INTO one VALUES (1)"))).rejects.toThrow(message);
    await connection.close();
  });

  test("says that the disk is full, undoes all of it, and goes on when there is room", async () => {
    const file = join(folder, "full.db");
    const connection = sqliteConnection(file, options);
    await connection.run("CREATE TABLE one (text TEXT)");
    // What a full disk is to SQLite: no more pages.
    await connection.run("PRAGMA max_page_count = 4");
    const fill = (run: typeof connection.run) => run("INSERT INTO one VALUES ($1)", ["x".repeat(50_000)]);
    await expect(connection.transaction(fill)).rejects.toThrow(
      `The disk of ${file} is full: make room on it. What failed was not written.`,
    );
    await connection.run("PRAGMA max_page_count = 1000");
    await connection.transaction(fill);
    expect((await connection.run("SELECT count(*) AS count FROM one")).rows).toEqual([{ count: 1 }]);
    await connection.close();
  });

  test("says that a file is none of SQLite", async () => {
    const file = join(folder, "letter.db");
    await writeFile(file, "Dear reader, ".repeat(500));
    await chmod(file, 0o644);
    const connection = sqliteConnection(file, options);
    await expect(connection.run("SELECT 1")).rejects.toThrow(`The file ${file} is none of SQLite: name another.`);
    await connection.close();
    // It is another program's.
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  });

  test.skipIf(process.platform === "win32")("refuses a pipe, and leaves it as it is", async () => {
    const file = join(folder, "pipe");
    execFileSync("mkfifo", ["-m", "644", file]);
    expect(() => sqliteConnection(file, options)).toThrow(
      `The file ${file} cannot be opened: it is a device or a pipe.`,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o644);
  });

  test("leaves a database to its owner alone, also one that was there", async () => {
    const file = join(folder, "shared.db");
    for (const mode of [0o644, 0o600]) {
      const connection = sqliteConnection(file, options);
      await connection.run("CREATE TABLE IF NOT EXISTS one (id TEXT)");
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      await connection.close();
      await chmod(file, mode);
    }
  });

  test.each(["mysql", "redis", "file"])("refuses a URL of %s, and shows nothing else of it", (scheme) => {
    expect(() => sqliteConnection(`${scheme}://me:hunter2@host/name`, options)).toThrow(
      new Error(`SQLite takes the name of a file; got a URL of ${scheme}. PostgreSQL works here too.`),
    );
  });

  test("leaves a file read-only that its owner made so", async () => {
    const file = join(folder, "read-only.db");
    await writeFile(file, "");
    await chmod(file, 0o444);
    const connection = sqliteConnection(file, options);
    expect((await stat(file)).mode & 0o777).toBe(0o400);
    await connection.close();
  });
});
