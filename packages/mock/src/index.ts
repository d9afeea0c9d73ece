export type { MockCredentials } from "./sign-in.ts";
export { type Mock, type MockOptions, startMock } from "./start.ts";
