import { followed as following } from "../core/abort.ts";
import { checkOptions } from "../core/check.ts";
import { MarketplaceError, UnknownOutcomeError } from "../core/errors.ts";
import { CREATE_ONCE_RULES, type CreateOnceCall, type CreateOnceOptions, createOnce } from "./create-once.ts";
import type { Outbox, OutboxEntry, OutboxKey } from "./outbox.ts";
import type { Search } from "./reconcile.ts";

const LOST = "The process that sent it ended before it was known what became of it.";

const doubtOf = ({ operation, path }: CreateOnceCall, { body, sentAt }: OutboxEntry) =>
  new UnknownOutcomeError({
    ...{ operation, method: "POST", path, body },
    sentAt: new Date(sentAt),
    cause: new MarketplaceError(LOST),
  });

/**
 * Creates a thing once, whatever becomes of the process: what is sent is kept before it leaves, and what became of it after. The same
 * again gives what was created, also in another process and after a crash.
 * @param create sends it, under a signal that also ends when the claim is lost
 * @param get reads what an earlier call has created
 * @param isOpen whether it was not found out what became of it
 * @throws {@link MarketplaceError} when something else was sent by the same number
 * @throws {@link UnknownOutcomeError} and all else that `createOnce` throws, and what the outbox throws when it cannot keep what is to be sent
 */
export async function createThroughOutbox<Row extends { id?: unknown }, Thing extends { id?: unknown }>(
  outbox: Outbox,
  call: CreateOnceCall & OutboxKey & { body: object },
  options: CreateOnceOptions,
  parts: {
    search(options: CreateOnceOptions): Search<Row, Thing>;
    create(options: CreateOnceOptions): Promise<Thing>;
    get(id: string): PromiseLike<Thing>;
    isOpen(): boolean;
  },
): Promise<Thing> {
  checkOptions(CREATE_ONCE_RULES, options, "createOnce");
  const { account, operation, scope, text, body } = call;
  const { signal, follow, unfollow } = following(options.signal);
  const claim = await outbox.claim({ account, operation, scope, text }, { signal }).catch((error: unknown) => {
    unfollow();
    throw error;
  });
  try {
    follow(claim.lost);
    const followed = { ...options, signal };
    const search = parts.search(followed);
    search.join(claim);
    const { entry } = claim;
    if (entry?.id !== undefined) {
      if (entry.content === search.content) return await parts.get(entry.id);
      throw new MarketplaceError(`Something else was created with "${text}" before: it is ${entry.id}.`);
    }
    if (entry) search.restore(entry, doubtOf(call, entry));
    const toEntry = (): OutboxEntry => ({ body, ...search.toJSON(), sentAt: new Date().toISOString() });
    const send = async () => {
      await claim.save(toEntry());
      return parts.create(followed);
    };
    let thing: Thing;
    try {
      thing = await createOnce(send, search, call, followed);
    } catch (error) {
      // What an earlier process has sent may still appear, whatever became of sending it again.
      // What the API has said is worth more than that it could not be forgotten.
      if (!entry && !parts.isOpen() && !claim.lost.aborted) await claim.remove().catch(() => {});
      throw error;
    }
    // What is not noted now is found by the next who looks.
    await claim.save({ ...toEntry(), id: String(thing.id) }).catch(() => {});
    return thing;
  } finally {
    unfollow();
    await claim.release().catch(() => {});
  }
}
