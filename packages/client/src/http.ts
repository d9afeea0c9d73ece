import type { paths } from "@imcloud/spec";
import createOpenApiFetch, { type Client } from "openapi-fetch";
import type { Send } from "./send.ts";

/** The API as openapi-fetch gives it: `GET`, `POST` and `PATCH` by path, which never throw on a status. */
export type Http = Client<paths>;

export const createHttp = (baseUrl: string, send: Send): Http =>
  createOpenApiFetch<paths>({ baseUrl, fetch: (request) => send(request) });
