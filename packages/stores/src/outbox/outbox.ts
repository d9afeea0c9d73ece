import type {
  Outbox as ClientOutbox,
  CreateOnceOptions,
  ImcloudClient,
  KeptPlan,
  OutboxKey,
  OutboxTask,
  OutboxWait,
  SeatTarget,
} from "@imcloud/client";
import { text } from "@imcloud/options";
import { type Records, StoreError } from "../records/records.ts";
import type { OutboxClaim, OutboxClaims } from "./claims.ts";
import { createOutbox } from "./create-outbox.ts";
import { isHeld, LostClaim, type Seen, Shelf } from "./entry.ts";
import { takeClaim } from "./take-claim.ts";

/** An item of an outbox. */
export interface OutboxItem extends OutboxKey {
  /** `open`: it was sent, and its outcome is unknown. `created`: `id` is the id of what was created. */
  state: "open" | "created";
  /** The id of what was created. */
  id: string | undefined;
  /** When it was sent, by that machine's clock, as ISO 8601. */
  sentAt: string;
  /** Whether a process works on it now. */
  isClaimed: boolean;
  /** Why it was not finished when it was last resumed. */
  reason: string | undefined;
}

/** The result of `resume`. */
export interface Resumed {
  /** Items that were found, or sent again because they did not exist. */
  finished: OutboxItem[];
  /** Items that are still open, each with its `reason`. */
  open: OutboxItem[];
}

/** Options of `resume`. */
export type ResumeOptions = Omit<CreateOnceOptions, "outbox">;

/** Milliseconds for which created items are kept. */
const KEEP = 30 * 86_400_000;

/** Repeats a creation from its saved entry. */
type CreateAgain = (
  client: ImcloudClient,
  kept: OutboxKey,
  body: object,
  options: CreateOnceOptions,
) => Promise<unknown>;

/** Thrown for a client of another base URL, marketplace or user, which would place the order there again. */
class AnotherAccount extends Error {
  constructor({ account }: OutboxKey) {
    super(`It is of ${account}: resume it by a client of that base URL, marketplace and user.`);
  }
}

/** The saved plan of a change of seats. */
interface SeatPlan {
  target: SeatTarget;
  body: { products: [{ id: string }] };
}

const ways: Record<string, CreateAgain> = {
  orders_create: (client, _kept, body, options) => client.orders.createOnce(body as never, options),
  customers_create: (client, _kept, body, options) => client.customers.createOnce(body as never, options),
  subscriptions_changeSeats(client, { scope, text }, plan, options) {
    const { target, body } = plan as SeatPlan;
    const product = body.products[0].id;
    return client.subscriptions.changeSeats(scope, target, { ...options, poNumber: text, product, wait: false });
  },
};

const toItem = ({ kept, now }: Seen): OutboxItem[] => {
  const { account, operation, scope, text, entry, reason } = kept;
  if (!entry) return [];
  const state = entry.id === undefined ? "open" : "created";
  const { id, sentAt } = entry;
  return [{ account, operation, scope, text, state, id, sentAt, isClaimed: isHeld(kept, now), reason }];
};

/**
 * Saves creations in progress across the end of a process. Give it to `createOnce`: it saves a request before it is sent, and its
 * outcome afterwards. The same number again, in any process, returns what was created.
 */
export class Outbox implements ClientOutbox, OutboxClaims {
  readonly #shelf: Shelf;
  readonly #lease: number;

  /** @param lease milliseconds after which a claim expires without a renewal */
  constructor(records: Records, lease: number) {
    this.#shelf = new Shelf(records);
    this.#lease = lease;
  }

  claim(key: OutboxKey, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<OutboxClaim> {
    return takeClaim(this.#shelf, key, this.#lease, signal);
  }

  createOnce<Thing extends { id?: unknown }>(task: OutboxTask<Thing>, wait: OutboxWait): Promise<Thing> {
    return createOutbox(this).createOnce(task, wait);
  }

  goOn<Plan extends object, Result>(
    key: OutboxKey,
    work: (kept: KeptPlan<Plan>) => Promise<Result>,
    wait: OutboxWait,
  ): Promise<Result> {
    return createOutbox(this).goOn(key, work, wait);
  }

  /**
   * Lists open items, and those created in the last 30 days.
   * @throws {@link StoreError} when the engine cannot be reached, or has lost what this process knew to be in it
   */
  async list(): Promise<OutboxItem[]> {
    return (await this.#shelf.all()).flatMap(toItem);
  }

  /**
   * Finishes open items of earlier processes: looks for each, and sends it again only if it does not exist. Call it when a process starts.
   * It skips items that another process works on. Several processes may call it at the same time.
   * @param client the client that looks and sends
   * @throws {@link StoreError} when the engine cannot be reached, or has lost what this process knew to be in it
   */
  async resume(client: ImcloudClient, options: ResumeOptions = {}): Promise<Resumed> {
    const all = await this.#shelf.all();
    await this.#prune(all);
    const resumed: Resumed = { finished: [], open: [] };
    for (const item of all.flatMap(toItem).filter(({ state, isClaimed }) => state === "open" && !isClaimed)) {
      const reason = await this.#resumeOne(client, item, options);
      const seen = await this.#shelf.read(item);
      const now = seen ? toItem(seen) : [];
      resumed[reason === undefined ? "finished" : "open"].push(...now.map((each) => ({ ...each, reason })));
    }
    return resumed;
  }

  /**
   * Removes an item, after a person has found out its outcome.
   * @param key the item, as returned by `list`
   * @throws {@link StoreError} when the engine cannot be reached
   * @throws {@link TypeError} when a part of the key is missing
   */
  async forget(key: OutboxKey): Promise<void> {
    for (const name of ["account", "operation", "scope", "text"] as const) text(key?.[name], `forget.${name}`);
    return this.#shelf.forget(key);
  }

  /** The reason why an item could not be finished, if so. */
  async #resumeOne(client: ImcloudClient, key: OutboxKey, options: ResumeOptions): Promise<string | undefined> {
    const body = (await this.#shelf.read(key))?.kept.entry?.body;
    const createAgain = ways[key.operation];
    if (!body || !createAgain) return body && `This version does not know how to resume ${key.operation}.`;
    const outbox = createOutbox({
      claim: async (other, claimOptions) => {
        if (other.account !== key.account) throw new AnotherAccount(key);
        return this.claim(other, claimOptions);
      },
    });
    let reason: string | undefined;
    try {
      await createAgain(client, key, body, { ...options, outbox });
    } catch (error) {
      // Stays open, as another version may be able to finish it.
      if (error instanceof AnotherAccount) return error.message;
      if (error instanceof StoreError && !(error instanceof LostClaim)) throw error;
      reason = (error as Error).message;
    }
    await this.#shelf.change<void>(key, (kept) => ({ value: kept && { ...kept, reason }, result: undefined }));
    return reason;
  }

  /** Removes items that were created long ago, and claims by which nothing was sent. */
  async #prune(all: Seen[]): Promise<void> {
    for (const { kept, now } of all) {
      const isDone = !kept.entry || kept.entry.id !== undefined;
      if (isDone && kept.changedAt < now - KEEP && !isHeld(kept, now)) await this.#shelf.forget(kept);
    }
  }
}
