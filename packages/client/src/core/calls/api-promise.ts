/** A body together with the response that brought it. */
export interface WithResponse<T> {
  data: T;
  /** Status and headers. The body has been read already and is in `data`. */
  response: Response;
}

/** A promise for the body of a response, which can also give the whole response. */
export interface ApiPromise<T> extends Promise<T> {
  /** The body with the response's status and headers, for example the correlation id. Rejects as the call does. */
  withResponse(): Promise<WithResponse<T>>;
}

/** An {@link ApiPromise} that starts its call when it is first awaited. */
export class CallPromise<T> extends Promise<T> implements ApiPromise<T> {
  readonly #outcome: () => Promise<WithResponse<T>>;
  #started: Promise<WithResponse<T>> | undefined;

  /** Promises derived from this one are plain ones. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /** @param outcome called once */
  constructor(outcome: () => Promise<WithResponse<T>>) {
    // The outcome is the only state: a second promise that nobody waits for would report a rejection of its own.
    super(() => {});
    this.#outcome = outcome;
  }

  // biome-ignore lint/suspicious/noThenProperty: this is a promise.
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.withResponse().then(
      ({ data }) => (onFulfilled ? onFulfilled(data) : (data as unknown as A)),
      onRejected,
    );
  }

  // Not inherited: in zone.js, which Angular uses, neither goes through `then`.
  override catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, onRejected);
  }

  override finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then<T>().finally(onFinally);
  }

  withResponse(): Promise<WithResponse<T>> {
    this.#started ??= this.#outcome();
    return this.#started;
  }
}
