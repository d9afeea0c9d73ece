import { BadRequestError, type ImcloudClient, NotFoundError, PermissionError } from "@imcloud/client";

const MOST = 5_000;
const CONCURRENCY = 4;

/** By which the API says that there is no such customer, or none for this account. */
const GONE = [NotFoundError, PermissionError, BadRequestError];

/** Names of customers, each asked for once: rows of orders and subscriptions have only their ids. */
export class CustomerNames {
  readonly #imcloud: ImcloudClient;
  readonly #names = new Map<string, string | undefined>();

  constructor(imcloud: ImcloudClient) {
    this.#imcloud = imcloud;
  }

  /** The names by the ids; one that is gone, or not to be seen, has none. */
  async of(ids: Iterable<string>, signal: AbortSignal): Promise<ReadonlyMap<string, string | undefined>> {
    const wanted = [...new Set(ids)];
    const missing = wanted.filter((id) => !this.#names.has(id)).values();
    const work = async () => {
      for (const id of missing) await this.#read(id, signal);
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    return new Map(wanted.map((id) => [id, this.#names.get(id)]));
  }

  async #read(id: string, signal: AbortSignal): Promise<void> {
    const name = await this.#imcloud.customers
      .get(id, { signal })
      .then((customer) => customer.name)
      .catch((error: unknown) => {
        if (GONE.some((kind) => error instanceof kind)) return undefined;
        throw error;
      });
    if (this.#names.size >= MOST) this.#names.clear();
    this.#names.set(id, name);
  }
}
