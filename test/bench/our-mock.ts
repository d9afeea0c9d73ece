import { startMock } from "@imcloud/mock";

/** Our mock, in its small world. Prints its base URL. */
const mock = await startMock({ port: 0 });
console.log(mock.url);
process.on("SIGINT", () => process.exit());
