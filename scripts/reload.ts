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
    // Later imports of a module stay in the module's own version.
    const query = isOurs(context.parentURL) ? new URL(String(context.parentURL)).search : version ? `?${version}` : "";
    return { ...found, url: found.url.replace(/\?.*$/, "") + query };
  },
});

/**
 * Makes later imports load this repository's packages again, as they are now. Third-party packages stay
 * loaded, as they take most of the time.
 */
export function reloadPackages(): void {
  version += 1;
}
