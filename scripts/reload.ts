import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { paths } from "./paths.ts";

const packages = `${pathToFileURL(paths.root).href.replace(/\/?$/, "/")}packages/`;

const isOurs = (url = "") => url.startsWith(packages) && !url.includes("/node_modules/");

let version = 0;

registerHooks({
  resolve(specifier, context, nextResolve) {
    const found = nextResolve(specifier, context);
    if (!isOurs(found.url)) return found;
    // What a module loads later is of its own version.
    const query = isOurs(context.parentURL) ? new URL(String(context.parentURL)).search : version ? `?${version}` : "";
    return { ...found, url: found.url.replace(/\?.*$/, "") + query };
  },
});

/**
 * Has the packages of this repository loaded anew, as they are now, by what imports them from here on. What they need from a registry stays
 * loaded, which is most of what takes time.
 */
export function reloadPackages(): void {
  version += 1;
}
