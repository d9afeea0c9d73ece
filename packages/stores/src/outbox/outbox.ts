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
import { takeClaim } from "./claim.ts";
import type { OutboxClaim, OutboxClaims } from "./claims.ts";
import { createOutbox } from "./create-outbox.ts";
import { isHeld, LostClaim, type Seen, Shelf } from "./kept.ts";

/** What is in an outbox. */
export interface OutboxItem extends OutboxKey {
  /** `open`: it was sent, and what became of it is not known. `created`: `id` is what was created. */
  state: "open" | "created";
  /** The id of what was created. */
  id: string | undefined;
  /** When it was sent, by that machine's clock, as ISO 8601. */
  sentAt: string;
  /** Whether some process works on it now. */
  isClaimed: boolean;
  /** Why it was not finished, the last time that it was resumed. */
  reason: string | undefined;
}

/** What became of what was open. */
export interface Resumed {
  /** What was found, or sent again as it was absent. */
  finished: OutboxItem[];
  /** What is still open, each with its `reason`. */
  open: OutboxItem[];
}

/** Options of `resume`. */
export type ResumeOptions = Omit<CreateOnceOptions, "outbox">;

/** Milliseconds for which what was created is known. */
const KEEP = 30 * 86_400_000;

/** How a thing is created again from what was kept of it. */
type CreateAgain = (
  client: ImcloudClient,
  kept: OutboxKey,
  body: object,
  options: CreateOnceOptions,
) => Promise<unknown>;

/** A client of another base URL, marketplace or user would not find it there, and place it there too. */
class AnotherAccount extends Error {
  constructor({ account }: OutboxKey) {
    super(`It is of ${account}: resume it by a client of that base URL, marketplace and user.`);
  }
}

/** What was kept of a change of seats, as far as it is needed. */
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
 * Keeps what is in progress when a process ends. Give it to `createOnce`: what is sent is kept before it leaves, and what became of it
 * after. The same number again, in any process, gives what was created by it.
 */
export class Outbox implements ClientOutbox, OutboxClaims {
  readonly #shelf: Shelf;
  readonly #lease: number;

  /** @param lease milliseconds for which a claim is held without being renewed */
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
   * What is open, and what was created in the last 30 days.
   * @throws {@link StoreError} when the engine cannot be reached, or has lost what this process knew to be in it
   */
  async list(): Promise<OutboxItem[]> {
    return (await this.#shelf.all()).flatMap(toItem);
  }

  /**
   * Finishes what an earlier process left open: looks for it, and sends it again only when it is absent. Call it when a process starts.
   * What another process works on is left to it. Several processes may call it at the same time.
   * @param client creates what is absent
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
   * Forgets an item, when a person has found out what became of it.
   * @param key the item, as `list` gives it
   * @throws {@link StoreError} when the engine cannot be reached
   * @throws {@link TypeError} when a part of the key is missing
   */
  async forget(key: OutboxKey): Promise<void> {
    for (const name of ["account", "operation", "scope", "text"] as const) text(key?.[name], `forget.${name}`);
    return this.#shelf.forget(key);
  }

  /** Why it could not be finished, if so. */
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
      // Another version may be able to.
      if (error instanceof AnotherAccount) return error.message;
      if (error instanceof StoreError && !(error instanceof LostClaim)) throw error;
      reason = (error as Error).message;
    }
    await this.#shelf.change<void>(key, (kept) => ({ value: kept && { ...kept, reason }, result: undefined }));
    return reason;
  }

  /** Forgets what was created long ago, and claims by which nothing was sent. */
  async #prune(all: Seen[]): Promise<void> {
    for (const { kept, now } of all) {
      const isDone = !kept.entry || kept.entry.id !== undefined;
      if (isDone && kept.changedAt < now - KEEP && !isHeld(kept, now)) await this.#shelf.forget(kept);
    }
  }
}
