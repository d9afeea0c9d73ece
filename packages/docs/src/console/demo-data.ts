import type { Fault } from "@imcloud/mock/sandbox";
import type { CallValues } from "./call.ts";
import type { CallData } from "./call-data.ts";

/** A call that meets an error, and how the sandbox is made to give it. */
export interface DemoData {
  call: CallData;
  values: CallValues;
  fault: Fault | undefined;
  /** What the sandbox responds with in place of its own. */
  response: { status: number; contentType: string; body: string } | undefined;
  withoutKey: boolean;
}
