import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ValidationSeverity, validate } from "dockerfile-utils";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { paths } from "../../scripts/paths.ts";

const read = (name: string) => readFileSync(join(paths.root, name), "utf8");
const dockerfile = read("packages/mock/Dockerfile");
const linesOf = (instruction: string) =>
  [...dockerfile.matchAll(new RegExp(`^${instruction} (.*)$`, "gm"))].map(([, rest]) => rest);

describe("packages/mock/Dockerfile", () => {
  test("passes the linter", () => {
    const { WARNING, ERROR } = ValidationSeverity;
    const settings = { deprecatedMaintainer: ERROR, instructionCasing: ERROR, instructionWorkdirRelative: ERROR };
    const found = validate(dockerfile, { ...settings, directiveCasing: WARNING });
    expect(found.map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
  });

  test("has the project's own Node", () => {
    const { catalog } = parse(read("pnpm-workspace.yaml")) as { catalog: Record<string, string> };
    for (const image of linesOf("FROM")) expect(image).toMatch(new RegExp(`^node:${catalog.node}-`));
  });

  test("runs the project's pnpm by npx, as nothing that is installed for the mock has it", () => {
    const { catalog } = parse(read("pnpm-workspace.yaml")) as { catalog: Record<string, string> };
    expect(dockerfile.match(/\S*pnpm\S*(?= --filter)/g)).toEqual([`pnpm@${catalog.pnpm}`]);
  });

  test("runs the package's command, without root, on the port that it asks whether it is healthy", () => {
    const { bin } = JSON.parse(read("packages/mock/package.json")) as { bin: Record<string, string> };
    const entrypoints = linesOf("ENTRYPOINT").map((line) => JSON.parse(String(line)));
    expect(entrypoints).toEqual([["node", join("/app", String(bin["imcloud-mock"]))]]);
    expect(linesOf("USER")).toEqual(["node"]);
    expect(linesOf("EXPOSE")).toEqual([/IMCLOUD_MOCK_PORT=(\d+)/.exec(dockerfile)?.[1]]);
    expect(dockerfile).toContain("/__mock/ready");
  });

  test.each([
    ["http", {}],
    ["http", { IMCLOUD_MOCK_TLS: "false" }],
    ["https", { IMCLOUD_MOCK_TLS: "true" }],
    ["https", { IMCLOUD_MOCK_TLS_CERT: "cert.pem", IMCLOUD_MOCK_TLS_KEY: "key.pem" }],
  ])("asks whether it is healthy where it serves by %s with %j", (scheme, env) => {
    const check = /^ {2}CMD (.*)$/m.exec(dockerfile)?.[1];
    const wget = `wget() { case "$*" in *${scheme}://127.0.0.1:4010/__mock/ready) ;; *) false ;; esac; }`;
    const { status } = spawnSync("sh", ["-c", `${wget}; ${check}`], { env: { ...env, IMCLOUD_MOCK_PORT: "4010" } });
    expect(status).toBe(0);
  });
});
