import { type ApiResponse, gatewayError } from "../messages/responses.ts";

/** The gateway's limits of calls. */
export interface LimitOptions {
  /**
   * Calls in any 60 seconds of the mock's clock.
   * @defaultValue no limit
   */
  rateLimit?: number;
  /**
   * Calls in any 24 hours of the mock's clock.
   * @defaultValue no limit
   */
  dailyQuota?: number;
}

/** A sliding window of calls. */
class Window {
  readonly #length: number;
  readonly #most: number;
  #times: number[] = [];

  constructor(length: number, most: number) {
    this.#length = length;
    this.#most = most;
  }

  /** Seconds until a call is allowed; 0 when it is. */
  wait(now: number): number {
    const first = this.#times.findIndex((time) => time > now - this.#length && time <= now);
    if (first !== 0) this.#times = first < 0 ? [] : this.#times.slice(first);
    const [oldest] = this.#times;
    if (this.#times.length < this.#most || oldest === undefined) return 0;
    return Math.max(1, Math.ceil((oldest + this.#length - now) / 1000));
  }

  add(now: number): void {
    this.#times.push(now);
  }
}

const MINUTE = 60_000;
const DAY = 86_400_000;

export const rateLimited = (seconds: number | false): ApiResponse =>
  gatewayError(
    429,
    `Rate limit is exceeded. ${seconds === false ? "Try again later." : `Try again in ${seconds} seconds.`}`,
    seconds === false ? undefined : { "retry-after": String(seconds) },
  );

export const quotaExceeded = (seconds: number): ApiResponse =>
  gatewayError(403, "The daily quota of calls is used up.", { "retry-after": String(seconds) });

/** The limits of the gateway. Refused calls do not count. */
export class Limits {
  readonly #options: LimitOptions;
  #minute: Window | undefined;
  #day: Window | undefined;

  constructor(options: LimitOptions) {
    this.#options = options;
    this.reset();
  }

  /** Forgets all counted calls. */
  reset(): void {
    const { rateLimit, dailyQuota } = this.#options;
    this.#minute = rateLimit === undefined ? undefined : new Window(MINUTE, rateLimit);
    this.#day = dailyQuota === undefined ? undefined : new Window(DAY, dailyQuota);
  }

  /** Counts a call at a time, or returns the error that refuses it. */
  check(now: number): ApiResponse | undefined {
    const day = this.#day?.wait(now) ?? 0;
    if (day) return quotaExceeded(day);
    const minute = this.#minute?.wait(now) ?? 0;
    if (minute) return rateLimited(minute);
    this.#minute?.add(now);
    this.#day?.add(now);
    return undefined;
  }
}
