import { describe, expect, test, vi } from "vitest";
import { AuthenticationError, type ClientOptions, createClient } from "../index.ts";
import { failureOf, json } from "../testing.ts";

const REALM = "https://brand.example/auth/realms/realm/protocol/openid-connect/token";
const oauth2 = { url: REALM, username: "demo.api", password: "demo-password", clientId: "psa", clientSecret: "hush" };

/** A client that signs in as told, and all requests that left it. */
function clientOf(options: Partial<ClientOptions>, respond: (request: Request) => Response | Promise<Response>) {
  const requests: Request[] = [];
  const imcloud = createClient({
    baseUrl: "https://api.example/marketplace",
    marketplace: "se",
    auth: { oauth2 },
    subscriptionKey: "demo-key",
    retry: { limit: 2, minDelay: 1 },
    ...options,
    fetch: async (request) => {
      requests.push(request.clone());
      return respond(request);
    },
  });
  return { imcloud, requests };
}

describe("auth.oauth2", () => {
  const granting = (request: Request) =>
    request.url === REALM ? json({ access_token: "realm-token", expires_in: 300 }) : json({ id: "1" });

  test("gets a token by the password grant, and calls carry it with the key", async () => {
    const { imcloud, requests } = clientOf({}, granting);
    await imcloud.customers.get("1");
    const [signIn, call] = requests;
    expect(signIn?.method).toBe("POST");
    expect(signIn?.headers.get("content-type")).toBe("application/x-www-form-urlencoded");
    expect(Object.fromEntries(new URLSearchParams(await signIn?.text()))).toEqual({
      grant_type: "password",
      username: "demo.api",
      password: "demo-password",
      client_id: "psa",
      client_secret: "hush",
      scope: "openid",
    });
    expect(call?.headers.get("authorization")).toBe("Bearer realm-token");
    expect(call?.headers.get("x-subscription-key")).toBe("demo-key");
  });

  test("sends none of the API's headers to the realm", async () => {
    const { imcloud, requests } = clientOf({ clientId: "product" }, granting);
    await imcloud.customers.get("1");
    for (const name of ["x-subscription-key", "x-client-id", "authorization"]) {
      expect(requests[0]?.headers.has(name)).toBe(false);
    }
  });

  test("throws AuthenticationError when the realm refuses, by 400 as by 401, and is not repeated", async () => {
    for (const [status, error] of [
      [400, "invalid_grant"],
      [401, "invalid_client"],
    ] as const) {
      const { imcloud, requests } = clientOf({}, () =>
        json({ error, error_description: "Wrong password" }, { status }),
      );
      const failure = await failureOf(imcloud.customers.get("1"));
      expect(failure).toBeInstanceOf(AuthenticationError);
      expect(failure).toMatchObject({ message: `${status} Wrong password`, operation: "oauth2_token" });
      expect(requests).toHaveLength(1);
    }
  });

  test("signs in again after a 502 of the realm", async () => {
    let tries = 0;
    const { imcloud } = clientOf({}, (request) => {
      if (request.url !== REALM) return json({ id: "1" });
      tries += 1;
      return tries === 1 ? new Response("<html>", { status: 502 }) : granting(request);
    });
    await imcloud.customers.get("1");
    expect(tries).toBe(2);
  });

  test("may have a query in its URL", async () => {
    const { imcloud, requests } = clientOf({ auth: { oauth2: { ...oauth2, url: `${REALM}?tenant=1` } } }, (request) =>
      request.url === `${REALM}?tenant=1` ? json({ access_token: "realm-token", expires_in: 300 }) : json({ id: "1" }),
    );
    await imcloud.customers.get("1");
    expect(requests).toHaveLength(2);
  });

  test.each([undefined, null])(
    "may leave the life of a token %j, which is then renewed after half a minute",
    async (life) => {
      vi.useFakeTimers();
      const { imcloud, requests } = clientOf({ auth: { oauth2 } }, (request) =>
        request.url === REALM ? json({ access_token: "realm-token", expires_in: life }) : json({ id: "1" }),
      );
      const signIns = () => requests.filter(({ url }) => url === REALM).length;
      for (const [milliseconds, expected] of [
        [0, 1],
        [29_000, 1],
        [2_000, 2],
      ] as const) {
        vi.advanceTimersByTime(milliseconds);
        await imcloud.customers.get("1");
        expect(signIns()).toBe(expected);
      }
      vi.useRealTimers();
    },
  );

  test.each([undefined, "realm", "ftp://brand.example", "https://user:word@brand.example"])(
    "has no URL of %j",
    (url) => {
      expect(() => clientOf({ auth: { oauth2: { ...oauth2, url: url as string } } }, () => json({}))).toThrow(
        "auth.oauth2.url must be an http or https URL",
      );
    },
  );
});

describe("auth.token", () => {
  test("is asked for once for calls that wait together, and again when the API refuses it", async () => {
    let asked = 0;
    const { imcloud, requests } = clientOf({ auth: { token: async () => `own-${++asked}` } }, (request) =>
      request.headers.get("authorization") === "Bearer own-1" ? json({}, { status: 401 }) : json({ id: "1" }),
    );
    await Promise.all([imcloud.customers.get("1"), imcloud.customers.get("2")]);
    expect(asked).toBe(2);
    expect(requests.at(-1)?.headers.get("authorization")).toBe("Bearer own-2");
    expect(requests.some(({ url }) => url.endsWith("/token"))).toBe(false);
  });

  test("throws TypeError for what is no token", async () => {
    for (const token of ["", "demo\ntoken", "token\n", "Bearer token", undefined as never]) {
      const { imcloud, requests } = clientOf({ auth: { token: () => token } }, () => json({}));
      await expect(imcloud.customers.get("1")).rejects.toThrow(
        "auth.token() must be a token in ASCII without white space, and without Bearer; got",
      );
      expect(requests).toHaveLength(0);
    }
  });

  test("fails the call with the error of the function", async () => {
    const error = new Error("the vault is closed");
    const { imcloud } = clientOf({ auth: { token: () => Promise.reject(error) } }, () => json({}));
    expect(await failureOf(imcloud.customers.get("1"))).toBe(error);
  });
});

describe("auth.username and auth.password", () => {
  const auth = { username: "demo.api", password: "demo-password" };

  test("signs in again after a 503, and a write that waited is sent once", async () => {
    let signIns = 0;
    const { imcloud, requests } = clientOf({ auth }, (request) => {
      if (!request.url.endsWith("/token")) return json({ id: "1" });
      signIns += 1;
      if (signIns === 1) throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
      return signIns === 2 ? json({}, { status: 503 }) : json({ token: "t", expiresInSeconds: 600 });
    });
    await imcloud.orders.create({ type: "sales", customerId: "1", products: [] });
    expect(signIns).toBe(3);
    expect(requests.filter(({ url }) => url.endsWith("/orders"))).toHaveLength(1);
  });

  test("fails a write with the ConnectionError of the sign-in: the write never left", async () => {
    const { imcloud } = clientOf({ auth }, () => {
      throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } });
    });
    const error = await failureOf(imcloud.orders.create({ type: "sales", customerId: "1", products: [] }));
    expect(error).toMatchObject({ name: "ConnectionError" });
  });
});
