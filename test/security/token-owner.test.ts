import { createClient, type StoredToken } from "@imcloud/client";
import { describe, expect, test } from "vitest";
import { clientOptions, hostileServer, sendJson } from "./support/hostile-server.ts";

/** A store that returns the last token to every client, and records all tokens. */
function sharedStore() {
  let kept: StoredToken | undefined;
  const given: StoredToken[] = [];
  return {
    given,
    get: () => kept,
    set(token: StoredToken) {
      kept = token;
      given.push(token);
    },
  };
}

/** An API that gives a fixed token, and responds to all else. */
const apiOf = (token: string) =>
  hostileServer((request, response) =>
    request.url?.endsWith("/token") || request.url === "/realm"
      ? sendJson(response, { token, access_token: token, expiresInSeconds: 1_500, expires_in: 1_500 })
      : sendJson(response, { data: [], pagination: { total: 0 } }),
  );

describe("tokenStore, shared by clients", () => {
  const base = { username: "one.api", password: "p4ss word" };
  const others = {
    "another host": async () => ({}),
    "another path": async (url: string) => ({ baseUrl: `${url}/other` }),
    "another marketplace": async (url: string) => ({ baseUrl: url, marketplace: "se" }),
    "another user": async (url: string) => ({ baseUrl: url, auth: { username: "two.api", password: "x" } }),
    "another way to sign in": async (url: string) => ({
      baseUrl: url,
      auth: { oauth2: { url: `${url}/realm`, username: "one.api", password: "x", clientId: "c" } },
    }),
    "a marketplace that looks like both": async (url: string) => ({ baseUrl: url, marketplace: 'us","one.api' }),
  };

  test.each(Object.entries(others))("gives no token of one client to another with %s", async (_what, optionsOf) => {
    const tokenStore = sharedStore();
    const [mine, theirs] = [await apiOf("t0ken-of-mine"), await apiOf("t0ken-of-theirs")];
    await createClient(clientOptions(mine.url, { auth: base, tokenStore })).customers.list();
    const before = mine.received.length;
    const options = clientOptions(theirs.url, { auth: base, tokenStore, ...(await optionsOf(mine.url)) });
    const other = createClient(options);
    await other.customers.list();
    const sent = [...theirs.received, ...mine.received.slice(before)];
    // The other client signed in itself.
    expect(sent.some(({ url }) => /token|realm/.test(String(url)))).toBe(true);
    expect(theirs.received.map(({ headers }) => headers.authorization)).not.toContain("Bearer t0ken-of-mine");
    expect(tokenStore.given).toHaveLength(2);
  });

  test("serves another client of the same owner", async () => {
    const tokenStore = sharedStore();
    const { url, received } = await apiOf("t0ken-of-mine");
    for (let at = 0; at < 3; at++) {
      await createClient(clientOptions(url, { auth: base, tokenStore })).customers.list();
    }
    expect(received.filter((request) => request.url === "/token")).toHaveLength(1);
    const owner = tokenStore.given[0]?.owner;
    expect(owner).toContain("one.api");
    expect(JSON.stringify(owner)).not.toMatch(/p4ss|k3y/);
  });

  test("is not used by a client whose token comes from a function", async () => {
    const tokenStore = sharedStore();
    const { url, received } = await apiOf("t0ken-of-mine");
    await createClient(clientOptions(url, { auth: base, tokenStore })).customers.list();
    await createClient(
      clientOptions(url, { auth: { token: () => "t0ken-of-a-function" }, tokenStore }),
    ).customers.list();
    expect(received.at(-1)?.headers.authorization).toBe("Bearer t0ken-of-a-function");
    expect(tokenStore.given).toHaveLength(1);
  });

  test("is ignored where its entry has no owner or is invalid", async () => {
    const { url, received } = await apiOf("t0ken-of-mine");
    const far = Date.now() + 1e7;
    for (const entry of [
      { token: "planted", expiresAt: far },
      { token: "planted", expiresAt: far, owner: url },
      "planted",
      null,
    ]) {
      const tokenStore = { get: () => entry as never, set: () => {} };
      await createClient(clientOptions(url, { auth: base, tokenStore })).customers.list();
    }
    expect(received.some(({ headers }) => headers.authorization?.includes("planted"))).toBe(false);
  });
});
