import { randomBytes } from "node:crypto";
import { ConnectionError, isMarketplaceError, UnknownOutcomeError } from "@imcloud/client";
import { ToolError } from "../results/failure.ts";
import type { Outcome } from "../results/outcome.ts";
import type { Proposal, WriteTool } from "./proposal.ts";

/** Milliseconds for which a confirmation can be used. */
export const DEFAULT_CONFIRMATION_LIFETIME = 600_000;
/** The most confirmations to remember. */
const MAX_CONFIRMATIONS = 1_000;

/** Errors after which nothing was done, so that the same can be tried again. */
const RETRYABLE = new Set(["RateLimitError", "QuotaExceededError", "AuthenticationError", "TimeoutError"]);

const isTransient = (error: unknown): boolean =>
  (error instanceof ConnectionError && error.neverSent) || (isMarketplaceError(error) && RETRYABLE.has(error.name));

/**
 * `sent`: the request is in progress, or was carried out. `open`: its outcome is unknown, and confirming it again continues without
 * another check of the price.
 */
type State = "shown" | "sent" | "open";

interface Entry {
  proposal: Proposal;
  /** By `performance.now()`, which is monotonic. */
  expiresAt: number;
  /** Its state. */
  state: State;
  /** Its result, which may be pending. */
  result?: Promise<Outcome>;
}

const UNKNOWN =
  "There is no such confirmation: it was never given, or given by an earlier run of the server. If it may have been confirmed then, look for its poNumber by find_orders first. Else estimate again.";
const EXPIRED =
  "The confirmation has expired, and nothing was done. Estimate again, and show the user the new figures.";
const CHANGED =
  "Nothing was done, as the price or the state has changed since it was shown. Show the user the new figures; confirm them by the new confirmationId.";

const REPEATED =
  "The same was confirmed before, under the numbers in data.confirmedBefore. If its response was lost, look for it by find_orders, or repeat that confirmation; go on only if the user wants it once more.";

/** The marketplace refused what was sent, for good. */
class RefusedError extends Error {
  constructor(cause: unknown) {
    super("It was refused.", { cause });
  }
}

/** The proposals that can be confirmed. Each is carried out once, however often it is confirmed. */
export class Confirmations {
  readonly #entries = new Map<string, Entry>();
  readonly #lifetime: number;
  readonly #ended = new AbortController();

  /** @param lifetime milliseconds for which a confirmation can be used */
  constructor(lifetime: number = DEFAULT_CONFIRMATION_LIFETIME) {
    this.#lifetime = lifetime;
  }

  /** Stores a proposal, and returns it with the id that confirms it. */
  offer(proposal: Proposal): Outcome {
    const confirmationId = randomBytes(18).toString("base64url");
    this.#entries.set(confirmationId, { proposal, expiresAt: performance.now() + this.#lifetime, state: "shown" });
    this.#forget();
    const expiresAt = new Date(Date.now() + this.#lifetime).toISOString();
    const { shown } = proposal;
    const earlier = this.#sentLike(proposal);
    const repeated = earlier.length > 0 && {
      data: { ...shown.data, confirmedBefore: earlier },
      advice: `${shown.advice} ${REPEATED}`,
    };
    return { ...shown, ...repeated, confirmation: { confirmationId, expiresAt } };
  }

  /** The PO numbers of equal orders that this run of the server has sent. */
  #sentLike({ content }: Proposal): string[] {
    return [...this.#entries.values()]
      .filter(({ state, proposal }) => state !== "shown" && proposal.content === content)
      .map(({ proposal }) => proposal.poNumber);
  }

  /**
   * Carries out a proposal. The same id again returns the first result.
   * @throws {@link ToolError} when the id is unknown, expired, or another tool's
   */
  confirm(tool: WriteTool, confirmationId: string): Promise<Outcome> {
    const entry = this.#entries.get(confirmationId);
    if (!entry) throw new ToolError(UNKNOWN);
    if (entry.proposal.tool !== tool) throw new ToolError(`This confirmation is for ${entry.proposal.tool}.`);
    if (entry.result) return entry.result;
    if (entry.state === "shown" && performance.now() > entry.expiresAt) throw new ToolError(EXPIRED);
    entry.result = this.#run(entry);
    return entry.result;
  }

  /** Waits for requests in progress, which cannot be undone. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#entries.values()].map(({ result }) => result));
  }

  /** Aborts requests in progress. */
  end(): void {
    this.#ended.abort();
  }

  /** The PO numbers of sent orders with an unknown outcome. */
  open(): string[] {
    return [...this.#entries.values()].filter(({ state }) => state === "open").map(({ proposal }) => proposal.poNumber);
  }

  async #run(entry: Entry): Promise<Outcome> {
    const { proposal } = entry;
    const { signal } = this.#ended;
    try {
      if (entry.state === "shown") {
        const now = await proposal.again(signal);
        if (now.fingerprint !== proposal.fingerprint) return { ...this.offer(now), advice: CHANGED };
      }
      return await this.#send(entry, signal);
    } catch (error) {
      // A request that was not sent or may not have arrived can be confirmed again.
      if (!(error instanceof RefusedError)) delete entry.result;
      throw error instanceof RefusedError ? error.cause : error;
    }
  }

  /** @throws {@link RefusedError} when the marketplace refused it for good */
  async #send(entry: Entry, signal: AbortSignal): Promise<Outcome> {
    const wasOpen = entry.state === "open";
    entry.state = "sent";
    try {
      return await entry.proposal.carryOut(signal);
    } catch (error) {
      const isUnknown = wasOpen || signal.aborted || error instanceof UnknownOutcomeError;
      entry.state = isUnknown ? "open" : "shown";
      throw isUnknown || isTransient(error) ? error : new RefusedError(error);
    }
  }

  /** Drops expired confirmations, and beyond the limit the oldest. */
  #forget(): void {
    const now = performance.now();
    const isOver = ({ expiresAt, result }: Entry) => result !== undefined || now > expiresAt;
    for (const isLeast of [isOver, () => true]) {
      for (const [id, entry] of this.#entries) {
        if (this.#entries.size <= MAX_CONFIRMATIONS) return;
        if (entry.state !== "open" && isLeast(entry)) this.#entries.delete(id);
      }
    }
  }
}
