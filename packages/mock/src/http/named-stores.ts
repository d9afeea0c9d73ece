import type { IncomingMessage } from "node:http";
import { DomainError, invalid } from "../core/domain/errors.ts";

const HEADER = "x-mock-world";
const PREFIX = /^\/w\/([^/?#]+)(?=[/?#]|$)/;
const NAME = /^[\w.-]{1,64}$/;
/** As many as any test run has workers at a time. */
const MAX_STORES = 256;
/** Milliseconds after which an idle store can be evicted for another: a test run that names one for each test does not drop any. */
const IDLE = 60_000;

// Taken when this module is loaded, so that a test with fake timers does not keep stores from being evicted.
const { performance: timer } = globalThis;
const elapsed = timer.now.bind(timer);

/** The path below which a store's API, files and control are. */
export const prefixOf = (name: string): string => `/w/${name}`;

/**
 * Takes the name of a store off a request: from its header, or from the beginning of its path, which it then has no more.
 * @returns `undefined` for a request to the mock itself
 */
export function takeStoreName(request: IncomingMessage): string | undefined {
  const target = request.url ?? "/";
  const inPath = PREFIX.exec(target);
  if (inPath) {
    const rest = target.slice(inPath[0].length);
    request.url = rest.startsWith("/") ? rest : `/${rest}`;
    return inPath[1];
  }
  const header = request.headers[HEADER];
  return typeof header === "string" && header !== "" ? header : undefined;
}

/** How named stores are made, and what is called when they end. */
export interface NamedStoresOptions<Served> {
  /** What is served without a name. */
  main: Served;
  make: (name: string) => Promise<Served>;
  /** Frees what a store holds. */
  drop: (served: Served) => void;
  /** Called with the name of a store that was evicted. */
  onIdle: (name: string) => void;
  /**
   * Milliseconds that go on.
   * @defaultValue those of the process
   */
  now?: () => number;
}

interface Named<Served> {
  served: Promise<Served>;
  calledAt: number;
}

/** The named stores of one server, each made when it is first named, so that parallel tests share nothing. `Served` is what is served of one. */
export class NamedStores<Served> {
  readonly #options: NamedStoresOptions<Served>;
  readonly #now: () => number;
  /** The least recently called first. */
  readonly #named = new Map<string, Named<Served>>();

  constructor(options: NamedStoresOptions<Served>) {
    this.#options = options;
    this.#now = options.now ?? elapsed;
  }

  /** Whether a store has been made. */
  has(name: string): boolean {
    return this.#named.has(name);
  }

  /** @throws {@link DomainError} for an invalid name, and for more stores than there can be */
  of(name: string | undefined): Served | Promise<Served> {
    if (name === undefined) return this.#options.main;
    const known = this.#named.get(name);
    if (!known) return this.#add(name);
    known.calledAt = this.#now();
    this.#named.delete(name);
    this.#named.set(name, known);
    return known.served;
  }

  #add(name: string): Promise<Served> {
    if (!NAME.test(name)) invalid("The name of a store has up to 64 letters, digits, dots and dashes");
    if (this.#named.size >= MAX_STORES) this.#dropIdle();
    const served = this.#options.make(name);
    this.#named.set(name, { served, calledAt: this.#now() });
    // A store that could not be made is made again by the next call.
    served.catch(() => this.#named.delete(name));
    return served;
  }

  /** Evicts the least recently called store. */
  #dropIdle(): void {
    for (const [name, { calledAt }] of this.#named) {
      if (this.#now() - calledAt < IDLE) break;
      this.delete(name);
      this.#options.onIdle(name);
      return;
    }
    const why = `There are ${MAX_STORES} stores, and each was called in the last ${IDLE / 1000} seconds`;
    throw new DomainError(507, `${why}; drop one with DELETE ${prefixOf("<name>")}, or use fewer`);
  }

  /** Drops a store; when it is named again, a new one is made. */
  delete(name: string): void {
    const named = this.#named.get(name);
    this.#named.delete(name);
    named?.served.then(this.#options.drop, () => {});
  }
}
