import { once } from "node:events";
import { createServer } from "node:http";

const RESPONSES = {
  "/m/token": { token: "t", expiresInSeconds: 600 },
  "/m/customers/1": { id: "1", name: "Brightwater Dental Group" },
  "/m/customers": { data: [{ id: "1" }, { id: "2" }], pagination: { offset: 0, limit: 500, total: 2 } },
  "/m/orders": { data: [], pagination: { offset: 0, limit: 100, total: 0 } },
};

/** An API with a few fixed responses. The path `slow` never gets one. */
async function startApi() {
  const server = createServer((request, response) => {
    const path = request.url.replace(/\?.*/, "");
    if (path.endsWith("/slow")) return;
    const order = request.method === "POST" && path === "/m/orders" ? { id: "900301" } : undefined;
    const body = order ?? RESPONSES[path];
    response.writeHead(body ? 200 : 404, { "content-type": "application/json", connection: "close" });
    response.end(JSON.stringify(body ?? { message: "There is no such thing." }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { baseUrl: `http://127.0.0.1:${server.address().port}/m`, close };
}

const failureOf = (promise) =>
  promise.then(
    () => "no failure",
    (error) => error,
  );

/** Does with the client what has to work on every platform, and prints the results. */
export async function exercise({ createClient, isMarketplaceError }) {
  const api = await startApi();
  const auth = { username: "demo.api", password: "demo-password" };
  const imcloud = createClient({ baseUrl: api.baseUrl, marketplace: "se", auth, timeout: 20_000 });
  const said = [];

  const customer = await imcloud.customers.get("1").finally(() => said.push("finally"));
  said.push(customer.name);
  await imcloud.customers.get("1").then(({ id }) => said.push(`then ${id}`));
  const missing = await failureOf(imcloud.customers.get("none").finally(() => said.push("finally")));
  said.push(`${missing.name} ${missing.status} ${isMarketplaceError(missing)}`);
  said.push(await imcloud.customers.get("none").catch(({ name }) => `caught ${name}`));

  const ids = [];
  for await (const { id } of imcloud.customers.list()) ids.push(id);
  said.push(ids.join());
  const page = await imcloud.customers.list();
  said.push(`${Object.getOwnPropertyNames(page)} ${await page.next()}`);
  const order = await imcloud.orders.createOnce({ customerId: "1", poNumber: "T-1", products: [{ id: "5" }] });
  said.push(order.id);

  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const aborted = await failureOf(imcloud.customers.get("slow", { signal: controller.signal }));
  said.push(aborted.name);
  said.push((await failureOf(imcloud.customers.get("slow", { timeout: 20, retry: false }))).name);
  const { data } = await imcloud.http.GET("/customers/{id}", { params: { path: { id: "1" } } });
  said.push(data.name);

  api.close();
  console.log(said.join("; "));
}
