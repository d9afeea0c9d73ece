import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { workflowFiles } from "@imcloud/openapi-tools/files";
import { licenses } from "@imcloud/openapi-tools/licenses";
import { withSources } from "@imcloud/openapi-tools/sources";
import { writeFavicon } from "@imcloud/theme";
import { objectPages } from "../src/objects.ts";
import { searchIndex } from "../src/search/search-index.ts";
import { siteAddress } from "../src/site-config.ts";
import { annotate, codeSamplesOf } from "./annotate.ts";
import { changelog, changelogFeed, releases } from "./changelog.ts";
import { clientPage } from "./client-page.ts";
import { commandLinePages, commandLinePicture } from "./command-line.ts";
import { console } from "./console.ts";
import { decisions } from "./decisions.ts";
import { type ErrorPage, readErrors, writeErrorTexts } from "./error-pages.ts";
import { evidencePage } from "./evidence.ts";
import { startPageFinisher } from "./finish-pages.ts";
import { guidesInFourLanguages, writeGuidePages } from "./guide-pages.ts";
import { type Guide, readGuides } from "./guides.ts";
import { llms } from "./llms.ts";
import { writeObjectTexts } from "./object-markdown.ts";
import { type OperationPage, operationPages, writeOperationTexts } from "./operation-pages.ts";
import { fileText, folderTexts, homeText, writeTexts } from "./page-markdown.ts";
import { paths } from "./paths.ts";
import { putInPlace } from "./put-in-place.ts";
import { reference } from "./reference.ts";
import { startSiteBuilder } from "./site.ts";
import { siteFiles } from "./site-files.ts";
import { socialPictures } from "./social-pictures.ts";
import { workflowsPage } from "./workflows.ts";

const documents = ["openapi.yaml", "openapi.json", "openapi-3.0.yaml", "openapi-3.0.json"];

/** What pages and files are made of. */
interface Sources {
  plain: Document;
  guides: Guide[];
  operations: OperationPage[];
  errors: ErrorPage[];
}

async function readSources(spec: string): Promise<Sources> {
  const plain: Document = JSON.parse(await readFile(join(spec, "openapi.json"), "utf8"));
  const guides = await readGuides(paths.guides);
  return { plain, guides, operations: operationPages(plain, guides), errors: await readErrors(paths.errors) };
}

/** What the site serves as it is, below the folder that it is built from. */
const filesIn = (build: string) => join(build, "files");

/** Writes what the site draws as pages, their Markdown, and what consoles run. It takes less than a second. */
async function writePages({ plain, guides, operations, errors }: Sources, build: string): Promise<void> {
  const files = filesIn(build);
  const shownGuides = await guidesInFourLanguages(guides, plain, join(build, "recorded"));
  await Promise.all([
    siteFiles(join(files, "site")),
    console(files),
    writeGuidePages(shownGuides, join(build, "guides")),
    writeTexts(shownGuides, files),
    homeText(guides, join(paths.package, "pages/index.mdx")).then((text) => writeTexts([text], files)),
    fileText("downloads", join(paths.package, "pages/downloads.mdx")).then((text) => writeTexts([text], files)),
    writeOperationTexts(operations, join(files, "operations")),
    writeErrorTexts(errors, operations, join(files, "errors")),
    writeObjectTexts(objectPages(plain), files),
    decisions(paths.decisions, join(build, "decisions")),
    clientPage(paths.clientReadme).then((text) => writeFile(join(build, "client.md"), text)),
    evidencePage(plain, paths.evidence, paths.decisions).then((text) => writeFile(join(build, "evidence.md"), text)),
    workflowsPage(paths.workflows, withSources(plain)).then((text) => writeFile(join(build, "workflows.md"), text)),
  ]);
  const generated = ["client", "evidence", "workflows"].map((page) => fileText(page, join(build, `${page}.md`)));
  await writeTexts([...(await Promise.all(generated)), ...(await folderTexts("decisions", build))], files);
}

/** Writes the pages that take longer, as they run commands and read every release. */
async function writeLongPages({ plain }: Sources, build: string): Promise<void> {
  const files = filesIn(build);
  const made = Promise.all([releases(paths.releases, plain), commandLinePages(build)]);
  const [history] = await made;
  await Promise.all([
    writeFile(join(build, "changelog.md"), changelog(history)),
    writeFile(join(files, "changelog.xml"), changelogFeed(history, siteAddress)),
  ]);
  const generated = ["changelog", "commands"].map((page) => fileText(page, join(build, `${page}.md`)));
  await writeTexts([...(await folderTexts("commands", build)), ...(await Promise.all(generated))], files);
}

/** Writes the lists of all pages, as Markdown. */
async function writeLists({ plain, guides, operations, errors }: Sources, build: string): Promise<void> {
  const [commands, decided] = [await folderTexts("commands", build), await folderTexts("decisions", build)];
  await llms(
    plain,
    { guides, operations, objects: objectPages(plain), errors, commands, decisions: decided },
    filesIn(build),
  );
}

/** Writes what is no page of the site: what other tools draw, and what is to download. It takes as long as the site, which needs none of it. */
async function writeFiles({ plain, guides, operations }: Sources, spec: string, files: string): Promise<void> {
  const [downloads, pictures] = [join(files, "downloads"), join(files, "pictures")];
  // Imported late, as it takes longer to load than all else.
  const { postman } = await import("./postman.ts");
  await Promise.all([downloads, pictures].map((folder) => mkdir(folder, { recursive: true })));
  await Promise.all([
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
    reference(
      annotate(withSources(plain), operations),
      operations.flatMap(codeSamplesOf).map(({ label }) => label),
      files,
    ),
    // Tools show its descriptions as names.
    postman(plain, downloads),
    licenses(
      paths.package,
      ["@astrojs/starlight", "@fontsource-variable/inter", "@redocly/cli", "minisearch", "stemmer"],
      join(files, "third-party-licenses.txt"),
    ),
    commandLinePicture().then((picture) => writeFile(join(pictures, "commands.svg"), picture)),
    ...documents.map((name) => copyFile(join(spec, name), join(downloads, name))),
    ...(await workflowFiles(paths.workflows)).map((name) =>
      copyFile(join(paths.workflows, name), join(downloads, name)),
    ),
  ]);
}

async function makeFolders(build: string): Promise<void> {
  const files = filesIn(build);
  await cp(paths.static, files, { recursive: true });
}

/**
 * Makes anew, beside a server that shows them, the pages that are made of guides, decisions and the document.
 * @param isWhole whether also what takes longer, which nobody waits for
 */
export async function remake(spec: string, isWhole: boolean): Promise<void> {
  const parent = join(paths.package, ".astro/remade");
  await mkdir(parent, { recursive: true });
  // Another folder each time, as Node would not load the code of guides again from the same.
  const made = await mkdtemp(join(parent, "at-"));
  try {
    await makeFolders(made);
    const sources = await readSources(spec);
    await writePages(sources, made);
    if (isWhole) {
      await writeLongPages(sources, made);
      await writeLists(sources, made);
      await writeFiles(sources, spec, filesIn(made));
    }
    await putInPlace(made, paths.build, relative(made, filesIn(made)));
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/**
 * Builds the docs: what pages are made of first, then the site around it.
 * @param onWritten called when that is written: what follows leaves a processor free for a while
 */
export async function docs(spec: string, onWritten: () => void = () => {}): Promise<void> {
  const { build } = paths;
  using builder = startSiteBuilder();
  await rm(build, { recursive: true, force: true });
  await makeFolders(build);
  const sources = await readSources(spec);
  await Promise.all([writePages(sources, build), writeLongPages(sources, build)]);
  await writeLists(sources, build);
  onWritten();
  const built = builder.build();
  // Not where the site takes its files from, as it may be taking them.
  const others = join(build, "others");
  // The workers load while Astro builds.
  const [finisher] = await Promise.all([writeFiles(sources, spec, others).then(startPageFinisher), built]);
  await Promise.all([paths.files, paths.dist].map((folder) => cp(others, folder, { recursive: true })));
  const found = await finisher.finish(paths.dist, paths.files);
  await Promise.all([
    writeFile(join(paths.dist, "search-index.js"), searchIndex(found)),
    // The development server's index begins with it.
    writeFile(paths.found, JSON.stringify(found)),
  ]);
}
