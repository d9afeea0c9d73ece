import { BadRequestError, type ImcloudClient, NotFoundError, PermissionError } from "@imcloud/client";

/** The most cached names. */
const MAX_NAMES = 20_000;
const CONCURRENCY = 4;
/** The number of names from which the list of customers is read instead of each customer. */
const MANY = 4;
/** The most rows of the list to read. */
const MAX_ROWS = 2_000;

/** Errors for a customer that does not exist or is not visible. */
const GONE = [NotFoundError, PermissionError, BadRequestError];

/** A cache of customers' names, as rows of orders and subscriptions have only their ids. */
export class CustomerNames {
  readonly #imcloud: ImcloudClient;
  readonly #names = new Map<string, string | undefined>();

  constructor(imcloud: ImcloudClient) {
    this.#imcloud = imcloud;
  }

  /** The names by id; `undefined` for a customer that is gone or not visible. */
  async of(ids: Iterable<string>, signal: AbortSignal): Promise<ReadonlyMap<string, string | undefined>> {
    const wanted = [...new Set(ids)];
    if (this.#names.size > MAX_NAMES) this.#names.clear();
    if (this.#missing(wanted).length >= MANY) await this.#readList(wanted, signal);
    const missing = this.#missing(wanted).values();
    const work = async () => {
      for (const id of missing) await this.#read(id, signal);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return new Map(wanted.map((id) => [id, this.#names.get(id)]));
  }

  #missing(ids: readonly string[]): string[] {
    return ids.filter((id) => !this.#names.has(id));
  }

  /** Reads the list of customers until all wanted names are found. */
  async #readList(wanted: readonly string[], signal: AbortSignal): Promise<void> {
    const left = new Set(this.#missing(wanted));
    let rows = 0;
    for await (const { id, name } of this.#imcloud.customers.list({}, { signal })) {
      this.#names.set(id, name);
      left.delete(id);
      if (left.size === 0 || ++rows >= MAX_ROWS) return;
    }
  }

  async #read(id: string, signal: AbortSignal): Promise<void> {
    const name = await this.#imcloud.customers
      .get(id, { signal })
      .then((customer) => customer.name)
      .catch((error: unknown) => {
        if (GONE.some((kind) => error instanceof kind)) return undefined;
        throw error;
      });
    this.#names.set(id, name);
  }
}
