import { type Size, startMock } from "@imcloud/mock";

/** Our mock, of the size that the first argument names. Prints its base URL. */
const mock = await startMock({ port: 0, size: (process.argv[2] ?? "small") as Size });
console.log(mock.url);
process.on("SIGINT", () => process.exit());
