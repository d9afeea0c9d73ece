export type { Fault, FaultKind } from "./core/faults/fault.ts";
export type { LoggedRequest } from "./core/request-log.ts";
export type { Size } from "./core/seed/seeds.ts";
export type { MockCredentials } from "./core/tokens.ts";
export { type Proxy, type ProxyOptions, startProxy } from "./proxy/proxy.ts";
export { type Mock, type MockOptions, startMock } from "./start.ts";
