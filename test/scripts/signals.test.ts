import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import { isRunning } from "../support/is-running.ts";
import { skipEach } from "../support/skip.ts";

const noSignals = process.platform === "win32" ? "no signals here" : undefined;

const signals = JSON.stringify(new URL("../../scripts/signals.ts", import.meta.url).href);

/** Runs a program, and waits until it has printed a line. The further ones follow. */
async function start(program: string) {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const { value: line } = await lines.next();
  return { child, line, lines };
}

/** Cleans up after a signal. */
const cleaner = (cleanUp: string) => `
  import { endSignal } from ${signals};
  const timer = setInterval(() => {}, 1_000);
  const signal = endSignal();
  const copiesCame = new Promise((resolve) => process.on("SIGCONT", resolve));
  console.log("ready");
  console.log(await signal);
  ${cleanUp}
  console.log("clean");
  clearInterval(timer);`;

describe("endSignal", () => {
  skipEach(noSignals);

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "waits for %s, whose copies do not cut short what is cleaned up after it",
    async (signal) => {
      const { child, lines } = await start(cleaner("await copiesCame;"));
      const ended = once(child, "exit");
      child.kill(signal);
      await lines.next();
      for (const copy of [signal, "SIGTERM", "SIGCONT"] as const) child.kill(copy);
      expect((await lines.next()).value).toBe("clean");
      expect(await ended).toEqual([0, null]);
    },
  );

  test("ends at once at a signal that comes later, so that cleaning up that hangs can be ended too", async () => {
    const later =
      "performance.now = () => Number.POSITIVE_INFINITY; console.log('later'); await new Promise(() => {});";
    const { child, lines } = await start(cleaner(later));
    const ended = once(child, "exit");
    child.kill("SIGINT");
    await lines.next();
    await lines.next();
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
  });
});

describe("endOf", () => {
  skipEach(noSignals);
  const parentOf = (child: string) => `
    import { spawn } from "node:child_process";
    import { endOf } from ${signals};
    const child = spawn(process.execPath, ["--eval", ${JSON.stringify(child)}], { stdio: "inherit" });
    console.log(JSON.stringify(await endOf(child)));`;

  test("ends the child when this process is told to end, and waits for it", async () => {
    const { child, line, lines } = await start(parentOf("setInterval(() => {}, 1_000); console.log(process.pid);"));
    child.kill("SIGTERM");
    expect(JSON.parse(String((await lines.next()).value))).toEqual({ code: 143, signal: "SIGTERM" });
    expect(isRunning(Number(line))).toBe(false);
  });

  test("gives the exit code of a child that ends by itself", async () => {
    const { lines } = await start(parentOf("console.log('ready'); setTimeout(() => process.exit(3), 200);"));
    expect(JSON.parse(String((await lines.next()).value))).toEqual({ code: 3 });
  });
});
