import { readable } from "@imcloud/options";
import type { WithResponse } from "../calls/api-promise.ts";
import type { CallInput } from "../calls/call.ts";
import { copyQuery } from "../calls/check-query.ts";
import { IncompleteListError } from "../errors/errors.ts";
import type { ListCursor } from "./list-reader.ts";
import { type Page, plainPage } from "./page.ts";
import { type ListCall, type ListPage, ListPromise, type PagePromise } from "./pages.ts";
import { isPrecise, SeenRows } from "./seen-rows.ts";

type Query = Record<string, unknown>;

/** Times that the lists are looked through again at most, while rows move between them. */
const MAX_LOOKS = 5;

/**
 * The queries of a query whose filters have several values: one for each of them, as the API takes one value. They are in the order of
 * the document, in which things live through their statuses: what goes on to the next one meanwhile is found there.
 */
const expand = (query: Query, rules: CallInput["queryRules"] = {}): Query[] =>
  Object.entries(query).reduce<Query[]>(
    (queries, [name, given]) => {
      const value = Array.isArray(given) ? given.filter((one) => one !== undefined) : given;
      if (!Array.isArray(value) || value.length === 0) return queries.map((each) => ({ ...each, [name]: value }));
      const order = rules[name] ?? "";
      const values = [...new Set(value)];
      if (Array.isArray(order)) values.sort((one, other) => order.indexOf(one) - order.indexOf(other));
      return queries.flatMap((each) => values.map((one) => ({ ...each, [name]: one })));
    },
    [{}],
  );

/** Rows that were given, to see which came to light later. */
class GivenRows<T> {
  readonly #seen = new SeenRows();
  /** Those that their ids do not tell apart. */
  readonly #texts = new Set<string>();

  /** Notes rows, and gives those that came from no list before. */
  add(rows: T[]): T[] {
    const added = rows.filter((row) => !this.#seen.has(row as object));
    for (const row of added) {
      this.#seen.add(row as object);
      if (!isPrecise((row as { id?: unknown }).id)) this.#texts.add(JSON.stringify(row));
    }
    return added;
  }

  /** Adds a row of a list that was read before. Whether it was not there then. */
  #addLate(row: T): boolean {
    return !(this.#texts.size && this.#texts.has(JSON.stringify(row))) && this.add([row]).length > 0;
  }

  /**
   * Looks through lists again that were read, until no row has moved behind the reader. One that arrived, in front of all others, did
   * not move.
   * @throws {@link IncompleteListError} when rows do not stop moving
   */
  async lookAgain(operation: string, lists: () => PagePromise<T>[]): Promise<T[]> {
    const late: T[] = [];
    for (let looks = 1; ; looks++) {
      let hasMoved = false;
      for (const list of lists()) {
        let isFront = true;
        for await (const row of list) {
          if (!this.#addLate(row)) {
            isFront = false;
            continue;
          }
          late.push(row);
          hasMoved ||= !isFront;
        }
      }
      if (!hasMoved) return late;
      const at = { operation, offset: 0, received: late.length, total: undefined };
      if (looks === MAX_LOOKS) throw new IncompleteListError("Rows do not stop moving between its lists.", at);
    }
  }
}

/** What the pages of merged lists are made of. */
interface Merging<T> {
  given: GivenRows<T>;
  lookAgain(): Promise<T[]>;
}

/**
 * One page of each list, as one. After the last ones come the rows that came to light when all were looked through again.
 * @param ended last pages of the lists that have no more
 */
function mergePages<T>(pages: Page<T>[], merging: Merging<T>, ended: Page<T>[] = []): Page<T> {
  const [first] = pages;
  const total = [...pages, ...ended].reduce((sum, { pagination }) => sum + Number(pagination?.total), 0);
  const pagination = { ...first?.pagination, total } as Page<T>["pagination"];
  const own = new GivenRows<T>();
  const merged = pages.flatMap(({ data }) => own.add(data));
  merging.given.add(merged);
  return plainPage<T>({ data: merged, pagination }, async () => {
    const all = await Promise.all(pages.map((page) => page.next()));
    const following = all.filter((page) => page !== undefined);
    if (following.length) return mergePages(following, merging, [...ended, ...pages.filter((_, at) => !all[at])]);
    const data = await merging.lookAgain();
    return data.length ? plainPage<T>({ data, pagination }, async () => undefined) : undefined;
  });
}

/**
 * Several lists, one after the other, as one. No row is given twice, though it moved from one to the next meanwhile. Before the last page
 * is given, all are looked through again for what moved to one that was read already.
 */
function mergeLists<T>(operation: string, listsOf: () => PagePromise<T>[]): PagePromise<T> {
  async function page(): Promise<WithResponse<Page<T>>> {
    const all = await Promise.all(listsOf().map((list) => list.withResponse()));
    const [first] = all as [WithResponse<Page<T>>];
    const given = new GivenRows<T>();
    const merging = { given, lookAgain: () => given.lookAgain(operation, listsOf) };
    return {
      data: mergePages(
        all.map(({ data }) => data),
        merging,
      ),
      response: first.response,
    };
  }

  async function* pages(after: ListCursor | undefined): AsyncGenerator<ListPage<T>, void, undefined> {
    const lists = listsOf();
    const { list: begun = 0, ...within } = after ?? { offset: 0, received: 0 };
    const given = new GivenRows<T>();
    for (const [at, list] of lists.entries()) {
      if (at < begun) continue;
      // One that was not begun yet begins at the query's own offset.
      const isBegun = at === begun && within.offset > 0;
      for await (const page of list.pages(isBegun ? { after: within } : {})) {
        const data = given.add(page.data);
        const next = page.cursor ?? (at + 1 < lists.length ? { offset: 0, received: 0 } : undefined);
        // Who goes on later does not know what was given before.
        if (!next && !after) data.push(...(await given.lookAgain(operation, listsOf)));
        yield {
          data,
          total: undefined,
          cursor: next && { ...next, list: page.cursor ? at : at + 1 },
        };
      }
    }
  }

  async function* batches() {
    for await (const { data, total } of pages(undefined)) yield { rows: data, total };
  }

  const start = { operation, offset: 0, received: 0, total: undefined };
  return new ListPromise<T>({ start, page, batches, pages, lists: listsOf().length });
}

/** Makes lists whose filters may have several values, which is a call for each. */
export const mergingLists =
  (list: ListCall): ListCall =>
  <T>(...[operation, method, path, { query = {}, ...input }, options]: Parameters<ListCall>): PagePromise<T> => {
    readable("an object of filters")(query, `The query of ${operation}`);
    const asked = copyQuery(query) as Query;
    const lists = () =>
      expand(asked, input.queryRules).map((one) => list<T>(operation, method, path, { ...input, query: one }, options));
    const [only, ...others] = lists();
    return others.length === 0 && only ? only : mergeLists<T>(operation, lists);
  };
