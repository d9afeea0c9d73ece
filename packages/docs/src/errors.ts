import { z } from "astro/zod";

/** Whether a call that met an error may be sent again, in words. */
export const repeats = {
  yes: "Yes, writes too, after a pause.",
  later: "Yes, writes too, when the quota is back.",
  once: "Once, with a new token. Writes too.",
  no: "No. Something has to change first.",
  reads: "Reads, after a pause. Writes only when you have checked that they did not happen.",
} as const;

/** The head of an error's page: a status, or a message that is known of it. */
export const errorSchema = z.object({
  title: z.string(),
  description: z.string(),
  status: z.string(),
  repeat: z.enum(Object.keys(repeats) as [keyof typeof repeats]),
  /** Of a status: the client's classes. */
  class: z.array(z.string()).default([]),
  /** Of a message: its example in the document. */
  example: z.string().optional(),
  /** Of a message: the call that meets it. */
  call: z
    .object({
      operation: z.string(),
      /** An example of its request, by name. */
      example: z.string().optional(),
      parameters: z.record(z.string(), z.string()).default({}),
      body: z.unknown().optional(),
    })
    .optional(),
  /** What the sandbox is told so that the call meets it; nothing where the call itself is wrong. */
  fault: z.looseObject({ kind: z.string() }).optional(),
  /** The sandbox responds with the example, as it never fails so by itself. */
  respond: z.boolean().default(false),
  withoutKey: z.boolean().default(false),
});

export type ErrorHead = z.infer<typeof errorSchema>;
