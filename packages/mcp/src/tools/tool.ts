import type { ImcloudClient } from "@imcloud/client";
import type { ToolAnnotations } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Confirmations } from "../proposals/confirmations.ts";
import type { ReportFiles } from "../reports/report-files.ts";
import type { Outcome } from "../results/outcome.ts";
import type { CustomerNames } from "./customer-names.ts";

/** The state that all calls of a server share. */
export interface Shared {
  imcloud: ImcloudClient;
  /** The confirmations; missing if the server is read-only. */
  confirmations: Confirmations | undefined;
  includePersonalData: boolean;
  reports: ReportFiles;
  customerNames: CustomerNames;
}

/** The context of a tool call. */
export interface ToolCall extends Shared {
  /** Aborts when the host cancels the call or disconnects. */
  signal: AbortSignal;
  /** Reports progress, if the host has asked for it. */
  progress(done: number, total: number | undefined, message: string): void;
}

/** A tool: one job. */
export interface Tool<Input extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  /** The description for the assistant, without texts of the marketplace. */
  description: string;
  input: Input;
  /** A description of its results' data. */
  data: string;
  annotations: ToolAnnotations;
  run(input: z.output<Input>, call: ToolCall): Promise<Outcome>;
}

/** A tool, with its handler typed by its input. */
export const tool = <Input extends z.ZodObject>(definition: Tool<Input>): Tool => definition as unknown as Tool;

/** Of a tool that reads. */
export const READS: ToolAnnotations = { readOnlyHint: true, openWorldHint: true };

/** An id, as text or as a safe integer. A larger number would become another id. */
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
