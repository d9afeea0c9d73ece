/** The linter's plugin, as Redocly loads it. */
export default function plugin(): {
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: each rule visits nodes of its own kind
  rules: { oas3: Record<string, () => any> };
};
