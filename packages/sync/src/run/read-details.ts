import {
  ApiError,
  AuthenticationError,
  PermissionError,
  QuotaExceededError,
  RateLimitError,
  ValidationError,
} from "@imcloud/client";
import { GONE } from "../store/records.ts";
import type { Resource } from "../tables/table-spec.ts";
import type { Context, SyncFailure } from "./context.ts";
import { isTooMany, removalsDoubt } from "./doubts.ts";
import { requestDetails, UnexpectedResponse, type WithDetails } from "./request-details.ts";
import { postpone, saveDetails, saveGone } from "./save-details.ts";
import { PRIORITY } from "./save-row.ts";

/** Resources with details, the most wanted first. */
const WITH_DETAILS: readonly WithDetails[] = ["subscriptions", "customers", "orders"];

/** How many entries are taken from the queue at a time. */
const BATCH_SIZE = 200;
/** After this many failures in a row, the API itself is considered to be failing. */
const MAX_FAILURES = 5;
/** The same for entries that failed before. They say little about the API. */
const MAX_FAILURES_AGAIN = 50;

/**
 * Whether an error concerns one resource only. Some subscriptions gave 500 for years (SUB-13), and a response can be larger
 * than the client accepts.
 */
const concernsOne = (error: unknown): boolean =>
  error instanceof ValidationError ||
  error instanceof UnexpectedResponse ||
  error instanceof RangeError ||
  (error instanceof ApiError &&
    ![AuthenticationError, PermissionError, QuotaExceededError, RateLimitError].some((kind) => error instanceof kind));

/** Resources whose details the API no longer has. They are reported only when their number is known, as too many at once indicate a fault. */
class Gone {
  readonly #context: Context;
  readonly #found = new Map<Resource, Map<string, Date>>();
  readonly #known = new Map<Resource, number>();
  readonly #doubted = new Set<Resource>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Whether so many of a resource are gone that no more of it are requested. */
  isDoubted(resource: Resource): boolean {
    return this.#doubted.has(resource);
  }

  has(resource: Resource, id: string): boolean {
    return this.#found.get(resource)?.has(id) ?? false;
  }

  get size(): number {
    return [...this.#found.values()].reduce((sum, { size }) => sum + size, 0);
  }

  async add(resource: Resource, id: string, at: Date): Promise<void> {
    const { store, acceptsRemovals, doubt } = this.#context;
    const found = this.#found.get(resource) ?? new Map<string, Date>();
    this.#found.set(resource, found.set(id, at));
    const known = this.#known.get(resource) ?? (await store.read.records.countBefore(resource, GONE));
    this.#known.set(resource, known);
    if (acceptsRemovals || this.isDoubted(resource) || !isTooMany(found.size, known)) return;
    this.#doubted.add(resource);
    doubt(removalsDoubt(resource, found.size, known, "no longer have details, and the rest was not read"));
  }

  /** Reports them, unless too many are gone, of any resource: the client may be signed in to another account. */
  async tell(): Promise<void> {
    const { store, count, doubtsRemovals } = this.#context;
    for (const [resource, found] of doubtsRemovals() ? [] : this.#found) {
      for (const [id, at] of found) count(await store.transaction((work) => saveGone(work, resource, id, at)));
    }
    this.#found.clear();
  }
}

/**
 * Reads the details of every queued resource, changed ones first.
 * @returns what could not be read; the next sync tries again
 */
export async function readDetails(context: Context): Promise<SyncFailure[]> {
  const gone = new Gone(context);
  try {
    return await readQueue(context, gone);
  } finally {
    // Also when the day's calls are used up.
    await gone.tell();
  }
}

async function readOne(context: Context, resource: WithDetails, id: string, gone: Gone): Promise<void> {
  const { store, now, count } = context;
  const readAt = now();
  const details = await requestDetails(context, resource, id);
  if (details) count(await store.transaction((work) => saveDetails(work, resource, id, details, readAt)));
  else await gone.add(resource, id, readAt);
  await context.onStep({ phase: "details", resource });
}

async function readQueue(context: Context, gone: Gone): Promise<SyncFailure[]> {
  const failures: SyncFailure[] = [];
  let failedInRow = 0;

  async function attempt(resource: Resource, id: string, hasFailed: boolean): Promise<void> {
    try {
      await readOne(context, resource as WithDetails, id, gone);
      failedInRow = 0;
    } catch (error) {
      if (!concernsOne(error)) throw error;
      failures.push({ resource, id, error });
      failedInRow += 1;
      await context.store.transaction((work) => postpone(work, resource, id));
      if (failedInRow >= (hasFailed ? MAX_FAILURES_AGAIN : MAX_FAILURES)) throw error;
    }
  }

  for (;;) {
    const asked = WITH_DETAILS.filter((resource) => !gone.isDoubted(resource));
    // Entries that failed or are gone stay in the queue and are skipped.
    const queue = asked.length
      ? await context.store.read.records.due(asked, BATCH_SIZE + failures.length + gone.size)
      : [];
    const failed = new Set(failures.map(({ resource, id }) => `${resource} ${id}`));
    const next = queue.filter(({ resource, id }) => !failed.has(`${resource} ${id}`) && !gone.has(resource, id));
    if (next.length === 0) return failures;
    let place = 0;
    let isOver = false;
    const worker = async () => {
      while (!isOver && place < next.length) {
        const { resource, id, priority } = next[place++] as (typeof next)[number];
        if (gone.isDoubted(resource)) continue;
        await attempt(resource, id, priority === PRIORITY.failed).catch((error) => {
          isOver = true;
          throw error;
        });
      }
    };
    const workers = Array.from({ length: context.concurrency }, worker);
    // The error is thrown only after all workers have ended, so that nothing is written after the run.
    const [failure] = (await Promise.allSettled(workers)).filter((each) => each.status === "rejected");
    if (failure) throw failure.reason;
  }
}
