import { handlers } from "@imcloud/mock/msw";
import { createSandbox } from "@imcloud/mock/sandbox";
import { setupServer } from "msw/node";

export const server = setupServer(...handlers(createSandbox()));
