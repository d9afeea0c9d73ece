import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Miniflare, Response as WorkerResponse } from "miniflare";
import { afterEach, describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";

/** A worker whose requests share a client. `/leave` starts a call and ends before the response. */
const WORKER = `
import { createClient } from "./index.js";

const imcloud = createClient({
  baseUrl: "https://api.example/marketplace",
  marketplace: "se",
  auth: { username: "demo.api", password: "demo-password" },
});

export default {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/order/")) {
      const [, , name, poNumber] = pathname.split("/");
      const order = { type: "sales", customerId: "1", poNumber, products: [{ id: "500201", quantity: 1 }] };
      const placing = imcloud.orders.createOnce(order, { settleTimeout: 1_000 });
      if (name === "stay") return Response.json(await placing.catch((error) => ({ name: error.name, message: error.message })));
      placing.catch(() => {});
      // Long enough for the order to be sent, too short for the response.
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return new Response("left");
    }
    if (pathname === "/leave") {
      imcloud.customers.get("1").catch(() => {});
      return new Response("left");
    }
    const customer = await imcloud.customers.get(pathname.slice(1));
    return Response.json(customer);
  },
};
`;

let worker: Miniflare | undefined;
afterEach(() => worker?.dispose());

/** Starts the worker, with a function as the API. */
async function startWorker(
  api: (url: URL, body: string) => WorkerResponse | Promise<WorkerResponse>,
): Promise<Miniflare> {
  const folder = join(paths.client, "dist");
  const built = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  const files = await Promise.all(
    built.map(async (path) => ({ path, contents: await readFile(join(folder, path), "utf8") })),
  );
  worker = new Miniflare({
    modules: [{ path: "worker.js", contents: WORKER }, ...files].map((file) => ({ type: "ESModule", ...file })),
    compatibilityDate: "2025-01-01",
    outboundService: async (request: Request) => api(new URL(request.url), await request.text()),
  } as never);
  return worker;
}

const token = () => WorkerResponse.json({ token: "t", expiresInSeconds: 600 });

describe("createClient at module scope in workerd", () => {
  test("signs in once for several requests", async () => {
    let signIns = 0;
    const started = await startWorker(async ({ pathname }) => {
      if (!pathname.endsWith("/token")) return WorkerResponse.json({ id: pathname.split("/").at(-1) });
      signIns += 1;
      await new Promise((resolve) => setTimeout(resolve, 200));
      return token();
    });
    const responses = await Promise.all(["1", "2", "3", "4"].map((id) => started.dispatchFetch(`http://worker/${id}`)));
    expect(await Promise.all(responses.map((response) => response.json()))).toEqual(
      ["1", "2", "3", "4"].map((id) => ({ id })),
    );
    expect(signIns).toBe(1);
  });

  test("does not wait for a sign-in of a request that has ended", async () => {
    let signIns = 0;
    const started = await startWorker(({ pathname }) => {
      if (!pathname.endsWith("/token")) return WorkerResponse.json({ id: "2" });
      signIns += 1;
      // The first sign-in never ends by itself: its request ends before.
      return signIns === 1 ? new Promise(() => {}) : token();
    });
    expect(await (await started.dispatchFetch("http://worker/leave")).text()).toBe("left");
    const response = await started.dispatchFetch("http://worker/2");
    expect(await response.json()).toEqual({ id: "2" });
    expect(signIns).toBe(2);
  });

  // Takes half a minute, as an ended request is only noticed by its silence.
  test("places an order once after a request that ended while its own, of the same or a similar number, was under way", async ({
    skip,
  }) => {
    skip(process.env.NIGHTLY !== "1", "tried at night");
    const orders: { id: string; poNumber: string }[] = [];
    let hangs = true;
    const started = await startWorker(async ({ pathname }, body) => {
      if (pathname.endsWith("/token")) return token();
      if (body) {
        const sent = JSON.parse(body);
        orders.unshift({ ...sent, id: String(900_000 + orders.length), status: "submitted" });
        return hangs ? new Promise(() => {}) : WorkerResponse.json(orders[0]);
      }
      const id = pathname.split("/orders/")[1];
      if (id) return WorkerResponse.json(orders.find((order) => order.id === id));
      return WorkerResponse.json({ data: orders, pagination: { offset: 0, limit: 500, total: orders.length } });
    });
    const order = (path: string) => started.dispatchFetch(`http://worker/order/${path}`);
    expect(await (await order("leave/T-1")).text()).toBe("left");
    hangs = false;
    const [same, similar] = await Promise.all([order("stay/T-1"), order("stay/T-10")]);
    expect(await same.json()).toMatchObject({ id: "900000", poNumber: "T-1" });
    expect(await similar.json()).toMatchObject({ poNumber: "T-10" });
    expect(orders.map(({ poNumber }) => poNumber)).toEqual(["T-10", "T-1"]);
  }, 120_000);
});
