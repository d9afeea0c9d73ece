import { buildPackages } from "./build.ts";
import { withBuildLock } from "./build-lock.ts";
import { main } from "./log.ts";

/** Builds the packages without declarations and pages, which is all that the mock's container image needs. */
main(() => withBuildLock(() => buildPackages({ declarations: false })));
