import { endpoints } from "@imcloud/client";
import { handlers } from "@imcloud/mock/msw";
import { createSandbox } from "@imcloud/mock/sandbox";
import { setupServer } from "msw/node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { greeting } from "./greeting";

const sandbox = createSandbox({ baseUrl: endpoints.eu });
const server = setupServer(...handlers(sandbox));
beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
afterAll(() => {
  server.close();
  sandbox.close();
});

test("greets a customer by name", async () => {
  expect(await greeting("1002101")).toBe("Hello, Brightwater Dental Group!");
});

test("tells that there is no such customer", async () => {
  await expect(greeting("999")).rejects.toThrow("404");
});
