import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { Context } from "./context.ts";
import { rowWriter } from "./output/output.ts";
import { progressText } from "./output/progress.ts";
import { runInProcess } from "./reference.ts";

const mock = (...words: string[]) => runInProcess(["--mock", ...words]);
const terminal = (columns: number, ...words: string[]) => runInProcess(["--mock", ...words], { columns });

describe("imcloud orders list", () => {
  test("prints a table that fits the terminal, and whole columns in a pipe", async () => {
    for (const columns of [40, 60, 80, 120]) {
      const { stdout } = await terminal(columns, "orders", "list");
      for (const line of stdout.split("\n")) expect(stripVTControlCharacters(line).length).toBeLessThanOrEqual(columns);
    }
    const piped = await mock("orders", "list");
    expect(piped.stdout).toContain("2026-10-02T13:42:20.004+00:00");
    expect(piped.stdout).not.toContain("\u001B");
  });

  test("fits 80 columns where a terminal says that it has none", async () => {
    let shown = "";
    const stdout = { isTTY: true, columns: 0, write: (text: string) => (shown += text) };
    const context = { options: {}, shell: { stdout, env: { NO_COLOR: "1" } } } as unknown as Context;
    const writer = await rowWriter(context, { columns: ["id", "name"] });
    writer.write({ id: "1", name: "Ada" });
    await writer.end();
    expect(shown).toBe("id  name\n1   Ada\n");
  });

  test("prints wide characters whole, and fits them in the terminal", async () => {
    const name = "日本クラウド株式会社";
    let shown = "";
    const stdout = { isTTY: true, columns: 40, write: (text: string) => (shown += text) };
    const context = { options: {}, shell: { stdout, env: { NO_COLOR: "1" } } } as unknown as Context;
    const writer = await rowWriter(context, { columns: ["name", "status", "reason"] });
    writer.write({ name, status: "active", reason: "e\u0301" });
    writer.write({ name: "Ada", status: "active", reason: "why" });
    await writer.end();
    expect(shown.split("\n")).toEqual([
      "name                  status  reason",
      `${name}  active  e\u0301`,
      "Ada                   active  why",
      "",
    ]);
  });

  test("prints no color where NO_COLOR says so", async () => {
    const words = ["--mock", "orders", "list"];
    expect((await runInProcess(words, { columns: 80 })).stdout).toContain("\u001B[");
    expect((await runInProcess(words, { columns: 80, env: { NO_COLOR: "1" } })).stdout).not.toContain("\u001B");
  });

  test("prints JSON, lines of JSON or CSV, with the same rows", async () => {
    const ids = ["900303", "900302", "900301"];
    const json = JSON.parse((await mock("orders", "list", "--json")).stdout);
    expect(json.map(({ id }: { id: string }) => id)).toEqual(ids);
    const lines = (await mock("orders", "list", "--ndjson")).stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual(json);
    const csv = (await mock("orders", "list", "--csv", "--columns", "id,status")).stdout;
    expect(csv).toBe(["id,status", ...ids.map((id) => `${id},completed`), ""].join("\n"));
  });

  test("escapes formulas in CSV", async () => {
    const { stdout } = await mock("customers", "update", "1002101", "--name", "=1+1", "--csv", "--columns", "name");
    expect(stdout).toBe("name\n'=1+1\n");
    for (const name of ["-1+1", "-12.50-A1", "-", "+1"]) {
      const update = ["customers", "update", "1002101", `--name=${name}`, "--csv", "--columns", "name"];
      expect((await mock(...update)).stdout).toBe(`name\n'${name}\n`);
    }
  });

  test("does not escape negative numbers in CSV, so that programs can read them", async () => {
    for (const number of ["-12.50", "-3", "-0.005"]) {
      const update = ["customers", "update", "1002101", `--name=${number}`, "--csv", "--columns", "name"];
      expect((await mock(...update)).stdout).toBe(`name\n${number}\n`);
    }
  });

  test("removes control characters and line breaks from text in a terminal", async () => {
    const name = "Acme\u001B[2J\u001B]0;x\u0007\u009B31m\u202Edetaert\n999  Fake\rOther";
    const update = ["customers", "update", "1002101", "--name", name];
    const unprintable = /(?!\n)[\p{Cc}\p{Cf}]/u;
    const env = { NO_COLOR: "1" };
    for (const form of [[], ["--columns", "name"], ["--csv", "--columns", "name"]]) {
      const { stdout } = await runInProcess(["--mock", ...update, ...form], { columns: 80, env });
      expect(stdout).toContain("Acme [2J");
      expect(stdout).not.toMatch(unprintable);
      expect(stdout).not.toMatch(/^999/m);
    }
    const body = JSON.stringify({ attributes: { "key\u001B[2J": name } });
    const { stdout } = await runInProcess(["--mock", "customers", "update", "1002101", "-"], {
      input: body,
      columns: 80,
      env,
    });
    expect(stdout).not.toMatch(unprintable);
    // A program gets the unchanged text.
    expect((await mock(...update, "--csv", "--columns", "name")).stdout).toContain("\u001B[2J");
  });

  test("shows --limit rows, and all with --all", async () => {
    expect(JSON.parse((await mock("orders", "list", "--limit", "2", "--json")).stdout)).toHaveLength(2);
    expect(JSON.parse((await mock("orders", "list", "--all", "--json")).stdout)).toHaveLength(3);
  });

  test("shows the columns of --columns, nested ones too", async () => {
    const { stdout } = await mock("customers", "get", "1002101", "--columns", "name,address.city");
    expect(stdout).toBe("name          Brightwater Dental Group\naddress.city  Gothenburg\n");
  });

  test("refuses unknown columns of a single resource before anything is sent", async () => {
    const { code, stderr } = await mock("customers", "update", "1002101", "--name", "X", "--columns", "adress.city");
    expect(code).toBe(2);
    expect(stderr).toContain("There is no column adress.city; there are id, name");
  });

  test("says on standard error that a list is empty", async () => {
    expect(await mock("orders", "list", "--order-number", "none")).toEqual({
      code: 0,
      stdout: "",
      stderr: "No rows.\n",
    });
    expect((await mock("orders", "list", "--order-number", "none", "--json")).stdout).toBe("[]\n");
  });

  test.each([
    [["--limit", "0"], "--limit takes a whole number from 1"],
    [["--limit", "2", "--all"], "Give --all or --limit"],
    [["--json", "--csv"], "Choose one of"],
    [["--columns", "id,,name"], "--columns takes names"],
    [["--columns", "id,nope"], "There is no column nope; there are id, orderNumber"],
    [["--customer-id", ""], "--customer-id is empty"],
    [["--status", "lost"], "--status takes one of submitted, "],
    [["--staus", "completed"], "unknown option"],
  ])("refuses %j before anything is sent", async (words, sentence) => {
    const { code, stdout, stderr } = await mock("orders", "list", ...words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(sentence);
  });
});

describe("progress", () => {
  test("shows how many of how many are done, and the remaining time", () => {
    expect(progressText({ done: 1_240, total: 2_002, remaining: 720_000 })).toBe("1,240 of 2,002, 12 min to go");
    expect(progressText({ done: 9, total: 10, remaining: 1_500 })).toBe("9 of 10, 2 s to go");
    expect(progressText({ done: 5, total: undefined, remaining: undefined })).toBe("5");
  });
});

describe("--dry-run", () => {
  test("prints curl, and sends nothing", async () => {
    const { code, stdout } = await mock("orders", "list", "--status", "completed", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "curl --fail-with-body --request GET 'https://sandbox.example/marketplace/orders?status=completed",
    );
    expect(stdout).toContain("$IMCLOUD_TOKEN");
  });

  test("signs in by the user, as there is no token yet", async () => {
    const { code, stdout } = await mock("token", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain('--user "$IMCLOUD_USERNAME:$IMCLOUD_PASSWORD"');
    expect(stdout).not.toContain("Bearer");
  });

  test("quotes shell characters", async () => {
    const { stdout } = await mock("customers", "update", "1002101", "--name", "O'Hare $(id)", "--dry-run");
    expect(stdout).toContain(`--data '{"name":"O'\\''Hare $(id)"}'`);
  });
});

describe("--verbose", () => {
  test("logs each attempt on standard error, without secrets", async () => {
    const { stdout, stderr } = await mock("customers", "get", "1002101", "--json", "--verbose");
    expect(JSON.parse(stdout).id).toBe("1002101");
    expect(stderr).toContain("/customers/1002101");
    expect(stderr).not.toContain("demo-password");
  });
});

describe("imcloud customers create", () => {
  const customer = {
    name: "Fjordlight IT",
    language: "sv",
    address: { streetAddress: "Hamngatan 1", postalCode: "41106", city: "Gothenburg", countryCode: "SE" },
    contactPersons: [
      {
        type: "admin",
        firstName: "Alva",
        lastName: "Provdotter",
        email: "a@fjordlight.example",
        phoneNumber: "+46315550111",
      },
    ],
  };
  const create = (input: string, ...words: string[]) =>
    runInProcess(["--mock", "customers", "create", "-", ...words, "--json"], { input });

  test("takes its body from standard input, then flags, then --set", async () => {
    const words = ["--external-id", "FJ-1", "--set", "address.city=Lund", "--set", "contactPersons.0.firstName=Eva"];
    const { code, stdout } = await create(JSON.stringify(customer), ...words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      externalId: "FJ-1",
      address: { city: "Lund" },
      contactPersons: [{ firstName: "Eva" }],
    });
  });

  test("refuses an invalid body before it is sent, with the place of each error", async () => {
    const { code, stderr } = await create(JSON.stringify({ ...customer, name: 5, address: { city: "Lund" } }));
    expect(code).toBe(2);
    expect(stderr).toContain("nothing was sent");
    expect(stderr).toContain("name must be string");
    expect(stderr).toContain("property address must have required property 'streetAddress'");
  });

  test.each([
    ["{", "is not JSON"],
    ["[]", "has to hold an object"],
    ["null", "has to hold an object"],
    ["", "is not JSON"],
  ])("refuses the body %j with a clear message", async (input, sentence) => {
    const { code, stderr } = await create(input);
    expect(code).toBe(2);
    expect(stderr).toContain(`Standard input ${sentence}`);
  });

  test("refuses a missing file with a clear message", async () => {
    const { code, stderr } = await runInProcess(["--mock", "orders", "place", "/nowhere/order.json"]);
    expect(code).toBe(2);
    expect(stderr).toContain("/nowhere/order.json cannot be read");
  });

  test.each(["a", "=1", "__proto__.x=1"])("refuses --set %s", async (set) => {
    const { code, stderr } = await create(JSON.stringify(customer), "--set", set);
    expect(code).toBe(2);
    expect(stderr).toContain("--set takes <path>=<value>");
  });
});

describe("--set", () => {
  const order = JSON.stringify({
    type: "sales",
    customerId: "1002101",
    poNumber: "PO-1",
    products: [{ id: "500202", quantity: 3 }],
  });
  const set = (value: string) =>
    runInProcess(["--mock", "--dry-run", "orders", "create", "-", "--set", value], { input: order });

  test("refuses an index beyond the end of a list, and a name in a list", async () => {
    for (const path of ["products.quantity", "products.length", "products.2.id", "products.99999999.quantity"]) {
      const { code, stdout, stderr } = await set(`${path}=1`);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(`--set ${path} is inside of a list with 1 entries`);
    }
  });

  test("sets an entry of a list, and adds the next", async () => {
    expect((await set("products.0.quantity=50")).stdout).toContain('"quantity":50');
    expect((await set('products.1={"id":"500201","quantity":7}')).stdout).toContain('"quantity":7');
  });
});
