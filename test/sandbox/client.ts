import { type ClientOptions, createClient } from "@imcloud/client";
import { createSandbox, type SandboxOptions } from "@imcloud/mock/sandbox";

/** A sandbox with a stopped clock, and a client of it. */
export function sandboxWithClient(options: SandboxOptions = {}, clientOptions: Partial<ClientOptions> = {}) {
  const sandbox = createSandbox({ speed: 0, ...options });
  const imcloud = createClient({ ...sandbox.connection, rateLimit: false, retry: false, ...clientOptions });
  return { sandbox, imcloud };
}

/** A sale of seats of Nimbus Workspace to the examples' customer. */
export const sale = (quantity = 1, more: object = {}) => ({
  type: "sales" as const,
  customerId: "1002101",
  products: [
    {
      id: "500201",
      quantity,
      parameters: [
        { name: "tenant_preference", value: "new" },
        { name: "microsoft_domain", value: "brightwater.onmicrosoft.com" },
      ],
    },
  ],
  ...more,
});
