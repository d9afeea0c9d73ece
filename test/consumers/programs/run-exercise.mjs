import * as module from "node:module";
import { exercise } from "./exercise.mjs";

// A copy of the client loads copies of its chunks. Node 20 has no such hooks, and runs no second exercise.
module.registerHooks?.({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const copy = /\?copy=\d+$/.exec(context.parentURL ?? "")?.[0] ?? "";
    return { ...resolved, url: resolved.url + copy };
  },
});

// Each program of the arguments changes the globals further. So each gets a client of its own, which has seen no others.
const programs = process.argv.slice(2);
if (!programs.length) await exercise(await import("@imcloud/client"));
for (const [index, name] of programs.entries()) {
  await import(`./${name}.mjs`);
  await exercise(await import(import.meta.resolve("@imcloud/client") + (index ? `?copy=${index}` : "")));
}
