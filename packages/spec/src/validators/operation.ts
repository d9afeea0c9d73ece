import type { operations } from "@imcloud/spec";

/** The id of an operation in the document, for example `orders_create`. */
export type OperationId = keyof operations;

/**
 * What a generated table has for an operation.
 * @throws {@link TypeError} when the document has no such operation
 */
export function tableOf<T>(tables: Readonly<Record<string, T>>, operationId: OperationId): T {
  const table = Object.hasOwn(tables, operationId) ? tables[operationId] : undefined;
  if (table === undefined) {
    throw new TypeError(`The document has no operation "${operationId}". Use an operationId such as "orders_create".`);
  }
  return table;
}
