/** A body together with the response that brought it. */
export interface WithResponse<T> {
  data: T;
  /** Status and headers. The body has been read already and is in `data`. */
  response: Response;
}

/** A promise for the body of an answer, which can also give the whole response. */
export class ApiPromise<T> extends Promise<T> {
  readonly #outcome: () => Promise<WithResponse<T>>;
  #started: Promise<WithResponse<T>> | undefined;

  /** Promises derived from this one are plain ones. */
  static override get [Symbol.species]() {
    return Promise;
  }

  /** @param outcome asked for once, when somebody first waits */
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

  /** The body with the response's status and headers, for example the correlation id. Rejects as the call does. */
  withResponse(): Promise<WithResponse<T>> {
    this.#started ??= this.#outcome();
    return this.#started;
  }
}
