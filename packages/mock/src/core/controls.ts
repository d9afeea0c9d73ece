import type { Backend } from "./backend.ts";
import { operationIds } from "./document/router.ts";
import { type Fault, parseFault } from "./faults/fault.ts";
import { formatValue, nameOf } from "./format-value.ts";
import type { OperationId } from "./operations/handler.ts";
import type { AnyOverride, Override } from "./operations/overrides.ts";
import type { LoggedRequest, RequestFilter } from "./request-log.ts";

/** The controls of a mock, the same for server and sandbox. */
export interface Controls {
  /** The current time of the mock's clock. */
  now(): Date;
  /**
   * Resets store, clock, faults, overrides, limits and request log. Snapshots and tokens stay. It takes effect immediately,
   * except for a mock with a data file: with much data it takes a while, during which calls still see the old data.
   * @throws {@link Error} when the file cannot be written; then nothing has changed
   */
  reset(): Promise<void>;
  /**
   * Moves the clock forward, and runs everything that is due until then. Years in a large mock take a while, during which it still
   * responds to calls.
   * @param milliseconds a whole number, up to a hundred years
   * @throws {@link TypeError} for any other value
   */
  advance(milliseconds: number): Promise<void>;
  /**
   * Saves the store and its time under a name.
   * @throws {@link TypeError} for a name that is not a text of up to 100 characters
   */
  save(name: string): void;
  /**
   * Restores a saved store, as {@link Controls.reset} restores the start.
   * @throws {@link TypeError} for an unknown name
   */
  restore(name: string): Promise<void>;
  /**
   * Resumes an order that waits for a person: its payment arrives, it is approved, or it is submitted again after a failure.
   * @throws {@link TypeError} when there is no such order, or it does not wait for a person
   */
  resumeOrder(id: string): void;
  /**
   * Deletes a saved store.
   * @throws {@link TypeError} for an unknown name
   */
  deleteSnapshot(name: string): void;
  /** The faults that calls meet. */
  faults: {
    /** @throws {@link TypeError} for an invalid fault */
    add(...faults: Fault[]): void;
    clear(): void;
    list(): Fault[];
  };
  /**
   * Replaces the response of an operation, for what the mock does not simulate. Of several overrides, the last is called first.
   * @returns a function that removes it, as {@link Controls.reset} does
   * @throws {@link TypeError} when there is no such operation
   */
  override<Id extends OperationId>(operation: Id, override: Override<Id>): () => void;
  /**
   * The last requests to the API with their bodies, oldest first: up to a thousand, or 4 MiB of them. Passwords, keys, tokens and
   * signed links are taken out.
   * @throws {@link TypeError} when there is no such operation
   */
  requests(filter?: RequestFilter): LoggedRequest[];
}

/** @throws {@link TypeError} for an operation that the document does not have */
export function checkOperation(operation: unknown): void {
  if (operationIds.has(operation as string)) return;
  throw new TypeError(
    `There is no operation ${operation === "" ? '""' : nameOf(operation)}; there are ${[...operationIds].join(", ")}.`,
  );
}

/** The controls of a backend. */
export function controlsOf(backend: Backend): Controls {
  const { clock, faults } = backend;
  return {
    now: () => new Date(clock.now()),
    reset: () => backend.reset(),
    advance: (milliseconds) => backend.advance(milliseconds),
    save: (name) => backend.save(name),
    restore: (name) => backend.restore(name),
    resumeOrder: (id) => backend.resumeOrder(id),
    deleteSnapshot: (name) => backend.deleteSnapshot(name),
    faults: {
      add: (...added) => faults.add(...added.map((fault) => parseFault(fault, operationIds))),
      clear: () => faults.clear(),
      list: () => faults.list(),
    },
    override(operation, override) {
      checkOperation(operation);
      if (typeof override !== "function")
        throw new TypeError("An override is a function of the call and the next one.");
      return backend.overrides.add(operation, override as unknown as AnyOverride);
    },
    requests(filter = {}) {
      if (typeof filter !== "object" || filter === null || Array.isArray(filter))
        throw new TypeError(
          `Requests are listed by an object such as { operation: "orders_create" }; got ${formatValue(filter)}.`,
        );
      const unknown = Object.keys(filter).filter((name) => name !== "operation");
      if (unknown.length) throw new TypeError(`Requests are listed by operation, not by ${unknown.join(", ")}.`);
      if (filter.operation !== undefined) checkOperation(filter.operation);
      return backend.requests.list(filter);
    },
  };
}
