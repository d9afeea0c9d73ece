import { createClient } from "@imcloud/client";
import { handlers } from "@imcloud/mock/msw";
import { createSandbox } from "@imcloud/mock/sandbox";
import { setupWorker } from "msw/browser";

const element = (id) => document.getElementById(id);
const sandbox = createSandbox({ speed: 0, baseUrl: "https://api.example/marketplace" });
const imcloud = createClient({ ...sandbox.connection, fetch: (request) => fetch(request) });
let id;

async function show() {
  if (id !== undefined) element("status").value = (await imcloud.orders.get(id)).status;
}

element("order").addEventListener("click", async () => {
  const parameters = [
    { name: "tenant_preference", value: "new" },
    { name: "microsoft_domain", value: "brightwater.onmicrosoft.com" },
  ];
  const products = [{ id: "500201", quantity: 3, parameters }];
  ({ id } = await imcloud.orders.create({ type: "sales", customerId: "1002101", products }));
  await show();
});
element("advance").addEventListener("click", async () => {
  await sandbox.advance(10_000);
  await show();
});

await setupWorker(...handlers(sandbox)).start({ quiet: true, onUnhandledFrame: "bypass" });
element("order").disabled = false;
