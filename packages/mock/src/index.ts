export type { MockCredentials } from "./api/sign-in.ts";
export type { LoggedRequest } from "./control/request-log.ts";
export type { Fault, FaultKind } from "./faults/fault.ts";
export { type Proxy, type ProxyOptions, startProxy } from "./proxy/proxy.ts";
export type { Size } from "./seed/seeds.ts";
export { type Mock, type MockOptions, startMock } from "./start.ts";
