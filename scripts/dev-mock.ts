import { parseArgs } from "node:util";
import type { Mock } from "@imcloud/mock";
import { HOST } from "./ports.ts";
import { reloadPackages } from "./reload.ts";
import { doTasks } from "./warm-process.ts";

/** A task of the mock's process: to serve the mock as it is built now. */
export type MockTask = { serve: true };

const { values } = parseArgs({ options: { port: { type: "string" }, data: { type: "string" } } });
const options = { port: Number(values.port), host: HOST, ...(values.data !== undefined && { data: values.data }) };

let mock: Mock | undefined;
let start: (() => Promise<Mock>) | undefined;

doTasks<MockTask>(async () => {
  reloadPackages();
  const { startMock } = await import("@imcloud/mock");
  const startThis = () => startMock(options);
  await mock?.close();
  try {
    mock = await startThis();
    start = startThis;
  } catch (error) {
    // The stored data may not fit a changed schema.
    mock = await start?.();
    throw error;
  }
});
