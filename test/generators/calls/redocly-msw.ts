import { handlers } from "generated/client.mocks.ts";
import { calls as imcloud } from "./imcloud.ts";
import { interceptWith } from "./intercept.ts";

export const calls = interceptWith(handlers, imcloud);
