import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
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

/** A mock in a process whose files can be no longer than some kilobytes. */
async function mockWithLimit(data: string, kilobytes: number) {
  // In bash, the unit is 1,024 bytes.
  const words = `ulimit -f ${kilobytes} && exec "$0" "$@"`;
  const child = spawn("bash", [
    "-c",
    words,
    process.execPath,
    cli,
    "--port",
    "0",
    "--quiet",
    "--speed",
    "0",
    "--data",
    data,
  ]);
  const [line] = await once(child.stdout, "data");
  const baseUrl = String(/http:\S+/.exec(String(line))?.[0]);
  const auth = { username: "demo.api", password: "demo-password" };
  const imcloud = createClient({ baseUrl, auth, marketplace: "se", rateLimit: false, retry: false });
  return {
    imcloud,
    async end() {
      child.kill();
      await once(child, "exit");
    },
  };
}

test("a full disk undoes the write, and accepted ones survive a restart", async () => {
  const data = join(folder, "mock.db");
  const { imcloud, end } = await mockWithLimit(data, 600);
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
  // There is room again for what is smaller.
  await imcloud.orders.update("900302", { poNumber: "SMALL" });
  await end();

  const mock = await startMock({ port: 0, speed: 0, data });
  const again = createClient({ ...mock.connection, rateLimit: false });
  expect(await kept(again)).toEqual(inMemory);
  expect((await again.orders.get("900302")).poNumber).toBe("SMALL");
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
