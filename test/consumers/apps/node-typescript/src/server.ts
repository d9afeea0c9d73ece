import { createServer } from "node:http";
import { createClient, isMarketplaceError } from "@imcloud/client";
import { renewals } from "./renewals.js";

// One client for the whole service: it shares a token, and keeps its calls below the rate limit.
const imcloud = createClient.fromEnv();

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  if (url.pathname !== "/renewals") return send(404, { message: "There is /renewals?within=30." });
  const within = Number(url.searchParams.get("within") ?? 30);
  if (!(within >= 0)) return send(400, { message: "within takes a number of days." });
  try {
    send(200, await renewals(imcloud, within));
  } catch (error) {
    if (!isMarketplaceError(error)) throw error;
    console.error(error.message);
    send(502, { message: "The marketplace returned an unexpected response." });
  }
});

server.listen(Number(process.env.PORT ?? 3000));
