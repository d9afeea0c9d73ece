import { MarketplaceError } from "../errors/errors.ts";

/** How the platform is asked to send: {@link globalThis.fetch}, by URL. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What the client asks a {@link CustomFetch} for, in types that other implementations of `fetch` have too. */
export interface CustomFetchInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal;
  redirect?: "manual" | "follow";
  credentials?: "omit";
}

/** What the client uses of a response, which can be of another class than the platform's. */
export interface CustomFetchResponse {
  readonly status: number;
  readonly statusText: string;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null; has(name: string): boolean };
  readonly body: unknown;
  text(): Promise<string>;
}

/**
 * A caller's own `fetch`. It gets a `Request`, and all of it once more as the second argument, for implementations that only know
 * requests of their own class, such as undici's: `(request, init) => fetch(request.url, { ...init, dispatcher })`.
 */
export type CustomFetch = (request: Request, init: CustomFetchInit) => Promise<CustomFetchResponse>;

/** Where a response keeps its request. */
const REQUEST = Symbol("request");

/** The last result of {@link takesSignals}, and the classes that it was for. */
let lastLook: { controller: typeof AbortController; takesSignals: boolean } | undefined;

/** Whether the platform's requests take the signals that are here. Those of jsdom and of React Native are of another make. */
export function takesSignals(): boolean {
  if (lastLook?.controller === AbortController) return lastLook.takesSignals;
  lastLook = { controller: AbortController, takesSignals: true };
  try {
    new Request("https://localhost/", { signal: new AbortController().signal });
  } catch {
    lastLook.takesSignals = false;
  }
  return lastLook.takesSignals;
}

/** What the platform takes. Where it takes no signal, calls still end on time, and their connection ends later. */
function takenInit(init: RequestInit): RequestInit {
  if (takesSignals()) return init;
  const { signal: _, ...taken } = init;
  return taken;
}

/**
 * A request, with its signal also where the platform's own takes none. Where the platform has no class of requests, as in Jest's
 * environment for jsdom, it has the same members.
 */
export function createRequest(url: string, init: RequestInit = {}): Request {
  if (!globalThis.Request) return { ...init, url } as Request;
  const taken = takenInit(init);
  const request = new Request(url, taken);
  return taken === init ? request : Object.defineProperty(request, "signal", { value: init.signal });
}

/** A request whose text is its URL, which is all that implementations with a class of their own read of it. */
const textualRequest = (url: string, init: RequestInit): Request =>
  Object.defineProperty(createRequest(url, init), "toString", { value: () => url });

/** The failure for what is no response: the request has left. */
export const noResponse = (): Error => Object.assign(new Error(), { code: "fetch gave no Response" });

/** Whether something has what is used of a response, whatever its class. */
export const isResponse = (value: Partial<Response> | null | undefined): boolean =>
  Number.isInteger(value?.status) && typeof value?.headers?.get === "function";

/** Statuses whose responses have no body. */
const BODILESS = [101, 204, 205, 304];

/** Headers of a response that are used. */
const USED_HEADERS = ["content-type", "date", "retry-after", "x-correlation-id"];

/** A copy of headers; of those of a custom fetch that can only be asked by name, what is used of them. */
export function copyHeaders(headers: CustomFetchResponse["headers"]): Headers {
  if (Symbol.iterator in headers) return new Headers(headers as Headers);
  return new Headers(
    USED_HEADERS.flatMap((name) => {
      const value = headers.get(name);
      return value ? [[name, value]] : [];
    }) as [string, string][],
  );
}

/** Characters that a status in words cannot have (RFC 9112 §4). What a platform reads of one in another encoding has others too. */
const NOT_IN_STATUS = /[^\t -~\x80-\xff]/g;

/** What a response is made of besides its body. */
type ResponseHead = Pick<Response, "status" | "statusText" | "headers" | "ok">;

/**
 * A response of the platform's class, where it has one that can have this status: a redirect that a browser hides has status 0, and a
 * custom fetch gives any. Jest's environment for jsdom has no class of responses.
 */
export function createResponse(text: string, { status, statusText, headers, ok }: ResponseHead): Response {
  if (globalThis.Response && status > 199 && status < 600)
    return new Response(BODILESS.includes(status) ? null : text, {
      status,
      statusText: statusText?.replace(NOT_IN_STATUS, "?"),
      headers: copyHeaders(headers),
    });
  return { status, statusText, headers, ok, text: async () => text, json: async () => JSON.parse(text) } as Response;
}

/** The platform's `fetch`, or a custom one that is called in the same way. */
export function createFetch(customFetch: CustomFetch | undefined): Fetch {
  // Called as a function of its own: a browser's refuses to run as a method of another object.
  if (!customFetch) {
    return (url, init) => {
      if (globalThis.fetch) return globalThis.fetch(url, takenInit(init));
      throw new MarketplaceError("There is no fetch on this platform: give one as the fetch option of the client.");
    };
  }
  return async (url, init) => {
    const request = textualRequest(url, init);
    const response = (await customFetch(request, init as CustomFetchInit)) as Response;
    if (!isResponse(response)) throw noResponse();
    // The platform lets go of a request whose response is still coming, and its signal with it. Not a WeakMap, which garbage collection
    // goes through for each of its entries.
    Reflect.defineProperty(response, REQUEST, { value: request });
    return response;
  };
}
