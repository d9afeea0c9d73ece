import { createClient, isMarketplaceError } from "@imcloud/client";
import express from "express";

const imcloud = createClient.fromEnv();
const app = express();

app.get("/customers/:id", async (request, response) => {
  // Ends the call when the browser disconnects.
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const { id } = request.params;
  const customer = await imcloud.customers.get(id, { signal: gone.signal });
  const { pagination } = await imcloud.orders.list({ customerId: id, limit: 1 }, { signal: gone.signal });
  response.json({ name: customer.name, orders: pagination.total });
});

app.use((error, _request, response, next) => {
  if (!isMarketplaceError(error)) return next(error);
  const isTheirs = error.status === 400 || error.status === 404;
  response.status(isTheirs ? error.status : 502).json({ message: error.message, correlationId: error.correlationId });
});

app.listen(Number(process.env.PORT ?? 3000));
