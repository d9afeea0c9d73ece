import type { Reference, Schema } from "@imcloud/openapi-tools/document";
import { document } from "../support/document.ts";

/** The shapes that an error can have, of the layers that a call passes. */
export const errorShapes: Reference<Schema>[] =
  (document.components?.schemas?.ErrorBody as Schema | undefined)?.anyOf ?? [];
