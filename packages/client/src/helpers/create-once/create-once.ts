import { having, milliseconds, type Rules, wholeNumber } from "@imcloud/options";
import { hasLeft } from "../../core/calls/call.ts";
import {
  AuthenticationError,
  MarketplaceError,
  PermissionError,
  QuotaExceededError,
  UnknownOutcomeError,
} from "../../core/errors/errors.ts";
import { isPrecise } from "../../core/lists/seen-rows.ts";
import { REQUEST_RULES, type RequestOptions } from "../../core/request-options.ts";
import { sleep } from "../../core/time.ts";
import type { Outbox, OutboxEntry } from "./outbox.ts";
import type { Finding, Search } from "./reconcile.ts";

/** Options of `createOnce`. */
export interface CreateOnceOptions extends RequestOptions {
  /**
   * Milliseconds to look for the thing after its response was lost. The API is known to go on working after a proxy has given up, and
   * nobody knows for how long: what did not appear may still do.
   * @defaultValue 180_000
   */
  settleTimeout?: number | undefined;
  /**
   * Times that the thing is sent in all, when it did not appear within `settleTimeout`. With more than one, a thing that appears later than
   * that can be there twice.
   * @defaultValue 1
   */
  maxAttempts?: number | undefined;
  /**
   * Keeps what is in progress when the process ends: `store.outbox` of `@imcloud/stores`. The same call again, in any process that has
   * the same outbox, returns what was created.
   */
  outbox?: Outbox | undefined;
}

/** What {@link CreateOnceOptions} must be. */
export const CREATE_ONCE_RULES: Rules<CreateOnceOptions> = {
  ...REQUEST_RULES,
  settleTimeout: milliseconds,
  maxAttempts: wholeNumber(1),
  outbox: having("createOnce", "goOn"),
};

const DEFAULT_SETTLE_TIMEOUT = 180_000;
const DEFAULT_MAX_ATTEMPTS = 1;

/** Milliseconds before the second look, which double up to the most between two. */
const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/** Why the outcome of what was sent before is not known. */
const LOST = "What sent it ended before it was known what became of it.";

/** The doubt about what an earlier process has sent. */
export const earlierDoubt = ({ operation, path }: CreateOnceCall, { body, sentAt }: OutboxEntry): UnknownOutcomeError =>
  new UnknownOutcomeError({
    ...{ operation, method: "POST", path, body },
    sentAt: new Date(sentAt),
    cause: new MarketplaceError(LOST),
  });

/** Failures that a further look would meet too. */
const isFatal = (error: unknown) =>
  error instanceof AuthenticationError || error instanceof PermissionError || error instanceof QuotaExceededError;

/** What is sent. */
export interface CreateOnceCall {
  operation: string;
  path: string;
  body: unknown;
  /** What to do when its outcome stays unknown, as a sentence. */
  advice?: string | undefined;
}

/** Whether an id is that of a thing: 0 is what frameworks write for none, and one that was rounded is another's. */
const isId = (id: unknown): boolean => isPrecise(id) && !(Number(id) <= 0);

interface Doubt {
  doubt: UnknownOutcomeError;
  /** When it arose, by `performance.now()`. */
  since: number;
}

/** Looks for a thing until it is found or the time is over. A look that fails is not the last, while there is time. */
async function lookUntil<T>(
  look: () => Promise<Finding<T>>,
  end: number,
  signal: AbortSignal | undefined,
): Promise<Finding<T>> {
  for (let delay = FIRST_DELAY; ; delay = Math.min(delay * 2, LONGEST_DELAY)) {
    const isLast = performance.now() >= end;
    try {
      const finding = await look();
      if ("found" in finding || isLast) return finding;
    } catch (error) {
      if (signal?.aborted || isLast || isFatal(error)) throw error;
    }
    await sleep(Math.min(delay, Math.max(0, end - performance.now())), signal);
  }
}

/** The doubt, with what is known at the end of a search. */
function stillUnknown(
  { doubt }: Doubt,
  { candidates, reason, cause = doubt.cause }: { candidates?: object[]; reason?: string | undefined; cause?: unknown },
  advice: string | undefined,
) {
  const { operation, method, path, body, sentAt } = doubt;
  const sentences = [reason, advice].filter(Boolean).join(" ");
  return new UnknownOutcomeError({ operation, method, path, body, sentAt, cause, candidates, reason: sentences });
}

/**
 * Creates a thing, and looks for it when it may have been created although its response was lost. It is sent again only when it is
 * absent. What was created by the same text before is given again.
 * @param create sends it
 * @throws {@link UnknownOutcomeError} when it cannot be found out, or was absent after the last attempt
 * @throws {@link MarketplaceError} when something else was created by the same text
 */
export async function createOnce<Row extends { id?: unknown }, Thing extends { id?: unknown }>(
  create: () => Promise<Thing>,
  search: Search<Row, Thing>,
  { operation, path, body, advice }: CreateOnceCall,
  options: CreateOnceOptions = {},
): Promise<Thing> {
  const { settleTimeout = DEFAULT_SETTLE_TIMEOUT, maxAttempts = DEFAULT_MAX_ATTEMPTS, signal } = options;
  const notSeen = `It did not appear within ${settleTimeout} ms, and may still: a further call looks again before it sends.`;
  let open: Doubt | undefined;

  /** The thing, or `undefined` when it is certainly absent. */
  async function resolveDoubt(doubt: Doubt): Promise<Thing | undefined> {
    const finding = await lookUntil(() => search.look(), doubt.since + settleTimeout, signal).catch(
      (cause: unknown) => {
        // An unknown outcome does not permit to send it again.
        throw signal?.aborted ? cause : stillUnknown(doubt, { cause }, advice);
      },
    );
    if ("found" in finding) return finding.found;
    if (finding.candidates.length > 0 || finding.reason) throw stillUnknown(doubt, finding, advice);
    return undefined;
  }

  const doubtOf = (sentAt: Date, cause: unknown) =>
    new UnknownOutcomeError({ operation, method: "POST", path, body, sentAt, cause });

  async function send(): Promise<Thing> {
    const sentAt = new Date();
    await search.sending(doubtOf(sentAt, new MarketplaceError(LOST)));
    const thing = await create();
    if (isId(thing?.id)) return search.claim(thing);
    throw doubtOf(sentAt, new MarketplaceError("The response does not say what was created."));
  }

  /** Whether a thing that was sent again came twice: the first can appear after it has counted as absent. */
  async function checkTwin(thing: Thing, doubt: Doubt): Promise<Thing> {
    const reason = "It was sent again, and may be there twice.";
    const finding = await search.look().catch((cause: unknown) => {
      search.disclaim([thing]);
      throw signal?.aborted ? cause : stillUnknown(doubt, { candidates: [thing], reason, cause }, advice);
    });
    const twins = ("found" in finding ? [finding.found] : finding.candidates).filter(({ id }) => id !== thing.id);
    const unproved = "reason" in finding ? finding.reason : undefined;
    if (twins.length === 0 && !unproved) return thing;
    // Not claimed yet: the next search has to see them.
    search.disclaim([thing, ...twins]);
    const sentences = [reason, unproved].filter(Boolean).join(" ");
    throw stillUnknown(doubt, { candidates: [thing, ...twins], reason: sentences }, advice);
  }

  /** The thing, if it was created although sending it failed; `undefined` when it can be sent again. */
  async function recover(error: unknown, sentAt: Date, isLast: boolean): Promise<Thing | undefined> {
    const isDoubtful = error instanceof UnknownOutcomeError;
    const since = performance.now();
    if (isDoubtful) open = { doubt: open?.doubt ?? error, since };
    // It may have been sent before it was aborted, and was done before its response failed a check.
    else if (signal?.aborted || hasLeft(error)) open ??= { doubt: doubtOf(sentAt, error), since };
    if (!open || signal?.aborted || hasLeft(error)) throw error;
    // From the first doubt on, as an earlier attempt may still appear; also after a refusal, which may be a conflict with it.
    const found = await resolveDoubt(open);
    if (found) return found;
    if (!isDoubtful) throw error;
    if (isLast) throw stillUnknown(open, { reason: notSeen }, advice);
    return undefined;
  }

  async function run(): Promise<Thing> {
    const created = await search.enter();
    if (created) return created;
    open = await search.begin();
    // For the whole time again: whoever calls at once, as it failed, gives it no more time to appear.
    const before = open && (await resolveDoubt({ ...open, since: performance.now() }));
    if (before) return before;
    for (let attempt = 1; ; attempt++) {
      const sentAt = new Date();
      let thing: Thing;
      try {
        thing = await send();
      } catch (error) {
        const found = await recover(error, sentAt, attempt >= maxAttempts);
        if (found) return found;
        continue;
      }
      return open ? checkTwin(thing, open) : thing;
    }
  }

  try {
    const thing = await run();
    search.created(thing);
    search.end();
    return thing;
  } catch (error) {
    search.end(open);
    throw error;
  }
}
