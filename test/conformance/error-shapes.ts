import type { Reference, Schema } from "@imcloud/openapi-tools/document";
import { document } from "../support/document.ts";

/** The shapes of error bodies, one for each layer that a call passes. */
export const errorShapes: Reference<Schema>[] =
  (document.components?.schemas?.ErrorBody as Schema | undefined)?.anyOf ?? [];
