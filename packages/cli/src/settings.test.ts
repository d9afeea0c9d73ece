import { once } from "node:events";
import { lstat, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Mock, startMock } from "@imcloud/mock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exitCodes, runInProcess } from "./reference.ts";

let mock: Mock;
let configFolder: string;
beforeAll(async () => {
  mock = await startMock({ port: 0, speed: 1_000 });
});
beforeEach(async () => {
  await mock.reset();
  configFolder = await mkdtemp(join(tmpdir(), "imcloud-cli-"));
});
// An interrupted command may still write its token.
afterEach(() => rm(configFolder, { recursive: true, force: true, maxRetries: 3 }));
afterAll(() => mock?.close());

/** The environment variables of a marketplace, by default of this mock. */
const envOf = (changes: Record<string, string | undefined> = {}) => ({
  IMCLOUD_BASE_URL: mock.url,
  IMCLOUD_MARKETPLACE: mock.credentials.marketplace,
  IMCLOUD_USERNAME: mock.credentials.username,
  IMCLOUD_PASSWORD: mock.credentials.password,
  IMCLOUD_SUBSCRIPTION_KEY: mock.credentials.subscriptionKey,
  ...changes,
});
const imcloud = (words: string[], env: Record<string, string | undefined> = envOf(), input = "") =>
  runInProcess(words, { env, configFolder, input });

describe("settings", () => {
  const login = (...words: string[]) =>
    imcloud(
      ["login", "--base-url", mock.url, "--marketplace", "se", "--username", "demo.api", "--password-stdin", ...words],
      {},
      `${mock.credentials.password}\n${mock.credentials.subscriptionKey}\n`,
    );

  test("are requested with a clear message when missing", async () => {
    const { code, stderr } = await imcloud(["orders", "list"], {});
    expect(code).toBe(exitCodes.notSignedIn);
    expect(stderr).toContain("Run imcloud login");
  });

  test("come from the environment", async () => {
    expect((await imcloud(["customers", "get", "1002101", "--columns", "name"])).stdout).toContain("Brightwater");
    // As they are in the files of secrets.
    const lines = Object.fromEntries(Object.entries(envOf()).map(([name, value]) => [name, `${value}\n`]));
    expect(await imcloud(["token"], lines)).toMatchObject({ code: 0, stderr: "" });
    const { code, stderr } = await imcloud(["orders", "list"], { IMCLOUD_BASE_URL: mock.url });
    expect(code).toBe(exitCodes.notSignedIn);
    expect(stderr).toContain("set IMCLOUD_MARKETPLACE, and IMCLOUD_USERNAME and IMCLOUD_PASSWORD");
  });

  test("are tried and saved by login, readable by their owner only", async () => {
    const { code, stderr, stdout } = await login();
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toContain("Signed in to marketplace se as demo.api.");
    expect(stderr).not.toContain(mock.credentials.password);
    expect((await stat(join(configFolder, "config.json"))).mode & 0o777).toBe(0o600);
    expect((await imcloud(["orders", "list", "--limit", "1", "--csv", "--columns", "id"], {})).stdout).toBe(
      "id\n900303\n",
    );
  });

  test("are saved by profile, and deleted by logout", async () => {
    await login();
    await login("--profile", "de");
    expect(Object.keys(JSON.parse(await readFile(join(configFolder, "config.json"), "utf8")).profiles)).toEqual([
      "default",
      "de",
    ]);
    expect((await imcloud(["--profile", "de", "orders", "get", "900301"], {})).code).toBe(0);
    expect((await imcloud(["logout", "--profile", "de"], {})).code).toBe(0);
    const { code, stderr } = await imcloud(["--profile", "de", "orders", "list"], {});
    expect(code).toBe(exitCodes.usage);
    expect(stderr).toContain('There is no profile "de"; there are default.');
  });

  test("are not saved when the sign-in is refused", async () => {
    const words = ["login", "--base-url", mock.url, "--marketplace", "se", "--username", "x", "--password-stdin"];
    expect((await imcloud(words, {}, "wrong\n")).code).toBe(exitCodes.notSignedIn);
    expect((await imcloud(["logout"], {})).stderr).toContain('There is no profile "default"');
  });

  test.each(["{", '{"profiles":null}', "[]"])(
    "are refused with a clear message when their file holds %s",
    async (text) => {
      await writeFile(join(configFolder, "config.json"), text);
      const { code, stderr } = await imcloud(["orders", "list"], {});
      expect(code).toBe(exitCodes.usage);
      expect(stderr).toContain("is not a config file of imcloud");
    },
  );

  test.each(["null", '"x"', "5"])("are refused with a clear message where a profile is %s", async (profile) => {
    await writeFile(join(configFolder, "config.json"), `\uFEFF{"profiles":{"default":${profile}}}`);
    const { code, stderr } = await imcloud(["orders", "list"], {});
    expect(code).toBe(exitCodes.usage);
    expect(stderr).toMatch(/^The profile "default" in \S+ is no object\. Run imcloud login again\.\n$/);
  });

  test.skipIf(process.platform === "win32")("are written where a link leads to", async () => {
    const [link, file] = [join(configFolder, "config.json"), join(configFolder, "dotfiles.json")];
    await writeFile(file, '{"profiles":{}}');
    await symlink(file, link);
    expect((await login()).code).toBe(0);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(Object.keys(JSON.parse(await readFile(file, "utf8")).profiles)).toEqual(["default"]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("need a terminal for login, with a clear message without one", async () => {
    const { code, stderr } = await imcloud(["login"], {});
    expect(code).toBe(exitCodes.usage);
    expect(stderr).toContain("--password-stdin");
  });

  test("stay as they are with --dry-run, which sends nothing", async () => {
    await login();
    const before = await readFile(join(configFolder, "config.json"), "utf8");
    for (const words of [["logout"], ["doctor"], ["outbox", "resume"]]) {
      const { code, stderr } = await imcloud(["--dry-run", ...words]);
      expect({ words, code }).toEqual({ words, code: exitCodes.usage });
      expect(stderr).toContain(`there is none to show of ${words.join(" ")}`);
    }
    const { code, stderr } = await login("--dry-run", "--profile", "other");
    expect(code).toBe(exitCodes.usage);
    expect(stderr).toContain("there is none to show of login");
    expect(await readFile(join(configFolder, "config.json"), "utf8")).toBe(before);
  });
});

describe("token", () => {
  test("prints a token that works, and nothing else", async () => {
    const { stdout } = await imcloud(["token"]);
    expect(stdout).toMatch(/^\S+\n$/);
    const env = envOf({ IMCLOUD_TOKEN: stdout.trim(), IMCLOUD_USERNAME: undefined, IMCLOUD_PASSWORD: undefined });
    expect((await imcloud(["orders", "get", "900301", "--columns", "id"], env)).stdout).toBe("id  900301\n");
  });
});

describe("tokens", () => {
  const get = (env = envOf()) => imcloud(["orders", "get", "900301", "--columns", "id"], env);
  const signIns = () => mock.requests({ operation: "token_create" }).length;
  const tokens = () => readFile(join(configFolder, "tokens.json"), "utf8");

  test("are reused by the next command, readable by their owner only", async () => {
    for (const code of [0, 0, 0]) expect((await get()).code).toBe(code);
    expect(signIns()).toBe(1);
    expect((await stat(join(configFolder, "tokens.json"))).mode & 0o777).toBe(0o600);
    expect(await tokens()).not.toContain(mock.credentials.password);
  });

  test("are separate for each user and marketplace", async () => {
    await get();
    const { code } = await get(envOf({ IMCLOUD_USERNAME: "somebody", IMCLOUD_PASSWORD: "wrong" }));
    expect(code).toBe(exitCodes.notSignedIn);
    expect(signIns()).toBe(2);
  });

  test("are replaced when refused, expired or invalid", async () => {
    await get();
    const [kept] = JSON.parse(await tokens());
    const file = join(configFolder, "tokens.json");
    const held = [
      [{ ...kept, token: "refused" }],
      [{ ...kept, expiresAt: Date.now() - 1 }],
      "none",
      [null, 5],
      { a: 1 },
    ];
    for (const text of [...held.map((value) => JSON.stringify(value)), "{", ""]) {
      await writeFile(file, text);
      expect((await get()).code).toBe(0);
      expect(JSON.parse(await tokens())).toHaveLength(1);
    }
    expect(signIns()).toBe(8);
  });

  test("are not needed: the command works where nothing can be written", async () => {
    await rm(configFolder, { recursive: true });
    await writeFile(configFolder, "no folder");
    expect(await get()).toMatchObject({ code: 0, stdout: "id  900301\n" });
  });

  test("are deleted by logout", async () => {
    const words = [
      "login",
      "--base-url",
      mock.url,
      "--marketplace",
      "se",
      "--username",
      "demo.api",
      "--password-stdin",
    ];
    await imcloud(words, {}, `${mock.credentials.password}\n${mock.credentials.subscriptionKey}\n`);
    await get({} as ReturnType<typeof envOf>);
    await tokens();
    await imcloud(["logout"], {});
    await expect(tokens()).rejects.toThrow("ENOENT");
  });
});

describe("exit codes", () => {
  const get = (env = envOf()) => imcloud(["orders", "get", "900301"], env);

  test("say that it is not signed in, not found, or refused", async () => {
    expect((await get(envOf({ IMCLOUD_PASSWORD: "wrong" }))).code).toBe(exitCodes.notSignedIn);
    const missing = await imcloud(["orders", "get", "1"]);
    expect(missing.code).toBe(exitCodes.notFound);
    expect(missing.stderr).toMatch(/^404 .*correlation id a8n-/);
    const refused = await imcloud(
      ["orders", "create", "-"],
      envOf(),
      JSON.stringify({ type: "renewal", customerId: "1" }),
    );
    expect(refused.code).toBe(exitCodes.refused);
  });

  test("say that an unexpected error happened", async () => {
    const onOutput = () => {
      throw new Error("The disk is full.");
    };
    const ran = await runInProcess(["orders", "get", "900301"], { env: envOf(), configFolder, onOutput });
    expect(ran).toMatchObject({ code: exitCodes.unexpected, stderr: "Unexpected: The disk is full.\n" });
  });

  test("say that a limit is reached", async () => {
    mock.faults.add({ kind: "quota", count: 1 });
    expect((await get()).code).toBe(exitCodes.limit);
  });

  test("say that the outcome is unknown", async () => {
    mock.faults.add({ kind: "gatewayTimeout", operation: "orders_update", count: 1 });
    const { code, stderr } = await imcloud(["orders", "update", "900301", "--po-number", "PO-2"]);
    expect(code).toBe(exitCodes.outcomeUnknown);
    expect(stderr).toContain("Whether PATCH /orders/900301 happened is unknown");
  });

  test("say that there is no connection", async () => {
    const env = envOf({ IMCLOUD_BASE_URL: "https://marketplace.invalid" });
    const ended = AbortSignal.timeout(20_000);
    const { code } = await runInProcess(["doctor"], { env, configFolder, signal: ended });
    expect(code).toBe(exitCodes.connection);
  });

  test("say that it was interrupted", async () => {
    mock.faults.add({ kind: "latency", operation: "orders_list", milliseconds: 60_000 });
    const interrupt = new AbortController();
    const running = runInProcess(["orders", "list"], { env: envOf(), configFolder, signal: interrupt.signal });
    await expect.poll(() => mock.requests().length).toBeGreaterThan(0);
    interrupt.abort();
    expect((await running).code).toBe(exitCodes.interrupted);
  });

  test("say that an interrupted write may have been done", async () => {
    const interrupt = new AbortController();
    const silent = createServer(() => interrupt.abort()).listen(0, "127.0.0.1");
    await once(silent, "listening");
    try {
      const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const env = envOf({
        IMCLOUD_BASE_URL: url,
        IMCLOUD_TOKEN: "t",
        IMCLOUD_USERNAME: undefined,
        IMCLOUD_PASSWORD: undefined,
      });
      const words = ["customers", "update", "1002101", "--name", "Brightwater AB"];
      const { code, stderr } = await runInProcess(words, { env, configFolder, signal: interrupt.signal });
      expect(code).toBe(exitCodes.interrupted);
      expect(stderr).toContain("customers_update may have been carried out");
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});

describe("waiting", () => {
  test("is said on standard error, once and without a terminal, with the server that has not responded", async () => {
    // The wait is said after a millisecond of a timer that began before this one.
    const slow = createServer((_request, response) => {
      setTimeout(() => response.writeHead(404).end(), 100);
    }).listen(0, "127.0.0.1");
    await once(slow, "listening");
    const host = `127.0.0.1:${(slow.address() as AddressInfo).port}`;
    const env = { IMCLOUD_BASE_URL: `http://${host}`, IMCLOUD_MARKETPLACE: "se", IMCLOUD_TOKEN: "t" };
    const { code, stderr } = await runInProcess(["orders", "get", "1"], { env, configFolder, patience: 1 });
    slow.close();
    expect(code).toBe(exitCodes.notFound);
    expect(stderr.split("\n")[0]).toBe(`Waiting for ${host}, which has not responded yet. Ctrl-C stops.`);
    expect(stderr.match(/Waiting/g)).toHaveLength(1);
  });
});

describe("values", () => {
  test.each([
    [["orders", "list", "--limit", "1e3"], '--limit takes a whole number from 1; got "1e3".'],
    [["orders", "list", "--limit", "0x10"], "--limit takes a whole number from 1"],
    [["orders", "list", "--limit", "5.0"], "--limit takes a whole number from 1"],
    [["subscriptions", "seats", "700401", "--to", "1e1"], "--to takes a whole number from 0"],
    [["orders", "list", "--customer-id", "1002101", "--customer-id", "1002102"], "It is given more than once."],
    [["subscriptions", "due", "--within", "30d", "--customer-id", ""], "It is empty."],
    [["orders", "list", "--profile", "nobody", "--mock"], "Give --mock or --profile, not both"],
    [["sync", "--to", "tables.db", "--dry-run"], "--dry-run shows one call of the API"],
  ])("are refused with a clear message: %j", async (words, message) => {
    const { code, stderr, stdout } = await imcloud(words);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: exitCodes.usage, stdout: "" });
    expect(mock.requests()).toEqual([]);
  });

  test("contain own members only, and control no terminal as JSON", async () => {
    await mock.reset();
    const columns = await imcloud(["customers", "get", "1002101", "--json", "--columns", "name.constructor,id"]);
    expect(JSON.parse(columns.stdout)).toEqual({ id: "1002101" });
    const name = "Bright\u009b2J\u202ewater";
    await imcloud(["customers", "update", "1002101", "--name", name]);
    const { stdout } = await imcloud(["customers", "get", "1002101", "--json", "--columns", "name"]);
    expect(stdout).toContain(String.raw`"Bright\u009b2J\u202ewater"`);
    expect(JSON.parse(stdout)).toEqual({ name });
  });
});

describe("jobs", () => {
  test("orders place --once finds the order whose response was lost", async () => {
    const order = {
      type: "renewal",
      customerId: "1002101",
      subscriptionId: "700401",
      poNumber: "PO-9",
    };
    mock.faults.add({ kind: "gatewayTimeout", operation: "orders_create", count: 1 });
    const words = ["orders", "place", "-", "--once", "--wait", "--json"];
    const { code, stdout } = await imcloud(words, envOf(), JSON.stringify(order));
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ poNumber: "PO-9", status: "completed" });
    expect(mock.requests({ operation: "orders_create" })).toHaveLength(1);
    const without = await imcloud(words, envOf(), JSON.stringify({ ...order, poNumber: undefined }));
    expect(without).toMatchObject({
      code: exitCodes.usage,
      stderr: expect.stringContaining("--once needs a poNumber"),
    });
  });

  test("orders place --once --dry-run shows the order, and sends and saves nothing", async () => {
    const order = { type: "renewal", customerId: "1002101", subscriptionId: "700401", poNumber: "PO-11" };
    const words = ["orders", "place", "-", "--once", "--dry-run"];
    const { code, stdout } = await imcloud(words, envOf(), JSON.stringify(order));
    expect(code).toBe(0);
    expect(stdout).toMatch(/--request POST .*\/orders'/);
    expect(stdout).toContain('"poNumber":"PO-11"');
    expect(mock.requests()).toEqual([]);
    expect(await readdir(configFolder)).toEqual([]);
  });

  test("orders place --once places no second order when run again in another process", async () => {
    const order = { type: "renewal", customerId: "1002101", subscriptionId: "700401", poNumber: "PO-10" };
    // The response and every search are lost, so the outcome is unknown.
    mock.faults.add({ kind: "gatewayTimeout", operation: "orders_create", count: 1 });
    let looks = 0;
    const leave = mock.override("orders_list", async (_call, next) => {
      looks += 1;
      return looks > 1 ? Response.json({ message: "No access", status: 403 }, { status: 403 }) : next();
    });
    const place = () => imcloud(["orders", "place", "-", "--once", "--json"], envOf(), JSON.stringify(order));
    expect((await place()).code).toBe(exitCodes.outcomeUnknown);
    const open = await imcloud(["outbox", "list", "--csv", "--columns", "state,operation,text"]);
    expect(open.stdout).toBe("state,operation,text\nopen,orders_create,PO-10\n");
    leave();
    const resumed = await imcloud(["outbox", "resume", "--csv", "--columns", "state,text"]);
    expect(resumed).toMatchObject({ code: 0, stdout: "state,text\ncreated,PO-10\n" });
    const again = await place();
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).poNumber).toBe("PO-10");
    expect(mock.requests({ operation: "orders_create" })).toHaveLength(1);
    expect((await imcloud(["--mock", "outbox", "list"])).code).toBe(exitCodes.usage);
  });

  test("reports run and download save the file", async () => {
    const file = join(configFolder, "report.csv");
    const run = ["reports", "run", "--name", "Subscription Resources", "--from", "2026-09-01", "--to", "2026-09-30"];
    expect((await imcloud([...run, "--download", file])).code).toBe(0);
    expect(await readFile(file, "utf8")).toContain("SUBSCRIPTION_ID");
    const { stdout } = await imcloud([...run, "--json"]);
    const again = join(configFolder, "again.csv");
    expect((await imcloud(["reports", "download", JSON.parse(stdout).id, again])).stderr).toBe(`Saved ${again}.\n`);
    expect(await readFile(again, "utf8")).toBe(await readFile(file, "utf8"));
  });

  test.each([
    [["subscriptions", "due", "--within", "soon"], "12h, 30d or 2w"],
    [["subscriptions", "seats", "700401", "--to", "-1"], "a whole number from 0"],
    [["subscriptions", "seats", "700401", "--to", "3.5"], "a whole number from 0"],
    [["subscriptions", "due"], "--within"],
    [["mock", "--port", "x"], "--port takes a whole number"],
    [["completion", "tcsh"], "bash, zsh, fish, powershell"],
  ])("%j is refused with a clear message", async (words, sentence) => {
    const { code, stderr } = await imcloud(words);
    expect(code).toBe(exitCodes.usage);
    expect(stderr).toContain(sentence);
  });

  test("mock serves until it is interrupted", async () => {
    const interrupt = new AbortController();
    let said = "";
    const running = runInProcess(["mock", "--port", "0"], {
      signal: interrupt.signal,
      onOutput: (text) => (said += text),
    });
    await expect.poll(() => said).toContain("export IMCLOUD_SUBSCRIPTION_KEY");
    const [, url = ""] = /IMCLOUD_BASE_URL=(\S+)/.exec(said) ?? [];
    expect((await fetch(new URL("/__mock/ready", url))).status).toBe(200);
    interrupt.abort();
    expect((await running).code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe("doctor", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
    server = undefined;
  });

  /** The URL of a server with arbitrary responses. */
  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener).listen(0, "127.0.0.1");
    await new Promise((resolve) => server?.once("listening", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const doctor = (changes: Record<string, string | undefined> = {}) => imcloud(["doctor"], envOf(changes));
  /** The first problem that doctor finds. */
  const stopped = async (changes: Record<string, string | undefined>) => {
    const { code, stdout } = await doctor(changes);
    expect(code).toBe(exitCodes.connection);
    return stdout.split("\n").find((line) => line.startsWith("!!"));
  };

  test("finds everything well", async () => {
    // With the machine's time, as a marketplace has.
    const timely = await startMock({ port: 0, time: new Date(), speed: 1 });
    const { code, stdout } = await doctor({ IMCLOUD_BASE_URL: timely.url });
    await timely.close();
    expect(stdout.split("\n").map((line) => line.slice(0, 14).trim())).toEqual([
      "ok  address",
      "ok  name",
      "ok  encryption",
      "ok  sign-in",
      "ok  clock",
      "ok  read",
      "ok  quota",
      "",
    ]);
    expect(code).toBe(0);
  });

  test.each([
    ["http://api.example/marketplace", "use https"],
    ["ftp://user:secret@api.example", "not an http or https address"],
    ["http://user:secret@api.example", "use https"],
    ["api.example", "not an http or https address"],
    ["https://user:secret@api.example", "without credentials"],
    ["https://api.example/?a=1", "without credentials, query"],
  ])("says what is wrong with the address %s", async (address, sentence) => {
    const found = await stopped({ IMCLOUD_BASE_URL: address });
    expect(found).toMatch(/^!! {2}address /);
    expect(found).toContain(sentence);
    expect(found).not.toContain("secret");
  });

  test("says that the name has no address", async () => {
    expect(await stopped({ IMCLOUD_BASE_URL: "https://marketplace.invalid" })).toMatch(/^!! {2}name .*no address/);
  });

  test("says that the encryption fails", async () => {
    const url = await serve((_request, response) => response.end());
    expect(await stopped({ IMCLOUD_BASE_URL: url.replace("http:", "https:") })).toMatch(
      /^!! {2}encryption .*NODE_EXTRA_CA_CERTS/,
    );
  });

  test.each(["127.0.0.1", "[::1]", "localhost"])("says that nothing listens at %s", async (host) => {
    const url = await serve(() => {});
    server?.close();
    const found = await stopped({ IMCLOUD_BASE_URL: `https://${host}:${new URL(url).port}` });
    expect(found).toMatch(/^!! {2}encryption .*nothing listens there/);
  });

  test("says until when the certificate is valid, and that a self-signed one is not trusted", async () => {
    const secure = await startMock({ port: 0, tls: true });
    try {
      expect(await stopped({ IMCLOUD_BASE_URL: secure.url })).toMatch(/^!! {2}encryption .*NODE_EXTRA_CA_CERTS/);
    } finally {
      await secure.close();
    }
  });

  test("says that the sign-in is refused, and not to repeat it", async () => {
    expect(await stopped({ IMCLOUD_PASSWORD: "wrong" })).toMatch(/^!! {2}sign-in .*401.*lock the user out/);
    expect(mock.requests({ operation: "token_create" })).toHaveLength(1);
  });

  test("says that something else responds", async () => {
    const url = await serve(
      (_request, response) => void response.writeHead(200, { "content-type": "text/html" }).end("<p>Hello"),
    );
    expect(await stopped({ IMCLOUD_BASE_URL: url })).toMatch(/^!! {2}sign-in .*not the API/);
  });

  test("says that the clock is wrong", async () => {
    const url = await serve((_request, response) => {
      response.sendDate = false;
      response.writeHead(200, {
        "content-type": "application/json",
        date: new Date(Date.now() - 600_000).toUTCString(),
      });
      response.end(JSON.stringify({ token: "t", expiresInSeconds: 900 }));
    });
    expect(await stopped({ IMCLOUD_BASE_URL: url })).toMatch(/^!! {2}clock .*60\d s ahead of the server's/);
  });

  test("says that the clock is behind, and goes on", async () => {
    const url = await serve((request, response) => {
      response.sendDate = false;
      const date = new Date(Date.now() + 600_000).toUTCString();
      response.writeHead(200, { "content-type": "application/json", date });
      const isToken = request.url?.endsWith("/token");
      const page = { data: [], pagination: { offset: 0, limit: 1, total: 7 } };
      response.end(JSON.stringify(isToken ? { token: "t", expiresInSeconds: 900 } : page));
    });
    const { code, stdout } = await doctor({ IMCLOUD_BASE_URL: url });
    expect(code).toBe(exitCodes.connection);
    expect(stdout).toMatch(/^!! {2}clock .*behind the server's/m);
    expect(stdout).toMatch(/^ok {2}read .*7 customers/m);
  });

  test("says that a server sends no Date", async () => {
    const url = await serve((_request, response) => {
      response.sendDate = false;
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ token: "t", expiresInSeconds: 900 }));
    });
    expect((await doctor({ IMCLOUD_BASE_URL: url })).stdout).toContain("ok  clock       the server tells no time");
  });

  test("says that the base URL leads elsewhere", async () => {
    const url = await serve((_request, response) => {
      response.writeHead(404, { "content-type": "application/json" }).end('{"message":"No route","status":404}');
    });
    expect(await stopped({ IMCLOUD_BASE_URL: url })).toMatch(/^!! {2}sign-in .*404.*Check the base URL/);
  });

  test("says that the day's quota is used up", async () => {
    mock.faults.add({ kind: "quota", operation: "customers_list", count: 1 });
    const { stdout } = await doctor();
    expect(stdout).toMatch(/^!! {2}read .*quota is used up/m);
  });

  test("counts its calls", async () => {
    const { stdout } = await doctor();
    expect(stdout).toContain(`${mock.requests().length} calls by this command`);
  });

  test("refuses --mock", async () => {
    expect(await imcloud(["--mock", "doctor"])).toMatchObject({ code: exitCodes.usage });
  });

  test("says that a read is refused", async () => {
    const url = await serve((request, response) => {
      const isToken = request.url?.endsWith("/token");
      response.writeHead(isToken ? 200 : 403, { "content-type": "application/json" });
      response.end(
        JSON.stringify(isToken ? { token: "t", expiresInSeconds: 900 } : { message: "No access", status: 403 }),
      );
    });
    expect(await stopped({ IMCLOUD_BASE_URL: url })).toMatch(/^!! {2}read .*403.*subscription key/);
  });
});
