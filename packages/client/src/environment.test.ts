import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createClient } from "./index.ts";
import { json } from "./testing.ts";

beforeEach(() => {
  for (const name of ["BASE_URL", "MARKETPLACE", "USERNAME", "PASSWORD", "TOKEN", "SUBSCRIPTION_KEY"]) {
    vi.stubEnv(`IMCLOUD_${name}`, "");
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

/** A fetch that signs in and keeps what it got. */
function keeping() {
  const requests: Request[] = [];
  const fetch = async (request: Request) => {
    requests.push(request);
    return request.url.endsWith("/token") ? json({ token: "t", expiresInSeconds: 600 }) : json({ id: "1" });
  };
  return { requests, fetch };
}

const set = (values: Record<string, string>) => {
  for (const [name, value] of Object.entries(values)) vi.stubEnv(`IMCLOUD_${name}`, value);
};

describe("createClient.fromEnv", () => {
  test("takes what all samples use", async () => {
    set({
      BASE_URL: "https://api.example/m",
      MARKETPLACE: "se",
      USERNAME: "demo.api",
      PASSWORD: "p",
      SUBSCRIPTION_KEY: "k",
    });
    const { requests, fetch } = keeping();
    await createClient.fromEnv({ fetch }).customers.get("1");
    expect(requests.map(({ url }) => url)).toEqual([
      "https://api.example/m/token",
      "https://api.example/m/customers/1",
    ]);
    expect(requests[1]?.headers.get("x-subscription-key")).toBe("k");
    expect(requests[0]?.headers.get("authorization")).toBe(`Basic ${btoa("demo.api:p")}`);
  });

  test("takes values without the line break of the files that they were read from", async () => {
    set({ BASE_URL: "https://api.example/m\n", MARKETPLACE: "se\r\n", USERNAME: "demo.api\n", PASSWORD: " p \n" });
    set({ SUBSCRIPTION_KEY: "k\n" });
    const { requests, fetch } = keeping();
    const imcloud = createClient.fromEnv({ fetch });
    await imcloud.customers.get("1");
    expect(imcloud.account).toBe('["https://api.example/m","se","demo.api"]');
    expect(requests[0]?.headers.get("authorization")).toBe(`Basic ${btoa("demo.api: p ")}`);
    expect(requests[1]?.headers.get("x-subscription-key")).toBe("k");
  });

  test("takes a token where there is no user", async () => {
    set({ BASE_URL: "https://api.example/m", MARKETPLACE: "se", TOKEN: "given" });
    const { requests, fetch } = keeping();
    await createClient.fromEnv({ fetch }).customers.get("1");
    expect(requests.map(({ headers }) => headers.get("authorization"))).toEqual(["Bearer given"]);
    expect(requests[0]?.headers.has("x-subscription-key")).toBe(false);
  });

  test("lets options take precedence over the environment", async () => {
    set({ BASE_URL: "https://api.example/m", MARKETPLACE: "se", TOKEN: "given", SUBSCRIPTION_KEY: "k" });
    const { requests, fetch } = keeping();
    await createClient
      .fromEnv({ fetch, baseUrl: "https://other.example", subscriptionKey: "own", marketplace: undefined })
      .plans.get("1");
    expect(requests[0]?.url).toBe("https://other.example/plans/1");
    expect(requests[0]?.headers.get("x-subscription-key")).toBe("own");
  });

  test("names every variable that is not set, and shows none that is", () => {
    set({ PASSWORD: "S3cret" });
    expect(() => createClient.fromEnv()).toThrow(
      "The environment does not have IMCLOUD_BASE_URL, IMCLOUD_MARKETPLACE, IMCLOUD_USERNAME.",
    );
  });
});
