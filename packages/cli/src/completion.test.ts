import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startMock } from "@imcloud/mock";
import { describe, expect, onTestFinished, test } from "vitest";
import { runInProcess } from "./reference.ts";

const run = promisify(execFile);
const built = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** Says when a program begins to read its standard input. */
const WHEN_READ = `
  const { stdin, stdout } = process;
  const on = stdin.on;
  stdin.on = (...given) => (given[0] === "readable" && stdout.write("reads\\n"), on.apply(stdin, given));
`;

/** The completions of words, the last of which is incomplete. */
const following = async (...words: string[]) =>
  (await runInProcess(["__complete", "--", ...words])).stdout.trimEnd().split("\n");

describe("imcloud completion", () => {
  test("completes commands, then those of a resource", async () => {
    expect(await following("sub")).toEqual(["subscriptions"]);
    expect(await following("--mock", "orders", "e")).toEqual(["estimate"]);
    expect(await following("reports", "")).toEqual(["list", "create", "get", "run", "download"]);
  });

  test("completes the command's own and the global flags", async () => {
    expect(await following("orders", "list", "--c")).toEqual([
      "--customer-id",
      "--creation-time-from",
      "--creation-time-to",
      "--csv",
      "--columns",
    ]);
  });

  test("completes the values that a flag is known to take", async () => {
    expect(await following("orders", "list", "--status", "c")).toEqual(["completed", "cancelled"]);
    expect(await following("reports", "run", "--format", "x")).toEqual(["xml", "xlsx"]);
    expect(await following("orders", "list", "--customer-id", "")).toEqual([""]);
  });

  test("completes the values behind a sign of equality too, as one word and as Bash's three", async () => {
    const list = ["orders", "list"];
    expect(await following(...list, "--status=c")).toEqual(["--status=completed", "--status=cancelled"]);
    expect(await following(...list, "--status", "=", "c")).toEqual(["completed", "cancelled"]);
    expect(await following(...list, "--status", "=")).toEqual(await following(...list, "--status", ""));
    expect(await following(...list, "--limit=")).toEqual([""]);
  });

  test.each(["bash", "zsh", "fish", "powershell"])("asks imcloud itself in %s", async (shell) => {
    const { code, stdout } = await runInProcess(["completion", shell]);
    expect(code).toBe(0);
    expect(stdout).toContain("imcloud __complete --");
  });

  test("works in bash", async () => {
    const script = `
      imcloud() { "$NODE" "$CLI" "$@"; }
      eval "$(imcloud completion bash)"
      COMP_WORDS=(imcloud orders list --status c) COMP_CWORD=4
      _imcloud
      printf '%s ' "\${COMPREPLY[@]}"`;
    const { stdout } = await run("bash", ["--norc", "-c", script], {
      env: { ...process.env, NODE: process.execPath, CLI: built },
    });
    expect(stdout).toBe("completed cancelled ");
  });
});

describe("imcloud", () => {
  test("exits with 0 when the reader of its rows stops", async () => {
    const script = `"$NODE" "$CLI" --mock orders list --ndjson | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await run("bash", ["--norc", "-c", script], {
      env: { ...process.env, NODE: process.execPath, CLI: built },
    });
    expect(stdout).toMatch(/^\{.*"id":"900303".*\}\n0\n$/);
    expect(stderr).toBe("");
  });

  test.skipIf(!existsSync("/dev/full"))("fails where its output cannot be written", async () => {
    const script = `"$NODE" "$CLI" --mock orders list --json >/dev/full`;
    const failed = await run("bash", ["--norc", "-c", script], {
      env: { ...process.env, NODE: process.execPath, CLI: built },
    }).catch((error) => error);
    expect(failed).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The output cannot be written: ENOSPC.*\n$/),
    });
  });

  test("goes on where nobody reads what it says beside its output", async () => {
    const { url, credentials, close } = await startMock({ port: 0 });
    const folder = await mkdtemp(join(tmpdir(), "imcloud-stderr-"));
    onTestFinished(async () => {
      await close();
      await rm(folder, { recursive: true });
    });
    const child = spawn(process.execPath, [built, "--verbose", "orders", "list", "--csv", "--columns", "id"], {
      env: {
        ...{ IMCLOUD_BASE_URL: url, IMCLOUD_MARKETPLACE: credentials.marketplace, IMCLOUD_CONFIG_DIR: folder },
        ...{ IMCLOUD_USERNAME: credentials.username, IMCLOUD_PASSWORD: credentials.password },
        IMCLOUD_SUBSCRIPTION_KEY: credentials.subscriptionKey,
      },
    });
    child.stderr.destroy();
    expect(await text(child.stdout)).toBe("id\n900303\n900302\n900301\n");
  });

  test.each(["SIGINT", "SIGTERM"] as const)("ends at a %s while it waits for standard input", async (signal) => {
    const child = spawn(process.execPath, [built, "--mock", "orders", "place", "-"], {
      env: { ...process.env, NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(WHEN_READ)}` },
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([130, null]);
  });

  test("ends with the exit code of its command", async () => {
    const failed = await run(process.execPath, [built, "--mock", "orders", "get", "1"]).catch((error) => error);
    expect(failed).toMatchObject({ code: 4, stdout: "" });
    expect(failed.stderr).toContain("404");
  });
});
