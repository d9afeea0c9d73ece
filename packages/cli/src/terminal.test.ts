import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { type Mock, startMock } from "@imcloud/mock";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exitCodes } from "./exit-codes.ts";
import { createStatusLine } from "./output/progress.ts";
import { runInProcess } from "./reference.ts";
import { run } from "./run.ts";

/** The parts of a terminal's output that libraries use. */
class Screen extends Writable {
  isTTY = true;
  columns = 80;
  rows = 24;
  text = "";
  override _write(chunk: unknown, _encoding: string, done: () => void) {
    this.text += String(chunk);
    done();
  }
  cursorTo = () => true;
  moveCursor = () => true;
  clearLine = () => true;
  clearScreenDown = () => true;
  getColorDepth = () => 1;
  hasColors = () => false;
}

/** A keyboard that types the answers to a screen's prompts. */
function createKeyboard(screen: Screen, answers: Readonly<Record<string, string>>): PassThrough {
  const keys = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keys });
  const asked = new Set<string>();
  const type = () => {
    const shown = stripVTControlCharacters(screen.text);
    const question = Object.keys(answers).find((text) => shown.includes(text) && !asked.has(text));
    if (question === undefined) return;
    asked.add(question);
    for (const key of `${answers[question]}\r`) setImmediate(() => keys.write(key));
  };
  screen.on("drain", type);
  const write = screen._write;
  screen._write = (chunk, encoding, done) => {
    write.call(screen, chunk, encoding, done);
    setImmediate(type);
  };
  return keys;
}

describe("login", () => {
  let mock: Mock;
  let configFolder: string;
  beforeAll(async () => {
    mock = await startMock({ port: 0 });
  });
  afterAll(() => mock?.close());
  beforeEach(async () => {
    configFolder = await mkdtemp(join(tmpdir(), "imcloud-login-"));
  });
  afterEach(() => rm(configFolder, { recursive: true, force: true }));

  /** Runs login on a terminal, with typed answers. */
  async function login(answers: Readonly<Record<string, string>>) {
    const screen = new Screen();
    const stdout = new Screen();
    const code = await run(["login", "--base-url", mock.url], {
      env: {},
      stdin: createKeyboard(screen, answers),
      stdout,
      stderr: screen,
      signal: new AbortController().signal,
      configFolder,
      atEnd: [],
      writes: new Set(),
    });
    return { code, shown: stripVTControlCharacters(screen.text), stdout: stdout.text };
  }

  test("asks for what is missing, secrets without echo, tries them, and says which marketplace", async () => {
    const { username, password, subscriptionKey } = mock.credentials;
    const { code, shown, stdout } = await login({
      "Marketplace, for example se": "se",
      "API user": username,
      Password: password,
      "Subscription key": subscriptionKey,
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(shown).toContain(`Signed in to marketplace se as ${username}.`);
    expect(shown).not.toContain(password);
    expect(shown).not.toContain(subscriptionKey);
    const { profiles } = JSON.parse(await readFile(join(configFolder, "config.json"), "utf8"));
    expect(profiles.default).toEqual({ baseUrl: mock.url, marketplace: "se", username, password, subscriptionKey });
  });

  test("saves nothing when the sign-in is refused", async () => {
    const { code, shown } = await login({
      "Marketplace, for example se": "se",
      "API user": "demo.api",
      Password: "wrong-password",
      "Subscription key": mock.credentials.subscriptionKey,
    });
    expect(code).toBe(exitCodes.notSignedIn);
    expect(shown).toContain("401");
    expect(shown).not.toContain("wrong-password");
    await expect(readFile(join(configFolder, "config.json"))).rejects.toThrow("ENOENT");
  });

  test("saves nothing on Ctrl-C", async () => {
    const { code, shown } = await login({ "Marketplace, for example se": "\u0003" });
    expect(code).toBe(exitCodes.interrupted);
    expect(shown).toContain("Nothing was saved.");
    await expect(readFile(join(configFolder, "config.json"))).rejects.toThrow("ENOENT");
  });
});

test("what a server calls the states of an order controls no terminal", async () => {
  let looks = 0;
  const server = createServer((request, response) => {
    const hostile = "\u001B]0;x\u0007\u001B[2J\n999 is completed";
    const order = () => ({
      ...{ id: "1", orderNumber: `SO1${hostile}`, status: looks++ ? "completed" : `processing${hostile}` },
    });
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url === "/token" ? { token: "t", expiresInSeconds: 600 } : order()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const stderr = new Screen();
  const configFolder = await mkdtemp(join(tmpdir(), "imcloud-states-"));
  const code = await run(["orders", "wait", "1"], {
    env: {
      IMCLOUD_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...{ IMCLOUD_MARKETPLACE: "se", IMCLOUD_USERNAME: "u", IMCLOUD_PASSWORD: "p" },
    },
    stdin: new PassThrough(),
    stdout: new Screen(),
    stderr,
    signal: new AbortController().signal,
    configFolder,
    atEnd: [],
    writes: new Set(),
  });
  server.close();
  server.closeAllConnections();
  await rm(configFolder, { recursive: true });
  expect(code).toBe(0);
  expect(stderr.text).toContain("is processing");
  expect(stderr.text.trimEnd().split("\n")).toHaveLength(2);
  expect(stderr.text).not.toMatch(/(?!\n)\p{Cc}/u);
});

test.each([
  [["token"], ""],
  [["doctor"], "a token for 600 ]0;x s"],
])("%s prints nothing of a hostile sign-in that controls a terminal", async (words, shown) => {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ token: "t\u001B[2J", expiresInSeconds: "600\u001B]0;x\u0007" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { stdout, stderr } = await runInProcess(words, {
    env: {
      IMCLOUD_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      ...{ IMCLOUD_MARKETPLACE: "se", IMCLOUD_USERNAME: "u", IMCLOUD_PASSWORD: "p" },
    },
  });
  server.close();
  server.closeAllConnections();
  expect(stdout).toContain(shown);
  expect(stdout + stderr).not.toMatch(/(?!\n)\p{Cc}/u);
});

describe("createStatusLine", () => {
  test("shows the last text on a terminal, and is removed at the end", async () => {
    const stderr = new Screen();
    const line = createStatusLine({ stderr }, 0);
    line.tell("1 of 3");
    await expect.poll(() => stderr.text).toContain("1 of 3");
    line.tell("2 of 3, 5 s to go");
    await expect.poll(() => stderr.text).toContain("2 of 3, 5 s to go");
    line.clear();
    const { text } = stderr;
    line.tell("3 of 3");
    line.clear();
    expect(stderr.text).toBe(text);
  });

  test("shows nothing for quick work, or when standard error is no terminal", async () => {
    const quick = new Screen();
    const line = createStatusLine({ stderr: quick }, 0);
    line.tell("1 of 1");
    line.clear();
    const pipe = Object.assign(new Screen(), { isTTY: false });
    const piped = createStatusLine({ stderr: pipe }, 0);
    piped.tell("1 of 2");
    await import("ora");
    await new Promise((resolve) => setTimeout(resolve, 10));
    piped.clear();
    expect([quick.text, pipe.text]).toEqual(["", ""]);
  });
});
