import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commands } from "./generated/commands.ts";
import { runInProcess } from "./reference.ts";

const folder = mkdtempSync(join(tmpdir(), "imcloud-cli-flags-"));
afterAll(() => rmSync(folder, { recursive: true }));
const report = join(folder, "report.json");
writeFileSync(report, "[]");

const run = (...words: string[]) => runInProcess(["--mock", ...words]);

/** Names that the library has for what somebody types, and how its errors say what they got. */
const LIBRARY =
  /\w+_\w+:|\b(?:sync|changes|reconcile|orders|subscriptions)\.\w+|[a-z][A-Z]\w+ (?:must|needs)|got (?:string|Array|number)\b|Unexpected/;

describe("flags of operations", () => {
  const flags = commands.flatMap((spec) => spec.query.map((flag) => [spec, flag] as const));
  const wrong = { day: "2026-02-30", time: "yesterday", boolean: "yes", number: "1e3", text: " " };

  test.each(flags.map(([spec, flag]) => [`${spec.resource} ${spec.name} --${flag.flag}`, spec, flag] as const))(
    "are named as they were typed: %s",
    async (_name, spec, { flag, kind, values }) => {
      const words = [spec.resource, spec.name, ...spec.path.map(() => "1"), `--${flag}`];
      for (const value of [values ? "nonsense" : wrong[kind], ""]) {
        const { code, stderr, stdout } = await run(...words, value);
        expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
        expect(stderr).toMatch(new RegExp(`^--${flag} (takes|is) .*\\n$`));
        expect(stderr).not.toMatch(LIBRARY);
      }
    },
  );

  test.each(
    commands.filter(({ path }) => path.length > 0).map((spec) => [`${spec.resource} ${spec.name}`, spec] as const),
  )("have arguments beside them that are named too: %s", async (_name, { resource, name, path }) => {
    for (const value of ["", " ", ".."]) {
      const { code, stderr } = await run(resource, name, ...path.map(() => value));
      expect(code).toBe(2);
      expect(stderr).toMatch(new RegExp(`^<${path[0]}> (is empty|cannot be of dots)`));
    }
  });

  test("are named where the document refuses what they gave to the body", async () => {
    const { code, stderr } = await run("orders", "create", "--customer-id", "1002101", "--type", "nonsense");
    expect(code).toBe(2);
    expect(stderr).toContain("  --type must be equal to one of the allowed values: sales,");
  });
});

describe("flags of jobs", () => {
  const late = "9".repeat(11);
  test.each<[line: string, message: string]>([
    ["sync --accept all", '--accept takes one of account, removals; got "all".'],
    ["sync --accept account --accept Removals", '--accept takes one of account, removals; got "Removals".'],
    [
      "sync --time-zone Mars/Base",
      '--time-zone takes the name of a time zone such as Europe/Stockholm; got "Mars/Base".',
    ],
    [`sync --per-day ${late}`, `--per-day takes a whole number from 10 to 2147483647; got "${late}".`],
    ["events --type order.done", "--type takes one of customer.created, "],
    ["events --follow 0", '--follow takes a whole number from 1 to 2147483; got "0".'],
    [`events --follow ${late}`, "--follow takes a whole number from 1 to 2147483; got"],
    ["events --since -5", "--since takes the cursor of an event, or a time such as"],
    [`events --consumer ${"n".repeat(201)}`, "--consumer takes a name of up to 200 characters; got 201."],
    ["reconcile 1", "There is no file 1, and it is no id of a report, which is like"],
    ["reconcile .", ". cannot be read: it is a folder."],
    [`reconcile ${report} --since 1 --until 2`, "--since takes a day such as 2026-10-05, or a time such as"],
    [`reconcile ${report} --charged me`, '--charged takes one of customer, reseller; got "me".'],
    [`reconcile ${report} --prices unit`, '--prices takes one of unitPrice, salesUnitPrice; got "unit".'],
    [`reconcile ${report} --since 2026-10-02 --until 2026-10-01`, "--until must not be before --since; got"],
    ["reports run --name n --from monday", "--from takes a day such as 2026-10-05, or a time such as"],
    ["reports run --name n --from 2026-10-02 --to 2026-10-01", "--to must not be before --from; got"],
    [
      "reports run --name n --from 2026-10-01 --download /nowhere/x.csv",
      "/nowhere/x.csv cannot be written: there is no folder /nowhere.",
    ],
    ["reports download 1 .", "<file> takes the name of a file; . is a folder."],
    ...(process.platform === "win32"
      ? []
      : [
          [
            "reports run --name n --from 2026-10-01 --download /dev/null",
            "--download takes the name of a file; /dev/null is a device or a pipe.",
          ] satisfies [string, string],
        ]),
    ["subscriptions seats 700401 --to 1 --po-number --no-wait", "It is a flag: the value before it is missing."],
    [
      "subscriptions seats 700401 --to 1 --po-number --",
      '--po-number takes a text with a letter or a digit; got "--".',
    ],
  ])("are named as they were typed: %s", async (line, message) => {
    const before = readdirSync(".");
    const { code, stderr, stdout } = await run(...line.split(" "));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(LIBRARY);
    // What is refused leaves nothing behind.
    expect(readdirSync(".")).toEqual(before);
  });

  test("are named where the marketplace has nothing that fits them", async () => {
    const { code, stderr } = await run("subscriptions", "seats", "700401", "--to", "35", "--product", "nonsense");
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: 'Subscription 700401 has no products "nonsense": name one of its own as product. It has NWB-1001-M.\n',
    });
  });
});

describe("flags of the output", () => {
  const order = '{"type":"sales","customerId":"1002101","products":[{"id":"500201","quantity":1}]}';
  const writes = [
    ["orders", "place", "-"],
    ["orders", "create", "-"],
    ["subscriptions", "seats", "700401", "--to", "35"],
    ["reports", "run", "--name", "Subscription Resources", "--from", "2026-09-01"],
  ];

  test.each(writes)("are refused before a write is sent: %s %s", async (...words) => {
    for (const [flags, message] of [
      [["--json", "--csv"], "Choose one of --json, --ndjson and --csv.\n"],
      [["--columns", "id,,status"], "--columns takes names between commas: id,name.\n"],
    ] as const) {
      const { code, stderr } = await runInProcess(["--mock", "--verbose", ...words, ...flags], { input: order });
      expect({ code, stderr }).toEqual({ code: 2, stderr: message });
    }
  });

  test.each(["--columns --dry-run", "--profile --dry-run", "--columns --help"])(
    "are no values, so that %s sends nothing",
    async (flags) => {
      const words = ["--mock", "--verbose", "orders", "create", "-", ...flags.split(" ")];
      const { code, stderr, stdout } = await runInProcess(words, { input: order });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^error: .* It is a flag: the value before it is missing\.\n$/);
    },
  );
});

describe("URLs in the place of files", () => {
  const urls = [
    "mysql://me:hunter2@host/db",
    "https://me:hunter2@host/x/",
    "file:///tmp/x.db",
    "sqlite:x.db",
    "s3://b/x",
  ];
  test.each(
    urls.flatMap((url) => [
      ["--to", url, `sync --to ${url}`],
      ["--from", url, `events --from ${url}`],
      ["--from", url, `reconcile ${report} --from ${url}`],
      ["<report>", url, `reconcile ${url}`],
      ["<file>", url, `reports download 1 ${url}`],
      ["--download", url, `reports run --name n --from 2026-10-01 --download ${url}`],
      ["The body", url, `orders place ${url}`],
      ["The body", url, `customers create ${url}`],
    ]),
  )("are refused by their scheme alone, and not repeated: %s, case %#", async (what, url, line) => {
    const { code, stderr, stdout } = await run(...line.split(" "));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.startsWith(`${what} takes a file`)).toBe(true);
    expect(stderr).toContain(`; got a URL that begins with ${url.split(":")[0]}:.`);
    expect(stderr).not.toContain("hunter2");
  });
});

describe("settings", () => {
  const key = { IMCLOUD_MARKETPLACE: "se", IMCLOUD_USERNAME: "me", IMCLOUD_PASSWORD: "hunter2" };
  test.each([
    [
      "http://203.0.113.9",
      "IMCLOUD_BASE_URL is plain http to a public host, where others read the credentials: use https.",
    ],
    ["nonsense", "IMCLOUD_BASE_URL must be"],
    ["https://me:hunter2@api.example", "IMCLOUD_BASE_URL "],
  ])("are named as they are set: %s", async (url, message) => {
    const { code, stderr } = await runInProcess(["orders", "list"], { env: { ...key, IMCLOUD_BASE_URL: url } });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/hunter2|baseUrl|allowInsecure/);
    const words = ["login", "--base-url", url, "--marketplace", "se", "--username", "me", "--password-stdin"];
    const typed = await runInProcess(words, { input: "hunter2" });
    expect(typed.code).toBe(2);
    expect(typed.stderr).toContain(message.replace("IMCLOUD_BASE_URL", "--base-url"));
    expect(typed.stderr).not.toMatch(/hunter2|baseUrl|allowInsecure/);
  });
});

describe("imcloud help", () => {
  test("shows what --help shows, of a resource and of its commands", async () => {
    for (const words of [["orders"], ["orders", "list"], ["sync"]])
      expect(await runInProcess(["help", ...words])).toEqual(await runInProcess([...words, "--help"]));
    expect((await runInProcess(["help", "orders", "list"])).stdout).toMatch(/^Usage: imcloud orders list /);
    expect((await runInProcess(["help"])).stdout).toMatch(/^Usage: imcloud \[options\] \[command\]/);
  });
});
