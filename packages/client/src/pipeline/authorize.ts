import { type Auth, type Credentials, TOKEN_PATH } from "../auth/auth.ts";
import type { TokenSource } from "../auth/token.ts";
import { retryAfter } from "../errors/api-error.ts";
import { TimeoutError } from "../errors/errors.ts";
import type { Permit, RateLimiter } from "./rate-limit.ts";
import type { Answer, Outgoing, Send } from "./send.ts";
import { within } from "./time.ts";
import { timeLeft } from "./transport.ts";

/** A place under the limit for a call: first in the queue when it was sent before, and no later than its retries end. */
function acquire(limiter: RateLimiter, call: Outgoing, isFirst: boolean): Promise<Permit> {
  const { giveUpAt, signal: outer } = call;
  let pending: Promise<Permit> | undefined;
  const late = () => new TimeoutError(`The ${call.method} call waited too long.`);
  const take = (signal?: AbortSignal) => {
    pending = limiter.acquire({ call, signal, isFirst: isFirst || call.attempt > 0 });
    return pending;
  };
  // Most calls have nothing that could end their wait.
  if (!giveUpAt && !outer) return take();
  return within(giveUpAt ? Math.max(1, timeLeft(call)) : 0, outer, late, take).catch((error) => {
    // It may have been granted at the same moment.
    pending?.then(
      (permit) => permit.giveBack(),
      () => {},
    );
    throw error;
  });
}

/** Milliseconds after which a token is looked at again; one that lives for moments must do for those. */
const LONG_WAIT = 1_000;
/** Times that a call waits for a place anew because its token has ended; then it is sent, and repeated if the API refuses it. */
const MOST_TURNS = 20;

async function leave(send: Send, call: Outgoing, permit: Permit): Promise<Answer> {
  call.attempt += 1;
  call.sentAt = Date.now();
  let answer: Answer | undefined;
  try {
    answer = await send(call);
    return answer;
  } finally {
    const { status, headers } = answer?.response ?? {};
    permit.done(status && headers ? { status, retryAfter: retryAfter(headers) } : undefined);
  }
}

/** Sends a call without a token of ours inside the limit, before those that wait for one. */
export const withRateLimit =
  (send: Send, limiter: RateLimiter): Send =>
  async (call) => {
    call.sentAt = undefined;
    return leave(send, call, await acquire(limiter, call, true));
  };

/**
 * Sends each call with a token inside the limit. When the API refuses the token, signs in once more and repeats the call once; the
 * refusal came before the call was accepted, so a write is not done twice.
 */
export function withToken(send: Send, tokens: TokenSource, limiter: RateLimiter): Send {
  async function once(call: Outgoing): Promise<[answer: Answer, token: string]> {
    call.sentAt = undefined;
    let token: string;
    let permit: Permit;
    for (let turn = 1; ; turn++) {
      // The token comes first: a sign-in needs a place under the limit too, and those who hold all of them would wait for it.
      token = await (call.signal ? within(0, call.signal, () => {}, tokens.get) : tokens.get());
      const asked = performance.now();
      permit = await acquire(limiter, call, turn > 1);
      const hasWaited = performance.now() - asked > LONG_WAIT;
      if (!hasWaited || turn === MOST_TURNS || tokens.isGood(token)) break;
      // The wait for the place was longer than the token's life.
      permit.giveBack();
    }
    call.headers.authorization = `Bearer ${token}`;
    return [await leave(send, call, permit), token];
  }

  return async (call) => {
    const [answer, token] = await once(call);
    if (answer.response.status !== 401) return answer;
    tokens.refuse(token);
    return (await once(call))[0];
  };
}

/** Sends a call with a token of ours, unless it has an authorization of its own. `/token` itself takes the credentials. */
export function withAuthorization(withOurToken: Send, asItIs: Send, auth: Auth): Send {
  async function withPassword(call: Outgoing, credentials: Credentials): Promise<Answer> {
    const { basic } = await import("../auth/password.ts");
    call.headers.authorization = basic(credentials);
    return asItIs(call);
  }
  return (call) => {
    if (call.headers.authorization) return asItIs(call);
    return "username" in auth && call.path === TOKEN_PATH ? withPassword(call, auth) : withOurToken(call);
  };
}
