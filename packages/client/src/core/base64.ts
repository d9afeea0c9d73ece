/**
 * A text in base64, by way of UTF-8. Half a surrogate pair, which UTF-8 cannot have, becomes U+FFFD. Not by `TextEncoder`, which Jest's
 * environment for jsdom lacks.
 */
export const toBase64 = (text: string): string =>
  btoa(
    encodeURIComponent(text.replace(/\p{Cs}/gu, "\ufffd")).replace(/%(..)/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
  );
