import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { redocly } from "@imcloud/openapi-tools/redocly";
import { stringify } from "yaml";
import { policyOf } from "../src/policy.ts";
import { siteAddress } from "../src/site-config.ts";
import { headerOverPage } from "./header-over-page.ts";
import { paths } from "./paths.ts";

/** Redocly's own images, the one thing in its page that comes from another host. */
const REMOTE_LOGO = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g;

/** A link of the menu, which Redocly draws beforehand as if each page had a path of its own. */
const MENU_LINK = /(<a [^>]*)href="\/(?=[^"]*" data-discover)/g;

const LOGO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 16" height="16"><text y="12" font-family="sans-serif" font-size="12" fill="#767676">Redocly</text></svg>',
)}`;

/** Stands in the page for its policy, which has the hashes of its scripts, which are known once it is drawn. */
const POLICY = "(policy)";

/** Scripts that stand in the page. */
const INLINE_SCRIPT = /<script(?: type="(?:module|text\/javascript)")?>(.*?)<\/script>/gs;

/** How Redocly draws. Of samples it shows those whose entry of its menu is listed. */
function configuration(labels: string[]): object {
  const languages = [...new Set(labels)].map((lang) => ({ lang }));
  return {
    telemetry: "off",
    openapi: { schemasExpansionLevel: 2, generatedSamplesMaxDepth: 4, codeSamples: { languages } },
  };
}

/**
 * Renders the reference as one page that needs no network.
 * @param labels of the document's code samples, in the order of their menu
 */
export async function reference(annotated: Document, labels: string[], output: string): Promise<void> {
  const source = join(output, "reference-source.json");
  const config = join(output, "reference-redocly.yaml");
  const page = join(output, "reference.html");
  await writeFile(source, JSON.stringify(annotated));
  await writeFile(config, stringify(configuration(labels)));
  await redocly(
    "build-docs",
    source,
    "--inlineBundle",
    "--config",
    config,
    "--template",
    join(paths.package, "reference.hbs"),
    `--templateOptions.policy=${POLICY}`,
    `--templateOptions.bar=${headerOverPage("reference.html")}`,
    `--templateOptions.address=${new URL("reference.html", siteAddress).href}`,
    "--output",
    page,
  );
  await Promise.all([source, config].map((file) => rm(file)));
  const built = await readFile(page, "utf8");
  if (!REMOTE_LOGO.test(built) || !MENU_LINK.test(built)) {
    throw new Error("Redocly's page has changed: look at what packages/docs/generate/reference.ts does to it.");
  }
  const portable = built.replace(REMOTE_LOGO, LOGO).replace(MENU_LINK, '$1href="#/');
  const inlineScripts = [...portable.matchAll(INLINE_SCRIPT)].map(([, script = ""]) => script);
  // Redocly compiles what it checks with, and has a worker that searches.
  const policy = policyOf({ inlineScripts, scripts: ["'unsafe-eval'", "blob:"], workers: ["blob:"] });
  await writeFile(page, portable.replace(POLICY, policy));
}
