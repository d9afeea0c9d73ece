/** What an outbox knows a thing by. */
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

/** The right to create one thing, which one process has at a time. */
export interface OutboxClaim {
  /** What an earlier claim left. */
  readonly entry: OutboxEntry | undefined;
  /** Aborts when the claim is lost, for example as the machine slept: another process may have it. */
  readonly lost: AbortSignal;
  /** Keeps the entry. Resolves when it would survive the end of the process. Rejects when the claim is lost. */
  save(entry: OutboxEntry): Promise<void>;
  /** Forgets the entry: the thing was certainly not created. */
  remove(): Promise<void>;
  /** Ends the claim. What was saved stays. */
  release(): Promise<void>;
  /** What others create, or have created, that could be taken for this. */
  siblings(): Promise<OutboxSibling[]>;
}

/** Keeps what is under way, so that no end of a process loses an order or places it twice. `@imcloud/stores` has one. */
export interface Outbox {
  /** Waits until no other process has the claim, and takes it. */
  claim(key: OutboxKey, options?: { signal?: AbortSignal | undefined }): Promise<OutboxClaim>;
}
