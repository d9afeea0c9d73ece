import { lintSource } from "@secretlint/core";
import { creator as recommended } from "@secretlint/secretlint-rule-preset-recommend";

/** Patterns of this API's credentials, except the examples'. */
const OURS: [what: string, pattern: RegExp][] = [
  ["an Authorization value", /\b(?:Bearer|Basic) +(?!(?:abc|token)\b)[\w.~+/-]{20,}=*/g],
  ["a JSON web token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/g],
  ["a subscription key", /x-subscription-key["']?\s*[:=]\s*["']?(?!demo-)[0-9a-f]{32}\b/gi],
  ["a signed link", /[?&](?:sig|signature|x-amz-signature)=(?!example|hidden|\[)[\w%+/-]{20,}/gi],
];

/**
 * Finds what looks like a credential in a text. Each sentence says where, without repeating it.
 * @param name the name of the file or log, for the sentences
 */
export async function secretsIn(name: string, text: string): Promise<string[]> {
  const { messages } = await lintSource({
    source: { content: text, filePath: name, contentType: "text", ext: ".txt" },
    options: {
      maskSecrets: true,
      config: { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: recommended, rules: [] }] },
    },
  });
  const known = messages.map(({ message, loc }) => `${name}:${loc.start.line}: ${message}`);
  const ours = OURS.flatMap(([what, pattern]) =>
    [...text.matchAll(pattern)].map(({ index }) => `${name}:${text.slice(0, index).split("\n").length}: ${what}`),
  );
  return [...known, ...ours];
}
