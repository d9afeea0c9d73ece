// Measures the longest event-loop steps of long jobs in a large mock. In CPU time, so that other processes do not count.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startMock } from "@imcloud/mock";
import { createSandbox } from "@imcloud/mock/sandbox";

const DAY = 86_400_000;
/** The size, the days that pass, and the day that the reports start on. */
const [, , size, days, startDay] = process.argv;
const sandbox = createSandbox({ size, speed: 0 });
const { username, password } = sandbox.credentials;

const json = { "content-type": "application/json" };
const authorization = `Basic ${btoa(`${username}:${password}`)}`;
const signedIn = await sandbox.fetch(`${sandbox.url}/token`, {
  method: "POST",
  headers: { ...json, authorization },
  body: '{"marketplace":"se"}',
});
const headers = { ...json, authorization: `Bearer ${(await signedIn.json()).token}` };

const cpuOf = ({ user, system }) => (user + system) / 1_000;
const sinceOf = (before) => cpuOf(process.threadCpuUsage()) - before;

/** The longest event-loop steps during some work, in milliseconds of CPU time. No other request is served within one. */
async function stepsOf(work) {
  const steps = [];
  let isOver = false;
  let before = cpuOf(process.threadCpuUsage());
  const tick = () => {
    steps.push(sinceOf(before));
    before = cpuOf(process.threadCpuUsage());
    if (!isOver) setImmediate(tick);
  };
  const done = work();
  setImmediate(tick);
  await done;
  isOver = true;
  return steps.sort((one, other) => other - one);
}

async function report(format) {
  const scheduled = await sandbox.fetch(`${sandbox.url}/reports`, {
    ...{ method: "POST", headers },
    body: JSON.stringify({ name: "All", format, startDate: `${startDay}T00:00:00Z`, endDate: "2026-10-05T00:00:00Z" }),
  });
  const { id } = await scheduled.json();
  await sandbox.advance(90_000);
  const read = await sandbox.fetch(`${sandbox.url}/reports/${id}`, { headers });
  return (await read.json()).downloadUrl;
}

async function lengthOf(url) {
  let length = 0;
  for await (const chunk of (await sandbox.fetch(url)).body) length += chunk.length;
  return length;
}

const found = {};
for (const format of ["csv", "xlsx"]) {
  const url = await report(format);
  const before = (await sandbox.fetch(url, { method: "HEAD" })).headers.get("content-length");
  let length = 0;
  const steps = await stepsOf(async () => {
    length = await lengthOf(url);
  });
  const start = cpuOf(process.threadCpuUsage());
  const again = await lengthOf(url);
  const after = (await sandbox.fetch(url, { method: "HEAD" })).headers.get("content-length");
  found[format] = {
    steps: steps.slice(0, 5),
    length,
    again,
    headBefore: before,
    headAfter: after,
    againCpu: sinceOf(start),
  };
}

const times = [];
let isMoving = true;
const watch = setInterval(() => isMoving && times.push(sandbox.now().getTime()), 5);
const start = sandbox.now().getTime();
const steps = await stepsOf(() => sandbox.advance(Number(days) * DAY));
isMoving = false;
clearInterval(watch);
found.advance = {
  steps: steps.slice(0, 5),
  between: new Set(times).size,
  moved: sandbox.now().getTime() - start,
};

// A mock with a data file has to rewrite it for a restore or a reset.
const folder = mkdtempSync(join(tmpdir(), "imcloud-long-steps-"));
const options = { port: 0, size, speed: 0, data: join(folder, "kept.db") };
const first = await startMock(options);
await first.advance(Number(days) * DAY);
first.save("later");
const restoreSteps = await stepsOf(() => first.restore("later"));
await first.close();
const opened = await startMock({ ...options, time: new Date("2026-12-01T00:00:00Z") });
const resetSteps = await stepsOf(() => opened.reset());
found.setBack = {
  restore: restoreSteps.slice(0, 5),
  firstReset: resetSteps.slice(0, 5),
  time: opened.now().toISOString(),
};
await opened.close();
rmSync(folder, { recursive: true });
console.log(JSON.stringify(found));
