import { createClient, endpoints } from "@imcloud/client";

/** Greets a customer. Makes its own client, as much code does. */
export async function greeting(customerId: string): Promise<string> {
  const imcloud = createClient({
    baseUrl: endpoints.eu,
    marketplace: "se",
    auth: { username: "demo.api", password: "demo-password" },
    subscriptionKey: "demo-subscription-key",
  });
  const { name } = await imcloud.customers.get(customerId);
  return `Hello, ${name}!`;
}
