export type { Envelope } from "./results/envelope.ts";
export { type Assistant, type AssistantOptions, createAssistant } from "./server.ts";
export { type HttpOptions, type HttpServer, serveHttp } from "./transports/http.ts";
