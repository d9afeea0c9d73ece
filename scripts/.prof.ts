import { paths } from "./paths.ts";

const t0 = performance.now();
const { docs } = await import("../packages/docs/generate/docs.ts");
console.log("import", performance.now() - t0);
await docs(paths.spec);
console.log("docs", performance.now() - t0, process.cpuUsage());
