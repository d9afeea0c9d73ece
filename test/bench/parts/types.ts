import { realpathSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { paths } from "../../../scripts/paths.ts";
import { operations, requestExamples } from "../../support/document.ts";
import { outputOf } from "../children.ts";
import { byTurns, exactRow, type Part, row } from "../measure.ts";
import { folder, heyName, prepareHey } from "../peers.ts";

type Operation = (typeof operations)[number];

const ids = ({ parameters }: Operation) =>
  parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name);
const bodyOf = (operation: Operation) => JSON.stringify(requestExamples(operation)[0]?.[1]);

const httpCall = (operation: Operation) => {
  const path = ids(operation).map((name) => `${name}: "1"`);
  const init = [
    ...(path.length ? [`params: { path: { ${path.join(", ")} } }`] : []),
    ...(bodyOf(operation) ? [`body: ${bodyOf(operation)}`] : []),
  ];
  return `client.${operation.method.toUpperCase()}("${operation.path}"${init.length ? `, { ${init.join(", ")} }` : ""})`;
};

// The real path: through a link TypeScript does not find the types of its dependencies, and takes them for `any`.
const openapiFetch = realpathSync(packageFile("openapi-fetch", "dist/index.mjs", paths.client));

const options = '{ baseUrl: "https://api.example", marketplace: "se", auth: { username: "a", password: "b" } }';

/** For each contender with types, a project that calls every operation. */
const users: Record<string, { setUp: string; call(operation: Operation): string }> = {
  "imcloud, methods": {
    setUp: `import { createClient } from "@imcloud/client";\nconst client = createClient(${options});`,
    call: (operation) =>
      `client.${operation.resource}.${operation.name}(${[...ids(operation).map(() => '"1"'), ...(bodyOf(operation) ? [bodyOf(operation)] : [])].join(", ")})`,
  },
  "imcloud, http": {
    setUp: `import { createClient } from "@imcloud/client";\nconst client = createClient(${options}).http;`,
    call: httpCall,
  },
  "openapi-fetch": {
    setUp: `import createClient from ${JSON.stringify(openapiFetch)};\nimport type { paths } from "@imcloud/spec";\nconst client = createClient<paths>({ baseUrl: "https://api.example" });`,
    call: httpCall,
  },
  "hey-api": {
    setUp: 'import * as sdk from "../hey/sdk.gen.js";',
    call: (operation) => {
      const path = ids(operation).map((name) => `${name}: "1"`);
      const init = [
        ...(path.length ? [`path: { ${path.join(", ")} }`] : []),
        ...(bodyOf(operation) ? [`body: ${bodyOf(operation)}`] : []),
      ];
      return `sdk.${heyName(operation.id)}({ ${init.join(", ")} })`;
    },
  },
};

const ROUNDS = 3;

/** The time and the type instantiations to check a project that calls every operation. */
export async function types(): Promise<Part> {
  await prepareHey();
  const root = join(folder, "build/types");
  await rm(root, { recursive: true, force: true });
  for (const [who, { setUp, call }] of Object.entries(users)) {
    const project = join(root, who.replaceAll(/\W+/g, "-"));
    await mkdir(project, { recursive: true });
    const lines = operations.map((operation) => `console.log(await ${call(operation)});`);
    await writeFile(
      join(project, "all.ts"),
      `${setUp.replace("../hey/", "../../hey/")}\n${lines.join("\n")}\nexport {};\n`,
    );
    const compilerOptions = {
      ...{
        target: "es2022",
        module: "preserve",
        moduleResolution: "bundler",
        strict: true,
        skipLibCheck: true,
        noEmit: true,
      },
      ...{ types: [], lib: ["es2023", "dom", "dom.iterable"] },
    };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["all.ts"] }));
  }
  const tsc = packageFile("typescript", "bin/tsc");
  const found = await byTurns(Object.keys(users), ROUNDS, async (who) => {
    const args = [tsc, "--project", join(root, who.replaceAll(/\W+/g, "-")), "--extendedDiagnostics"];
    const stdout = await outputOf(args).catch((failure) => {
      throw new Error(`${who} does not type-check: ${String(failure.stdout).slice(0, 600)}`);
    });
    const figure = (name: string) => Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(stdout)?.[1]);
    return { instantiations: figure("Instantiations"), time: figure("Check time") };
  });
  const rows = [...found].flatMap(([who, rounds]) => [
    row(
      "check of all operations",
      who,
      "s",
      rounds.map(({ time }) => time),
    ),
    exactRow("instantiations of all operations", who, "", rounds[0]?.instantiations ?? Number.NaN),
  ]);
  const of = (who: string) => found.get(who)?.[0]?.instantiations ?? Number.NaN;
  return {
    rows,
    budgets: [
      {
        name: "instantiations of our methods, against 8,000",
        ratio: of("imcloud, methods") / 8_000,
        limit: 1,
        is: "at most",
      },
      {
        name: "instantiations of http, against openapi-fetch alone",
        ratio: of("imcloud, http") / of("openapi-fetch"),
        limit: 1.3,
        is: "at most",
      },
    ],
  };
}
