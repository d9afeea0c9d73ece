import { MarketplaceError, type Outbox, type OutboxKey, type OutboxWait, TimeoutError } from "@imcloud/client";
import { followed } from "../followed.ts";
import type { OutboxClaim, OutboxClaims } from "./claims.ts";

/**
 * Takes a claim, for as long as its caller may wait. A claim that is granted too late is released.
 * @throws {@link TimeoutError} when it does not come in time
 */
async function take(claims: OutboxClaims, key: OutboxKey, { signal, timeout }: OutboxWait): Promise<OutboxClaim> {
  const late = new AbortController();
  const message = `Another process had "${key.text}" under way, and did not end within ${timeout} ms.`;
  const timer = timeout ? setTimeout(() => late.abort(new TimeoutError(message)), timeout) : undefined;
  const waiting = followed([signal, late.signal]);
  const taking = claims.claim(key, { signal: waiting.signal });
  try {
    return await Promise.race([
      taking,
      new Promise<never>((_, reject) => {
        const end = () => reject(waiting.signal.reason);
        if (waiting.signal.aborted) end();
        waiting.signal.addEventListener("abort", end);
      }),
    ]);
  } catch (error) {
    taking.then((claim) => claim.release()).catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
    waiting.unfollow();
  }
}

/**
 * Makes an outbox of what gives claims: {@link Store.outbox} is one over an engine. What is sent is kept before it leaves, and what became
 * of it after, so that the same again gives what was created, also in another process and after a crash.
 */
export const createOutbox = (claims: OutboxClaims): Outbox => ({
  /**
   * @throws {@link MarketplaceError} when something else was sent by the same number
   * @throws as `createOnce` of the client does, and as the claims do when what is to be sent cannot be kept
   */
  async createOnce(task, wait) {
    const { key, content, body } = task;
    const claim = await take(claims, key, wait);
    const { signal, unfollow } = followed([wait.signal, claim.lost]);
    let sentAt = "";
    let baseline: unknown;
    try {
      const { entry } = claim;
      if (entry?.id !== undefined) {
        if (entry.content === content) return await task.get(entry.id);
        throw new MarketplaceError(`Something else was created with "${key.text}" before: it is ${entry.id}.`);
      }
      const beforeSend = (sent: typeof entry & object) => {
        ({ sentAt, baseline } = sent);
        return claim.save(sent);
      };
      const create = () => task.create({ signal, earlier: entry, beforeSend, siblings: () => claim.siblings() });
      const thing = await create().catch(async (error: unknown) => {
        // What an earlier process has sent may still appear, whatever became of sending it again. The API's error matters more than that
        // the entry could not be removed.
        if (!entry && !task.isOpen() && !claim.lost.aborted) await claim.remove().catch(() => {});
        throw error;
      });
      // What is not saved now is found by the next search.
      const since = sentAt || entry?.sentAt || new Date().toISOString();
      await claim.save({ body, content, baseline, sentAt: since, id: String(thing.id) }).catch(() => {});
      return thing;
    } finally {
      unfollow();
      await claim.release().catch(() => {});
    }
  },

  async goOn(key, work, wait) {
    const claim = await take(claims, key, wait);
    const { entry } = claim;
    try {
      return await work({
        plan: entry?.body as never,
        keep: (plan, id) =>
          claim.save({
            body: plan,
            content: JSON.stringify(plan),
            sentAt: entry?.sentAt ?? new Date().toISOString(),
            ...(id !== undefined && { id }),
          }),
        forget: () => claim.remove(),
      });
    } finally {
      await claim.release().catch(() => {});
    }
  },
});
