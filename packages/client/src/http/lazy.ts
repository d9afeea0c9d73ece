import { onceLoaded } from "../once-loaded.ts";
import type { Http } from "./openapi-fetch.ts";

/** openapi-fetch whose code is loaded at its first call. */
export function createLazy(load: () => Promise<Http>): Http {
  let http = onceLoaded(load);
  const method =
    (name: "GET" | "POST" | "PATCH") =>
    async (...call: unknown[]) =>
      ((await http())[name] as (...call: unknown[]) => unknown)(...call);
  const change =
    (name: "use" | "eject"): Http["use"] =>
    (...middleware) => {
      // A middleware that openapi-fetch refuses fails the calls after it.
      const changed = http().then((made) => {
        made[name](...middleware);
        return made;
      });
      changed.catch(() => {});
      http = () => changed;
    };
  return {
    GET: method("GET"),
    POST: method("POST"),
    PATCH: method("PATCH"),
    use: change("use"),
    eject: change("eject"),
  } as Http;
}
