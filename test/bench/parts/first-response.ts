import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { byTurns, medianOf, type Part, row } from "../measure.ts";
import { folder } from "../peers.ts";

const ROUNDS = 7;
const WHAT = "import, and the first response";

/** What a test file pays for a mock of its own: from before its import to the first response. */
export async function firstResponse(): Promise<Part> {
  const found = await byTurns(["createSandbox", "startMock"], ROUNDS, async (name) => {
    const words = ["--no-warnings", join(folder, "servers/first-response.ts"), name];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    return Number(stdout);
  });
  const rows = [...found].map(([who, rounds]) => row("first-response", WHAT, who, "ms", rounds));
  const ratio = medianOf(rows, WHAT, "createSandbox") / medianOf(rows, WHAT, "startMock");
  return { rows, budgets: [{ name: "createSandbox to startMock, first response", ratio, limit: 0.5, is: "at most" }] };
}
