import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Document } from "@imcloud/openapi-tools/document";
import type { validateRequest, validateResponse, validateSecurity } from "../src/index.ts";
import { tableOf } from "../src/validators/operation.ts";
import { checkRequest } from "../src/validators/request.ts";
import { checkResponse } from "../src/validators/response.ts";
import { checkSecurity } from "../src/validators/security.ts";
import { writeValidators } from "./validators.ts";

/** The validators of a document, as `@imcloud/spec/validators` exports those of the API's. */
export interface Validators {
  validateRequest: typeof validateRequest;
  validateResponse: typeof validateResponse;
  validateSecurity: typeof validateSecurity;
}

/** Inside the package, so that what generated code imports is found. */
const folder = fileURLToPath(new URL("../build/", import.meta.url));

// By Node itself: a test runner reads the CommonJS modules that generated code imports otherwise than Node and bundlers do.
const require = createRequire(import.meta.url);

/**
 * Generates the validators of a bundled OpenAPI 3.1 document, and loads them.
 * @throws {@link Error} for what the validators could not check
 */
export async function loadValidators(document: Document): Promise<Validators> {
  const into = join(folder, randomUUID());
  try {
    await writeValidators(document, into);
    const [requests, responses, security] = ["requests", "responses", "security"].map(
      (file) => require(join(into, `${file}.js`))[file],
    );
    return {
      validateRequest: (id, parts) => checkRequest(tableOf(requests, id), parts),
      validateResponse: (id, status, parts) => checkResponse(tableOf(responses, id), status, parts),
      validateSecurity: (id, parts) => checkSecurity(tableOf(security, id), parts),
    };
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}
