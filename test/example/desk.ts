import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BrowserContextOptions, Page } from "playwright-core";
import sirv from "sirv";
import { paths } from "../../scripts/paths.ts";
import { Tabs } from "../browser/tabs.ts";

/** The folder for screenshots, which git ignores. */
export const screenshots = fileURLToPath(new URL("./screenshots", import.meta.url));

/** The example app in a browser, served as static files. */
export interface Desk {
  /** Opens a view. `search` is the URL's query, for example `?api=…`. */
  open(route: string, options?: BrowserContextOptions & { search?: string }): Promise<OpenedDesk>;
  close(): Promise<void>;
}

/** An open page of the app, with its errors. */
export interface OpenedDesk {
  page: Page;
  errors: string[];
  /** Requests other than for the app's own files, up to now. */
  requests(): string[];
  close(): Promise<void>;
}

export async function startDesk(): Promise<Desk> {
  const files: Server = createServer(sirv(paths.example)).listen(0, "127.0.0.1");
  await once(files, "listening");
  const origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
  const icon = readdirSync(join(paths.example, "assets")).find((file) => file.endsWith(".svg"));
  const tabs = new Tabs(`${origin}/assets/${icon}`, { width: 1440, height: 900 });
  return {
    async open(route, { search = "", ...options } = {}) {
      const address = `${origin}/${search}#/${route}`;
      const { tab, consoleErrors, requests, close } = await tabs.open(address, { reducedMotion: "reduce", ...options });
      const isForeign = (url: string) => !url.startsWith(origin) && !/^(?:data|blob):/.test(url);
      return { page: tab, errors: consoleErrors, requests: () => requests.filter(isForeign), close };
    },
    async close() {
      await tabs.close();
      files.close();
      files.closeAllConnections();
    },
  };
}
