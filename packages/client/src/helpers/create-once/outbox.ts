/** The key of an entry of an outbox. */
export interface OutboxKey {
  /** Base URL and marketplace. The same number in another is another thing. */
  account: string;
  /** Id of the operation, for example `orders_create`. */
  operation: string;
  /** Things that differ in this are never taken for each other, for example the customer's id. */
  scope: string;
  /** What the thing is found again by: a `poNumber` or an `externalId`. */
  text: string;
}

/** What an outbox keeps of a thing that is to be created. It can be written as JSON. */
export interface OutboxEntry {
  /** What is sent. */
  body: object;
  /** All that was sent, in one form, to tell whether it is the same again. */
  content: string;
  /** What was there before it was sent; of no use to others than the client. */
  baseline?: unknown;
  /** When it was sent, by that machine's clock, as ISO 8601. */
  sentAt: string;
  /** The id of what was created, once that is known. */
  id?: string;
}

/** Another entry of the same account, operation and scope. */
export interface OutboxSibling {
  text: string;
  /** The id of what was created, once that is known. */
  id?: string | undefined;
}

/** What an outbox gives to the creation of a thing. */
export interface OutboxRun {
  /** Ends the creation: when the caller's signal aborts, and when the outbox has lost its claim. */
  signal: AbortSignal;
  /** What an earlier process has sent, without learning what became of it. */
  earlier: OutboxEntry | undefined;
  /** Saves what is sent. Resolves when it would survive the end of the process. */
  beforeSend(entry: OutboxEntry): Promise<void>;
  /** What others create, or have created, that could be taken for this. */
  siblings(): Promise<OutboxSibling[]>;
}

/** A thing that is to be created once, as a client hands it to an outbox. */
export interface OutboxTask<Thing> {
  key: OutboxKey;
  /** What is sent. */
  body: object;
  /** The same in one form, to tell whether it is the same again. */
  content: string;
  /** Creates it, as the client does without an outbox. */
  create(run: OutboxRun): Promise<Thing>;
  /** Reads what was created. */
  get(id: string): Promise<Thing>;
  /** Whether it was not found out what became of it. */
  isOpen(): boolean;
}

/** A plan that an outbox keeps, so that it is made once. It can be written as JSON. */
export interface KeptPlan<Plan extends object> {
  /** What an earlier call has planned. */
  plan: Plan | undefined;
  /** @param id what came of it, once that is known */
  keep(plan: Plan, id?: string): Promise<void>;
  forget(): Promise<void>;
}

/** How long to wait for another process that works on the same number. */
export interface OutboxWait {
  signal?: AbortSignal | undefined;
  /** Milliseconds; 0 or nothing for no limit. */
  timeout?: number | undefined;
}

/** Keeps what is in progress, so that no crash loses an order or places it twice. `@imcloud/stores` has one. */
export interface Outbox {
  /** Creates a thing, or returns what was created by the same number. One process works on a number at a time. */
  createOnce<Thing extends { id?: unknown }>(task: OutboxTask<Thing>, wait: OutboxWait): Promise<Thing>;
  /** Does some work by a plan that is saved. One process works on a plan at a time. */
  goOn<Plan extends object, Result>(
    key: OutboxKey,
    work: (kept: KeptPlan<Plan>) => Promise<Result>,
    wait: OutboxWait,
  ): Promise<Result>;
}
