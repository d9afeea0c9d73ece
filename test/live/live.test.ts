import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startMock } from "@imcloud/mock";
import { expect, test } from "vitest";
import { recordingFetch } from "./recording-fetch.ts";

const script = fileURLToPath(new URL("./live.ts", import.meta.url));

const run = (env: NodeJS.ProcessEnv) =>
  promisify(execFile)(process.execPath, [script], { env: { PATH: process.env.PATH, NO_COLOR: "1", ...env } }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (failure) => ({ code: failure.code, stdout: failure.stdout, stderr: failure.stderr }),
  );

const settingsOf = ({ url, credentials }: Awaited<ReturnType<typeof startMock>>) => ({
  IMCLOUD_BASE_URL: url,
  IMCLOUD_MARKETPLACE: credentials.marketplace,
  IMCLOUD_USERNAME: credentials.username,
  IMCLOUD_PASSWORD: credentials.password,
  IMCLOUD_SUBSCRIPTION_KEY: credentials.subscriptionKey,
});

test("test:live reads every resource, changes nothing, and reports drift", async () => {
  const mock = await startMock({ port: 0, rateLimit: 60 });
  try {
    const { code, stdout, stderr } = await run(settingsOf(mock));
    expect(stderr).toBe("");
    expect(stdout).toMatch(/Drift, from \d+ responses:\s+0 differences/);
    expect(code).toBe(0);
    const requests = mock.requests();
    expect(requests.filter(({ method, operation }) => method !== "GET" && operation !== "token_create")).toEqual([]);
    expect(requests.filter(({ status }) => status === 429)).toEqual([]);
    expect(new Set(requests.map(({ operation }) => operation)).size).toBe(16);
    expect(stdout + stderr).not.toContain(mock.credentials.password);
  } finally {
    await mock.close();
  }
});

test("test:live fails with the cause", async () => {
  const mock = await startMock({ port: 0 });
  try {
    const { code, stdout, stderr } = await run({ ...settingsOf(mock), IMCLOUD_PASSWORD: "wrong" });
    expect(stdout + stderr).toContain("AuthenticationError: 401");
    expect(code).toBe(1);
    // The following tests do not repeat a refused sign-in.
    expect(mock.requests().length).toBeLessThan(3);
  } finally {
    await mock.close();
  }
});

test("test:live without settings says which it needs", async () => {
  const { code, stderr } = await run({ IMCLOUD_BASE_URL: "http://127.0.0.1:9" });
  expect(stderr).toMatch(/^Set IMCLOUD_MARKETPLACE, IMCLOUD_USERNAME, IMCLOUD_PASSWORD, and IMCLOUD_SUBSCRIPTION_KEY /);
  expect(code).toBe(2);
});

test("test:live's fetch sends no request that could change data", async () => {
  const send = recordingFetch("http://127.0.0.1:9/marketplace", []);
  await expect(send("http://127.0.0.1:9/marketplace/orders", { method: "POST", body: "{}" })).rejects.toThrow(
    "not sent",
  );
});
