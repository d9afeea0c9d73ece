import {
  type OperationId as AnyOperationId,
  describeFault,
  type Fault,
  validateResponse,
} from "@imcloud/spec/validators";
import { operations } from "../../generated/operations.ts";
import { DomainError } from "../domain/errors.ts";
import type { Kind, Records } from "../store/records.ts";
import type { Change, Store } from "../store/store.ts";
import type { AnyCall } from "./handler.ts";
import { performOperation } from "./handlers.ts";
import type { ReportLinks } from "./report-links.ts";

/** An operation that reads a resource: one record, with a parameter at the end of its path, or a list. */
interface Read {
  id: AnyOperationId;
  parameter: string | undefined;
}

/** The operations that read a kind of record: `customers_get` and `customers_list`. */
function readsOf(kind: Kind): Read[] {
  const path = new RegExp(`^/${kind}(?:/\\{(\\w+)\\})?$`);
  return operations.flatMap((operation) => {
    const match = operation.method === "get" ? path.exec(operation.path) : null;
    return match ? [{ id: operation.id as AnyOperationId, parameter: match[1] }] : [];
  });
}

const reads = new Map<Kind, Read[]>();

function knownReadsOf(kind: Kind): Read[] {
  const known = reads.get(kind) ?? readsOf(kind);
  reads.set(kind, known);
  return known;
}

/** The names of each operation's resource schemas. */
const shown = new Map(operations.map(({ id, shows }) => [id, shows]));

/** Whether a body already shows a record with the read's schema, or with one that includes it. */
function isShownBy(body: unknown, operationId: AnyOperationId, read: Read, row: { id: string }): boolean {
  const [schema] = shown.get(read.id) ?? [];
  return schema !== undefined && !!shown.get(operationId)?.includes(schema) && (body as { id?: unknown }).id === row.id;
}

/** A view of a store with only one record of a kind, so that a list shows this one. */
function withOnly(store: Store, kind: Kind, row: Records[Kind]): Store {
  const only = {
    size: 1,
    get: (id: string) => (id === row.id ? row : undefined),
    newestFirst: () => [row].values(),
    withKey: () => [row].values(),
    slice: () => [row],
  };
  return Object.create(store, { [kind]: { value: only } });
}

/** The violations of the document in a body. */
const faultsOf = (operationId: AnyOperationId, body: unknown): Fault[] => validateResponse(operationId, 200, { body });

const sentences = (faults: readonly Fault[]) => faults.map((fault) => describeFault(fault, "Response")).join("; ");

/** What is wrong with the body of a success by the document, in sentences; `undefined` where nothing is. */
export function faultsIn(operationId: AnyOperationId, body: unknown): string | undefined {
  const faults = faultsOf(operationId, body);
  return faults.length ? sentences(faults) : undefined;
}

/**
 * Validates the response of a read against the document.
 * @throws {@link Error} when it breaks the document, which is a bug of the mock
 */
export function checkRead(operationId: AnyOperationId, body: unknown): void {
  const faults = faultsIn(operationId, body);
  if (faults) throw new Error(`Its own response breaks the document: ${faults}`);
}

/**
 * Validates the response of a write, and of every read that shows the written records. The request schemas allow values that
 * fit no response: a price of 1e300, a date in the year 12026.
 * @throws {@link DomainError} when one breaks the document
 */
export function checkWritten(
  operationId: AnyOperationId,
  body: unknown,
  changes: readonly Change[],
  { store, links }: { store: Store; links: ReportLinks },
): void {
  const invalid = (what: string): never => {
    throw new DomainError(400, `The platform could not show this afterwards, so nothing was done: ${what}`);
  };
  const faults = faultsOf(operationId, body);
  if (faults.length) invalid(sentences(faults));
  checkShown(changes, { store, links }, invalid, (read, row) => isShownBy(body, operationId, read, row));
}

/**
 * Validates every read that shows some records.
 * @param invalid called with the violations; throws
 * @param isChecked whether a read of a record was already validated
 */
export function checkShown(
  changes: Iterable<Change>,
  { store, links }: { store: Store; links: ReportLinks },
  invalid: (what: string) => never,
  isChecked: (read: Read, row: Records[Kind]) => boolean = () => false,
): void {
  for (const [kind, row] of changes) {
    for (const read of knownReadsOf(kind)) {
      if (isChecked(read, row)) continue;
      const { id, parameter } = read;
      const call: AnyCall = {
        ...{ store: withOnly(store, kind, row), links, orderStop: undefined, note: () => {} },
        ...{ params: parameter === undefined ? {} : { [parameter]: row.id }, query: {}, body: undefined },
      };
      const found = faultsOf(id, bodyOf(id, call, invalid));
      if (found.length) invalid(`${id}: ${sentences(found)}`);
    }
  }
}

function bodyOf(id: AnyOperationId, call: AnyCall, invalid: (what: string) => never): unknown {
  try {
    return performOperation(id, call);
  } catch (error) {
    return invalid(`${id}: ${(error as Error).message}`);
  }
}
