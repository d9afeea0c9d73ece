/** Walking schemas, as the linter sees them: over many files. */

export const isRef = (node) => node !== null && typeof node === "object" && "$ref" in node;

/** Calls `visit` once for every schema that can be reached from `schema`, through references. */
export function eachSchema(schema, location, resolve, visit, seen = new Set()) {
  const target = isRef(schema) ? resolve(schema, location.source.absoluteRef) : { node: schema, location };
  if (!target.node || typeof target.node !== "object" || seen.has(target.node)) return;
  seen.add(target.node);
  visit(target.node, target.location);
  const inner = [
    ...Object.entries(target.node.properties ?? {}).map(([key, node]) => [["properties", key], node]),
    ...["allOf", "anyOf", "oneOf"].flatMap((kind) =>
      (target.node[kind] ?? []).map((node, index) => [[kind, index], node]),
    ),
    ...["items", "additionalProperties"].map((kind) => [[kind], target.node[kind]]),
  ];
  for (const [path, node] of inner) {
    if (node) eachSchema(node, target.location.child(path), resolve, visit, seen);
  }
}
