import { createClient, NotFoundError } from "@imcloud/client";

/** Secrets and variables of the worker: `wrangler secret put IMCLOUD_PASSWORD`. */
interface Env {
  IMCLOUD_BASE_URL: string;
  IMCLOUD_MARKETPLACE: string;
  IMCLOUD_USERNAME: string;
  IMCLOUD_PASSWORD: string;
  IMCLOUD_SUBSCRIPTION_KEY: string;
}

export default {
  async fetch(request, env) {
    const imcloud = createClient({
      baseUrl: env.IMCLOUD_BASE_URL,
      marketplace: env.IMCLOUD_MARKETPLACE,
      auth: { username: env.IMCLOUD_USERNAME, password: env.IMCLOUD_PASSWORD },
      subscriptionKey: env.IMCLOUD_SUBSCRIPTION_KEY,
    });
    const id = new URL(request.url).pathname.slice(1);
    try {
      const { orderNumber, status } = await imcloud.orders.get(id);
      return Response.json({ orderNumber, status });
    } catch (error) {
      if (error instanceof NotFoundError) return Response.json({ message: "There is no such order." }, { status: 404 });
      throw error;
    }
  },
} satisfies ExportedHandler<Env>;
