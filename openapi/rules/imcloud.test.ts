import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { redoclyCommand, redoclyEnvironment } from "@imcloud/openapi-tools/redocly";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const source = join(import.meta.dirname, "..");
const run = promisify(execFile);
let folder: string;
let copy: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-rules-"));
  copy = join(folder, "openapi");
  await cp(source, copy, { recursive: true });
  // The rules import the project's tools.
  await symlink(join(source, "../node_modules"), join(folder, "node_modules"), "junction");
  await cp(join(source, "../test/evidence/sources"), join(folder, "test/evidence/sources"), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A change of a file that a rule is to find: in that file, or, where it tells those that refer to it, of something that it names. */
type Case = [what: string, rule: string, file: string, edit: (yaml: string) => string, named?: string];

/** What the linter finds: the rule, the file in which it is broken, and how. */
interface Problem {
  rule: string;
  file: string;
  message: string;
}

/** What the linter finds once all cases' files are edited. One run, as a run takes a second: so no two cases may expect the same. */
async function lintEdited(all: readonly Case[]): Promise<Problem[]> {
  for (const [, , file, edit] of all) {
    const path = join(copy, file);
    const text = await readFile(path, "utf8");
    const edited = edit(text);
    expect(edited, `the edit changes ${file}`).not.toBe(text);
    await writeFile(path, edited);
  }
  const { command, args } = redoclyCommand(["lint", "imcloud", "--format=json", "--max-problems=1000"]);
  const { stdout } = await run(command, args, { cwd: copy, env: redoclyEnvironment(), maxBuffer: 2 ** 26 }).catch(
    (failure: { stdout: string }) => failure,
  );
  return JSON.parse(stdout).problems.map(
    ({ ruleId, message, location }: { ruleId: string; message: string; location: { source: { ref: string } }[] }) => ({
      ...{ rule: ruleId, message },
      file: String(location[0]?.source.ref),
    }),
  );
}

const cut = (text: string) => (yaml: string) => yaml.replace(text, "");

const cases: Case[] = [
  [
    "a property without a description",
    "imcloud/properties-described",
    "components/schemas/BillingPeriod.yaml",
    cut("    description: Unit of the billing period.\n"),
  ],
  [
    "a value without an example",
    "imcloud/properties-described",
    "components/schemas/Money.yaml",
    cut("    examples: [EUR]\n"),
  ],
  [
    "a schema without a description",
    "imcloud/schema-described",
    "components/schemas/Money.yaml",
    cut("description: An amount in a currency.\n"),
  ],
  [
    "an object inside a property",
    "imcloud/no-inline-objects",
    "components/schemas/OrderDetail.yaml",
    (yaml) =>
      yaml.replace(
        "    $ref: ./Duration.yaml",
        "    type: object\n    properties:\n      type:\n        type: string\n        description: Unit.\n        examples: [day]",
      ),
  ],
  [
    "an example that is split at its comma",
    "imcloud/one-example",
    "components/schemas/Plan.yaml",
    (yaml) => yaml.replace(/examples: \["(.*, .*)"\]/, "examples: [$1]"),
  ],
  [
    "a field that is required away from where it stands",
    "imcloud/composed-schemas",
    "components/schemas/OrderCreate.yaml",
    (yaml) => yaml.replace("allOf:", "required: [customerId]\nallOf:"),
  ],
  [
    "a composed schema that is not said to be an object",
    "imcloud/composed-schemas",
    "components/schemas/Customer.yaml",
    cut("type: object\n"),
  ],
  [
    "a field that is not the vendor's and has no source",
    "imcloud/sourced",
    "components/schemas/ContactPerson.yaml",
    (yaml) => yaml.replace("  firstName:", "  nickname:"),
  ],
  [
    "a status that has no source",
    "imcloud/sourced",
    "components/responses/TooManyRequests.yaml",
    (yaml) => yaml.replace(/^x-source: .*\n/m, ""),
    "no status 429",
  ],
  [
    "a parameter that has no source",
    "imcloud/sourced",
    "components/parameters/ClientId.yaml",
    (yaml) => yaml.replace(/^x-source: .*\n/m, ""),
    "`X-Client-Id`",
  ],
  [
    "an operation that has no source",
    "imcloud/sourced",
    "paths/subscriptions_{id}.yaml",
    (yaml) => yaml.replace(/^ {2}x-source: .*\n/m, ""),
  ],
  [
    "a schema that has no source",
    "imcloud/sourced",
    "components/schemas/Html.yaml",
    (yaml) => yaml.replace(/^x-source: .*\n/m, ""),
  ],
  ...(
    [
      ["a fact that does not exist", "Timestamp", "{ certainty: live, facts: [FLD-99] }"],
      ["a decision that does not exist", "Id", '{ certainty: assumed, decision: "9999" }'],
      ["another certainty", "ProductId", "{ certainty: sure, facts: [FLD-05] }"],
      ["an assumption without a decision", "Quantity", "{ certainty: assumed }"],
      ["a word that it does not know", "Attributes", "{ certainty: live, facts: [FLD-05], why: seen }"],
      ["nothing to look up", "AccountStatus", "{ certainty: live }"],
    ] as const
  ).map(([what, schema, mark]): [string, string, string, (yaml: string) => string] => [
    `a source with ${what}`,
    "imcloud/source-shaped",
    `components/schemas/${schema}.yaml`,
    (yaml) => yaml.replace(/^x-source: .*$/m, `x-source: ${mark}`),
  ]),
  [
    "an operation in the root",
    "imcloud/root-only-points",
    "openapi.yaml",
    (yaml) => yaml.replace("    $ref: paths/validation_parameters.yaml", "    summary: Validation"),
  ],
  [
    "an open enum in a request",
    "imcloud/enums-by-direction",
    "components/schemas/OrderCreate.yaml",
    (yaml) => yaml.replace("enum: [sales", "x-extensible-enum: [sales"),
  ],
  [
    "a closed enum in a response",
    "imcloud/enums-by-direction",
    "components/schemas/Subscription.yaml",
    (yaml) => yaml.replace("x-extensible-enum", "enum"),
  ],
  [
    "a field of a request that does not take null",
    "imcloud/requests-take-null",
    "components/schemas/OrderFields.yaml",
    (yaml) => yaml.replace('type: [string, "null"]', "type: string"),
  ],
  [
    "an operation that hides 429",
    "imcloud/errors-documented",
    "paths/products.yaml",
    cut('    "429":\n      $ref: ../components/responses/TooManyRequests.yaml\n'),
  ],
  [
    "an id in the path without a 404",
    "imcloud/errors-documented",
    "paths/plans_{id}.yaml",
    cut('    "404":\n      $ref: ../components/responses/NotFound.yaml\n'),
  ],
  [
    "content without a named example",
    "imcloud/named-examples",
    "components/responses/GatewayTimeout.yaml",
    cut("    examples:\n      GatewayTimeoutPage:\n        $ref: ../examples/GatewayTimeoutPage.yaml\n"),
  ],
  [
    "an operation id of another form",
    "imcloud/operation-id-named",
    "paths/plans.yaml",
    (yaml) => yaml.replace("plans_list", "getPlans"),
  ],
  [
    "an operation under another resource's tag",
    "imcloud/operation-id-named",
    "paths/reports.yaml",
    (yaml) => yaml.replace("tags: [reports]", "tags: [orders]"),
  ],
  [
    "an example that its schema refuses",
    "no-invalid-media-type-examples",
    "components/examples/Token.yaml",
    (yaml) => yaml.replace("expiresInSeconds: 1500", "expiresInSeconds: soon"),
  ],
  [
    "a success under default",
    "rule/no-default-response",
    "paths/resellers_{id}_orders.yaml",
    (yaml) => yaml.replace('    "200":', "    default:"),
  ],
  [
    "an operation without a success",
    "operation-2xx-response",
    "paths/resellers_{id}_customers.yaml",
    (yaml) => yaml.replace('    "200":', '    "302":'),
  ],
  [
    "a response without its correlation id",
    "response-contains-header",
    "components/responses/NotFound.yaml",
    cut("headers:\n  X-Correlation-ID:\n    $ref: ../headers/CorrelationId.yaml\n"),
  ],
  [
    "an operation without a description",
    "operation-description",
    "paths/plans.yaml",
    cut("  description: >-\n    Service plans with their basic details.\n"),
  ],
];

describe("redocly lint", () => {
  let found: Problem[];
  beforeAll(async () => {
    found = await lintEdited(cases);
  }, 120_000);

  test.each(cases.map((one) => [one[0], one] as const))("finds %s", (_what, one) => {
    const [, rule, file, , named] = one;
    const problem =
      named === undefined ? { file: expect.stringContaining(file) } : { message: expect.stringContaining(named) };
    expect(found).toContainEqual(expect.objectContaining({ rule, ...problem }));
  });

  test("finds each fault where no other one breaks the same rule, and nothing without them, which npm run lint holds", () => {
    const expected = cases.map(([, rule, file, , named]) => `${rule} ${named ?? file}`);
    expect(expected.filter((each, index) => expected.indexOf(each) !== index)).toEqual([]);
  });
});
