// Features that Safari 16 does not have.
for (const [owner, names] of [
  [URL, ["canParse", "parse"]],
  [AbortSignal, ["any"]],
  [Array, ["fromAsync"]],
  [Promise, ["withResolvers", "try"]],
  [Object, ["groupBy"]],
  [Map, ["groupBy"]],
  [Response, ["json"]],
  [ReadableStream, ["from"]],
  [Set.prototype, ["union", "intersection", "difference", "isSubsetOf"]],
  [globalThis, ["Iterator"]],
]) {
  for (const name of names) delete owner[name];
}
