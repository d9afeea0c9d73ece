import { literal, type Notation } from "./literal.ts";
import { type SampleCall, settings } from "./sample-call.ts";

const notation: Notation = {
  key: (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)),
  true: "true",
  false: "false",
  null: "null",
  indent: "  ",
};

const setting = (name: keyof typeof settings) => `process.env.${settings[name]}!`;

export function typescript({ operation, ids, body }: SampleCall): string {
  const input = [...ids.map((id) => JSON.stringify(id)), ...(body ? [literal(body, notation)] : [])].join(", ");
  return `import { createClient } from "@imcloud/client";

const imcloud = createClient({
  baseUrl: ${setting("baseUrl")},
  marketplace: ${setting("marketplace")},
  auth: { username: ${setting("username")}, password: ${setting("password")} },
  subscriptionKey: ${setting("subscriptionKey")},
});

const result = await imcloud.${operation.resource}.${operation.name}(${input});
console.log(result);`;
}
