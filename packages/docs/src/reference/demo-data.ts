import type { Fault } from "@imcloud/mock/sandbox";
import type { DemoData } from "../console/demo-data.ts";
import type { ErrorHead } from "../errors.ts";
import { operations, samples } from "../operations.ts";
import { callDataOf } from "./call-data.ts";
import { bodyOf, errorExample } from "./error-example.ts";

/**
 * What the button on an error's page does; `undefined` where the page is of a status.
 * @throws {@link Error} when its operation or example is none
 */
export function demoDataOf(head: ErrorHead): DemoData | undefined {
  const { call, example, status, fault, respond, withoutKey } = head;
  if (!call || !example) return undefined;
  const operation = operations.find(({ id }) => id === call.operation);
  if (!operation) throw new Error(`There is no operation ${call.operation}, which the page of ${example} calls.`);
  const examples = samples.get(operation.id) ?? [];
  const data = callDataOf(operation, examples);
  const sent = call.body ?? examples.find((one) => one.example === call.example)?.body;
  const shown = errorExample(operations, status, example);
  const filled = data.parameters.filter(({ value }) => value).map(({ name, value }) => [name, value]);
  return {
    call: { ...data, parameters: data.parameters.filter(({ in: place }) => place === "path") },
    values: {
      parameters: { ...Object.fromEntries(filled), ...call.parameters },
      body: sent === undefined ? "" : JSON.stringify(sent, null, 2),
    },
    fault: fault && ({ ...fault, operation: operation.id, count: 1 } as unknown as Fault),
    response: respond ? { status: Number(status), contentType: shown.mediaType, body: bodyOf(shown) } : undefined,
    withoutKey,
  };
}
