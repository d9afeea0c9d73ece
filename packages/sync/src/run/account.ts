import type { ImcloudClient } from "@imcloud/client";
import { SyncError } from "../database/database.ts";
import { isRecordOf } from "../store/state.ts";
import type { Internals } from "../store/store.ts";

/** The account whose data the tables hold. It contains no secret. */
interface Account {
  baseUrl: string;
  marketplace: string;
  /** The API user; `undefined` when a function supplies the token. */
  username?: string | undefined;
}

const NAME = "account";
const isAccount = isRecordOf<Account>({ baseUrl: "string", marketplace: "string" });

/** The account of a client. The subscription key does not belong to it: it is replaced from time to time, for the same account. */
function accountOf({ account }: ImcloudClient): Account {
  const [baseUrl = "", marketplace = "", username] = JSON.parse(account) as string[];
  return { baseUrl, marketplace, username };
}

const textOf = ({ baseUrl, marketplace, username }: Account): string =>
  `marketplace ${marketplace} at ${baseUrl}${username === undefined ? "" : ` as ${username}`}`;

/** Whether two accounts can be the same. The account of a token from a function is unknown, so it matches any. */
const isSame = (one: Account, other: Account): boolean =>
  one.baseUrl === other.baseUrl &&
  one.marketplace === other.marketplace &&
  (one.username === undefined || other.username === undefined || one.username === other.username);

/**
 * Stores the account of the tables the first time, and refuses a client of another account later, as every kept row would seem to be gone.
 * @param isAccepted accept a different base URL or user, as the caller says that it is the same account
 * @throws {@link SyncError} when the tables belong to another account
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
