import { createRequire } from "node:module";
import * as esm from "@imcloud/client";
import { expect, test } from "vitest";

const cjs: typeof esm = createRequire(import.meta.url)("@imcloud/client");

/** The error of a call that the server refuses. */
const errorOf = ({ createClient }: typeof esm): Promise<unknown> =>
  createClient({
    baseUrl: "https://api.example",
    marketplace: "se",
    auth: { token: () => "t" },
    fetch: async () => Response.json({ message: "There is no such thing." }, { status: 404 }),
  })
    .customers.get("1")
    .then(
      () => undefined,
      (error: unknown) => error,
    );

test.each([
  ["imported", "required", esm, cjs],
  ["required", "imported", cjs, esm],
])(
  "isMarketplaceError knows the errors of a client that was %s in a program that also %s it",
  async (_, __, one, other) => {
    const error = (await errorOf(one)) as InstanceType<typeof esm.ApiError>;
    expect(one.createClient).not.toBe(other.createClient);
    expect(error instanceof other.ApiError).toBe(false);
    expect(other.isMarketplaceError(error)).toBe(true);
    expect([error.name, error.status]).toEqual(["NotFoundError", 404]);
    expect(other.isMarketplaceError(new TypeError("no"))).toBe(false);
  },
);
