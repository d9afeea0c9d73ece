import { createSearch, type Search } from "./engine.ts";
import type { Entry } from "./entry.ts";
import { SearchView } from "./search-view.ts";

declare global {
  interface Window {
    searchEntries?: Entry[];
  }
}

/** The site's address. This script lies in a folder of it. */
const root = new URL("..", (document.currentScript as HTMLScriptElement).src).href;

let loading: Promise<Search> | undefined;

/** The index, made when it is first asked for. It comes as a script, as a page from a folder cannot fetch. */
function load(): Promise<Search> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("search-index.js", root).href;
    script.onload = () => resolve(createSearch(window.searchEntries ?? []));
    script.onerror = () => {
      loading = undefined;
      reject(new Error("The index did not load. Check the connection and try again."));
    };
    document.head.append(script);
  });
  return loading;
}

for (const element of document.querySelectorAll(".search-dialog, .search-page")) new SearchView(element, root, load);
// It is wanted as soon as this script is.
load().catch(() => {});
