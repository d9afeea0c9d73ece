import { once } from "node:events";
import { copyFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express, { type NextFunction, type Request, type Response } from "express";
import * as OpenApiValidator from "express-openapi-validator";
import { startPrism } from "../support/prism.ts";
import { type Connection, makeCalls } from "./calls/calls.ts";
import { calls } from "./calls/imcloud.ts";
import { callGenerated } from "./generated-calls.ts";
import type { Tool } from "./tool.ts";

/** Tools that serve the document, or validate traffic against it. This project's client calls them. */
export const servingTools: Tool[] = [
  {
    name: "stock Prism",
    async run({ file }, _folder, mock) {
      const prism = await startPrism(file);
      try {
        return { calls: await makeCalls(calls, { ...mock, baseUrl: prism.url }) };
      } finally {
        await prism.close();
      }
    },
  },
  {
    name: "@mswjs/source",
    async run({ file }, folder, mock) {
      await copyFile(file, join(folder, "openapi.json"));
      return callGenerated(folder, "mswjs-source", mock);
    },
  },
  {
    name: "express-openapi-validator",
    async run({ file }, _folder, mock) {
      const server = createServer(validatingProxy(file, mock)).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      try {
        return { calls: await makeCalls(calls, { ...mock, baseUrl: `http://127.0.0.1:${port}/marketplace` }) };
      } finally {
        server.closeAllConnections();
        server.close();
      }
    },
  },
];

/** An Express application that forwards requests to the mock, and validates requests and responses. */
function validatingProxy(file: string, mock: Connection) {
  const application = express();
  application.use(express.json());
  application.use(OpenApiValidator.middleware({ apiSpec: file, validateRequests: true, validateResponses: true }));
  application.use(async (request: Request, response: Response) => {
    const { authorization = "" } = request.headers;
    const forwarded = await fetch(`${new URL(mock.baseUrl).origin}${request.originalUrl}`, {
      method: request.method,
      headers: { authorization, "x-subscription-key": mock.subscriptionKey, "content-type": "application/json" },
      ...(request.method !== "GET" && { body: JSON.stringify(request.body) }),
    });
    response.status(forwarded.status).json(await forwarded.json());
  });
  application.use((error: Error & { status?: number }, _request: Request, response: Response, _next: NextFunction) => {
    response.status(error.status ?? 500).json({ message: `express-openapi-validator: ${error.message}` });
  });
  return application;
}
