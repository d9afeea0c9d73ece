import { join } from "node:path";
import { outputOf } from "../children.ts";
import { type Budget, byTurns, type Part, ratioOf, row } from "../measure.ts";
import { folder } from "../peers.ts";

const ROUNDS = 7;
const CONTENDERS = ["createSandbox", "startMock"];
const WHAT = "import, and the first response";

/** What a mock of its own costs a test file: the time from before the import to the first response. */
export async function firstResponse(): Promise<Part> {
  const measure = async (name: string) => {
    const words = ["--no-warnings", join(folder, "servers/first-response.ts"), name];
    return Number(await outputOf(words));
  };
  const found = await byTurns(CONTENDERS, ROUNDS, measure, budgetsOf);
  const rows = [...found].map(([who, rounds]) => row(WHAT, who, "ms", rounds));
  return { rows, budgets: budgetsOf(found) };
}

function budgetsOf(found: Map<string, number[]>): Budget[] {
  const { ratio, spread } = ratioOf(found.get("createSandbox") ?? [], found.get("startMock") ?? []);
  const name = "createSandbox to startMock, first response";
  return [{ name, ratio, spread, limit: 0.5, is: "at most", contenders: CONTENDERS }];
}
