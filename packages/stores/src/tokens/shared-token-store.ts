import { AuthenticationError, type StoredToken, type TokenStore } from "@imcloud/client";
import { isHeldAt, type Lease, LeaseWatch } from "../records/lease.ts";
import { pause, type Records, update } from "../records/records.ts";

/** A sign-in that the API refused, as other processes have to know it. */
interface RefusedSignIn {
  message: string;
  status: number;
  correlationId?: string | undefined;
  /** By the engine's clock, in milliseconds. */
  until: number;
}

/** A sign-in that is under way, under the names that earlier versions know. */
interface SignIn extends Omit<Lease, "owner"> {
  by: string;
}

/** What all that share a user know of its token. It is kept as JSON. */
interface Kept {
  token?: StoredToken | undefined;
  /** Until when the token is good, by the clock that its end was told by, in milliseconds. */
  goodUntil?: number | undefined;
  /** Who signs in now, and until when that is waited for. */
  signingIn?: SignIn | undefined;
  refused?: RefusedSignIn | undefined;
}

/** What a process that needs a token has to do. */
type Turn = { token: StoredToken } | { refused: RefusedSignIn } | { wait: true } | { signIn: true };

const COLLECTION = "tokens";
/** Milliseconds between two checks whether another process has signed in. */
const LOOK_EVERY = 100;
/** Milliseconds before it expires at which a token is not good any more; of one that lives shorter, half its life. */
const MARGIN = 60_000;

const goodUntil = ({ expiresAt }: StoredToken): number => expiresAt - Math.min(MARGIN, (expiresAt - Date.now()) / 2);

const toError = ({ message, status, correlationId }: RefusedSignIn): AuthenticationError =>
  new AuthenticationError(
    `${message.replace(/^\d+ /, "")} Another process was told so; it is not tried again for a minute.`,
    {
      ...{ status, correlationId, operation: "token_get", method: "POST", path: "/token" },
      ...{ body: undefined, headers: new Headers(), retryAfter: undefined },
    },
  );

/** How long things last, in milliseconds. */
interface Times {
  /** A refused sign-in is not tried again. */
  holdRefusal: number;
  /** A sign-in of another process is waited for. It may have ended in the middle of it. */
  lease: number;
}

/** Keeps tokens for all processes, each for whom it is. One of them signs in at a time, and a refusal counts for all. */
export class SharedTokenStore implements TokenStore {
  readonly #records: Records;
  readonly #times: Times;

  constructor(records: Records, times: Times) {
    this.#records = records;
    this.#times = times;
  }

  async get(owner: string): Promise<StoredToken | undefined> {
    const { value, version } = await this.#records.read(COLLECTION, owner);
    return version ? (JSON.parse(value) as Kept).token : undefined;
  }

  set(token: StoredToken): Promise<void> {
    return this.#change(token.owner, (kept) => ({ ...kept, token, goodUntil: goodUntil(token), refused: undefined }));
  }

  /**
   * Signs in for all: when another process does it already, waits for what comes of it.
   * @param except a token that the API refused
   * @throws {@link AuthenticationError} when the API refused the sign-in of any process within the last minute
   */
  async signInOnce(owner: string, signIn: () => Promise<StoredToken>, except?: string): Promise<StoredToken> {
    const me = crypto.randomUUID();
    const watch = new LeaseWatch();
    for (;;) {
      const turn = await this.#turn(owner, me, watch, except);
      if ("token" in turn) return turn.token;
      if ("refused" in turn) throw toError(turn.refused);
      if ("signIn" in turn) return this.#signIn(owner, me, signIn);
      await pause(LOOK_EVERY);
    }
  }

  #turn(owner: string, me: string, watch: LeaseWatch, except: string | undefined): Promise<Turn> {
    const { lease, holdRefusal } = this.#times;
    return update<Kept, Turn>(this.#records, COLLECTION, owner, (kept = {}, now) => {
      const { token, goodUntil: until, refused, signingIn } = kept;
      // By the clock that the token's end was told by: the client's.
      if (token && token.token !== except && (until ?? token.expiresAt - MARGIN) > Date.now())
        return { value: kept, result: { token } };
      if (refused && isHeldAt({ until: refused.until, length: holdRefusal }, now))
        return { value: kept, result: { refused } };
      if (signingIn && !watch.isOver({ owner: signingIn.by, ...signingIn }, now)) {
        return { value: kept, result: { wait: true } };
      }
      return { value: { ...kept, signingIn: { by: me, until: now + lease, length: lease } }, result: { signIn: true } };
    });
  }

  async #signIn(owner: string, me: string, signIn: () => Promise<StoredToken>): Promise<StoredToken> {
    const done = ({ signingIn, ...kept }: Kept): Kept => (signingIn?.by === me ? kept : { ...kept, signingIn });
    let token: StoredToken;
    try {
      token = await signIn();
    } catch (error) {
      // The result of the sign-in matters more than that it could not be saved.
      await this.#change(owner, (kept, now) => ({ ...done(kept), ...this.#refusalOf(error, now) })).catch(() => {});
      throw error;
    }
    const until = goodUntil(token);
    await this.#change(owner, (kept) => ({ ...done(kept), token, goodUntil: until, refused: undefined }));
    return token;
  }

  #refusalOf(error: unknown, now: number): Pick<Kept, "refused"> {
    if (!(error instanceof AuthenticationError)) return {};
    const { message, status, correlationId } = error;
    return { refused: { message, status, correlationId, until: now + this.#times.holdRefusal } };
  }

  #change(owner: string, to: (kept: Kept, now: number) => Kept): Promise<void> {
    return update<Kept, void>(this.#records, COLLECTION, owner, (kept = {}, now) => ({
      value: to(kept, now),
      result: undefined,
    }));
  }
}
