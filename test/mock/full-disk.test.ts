import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient } from "@imcloud/client";
import { startMock } from "@imcloud/mock";
import { afterAll, beforeAll, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../../packages/mock/dist/cli.js", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-full-disk-"));
});
afterAll(() => rm(folder, { recursive: true }));

const isUnlimited = process.platform === "win32";
const NO_LIMIT = "no shell limits the size of files here";

/** Starts the command with a limited file size, and makes a client of it. */
async function withLimit(kilobytes: number, args: string[]) {
  // bash counts in units of 1,024 bytes.
  const words = `ulimit -f ${kilobytes} && exec "$0" "$@"`;
  const child = spawn("bash", ["-c", words, process.execPath, cli, ...args]);
  let printed = "";
  child.stdout.on("data", (text) => {
    printed += text;
  });
  const [line] = await once(child.stdout, "data");
  const baseUrl = String(/http:\S+/.exec(String(line))?.[0]);
  const auth = { username: "demo.api", password: "demo-password" };
  const imcloud = createClient({ baseUrl, auth, marketplace: "se", rateLimit: false, retry: false });
  return {
    imcloud,
    lines: () => printed,
    async end() {
      child.kill();
      await once(child, "exit");
    },
  };
}

test("a full disk undoes the write, and accepted ones survive a restart", async ({ skip }) => {
  skip(isUnlimited, NO_LIMIT);
  const data = join(folder, "mock.db");
  const { imcloud, end } = await withLimit(600, ["--port", "0", "--quiet", "--speed", "0", "--data", data]);
  const accepted: string[] = [];
  let refused: Error | undefined;
  for (let write = 0; write < 100 && !refused; write++) {
    const note = `${write} ${"x".repeat(50_000)}`;
    await imcloud.orders.update("900301", { attributes: { [`note${write}`]: note } }).then(
      () => accepted.push(`note${write}`),
      (error: Error) => {
        refused = error;
      },
    );
  }
  expect(refused?.message).toMatch(/^500 The mock failed: The data file cannot be written: .+\.$/);
  expect(accepted.length).toBeGreaterThan(0);
  const kept = async (client: typeof imcloud) => Object.keys((await client.orders.get("900301")).attributes ?? {});
  const inMemory = await kept(imcloud);
  expect(inMemory).toEqual(expect.arrayContaining(accepted));
  expect(inMemory).not.toContain(`note${accepted.length}`);
  // A smaller write fits.
  await imcloud.orders.update("900302", { poNumber: "SMALL" });
  await end();

  const mock = await startMock({ port: 0, speed: 0, data });
  const again = createClient({ ...mock.connection, rateLimit: false });
  expect(await kept(again)).toEqual(inMemory);
  expect((await again.orders.get("900302")).poNumber).toBe("SMALL");
  await mock.close();
});

test("a full disk stops the proxy's recording, but not its responses", async ({ skip }) => {
  skip(isUnlimited, NO_LIMIT);
  const har = join(folder, "calls.har");
  const mock = await startMock({ port: 0, speed: 0 });
  const { imcloud, lines, end } = await withLimit(40, ["proxy", mock.url, "--port", "0", "--har", har]);
  for (let write = 0; write < 12; write++) {
    await imcloud.orders.update("900301", { attributes: { [`note${write}`]: "x".repeat(5_000) } });
  }
  await expect.poll(lines).toMatch(/It is missing in the archive: EFBIG/);
  const { log } = JSON.parse(await readFile(har, "utf8"));
  expect(log.entries.length).toBeGreaterThan(0);
  expect(log.entries.length).toBeLessThan(12);
  await end();
  await mock.close();
});

test("POST /__mock/reset shrinks the data file", async () => {
  const data = join(folder, "large.db");
  const mock = await startMock({ port: 0, speed: 0, data });
  const imcloud = createClient({ ...mock.connection, rateLimit: false });
  for (let write = 0; write < 20; write++) {
    await imcloud.orders.update("900301", { attributes: { [`note${write}`]: "x".repeat(50_000) } });
  }
  const size = () => statSync(data).size + statSync(`${data}-wal`).size;
  const before = size();
  await mock.reset();
  expect(size()).toBeLessThan(before / 10);
  await mock.close();
});
