import type { IncomingMessage } from "node:http";

const HEADER = "x-mock-world";
const PREFIX = /^\/w\/([^/?#]+)(?=[/?#]|$)/;
const NAME = /^[\w.-]{1,64}$/;
/** As many as any test run has workers; more are made by mistake. */
const MAX_STORES = 256;

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

/** The named stores of one server, each made when it is first named, so that parallel tests share nothing. `Served` is what is served of one. */
export class NamedStores<Served> {
  readonly #make: (name: string) => Promise<Served>;
  readonly #main: Served;
  readonly #named = new Map<string, Promise<Served>>();

  constructor(main: Served, make: (name: string) => Promise<Served>) {
    this.#main = main;
    this.#make = make;
  }

  /** Whether a store has been made. */
  has(name: string): boolean {
    return this.#named.has(name);
  }

  /** @throws {@link TypeError} for a name that is none, and for more stores than there can be */
  of(name: string | undefined): Served | Promise<Served> {
    if (name === undefined) return this.#main;
    const known = this.#named.get(name);
    if (known) return known;
    if (!NAME.test(name)) throw new TypeError("The name of a store has up to 64 letters, digits, dots and dashes.");
    if (this.#named.size >= MAX_STORES) {
      throw new TypeError(`There are ${MAX_STORES} stores; drop one with DELETE ${prefixOf("<name>")}.`);
    }
    const made = this.#make(name);
    this.#named.set(name, made);
    return made;
  }

  /** Forgets a store; when it is named again, it is made anew. */
  delete(name: string): void {
    this.#named.delete(name);
  }
}
