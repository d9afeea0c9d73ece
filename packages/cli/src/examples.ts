import type { Example } from "./command-table.ts";
import { generated } from "./generated/examples.ts";

/** The document's example of a sale. */
const sale = generated.find(({ words: [resource, name] }) => resource === "orders" && name === "create")?.input;

/** Examples of commands that make several calls. */
const jobs: readonly Example[] = [
  {
    words: ["orders", "place", "-", "--once", "--wait", "--columns", "orderNumber,status,total.amount"],
    ...(sale && { input: sale }),
  },
  { words: ["orders", "wait", "900301", "--columns", "orderNumber,status"] },
  { words: ["subscriptions", "due", "--within", "52w"] },
  { words: ["subscriptions", "seats", "700401", "--to", "35", "--po-number", "SEATS-35"] },
  {
    words: [
      "reports",
      "run",
      "--name",
      "Subscription Resources",
      "--from",
      "2026-09-01",
      "--to",
      "2026-09-30",
      "--columns",
      "name,status,format",
    ],
  },
  { words: ["sync", "--columns", "isComplete,calls,events,remaining"] },
];

/** Examples of the output formats. */
const forms: readonly Example[] = [
  { words: ["orders", "list", "--status", "completed", "--customer-id", "1002101"] },
  { words: ["customers", "list", "--csv", "--columns", "id,name,status"] },
  { words: ["customers", "list", "--ndjson"] },
  { words: ["customers", "get", "1002101", "--json", "--columns", "name,address.city"] },
  { words: ["customers", "update", "1002101", "--external-id", "PSA-1", "--columns", "id,externalId"] },
  { words: ["orders", "update", "900301", "--po-number", "PO-2", "--dry-run"] },
];

/** Examples of each command: of every operation by the document's own examples, of the jobs, and of the forms of output. */
export const examples: { operations: readonly Example[]; jobs: readonly Example[]; forms: readonly Example[] } = {
  operations: generated,
  jobs,
  forms,
};
