import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startDocsServer } from "@imcloud/docs/server";
import { startMock } from "@imcloud/mock";
import { commandLinePicture } from "../../packages/docs/generate/command-line.ts";
import { main, takeNoArguments } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";
import { launchBrowser } from "../browser/browser.ts";

const folder = join(paths.root, ".github/pictures");

/** A screenshot of the built docs: the page of `orders_create`. */
async function docsPicture(): Promise<Buffer> {
  const mock = await startMock({ port: 0 });
  const docs = await startDocsServer({ folder: paths.docs, mockUrl: mock.url, port: 0, host: "127.0.0.1" });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: "light" });
    await page.goto(new URL("operations/orders_create.html", docs.url).href, { waitUntil: "networkidle" });
    return await page.screenshot({ type: "png" });
  } finally {
    await browser.close();
    await docs.close();
    await mock.close();
  }
}

/** Makes the README's pictures: the docs in a browser, and the command line. Needs a build. */
main(async () => {
  takeNoArguments();
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "command-line.svg"), await commandLinePicture());
  await writeFile(join(folder, "docs.png"), await docsPicture());
  console.log(`Wrote command-line.svg and docs.png to ${folder.slice(paths.root.length)}.`);
});
