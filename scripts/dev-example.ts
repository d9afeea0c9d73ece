import { HOST } from "./ports.ts";
import { doTasks } from "./warm-process.ts";

/** A task of the example app's process: to serve it. It is given once. */
export interface ExampleTask {
  /** Below its server. */
  path: string;
  port: number;
}

doTasks<ExampleTask>(async ({ path, port }) => {
  const { serveExample } = await import("@imcloud/example/dev-server");
  await serveExample(path, port, HOST);
});
