import { fromOpenApi } from "@mswjs/source/open-api";
import document from "generated/openapi.json";
import { calls as imcloud } from "./imcloud.ts";
import { interceptWith } from "./intercept.ts";

export const calls = interceptWith(await fromOpenApi(JSON.stringify(document)), imcloud);
