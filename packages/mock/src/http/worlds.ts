import type { IncomingMessage } from "node:http";

const HEADER = "x-mock-world";
const PREFIX = /^\/w\/([^/?#]+)(?=[/?#]|$)/;
const NAME = /^[\w.-]{1,64}$/;
/** As many as any test run has workers; more are made by mistake. */
const MAX_WORLDS = 256;

/** The path below which a world's API, files and control are. */
export const prefixOf = (name: string): string => `/w/${name}`;

/**
 * Takes the name of a world off a request: from its header, or from the beginning of its path, which it then has no more.
 * @returns `undefined` for a request to the mock itself
 */
export function takeWorldName(request: IncomingMessage): string | undefined {
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

/** The worlds of one server, each with a store of its own that is made when it is first named, so that parallel tests share nothing. */
export class Worlds<World> {
  readonly #make: (name: string) => Promise<World>;
  readonly #main: World;
  readonly #named = new Map<string, Promise<World>>();

  constructor(main: World, make: (name: string) => Promise<World>) {
    this.#main = main;
    this.#make = make;
  }

  /** @throws TypeError for a name that is none, and for more worlds than there can be */
  of(name: string | undefined): World | Promise<World> {
    if (name === undefined) return this.#main;
    const known = this.#named.get(name);
    if (known) return known;
    if (!NAME.test(name)) throw new TypeError("The name of a world has up to 64 letters, digits, dots and dashes.");
    if (this.#named.size >= MAX_WORLDS) {
      throw new TypeError(`There are ${MAX_WORLDS} worlds; drop one with DELETE ${prefixOf("<name>")}.`);
    }
    const made = this.#make(name);
    this.#named.set(name, made);
    return made;
  }

  /** Forgets a world; when it is named again, it is made anew. */
  delete(name: string): void {
    this.#named.delete(name);
  }
}
