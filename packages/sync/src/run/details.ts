import {
  ApiError,
  AuthenticationError,
  PermissionError,
  QuotaExceededError,
  RateLimitError,
  ValidationError,
} from "@imcloud/client";
import type { Resource } from "../tables/table-spec.ts";
import type { Context, SyncFailure } from "./context.ts";
import { getDetails, UnexpectedResponse, type WithDetails } from "./get-details.ts";
import { PRIORITY } from "./look.ts";
import { takeDetails, takeFailure, takeGone } from "./take.ts";

/** Resources with details, those first that people ask about first. */
const WITH_DETAILS: readonly WithDetails[] = ["subscriptions", "customers", "orders"];

/** Things that are taken out of the queue at a time. */
const TAKEN = 200;
/** Things in a row that fail, after which it is the API that fails. */
const MAX_FAILURES = 5;
/** The same for things that failed before, which say little of the API. */
const MAX_FAILURES_AGAIN = 50;

/** Whether an error is about one thing and not about all. Some subscriptions gave 500 for years (SUB-13). */
const isOfOne = (error: unknown): boolean =>
  error instanceof ValidationError ||
  error instanceof UnexpectedResponse ||
  (error instanceof ApiError &&
    ![AuthenticationError, PermissionError, QuotaExceededError, RateLimitError].some((kind) => error instanceof kind));

async function readOne(context: Context, resource: WithDetails, id: string): Promise<void> {
  const { store, now, count } = context;
  const readAt = now();
  const details = await getDetails(context, resource, id);
  const events = await store.transaction((work) =>
    details ? takeDetails(work, resource, id, details, readAt) : takeGone(work, resource, id, readAt),
  );
  count(events);
  await context.onStep({ phase: "details", resource });
}

/**
 * Reads all that is to be read in detail, what changed first.
 * @returns what could not be read; it is tried again in the next sync
 */
export async function readDetails(context: Context): Promise<SyncFailure[]> {
  const failures: SyncFailure[] = [];
  let failedInRow = 0;

  async function attempt(resource: Resource, id: string, hasFailed: boolean): Promise<void> {
    try {
      await readOne(context, resource as WithDetails, id);
      failedInRow = 0;
    } catch (error) {
      if (!isOfOne(error)) throw error;
      failures.push({ resource, id, error });
      failedInRow += 1;
      await context.store.transaction((work) => takeFailure(work, resource, id));
      if (failedInRow >= (hasFailed ? MAX_FAILURES_AGAIN : MAX_FAILURES)) throw error;
    }
  }

  for (;;) {
    // What failed stays in the queue, and is passed over.
    const queue = await context.store.read.records.due(WITH_DETAILS, TAKEN + failures.length);
    const failed = new Set(failures.map(({ resource, id }) => `${resource} ${id}`));
    const next = queue.filter(({ resource, id }) => !failed.has(`${resource} ${id}`));
    if (next.length === 0) return failures;
    let place = 0;
    let isOver = false;
    const worker = async () => {
      while (!isOver && place < next.length) {
        const { resource, id, priority } = next[place++] as (typeof next)[number];
        await attempt(resource, id, priority === PRIORITY.failed).catch((error) => {
          isOver = true;
          throw error;
        });
      }
    };
    const workers = Array.from({ length: context.concurrency }, worker);
    // All of them have ended before the error goes on, so that nothing is written after the run.
    const [failure] = (await Promise.allSettled(workers)).filter((each) => each.status === "rejected");
    if (failure) throw failure.reason;
  }
}
