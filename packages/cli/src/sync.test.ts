import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@imcloud/client";
import { createSandbox } from "@imcloud/mock/sandbox";
import { sqliteTables, sync } from "@imcloud/sync";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { runInProcess } from "./reference.ts";

let folder: string;
let tables: string;
/** A report in the sandbox's initial data. */
const REPORT = "6f0a7c52-5d0e-4c56-9a63-0d5f3b1c2e90";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-cli-sync-"));
  tables = join(folder, "imcloud.db");
  // Two syncs, with an order in between.
  const sandbox = createSandbox({ speed: 0 });
  const connect = () => createClient({ ...sandbox.connection, rateLimit: false });
  const to = sqliteTables(tables);
  await sync({ client: connect(), to, now: () => sandbox.now() });
  await connect().customers.update("1002101", { name: "Brightwater Group" });
  await sandbox.advance(86_400_000);
  await sync({ client: connect(), to, now: () => sandbox.now() });
  await to.close();
});
afterAll(() => rm(folder, { recursive: true }));

describe("tables that no sync has made", () => {
  test.each([
    ["events", "mistyped.db"],
    ["events", "mistyped/"],
    ["reconcile", "mistyped.db"],
  ])("are refused by %s --from %s, and not made", async (command, name) => {
    const [place, report] = [join(folder, name), join(folder, "report.json")];
    await writeFile(report, "[]");
    const before = await readdir(folder);
    const words = command === "reconcile" ? [report] : [];
    const { code, stdout, stderr } = await runInProcess([command, ...words, "--from", place]);
    expect([code, stdout, stderr]).toEqual([2, "", `There are no tables at ${place}. imcloud sync makes them.\n`]);
    expect(await readdir(folder)).toEqual(before);
  });
});

describe("imcloud sync", () => {
  test("writes the marketplace to a file, and says what it did", async () => {
    const file = join(folder, "first.db");
    const { code, stdout, stderr } = await runInProcess(["--mock", "sync", "--to", file, "--json"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({ isComplete: true, calls: 13, left: 2_986, events: 0, remaining: 0 });
    const kept = sqliteTables(file);
    expect(await kept.query("SELECT COUNT(*) AS orders FROM imcloud_orders")).toEqual([{ orders: 3 }]);
    await kept.close();
  });

  test("continues with what its calls of the day did not reach", async () => {
    const words = ["--mock", "sync", "--to", join(folder, "slow.db"), "--per-day", "10", "--json"];
    const { stdout } = await runInProcess(words);
    expect(JSON.parse(stdout)).toMatchObject({ isComplete: false, left: 0, remaining: 4, doneAt: expect.any(String) });
  });

  test("writes a folder of Parquet where the name ends with a slash", async () => {
    await runInProcess(["--mock", "sync", "--to", `${folder}/parquet/`]);
    expect(await readdir(join(folder, "parquet"))).toContain("imcloud_customers.parquet");
    expect((await stat(join(folder, "parquet"))).mode & 0o777).toBe(0o700);
  });

  test.each([
    [["--per-day", "many"], '--per-day takes a whole number from 10; got "many".'],
    [["--per-day", "3"], '--per-day takes a whole number from 10; got "3".'],
    [["--to", "/nowhere/at/all.db"], "The file /nowhere/at/all.db cannot be opened"],
    [["--to", "postgres://me:hunter2@127.0.0.1/db"], "A password in an argument is seen by everyone on the machine."],
    [
      ["--to", "postgresql://me:hun#ter2@127.0.0.1/db"],
      "A password in an argument is seen by everyone on the machine.",
    ],
    [["--to", "postgres://127.0.0.1/db?password=hunter2"], "A password in an argument is seen by everyone"],
    [["--to", "postgres://127.0.0.1:1/db"], "PostgreSQL cannot be reached: connect ECONNREFUSED 127.0.0.1:1."],
  ])("refuses with a clear message, case %#", async (words, message) => {
    const { code, stderr } = await runInProcess(["--mock", "sync", ...words]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/Unexpected|ter2/);
  });

  test.each([
    ["imcloud.db", "IMCLOUD_SYNC_URL must be a URL of PostgreSQL"],
    ["postgres://me:hunter2@127.0.0.1:1/db", "PostgreSQL cannot be reached: connect ECONNREFUSED 127.0.0.1:1."],
    ["postgres://me:hunter2@[/db", "The URL of PostgreSQL cannot be read."],
  ])("takes a URL from the environment, and shows no part of it, case %#", async (url, message) => {
    const { code, stderr } = await runInProcess(["events"], { env: { IMCLOUD_SYNC_URL: url } });
    expect(code).not.toBe(0);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/Unexpected|ter2/);
  });

  test("says what to install where PostgreSQL's package is missing", async () => {
    const hooks = registerHooks({
      resolve(specifier, context, next) {
        if (specifier === "pg") throw new Error("Cannot find package 'pg'");
        return next(specifier, context);
      },
    });
    onTestFinished(() => hooks.deregister());
    const env = { IMCLOUD_SYNC_URL: "postgres://me:hunter2@127.0.0.1:1/db" };
    const { code, stderr } = await runInProcess(["events"], { env });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: "Tables in PostgreSQL need the package pg. Install it beside this one: npm install -g pg.\n",
    });
  });

  test("refuses the tables of another account until that is accepted", async () => {
    const words = ["--mock", "sync", "--to", join(folder, "other.db"), "--json"];
    await runInProcess(words);
    const kept = sqliteTables(join(folder, "other.db"));
    await kept.query(
      "UPDATE imcloud_sync_state SET value = json_set(value, '$.marketplace', 'no') WHERE name = 'account'",
    );
    await kept.close();
    const { code, stderr } = await runInProcess(words);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^These tables belong to marketplace no at .* give --accept account once\.\n$/);
    expect(await runInProcess([...words, "--accept", "account"])).toMatchObject({ code: 0, stderr: "" });
    expect(await runInProcess(words)).toMatchObject({ code: 0, stderr: "" });
  });

  test("reports doubts, and accepts them with --accept", async () => {
    const words = ["--mock", "sync", "--to", join(folder, "gone.db"), "--json"];
    await runInProcess(words);
    const kept = sqliteTables(join(folder, "gone.db"));
    await kept.query(
      `WITH RECURSIVE ids (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM ids WHERE id < 11)
       INSERT INTO imcloud_sync_records (resource, id, list_row, rank, added, seen, is_due, priority, announce, version)
       SELECT 'customers', id, '{}', 0, 1, 1, 0, 0, 0, 0 FROM ids`,
    );
    await kept.close();
    const { code, stdout, stderr } = await runInProcess(words);
    expect({ code, result: JSON.parse(stdout) }).toMatchObject({ code: 5, result: { isComplete: false, events: 0 } });
    expect(stderr).toMatch(/^11 of 13 customers are no longer in their list\./);
    expect(stderr).toContain("run sync with --accept removals if they are right.");
    const accepted = await runInProcess([...words, "--accept", "removals"]);
    expect({ ...accepted, result: JSON.parse(accepted.stdout) }).toMatchObject({ code: 0, result: { events: 11 } });
    const wrong = await runInProcess([...words, "--accept", "anything"]);
    expect(wrong).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--accept takes one of account, removals; got "anything".'),
    });
  });
});

describe("imcloud events", () => {
  test("lists the events, with their resources' names", async () => {
    const { code, stdout } = await runInProcess(["events", "--from", tables, "--csv"]);
    expect(code).toBe(0);
    const [head, line] = stdout.trim().split("\n");
    expect(head).toBe("cursor,seenAt,type,about,id");
    expect(line).toMatch(/^1,.*,customer\.updated,1002101 Brightwater Group,customer\.updated:1002101:1$/);
  });

  test("returns each event to a consumer once", async () => {
    const words = ["events", "--from", tables, "--consumer", "psa", "--ndjson"];
    const [first, second] = [await runInProcess(words), await runInProcess(words)];
    expect(JSON.parse(String(first.stdout.split("\n")[0]))).toMatchObject({
      before: { name: "Brightwater Dental Group" },
      after: { name: "Brightwater Group" },
    });
    expect(second).toMatchObject({ code: 0, stdout: "" });
  });

  test.each([[], ["--json"]])(
    "prints what a consumer does not get again when it is interrupted: %j",
    async (...form) => {
      const abort = new AbortController();
      let looks = 0;
      const signal = Object.assign(abort.signal, {
        throwIfAborted() {
          if (looks++ > 0) abort.abort();
          AbortSignal.prototype.throwIfAborted.call(abort.signal);
        },
      });
      const words = ["events", "--from", tables, "--consumer", `late${form}`, ...form];
      const { code, stdout } = await runInProcess(words, { signal });
      expect(code).toBe(130);
      expect(stdout).toContain("Brightwater Group");
    },
  );

  test.each([[], ["--json"]])("refuses to follow in a form that is printed at the end: %j", async (...form) => {
    const { code, stderr } = await runInProcess(["events", "--from", tables, "--follow", "1", ...form]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "--follow has no end, and a table and --json are printed at the end: give --ndjson or --csv.\n",
    );
  });

  test("lists the events of a type, and after a cursor", async () => {
    const words = ["events", "--from", tables, "--csv"];
    expect((await runInProcess([...words, "--type", "order.failed"])).stdout.trim().split("\n")).toHaveLength(1);
    expect((await runInProcess([...words, "--since", "1"])).stdout.trim().split("\n")).toHaveLength(1);
    expect((await runInProcess([...words, "--since", "2026-10-05"])).stdout).toContain("customer.updated");
  });

  test.each([
    [["--since", "soon"], "--since takes the cursor of an event, or a time"],
    [["--type", "order.lost"], "--type takes one of customer.created"],
    [["--since", "1000"], "The cursor 1000 is after the last event of these tables, 1. It belongs to other tables."],
  ])("refuses with a clear message, case %#", async (words, message) => {
    const { code, stderr } = await runInProcess(["events", "--from", tables, ...words]);
    expect(stderr).toContain(message);
    expect({ isFailed: code !== 0, isForeseen: !/Unexpected| {4}at /.test(stderr) }).toEqual({
      isFailed: true,
      isForeseen: true,
    });
  });
});

describe("imcloud reconcile", () => {
  test.each([
    ["json", "[\u001B[2J\n999"],
    ["csv", 'AMOUNT\n"a"\u001B]0;x\u0007'],
  ])("says what is wrong with a report without what controls a terminal: %s", async (end, text) => {
    const report = join(folder, `hostile.${end}`);
    await writeFile(report, text);
    const { code, stderr } = await runInProcess(["reconcile", report, "--from", tables]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^The report is no (?:JSON|CSV): \P{Cc}*\n$/u);
  });

  test("reconciles a report of the marketplace with its orders", async () => {
    const { code, stdout, stderr } = await runInProcess(["--mock", "reconcile", REPORT]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/^EUR: (\S+) billed, \1 ordered, 0\.00 more\.$/m);
  });

  test("reconciles a file with tables, and fails with differences", async () => {
    const sandbox = createSandbox({ speed: 0 });
    const client = createClient({ ...sandbox.connection, rateLimit: false });
    const file = join(folder, "report.csv");
    await (await client.reports.download(REPORT)).toFile(file);
    const [head = "", line = "", ...rest] = (await readFile(file, "utf8")).split(/\r?\n/);
    await writeFile(file, [head, line, line, ...rest].join("\n"));
    const words = ["reconcile", file, "--from", tables, "--since", "2026-09-01", "--until", "2026-09-30", "--csv"];
    const { code, stdout, stderr } = await runInProcess(words);
    expect(code).toBe(5);
    expect(stdout).toMatch(/^duplicate,/m);
    expect(stderr).toContain("1 differences.");
  });

  test.each([
    ["a file that is not there", ["/nowhere.csv"], "There is no file /nowhere.csv, and it is no id of a report"],
    ["half of a period", ["/nowhere.csv", "--since", "2026-09-01"], "--since and --until are given together."],
  ])("refuses %s with a clear message", async (_what, words, message) => {
    const { code, stderr } = await runInProcess(["reconcile", ...words]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
