import type { ImcloudClient } from "@imcloud/client";
import { SyncError } from "../database/database.ts";
import { isRecordOf } from "../store/state.ts";
import type { Internals } from "../store/store.ts";

/** Whose things the tables hold. Nothing of it is secret. */
interface Account {
  baseUrl: string;
  marketplace: string;
  /** The API user; `undefined` where a function gives the token. */
  username?: string | undefined;
}

const NAME = "account";
const isAccount = isRecordOf<Account>({ baseUrl: "string", marketplace: "string" });

/** The account of a client. A subscription key is no part of it: it is replaced from time to time, and shows the same. */
function accountOf({ account }: ImcloudClient): Account {
  const [baseUrl = "", marketplace = "", username] = JSON.parse(account) as string[];
  return { baseUrl, marketplace, username };
}

const textOf = ({ baseUrl, marketplace, username }: Account): string =>
  `marketplace ${marketplace} at ${baseUrl}${username === undefined ? "" : ` as ${username}`}`;

/** Whether two accounts can be one. Whose token a function gives, nobody knows. */
const isSame = (one: Account, other: Account): boolean =>
  one.baseUrl === other.baseUrl &&
  one.marketplace === other.marketplace &&
  (one.username === undefined || other.username === undefined || one.username === other.username);

/**
 * Writes down whose the tables are, the first time, and refuses another's client later: all that is kept would seem to have ended.
 * @param isAccepted the account may be another one: it has a new address or user, and is the same
 * @throws {@link SyncError} when the tables are another's
 */
export async function claimAccount(store: Internals, client: ImcloudClient, isAccepted: boolean): Promise<void> {
  const mine = accountOf(client);
  await store.transaction(async ({ state }) => {
    const kept = await state.read(NAME, isAccount);
    if (kept && !isAccepted && !isSame(kept, mine)) {
      throw new SyncError(
        `These tables belong to ${textOf(kept)}, and the client belongs to ${textOf(mine)}. Use separate tables for each account. If it is the same account under another name, accept "account" once.`,
      );
    }
    const isKnown = kept && isSame(kept, mine) && (kept.username !== undefined || mine.username === undefined);
    if (!isKnown) await state.write(NAME, mine);
  });
}
