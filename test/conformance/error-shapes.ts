import type { Reference } from "../../scripts/document.ts";
import { document } from "../support/document.ts";
import type { Schema } from "./schema.ts";

/** The shapes that an error can have, of the layers that a call passes. */
export const errorShapes: Reference<Schema>[] =
  (document.components?.schemas?.ErrorBody as Schema | undefined)?.anyOf ?? [];
