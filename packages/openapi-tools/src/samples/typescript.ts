import { literal, type Notation } from "./literal.ts";
import type { SampleCall } from "./sample-call.ts";

const notation: Notation = {
  key: (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)),
  true: "true",
  false: "false",
  null: "null",
  indent: "  ",
};

/** A list takes `offset` and `limit`; `reports.list` ignores them, and gives all at once. */
const isList = ({ operation }: SampleCall) => operation.name.startsWith("list");

/** `Orders` of `resellers.listOrders`, or the resource. */
const rowOf = ({ operation: { resource, name } }: SampleCall) => {
  const things = name === "list" ? resource : name.replace("list", "");
  return `${things.charAt(0).toLowerCase()}${things.slice(1)}`.replace(/s$/, "");
};

/** What of the client does an operation's job better than its plain method, by the operation's id. */
const helpers: Record<string, (input: string, call: SampleCall) => string> = {
  orders_create: (input) => `// Never twice: it looks for the poNumber when a response is lost.
const order = await imcloud.orders.createOnce(${input});
console.log(order.id, order.status); // imcloud.orders.wait(order.id) waits for its end`,
  customers_create: (input) => `// Never twice: it looks for the externalId when a response is lost.
const customer = await imcloud.customers.createOnce(${input});
console.log(customer.id);`,
  reports_create: (input) => `// Schedules the report, and waits until its file is there.
const report = await imcloud.reports.run(${input});
console.log(report.status); // imcloud.reports.download(report) gets the file`,
};

/** Lists whose rows are thin, with what gets the rest of each. */
const thin = new Set(["orders_list", "subscriptions_list"]);

function loop(input: string, call: SampleCall): string {
  const { resource, name, id } = call.operation;
  const row = rowOf(call);
  const rows = `// Every page, and every row once.
for await (const ${row} of imcloud.${resource}.${name}(${input})) console.log(${row});`;
  if (!thin.has(id)) return rows;
  return `${rows}

// The rows are thin: this gets each ${row} too, five at a time and inside the limit.
for await (const ${row} of imcloud.${resource}.details({ customerId: "1002101" })) console.log(${row});`;
}

export function typescript(call: SampleCall): string {
  const { operation, ids, body } = call;
  const input = [...ids.map((id) => JSON.stringify(id)), ...(body ? [literal(body, notation)] : [])].join(", ");
  const helper = helpers[operation.id] ?? (isList(call) ? loop : undefined);
  const use =
    helper?.(input, call) ??
    `const result = await imcloud.${operation.resource}.${operation.name}(${input});
console.log(result);`;
  return `import { createClient } from "@imcloud/client";

const imcloud = createClient.fromEnv();

${use}`;
}
