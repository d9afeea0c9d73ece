import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { redocly } from "@imcloud/openapi-tools/redocly";
import { generate as orval } from "orval";
import { callGenerated } from "./generated-calls.ts";
import { installed, runNode, type Tool } from "./tool.ts";

/** Generators of clients, each with the settings of its own quick start. */
export const generators: Tool[] = [
  {
    name: "hey-api",
    async run({ file }, folder, mock) {
      const args = ["--input", file, "--output", folder, "--client", "@hey-api/client-fetch", "--no-log-file"];
      await runNode(installed("@hey-api/openapi-ts", "bin/run.js"), args);
      return callGenerated(folder, "hey-api", mock);
    },
  },
  {
    name: "orval",
    async run({ file }, folder, mock) {
      await generateWithOrval(file, folder, mock.baseUrl);
      return callGenerated(folder, "orval", mock);
    },
  },
  {
    name: "orval, MSW mocks",
    isRandom: true,
    async run({ file }, folder, mock) {
      await generateWithOrval(file, folder, mock.baseUrl);
      return callGenerated(folder, "orval-msw", mock);
    },
  },
  {
    name: "kubb",
    async run({ file }, folder, mock) {
      await writeFile(join(folder, "kubb.config.mjs"), kubbConfig(file));
      await runNode(installed("@kubb/cli", "bin/kubb.cjs"), ["generate", "--config", "kubb.config.mjs"], folder);
      return callGenerated(folder, "kubb", mock);
    },
  },
  {
    name: "swagger-typescript-api",
    async run({ file }, folder, mock) {
      const command = installed("swagger-typescript-api", "dist/cli.mjs");
      await runNode(command, ["generate", "--path", file, "--output", folder, "--name", "api.ts"]);
      return callGenerated(folder, "swagger-typescript-api", mock);
    },
  },
  {
    name: "redocly generate-client",
    async run({ file }, folder, mock) {
      await generateWithRedocly(file, folder);
      return callGenerated(folder, "redocly", mock);
    },
  },
  {
    name: "redocly generate-client, MSW mocks",
    async run({ file }, folder, mock) {
      await generateWithRedocly(file, folder);
      return callGenerated(folder, "redocly-msw", mock);
    },
  },
];

const kubbConfig = (file: string) => `
import { defineConfig } from "@kubb/core";
import { pluginClient } from "@kubb/plugin-client";
import { pluginOas } from "@kubb/plugin-oas";
import { pluginTs } from "@kubb/plugin-ts";

export default defineConfig({
  input: { path: ${JSON.stringify(file)} },
  output: { path: "./client", format: false, lint: false },
  plugins: [pluginOas({ generators: [] }), pluginTs(), pluginClient({ client: "fetch" })],
});
`;

const generateWithOrval = (file: string, folder: string, baseUrl: string) =>
  orval(
    {
      input: { target: file },
      output: {
        ...{ target: join(folder, "api.ts"), schemas: join(folder, "model"), mode: "split", client: "fetch" },
        ...{ mock: true, baseUrl },
      },
    },
    folder,
    { logLevel: "warn", throwOnError: true },
  );

const generateWithRedocly = (file: string, folder: string) =>
  redocly(
    ...["generate-client", file, "--output", join(folder, "client.ts")],
    ...["--generator", "typescript", "--generator", "mock"],
  );
