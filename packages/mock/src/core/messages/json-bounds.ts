/** The deepest nesting. The document's requests have less than half, and deeper JSON could overflow the stack. */
const MAX_DEPTH = 64;
/** The most items of an array or members of an object. An order has a few lines, each of which is compared with all others. */
const MAX_ITEMS = 1_000;
/** The most items and members in total. */
const MAX_VALUES = 20_000;

const [QUOTE, BACKSLASH, COMMA, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = Array.from('"\\,{}[]', (char) =>
  char.charCodeAt(0),
);

/** The sentence for a JSON text that exceeds these limits, else `undefined`. Checked before parsing. */
export function excessOf(text: string): string | undefined {
  /** The items so far of each open array and object. */
  const open: number[] = [];
  let values = 0;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === BACKSLASH && isInString) at += 1;
    else if (char === QUOTE) isInString = !isInString;
    else if (isInString) continue;
    else if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
      if (open.push(1) > MAX_DEPTH) return `The body nests deeper than ${MAX_DEPTH} levels`;
    } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) open.pop();
    else if (char === COMMA) {
      const last = open.length - 1;
      open[last] = (open[last] ?? 0) + 1;
      if ((open[last] as number) > MAX_ITEMS)
        return `The body has more than ${MAX_ITEMS} items or members in one place`;
      if (++values > MAX_VALUES) return `The body has more than ${MAX_VALUES} items and members`;
    }
  }
  return undefined;
}
