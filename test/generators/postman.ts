import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import newman, { type NewmanRunOptions, type NewmanRunSummary } from "newman";
import converter from "openapi-to-postmanv2";
import { operations } from "../support/document.ts";
import { tokenOf } from "../support/token.ts";
import type { CallResult } from "./calls/calls.ts";
import type { Tool } from "./tool.ts";

interface Conversion {
  result: boolean;
  reason?: string;
  output: { data: { variable: { key: string; value: string }[] } }[];
}

const convert = promisify(converter.convertV2 as (...args: never[]) => void) as unknown as (
  input: { type: "string"; data: string },
  options: object,
) => Promise<Conversion>;

const send = promisify(
  newman.run as (options: NewmanRunOptions, done: (error: Error | null, summary: NewmanRunSummary) => void) => void,
);

/** Imports the document as Postman does, and sends every request of the collection to the mock, with its example ids and bodies. */
export const postman: Tool = {
  name: "Postman import",
  async run({ file }, _folder, mock) {
    const data = await readFile(file, "utf8");
    const { result, reason, output } = await convert({ type: "string", data }, { parametersResolution: "Example" });
    const collection = output?.[0]?.data;
    if (!result || !collection) throw new Error(`Postman refuses the document: ${reason}`);
    const values = {
      baseUrl: mock.baseUrl,
      bearerToken: await tokenOf({ url: mock.baseUrl, credentials: mock }),
      basicAuthUsername: mock.username,
      basicAuthPassword: mock.password,
    };
    const { run } = await send({
      collection: { ...collection, variable: Object.entries(values).map(([key, value]) => ({ key, value })) },
    });
    const calls: Record<string, CallResult> = {};
    for (const { item, response } of run.executions) {
      const body = response?.text() ?? "";
      calls[operations.find(({ operation }) => operation.summary === item.name)?.id ?? item.name] =
        response?.code === 200 ? { body: JSON.parse(body) } : { error: `${response?.code} ${body}` };
    }
    return { calls };
  },
};
