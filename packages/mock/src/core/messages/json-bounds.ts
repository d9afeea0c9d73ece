/** No request of the document nests half as deep; what does could exhaust the stack of whoever walks it. */
const MAX_DEPTH = 64;
/** Items of an array, or members of an object; an order has a few lines, and each is checked against all others. */
const MAX_ITEMS = 1_000;
/** Items and members in all. */
const MAX_VALUES = 20_000;

const [QUOTE, BACKSLASH, COMMA, OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = Array.from('"\\,{}[]', (char) =>
  char.charCodeAt(0),
);

/** What of a JSON text is more than a mock takes, in a sentence; `undefined` where nothing is. It is counted before it is parsed. */
export function excessOf(text: string): string | undefined {
  /** Items so far of each array and object that is open. */
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
