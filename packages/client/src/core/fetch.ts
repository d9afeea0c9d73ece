/** How the platform is asked to send: {@link globalThis.fetch}, by URL. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A caller's own `fetch`. */
export type CustomFetch = (request: Request) => Promise<Response>;

/** Keeps each request as long as its response: the platform lets go of one whose body is still coming, and its signal with it. */
export function retainRequest(fetch: CustomFetch): CustomFetch {
  const requests = new WeakMap<Response, Request>();
  return async (request) => {
    const response = await fetch(request);
    requests.set(response, request);
    return response;
  };
}

/** The platform's `fetch`, or a caller's own called like it. The platform makes its request itself, which is one less for a call. */
export function createFetch(customFetch: CustomFetch | undefined): Fetch {
  // Called as a function of its own: a browser's refuses to run as a method of another object.
  if (!customFetch) return (url, init) => globalThis.fetch(url, init);
  const retaining = retainRequest(customFetch);
  return async (url, init) => retaining(new Request(url, init));
}
