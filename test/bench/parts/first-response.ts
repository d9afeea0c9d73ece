import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Budget, byTurns, type Part, ratioOf, row } from "../measure.ts";
import { folder } from "../peers.ts";

const ROUNDS = 7;
const WHAT = "import, and the first response";

/** What a mock of its own costs a test file: the time from before the import to the first response. */
export async function firstResponse(): Promise<Part> {
  const measure = async (name: string) => {
    const words = ["--no-warnings", join(folder, "servers/first-response.ts"), name];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    return Number(stdout);
  };
  const found = await byTurns(["createSandbox", "startMock"], ROUNDS, measure, budgetsOf);
  const rows = [...found].map(([who, rounds]) => row("first-response", WHAT, who, "ms", rounds));
  return { rows, budgets: budgetsOf(found) };
}

function budgetsOf(found: Map<string, number[]>): Budget[] {
  const { ratio, spread } = ratioOf(found.get("createSandbox") ?? [], found.get("startMock") ?? []);
  return [{ name: "createSandbox to startMock, first response", ratio, spread, limit: 0.5, is: "at most" }];
}
