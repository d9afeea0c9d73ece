import { buildPackages } from "./build.ts";
import { main } from "./log.ts";

/** Builds what runs of the packages, without declarations and pages: all that a container of the mock needs. */
main(() => buildPackages({ declarations: false }));
