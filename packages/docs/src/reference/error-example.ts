import type { BodyExample, OperationModel } from "@imcloud/openapi-tools/reference";

/**
 * The example of an error, with its media type.
 * @throws {@link Error} when no operation has it
 */
export function errorExample(operations: OperationModel[], status: string, name: string): BodyExample {
  const responses = operations.flatMap(({ errors }) => errors).filter((error) => error.status === status);
  const found = responses.flatMap(({ examples }) => examples).find((example) => example.name === name);
  if (!found) throw new Error(`No response ${status} has the example ${name}.`);
  return found;
}

/** An example's body as it is sent: JSON on lines, or a text such as HTML. */
export const bodyOf = ({ value }: BodyExample): string =>
  typeof value === "string" ? value : JSON.stringify(value, null, 2);
