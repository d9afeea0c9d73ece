import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { workflowFiles } from "@imcloud/openapi-tools/files";
import { licenses } from "@imcloud/openapi-tools/licenses";
import { withSources } from "@imcloud/openapi-tools/sources";
import { writeFavicon } from "@imcloud/theme";
import { objectPages } from "../src/objects.ts";
import { writeSearchIndex } from "../src/search/search-index.ts";
import { siteAddress } from "../src/site-config.ts";
import { annotate, codeSamplesOf } from "./annotate.ts";
import { changelog, changelogFeed, releases } from "./changelog.ts";
import { clientPage } from "./client-page.ts";
import { commandLinePages, commandLinePicture } from "./command-line.ts";
import { console } from "./console.ts";
import { decisions } from "./decisions.ts";
import { readErrors, writeErrorTexts } from "./error-pages.ts";
import { evidencePage } from "./evidence.ts";
import { guidesInFourLanguages, writeGuidePages } from "./guide-pages.ts";
import { readGuides } from "./guides.ts";
import { llms } from "./llms.ts";
import { writeObjectTexts } from "./object-markdown.ts";
import { operationPages, writeOperationTexts } from "./operation-pages.ts";
import { paths } from "./paths.ts";
import { postman } from "./postman.ts";
import { reference } from "./reference.ts";
import { site } from "./site.ts";
import { siteFiles } from "./site-files.ts";
import { socialPictures } from "./social-pictures.ts";
import { fileText, folderTexts, homeText, writeTexts } from "./texts.ts";
import { workflowsPage } from "./workflows.ts";

const documents = ["openapi.yaml", "openapi.json", "openapi-3.0.yaml", "openapi-3.0.json"];

/** Builds the docs: what other tools draw and what is to download first, then the site around it. */
export async function docs(spec: string): Promise<void> {
  const plain: Document = JSON.parse(await readFile(join(spec, "openapi.json"), "utf8"));
  const document = withSources(plain);
  const guides = await readGuides(paths.guides);
  const { build, files, downloads } = paths;
  await rm(build, { recursive: true, force: true });
  await cp(paths.static, files, { recursive: true });
  await mkdir(downloads, { recursive: true });
  const pictures = join(files, "pictures");
  await mkdir(pictures, { recursive: true });
  const shownGuides = await guidesInFourLanguages(guides, plain, join(build, "recorded"));
  const history = await releases(paths.releases, plain);
  const pages = operationPages(plain, guides);
  const objects = objectPages(plain);
  const errors = await readErrors(paths.errors);
  await Promise.all([
    siteFiles(join(files, "site")),
    writeFavicon(files),
    socialPictures(
      [
        ...guides.map(({ page, group, title, description }) => ({
          name: page.replace("/", "-"),
          part: group,
          title,
          description,
        })),
        {
          name: "reference",
          part: "API reference",
          title: plain.info.title,
          description: "Every operation, field and error.",
        },
        {
          name: "home",
          part: "Ingram Micro",
          title: plain.info.title,
          description: "A typed client, a reference and a mock.",
        },
      ],
      pictures,
    ),
    writeGuidePages(shownGuides, join(build, "guides")),
    writeTexts(shownGuides, files),
    homeText(guides, join(paths.package, "pages/index.mdx")).then((text) => writeTexts([text], files)),
    fileText("downloads", join(paths.package, "pages/downloads.mdx")).then((text) => writeTexts([text], files)),
    reference(
      annotate(document, pages),
      pages.flatMap(codeSamplesOf).map(({ label }) => label),
      files,
    ),
    console(files),
    // Tools show its descriptions as names.
    postman(plain, downloads),
    writeOperationTexts(pages, join(files, "operations")),
    writeErrorTexts(errors, pages, join(files, "errors")),
    writeObjectTexts(objects, files),
    licenses(
      paths.package,
      ["@astrojs/starlight", "@fontsource-variable/inter", "@redocly/cli", "minisearch", "stemmer"],
      join(files, "third-party-licenses.txt"),
    ),
    Promise.all([
      decisions(paths.decisions, join(build, "decisions")).then(() => folderTexts("decisions", build)),
      commandLinePages(build).then(() => folderTexts("commands", build)),
    ]).then(([decided, commands]) =>
      Promise.all([
        writeTexts([...decided, ...commands], files),
        llms(plain, { guides, operations: pages, objects, errors, commands, decisions: decided }, files),
      ]),
    ),
    writeFile(join(build, "changelog.md"), changelog(history)),
    clientPage(paths.clientReadme).then((text) => writeFile(join(build, "client.md"), text)),
    writeFile(join(files, "changelog.xml"), changelogFeed(history, siteAddress)),
    evidencePage(plain, paths.evidence, paths.decisions).then((text) => writeFile(join(build, "evidence.md"), text)),
    commandLinePicture().then((picture) => writeFile(join(pictures, "commands.svg"), picture)),
    workflowsPage(paths.workflows, document).then((text) => writeFile(join(build, "workflows.md"), text)),
    ...documents.map((name) => copyFile(join(spec, name), join(downloads, name))),
    ...(await workflowFiles(paths.workflows)).map((name) =>
      copyFile(join(paths.workflows, name), join(downloads, name)),
    ),
  ]);
  const generated = ["changelog", "client", "commands", "evidence", "workflows"].map((page) =>
    fileText(page, join(build, `${page}.md`)),
  );
  await writeTexts(await Promise.all(generated), files);
  await site();
  await writeSearchIndex(paths.dist);
}
