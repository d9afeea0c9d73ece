import type { ImcloudClient } from "@imcloud/client";
import type { ToolAnnotations } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Confirmations } from "../proposals/confirmations.ts";
import type { ReportFiles } from "../reports/report-files.ts";
import type { Outcome } from "../results/outcome.ts";
import type { CustomerNames } from "./customer-names.ts";

/** What all calls of a server share. */
export interface Shared {
  imcloud: ImcloudClient;
  /** What may be confirmed; missing where the server is read-only. */
  confirmations: Confirmations | undefined;
  includePersonalData: boolean;
  reports: ReportFiles;
  customerNames: CustomerNames;
}

/** What a call of a tool works with. */
export interface ToolCall extends Shared {
  /** Ends with the call: when the host cancels it, or goes away. */
  signal: AbortSignal;
  /** Tells the host how far it is, where it has asked for that. */
  progress(done: number, total: number | undefined, message: string): void;
}

/** A tool: one job. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  /** For the assistant. It is ours from end to end: nothing of the marketplace is ever in it. */
  description: string;
  input: Input;
  /** What the data of its results holds. */
  data: string;
  annotations: ToolAnnotations;
  run(input: z.output<Input>, call: ToolCall): Promise<Outcome>;
}

/** A tool, with its handler typed by its input. */
export const tool = <Input extends z.ZodObject>(definition: Tool<Input>): Tool => definition as unknown as Tool;

/** Of a tool that reads. */
export const READS: ToolAnnotations = { readOnlyHint: true, openWorldHint: true };

/** An id, which assistants write as a number too. One that is too large for a number would become another id. */
export const id = z.preprocess(
  (given) => (Number.isSafeInteger(given) ? String(given) : given),
  z.string().min(1).max(64),
);

/** A whole number in a range. */
export const wholeNumber = (least: number, most: number) => z.number().int().min(least).max(most);

const isOfCalendar = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};

/** A day of the calendar, such as 2026-09-30. */
export const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/)
  .refine(isOfCalendar, "is not a day of the calendar");

/** What a list takes. */
export const paging = {
  limit: wholeNumber(1, 50).default(20),
  offset: wholeNumber(0, 1_000_000).default(0),
};
