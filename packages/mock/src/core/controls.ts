import type { Backend } from "./backend.ts";
import { operationIds } from "./document/router.ts";
import { type Fault, parseFault } from "./faults/fault.ts";
import type { OperationId } from "./operations/handler.ts";
import type { AnyOverride, Override } from "./operations/overrides.ts";
import type { LoggedRequest, RequestFilter } from "./request-log.ts";

/** What can be done to a mock from outside, wherever it runs. */
export interface Controls {
  /** What the time is on the mock's clock. */
  now(): Date;
  /**
   * Back to the start: store, clock, faults, overrides, limits and requests. Snapshots and tokens stay. It is done at once, but for a
   * mock that keeps its data in a file: there it takes a while where there is much, in which it responds to calls from what was before.
   * @throws {@link Error} when the file cannot be written; then nothing was done
   */
  reset(): Promise<void>;
  /**
   * Moves the clock, and lets everything happen until then. Years in a large mock take a while, in which it responds to calls.
   * @param milliseconds a whole number, up to a hundred years
   * @throws {@link TypeError} for another
   */
  advance(milliseconds: number): Promise<void>;
  /**
   * Saves the store and its time under a name.
   * @throws {@link TypeError} for a name that is no text of up to 100 characters
   */
  save(name: string): void;
  /**
   * Back to what was saved under a name, as {@link Controls.reset} goes back to the start.
   * @throws {@link TypeError} when nothing was
   */
  restore(name: string): Promise<void>;
  /**
   * Lets an order go on that waits for somebody: the payment arrives, the approval is given, the failed one is submitted again.
   * @throws {@link TypeError} when there is no such order, or it waits for nobody
   */
  resumeOrder(id: string): void;
  /**
   * Forgets what was saved under a name.
   * @throws {@link TypeError} when nothing was
   */
  deleteSnapshot(name: string): void;
  /** What calls are to meet. */
  faults: {
    /** @throws {@link TypeError} for a fault that is none */
    add(...faults: Fault[]): void;
    clear(): void;
    list(): Fault[];
  };
  /**
   * Responds to an operation in your own way, for what the rules of the mock cannot know. Of several, the last goes first.
   * @returns takes it away again, as {@link Controls.reset} does
   * @throws {@link TypeError} when there is no such operation
   */
  override<Id extends OperationId>(operation: Id, override: Override<Id>): () => void;
  /**
   * The last requests to the API, oldest first, with what was sent: up to a thousand, or 4 MiB of them. Passwords, keys, tokens and
   * signed links are taken out.
   * @throws {@link TypeError} when there is no such operation
   */
  requests(filter?: RequestFilter): LoggedRequest[];
}

/** @throws {@link TypeError} for an operation that the document does not have */
export function checkOperation(operation: string): void {
  if (operationIds.has(operation)) return;
  throw new TypeError(`There is no operation ${operation}; there are ${[...operationIds].join(", ")}.`);
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
      const unknown = Object.keys(filter).filter((name) => name !== "operation");
      if (unknown.length) throw new TypeError(`Requests are listed by operation, not by ${unknown.join(", ")}.`);
      if (filter.operation !== undefined) checkOperation(filter.operation);
      return backend.requests.list(filter);
    },
  };
}
