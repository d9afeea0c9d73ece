import { createClient } from "@imcloud/client";

const imcloud = createClient.fromEnv();
for await (const { id, name } of imcloud.customers.list()) console.log(`${id} ${name}`);
