import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { runInProcess } from "./reference.ts";

const run = promisify(execFile);
const built = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

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

  test("ends with the exit code of its command", async () => {
    const failed = await run(process.execPath, [built, "--mock", "orders", "get", "1"]).catch((error) => error);
    expect(failed).toMatchObject({ code: 4, stdout: "" });
    expect(failed.stderr).toContain("404");
  });
});
