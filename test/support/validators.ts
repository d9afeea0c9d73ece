import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Document } from "@imcloud/openapi-tools/document";
import type { Validators } from "../../packages/mock/src/prism/validation.ts";
import { writeValidators } from "../../packages/spec/generate/validators.ts";
import { tableOf } from "../../packages/spec/src/validators/operation.ts";
import { checkRequest } from "../../packages/spec/src/validators/request.ts";
import { checkResponse } from "../../packages/spec/src/validators/response.ts";
import { checkSecurity } from "../../packages/spec/src/validators/security.ts";

const folder = fileURLToPath(new URL("./generated/", import.meta.url));

// By Node itself: a test runner reads the CommonJS modules that generated code imports otherwise than Node and bundlers do.
const require = createRequire(import.meta.url);

/** The validators of any document, as they would be generated for it. */
export async function validatorsOf(document: Document): Promise<Validators> {
  const into = join(folder, randomUUID());
  await mkdir(into, { recursive: true });
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
    await rm(into, { recursive: true });
  }
}
