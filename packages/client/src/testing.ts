import { vi } from "vitest";
import { type ClientOptions, createClient } from "./index.ts";

/** A JSON response. */
export const json = (body: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(body), { ...init, headers: { "content-type": "application/json", ...init.headers } });

/** An error in the application's own format, as documented. */
export const applicationError = (message: string, status = 500) => ({
  ...{ timeStamp: "2026-02-22T07:45:08.223+00:00", status, message, path: "/orders" },
  correlationId: "a8n-00000000-0000-4000-8000-000000000001",
});

/** A client whose API is a function, and the calls that reached it, without sign-ins. */
export function apiOf(
  respond: (request: Request, count: number) => Response | Promise<Response>,
  options: Partial<ClientOptions> = {},
) {
  const calls: Request[] = [];
  let signIns = 0;
  const imcloud = createClient({
    baseUrl: "https://api.example/marketplace",
    marketplace: "se",
    auth: { username: "demo.api", password: "demo-password" },
    subscriptionKey: "demo-key",
    ...options,
    fetch: async (request) => {
      if (request.url.endsWith("/token")) {
        signIns += 1;
        return json({ token: "demo-token", expiresInSeconds: 1500 });
      }
      calls.push(request.clone());
      return respond(request, calls.length);
    },
  });
  return { imcloud, calls, signIns: () => signIns };
}

/** The error that something rejects with. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error("It did not fail.");
    },
    (error: unknown) => error,
  );

/** Awaits a promise under fake timers while time passes as fast as possible. */
export async function inTime<T>(promise: PromiseLike<T>): Promise<T> {
  let isSettled = false;
  const settle = () => {
    isSettled = true;
  };
  const watched = Promise.resolve(promise);
  watched.then(settle, settle);
  while (!isSettled) await vi.advanceTimersByTimeAsync(500);
  return watched;
}
