import { writeSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { COMMIT_SIZE, commitsIn, openKept, planOf } from "./testing-journal.ts";

/** Commits without end, and tells the number of each commit once it is done. The tests kill it. */
// What is compiled is otherwise kept at the end, which a killed process does not reach.
flushCompileCache();
const { journal, store } = openKept(String(process.argv[2]));
for (let commit = commitsIn(store) + 1; ; commit++) {
  const changes = Array.from({ length: COMMIT_SIZE }, (_, at) => ["plans", planOf(commit, at)] as const);
  for (const [kind, row] of changes) store.of(kind).put(row);
  journal.write(store, changes);
  // At once, as what waits in this process dies with it.
  writeSync(1, `${commit}\n`);
}
