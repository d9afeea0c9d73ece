export type { Fault, FaultKind } from "./core/faults/fault.ts";
export type { LoggedRequest } from "./core/request-log.ts";
export type { Size } from "./core/seed/seeds.ts";
export type { MockCredentials } from "./core/tokens.ts";
export type { MockOptions } from "./options/mock-options.ts";
export type { ProxyOptions } from "./options/proxy-options.ts";
export { type Proxy, startProxy } from "./proxy/proxy.ts";
export { type Connection, type Mock, startMock } from "./start.ts";
