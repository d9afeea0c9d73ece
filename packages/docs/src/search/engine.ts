import MiniSearch, { type SearchResult } from "minisearch";
import type { Entry, EntryKind } from "./entry.ts";
import { synonymsOf, synonymsOfMistyped, withoutPhrases } from "./synonyms.ts";
import { isStopWord, normalized, plain, queryWords, wordsOf } from "./words.ts";

export type { Entry } from "./entry.ts";

/** A search result. */
export interface Found extends Entry {
  score: number;
  /** The matching words of the entry. */
  matched: string[];
}

/** Searches the site. The best result comes first. */
export type Search = (query: string) => Found[];

/** The weight of a synonym's matches: lower if the site has the word itself. */
const SYNONYM_WEIGHT = { instead: 0.55, beside: 0.5 };

/** Results with less than this share of the best score are dropped. */
const MIN_SCORE_SHARE = 0.1;

/** The most results of one page. Fields do not count. */
const MAX_PER_PAGE = 3;

/** The best results, in order and without repetitions. */
function select(found: Found[]): Found[] {
  const least = (found[0]?.score ?? 0) * MIN_SCORE_SHARE;
  const ofPages = new Map<string, number>();
  return found.filter(({ score, kind, url }) => {
    if (score < least) return false;
    const page = url.replace(/#.*/, "");
    const count = (ofPages.get(page) ?? 0) + 1;
    if (kind !== "field") ofPages.set(page, count);
    return kind === "field" || count <= MAX_PER_PAGE;
  });
}

/** The weight of each kind. */
const KIND_WEIGHT: Record<EntryKind, number> = {
  error: 1.15,
  operation: 1.1,
  guide: 1.1,
  object: 1.05,
  page: 0.8,
  field: 0.75,
};

const STATUS = /^[1-5]\d\d$/;

const compared = (text: string) =>
  text
    .toLowerCase()
    .replace(/[`“”"]/g, "")
    .replace(/\s+/g, " ")
    .trim();

/** A message without what differs between calls: ids, numbers, the final dot. */
const shapeOf = (text: string) =>
  compared(text)
    .replace(/[a-z]*\d+/g, "#")
    .replace(/[.!…]+$/, "");

/** The least length of a query that counts as an error message. */
const MIN_MESSAGE_LENGTH = 12;

/** Whether the query is the message of an error. */
const hasMessage = ({ kind, message }: Entry, query: string): boolean => {
  if (kind !== "error" || !message || query.length < MIN_MESSAGE_LENGTH) return false;
  const [wanted, has] = [shapeOf(query), shapeOf(message)];
  return wanted.includes(has) || has.includes(wanted);
};

/** The weight of an entry, independent of its words. */
function weightOf(entry: Entry, query: string): number {
  const title = compared(entry.title);
  let weight = KIND_WEIGHT[entry.kind];
  if (entry.isSection) weight *= 0.95;
  // The glossary only explains terms.
  if (entry.url.startsWith("guides/glossary")) weight *= 0.4;
  if (/^(?:changelog|evidence|decisions)/.test(entry.url)) weight *= 0.4;
  // Lists of all commands and checks have the words of every subject.
  if (/^(?:commands\/|(?:commands|guides\/going-live)\.html#)/.test(entry.url)) weight *= 0.5;
  // Operations below a reseller are meant only with that word.
  if (entry.url.startsWith("operations/resellers_") && !query.includes("resell")) weight *= 0.6;
  // A field with the name of an everyday word may not be meant.
  const isWord = entry.kind === "field" && /^[a-z]+$/.test(entry.title);
  // Request fields are looked for more often than response fields.
  if (entry.kind === "field" && entry.url.includes("#response-")) weight *= 0.75;
  const isCall = entry.kind === "operation" && compared(entry.place) === query;
  const isNamed = isCall || (!isWord && title === query) || compared(entry.url).endsWith(`operations/${query}.html`);
  if (isNamed) weight *= entry.kind === "guide" || entry.kind === "page" ? 2 : 4;
  else if (!isWord && query.length > 2 && title.startsWith(query)) weight *= 1.5;
  if (hasMessage(entry, query)) weight *= 8;
  return weight;
}

/** An entry is about a status when the number stands in its title, its keywords or its address. */
const isAboutStatus = ({ kind, title, keywords = "", url }: Entry, status: string) =>
  (kind === "error" || kind === "guide") &&
  (new RegExp(`\\b${status}\\b`).test(`${title} ${keywords}`) || new RegExp(`[/#-]${status}\\b`).test(url));

/** Makes the search of the site's entries. It takes some milliseconds for each thousand. */
export function createSearch(entries: Entry[]): Search {
  const index = new MiniSearch<Entry & { id: number }>({
    fields: ["title", "keywords", "place", "text"],
    tokenize: wordsOf,
    // Prefixes and typing errors are compared with the unstemmed words.
    processTerm: (term) => (isStopWord(term) ? null : [...new Set([normalized(term), plain(term)])]),
    searchOptions: { boost: { title: 5, keywords: 5, place: 1.5, text: 1 }, tokenize: (term) => [term] },
  });
  index.addAll(entries.map((entry, id) => ({ ...entry, id })));

  /** The matches of a word: exact, by prefix, and with one or two typing errors. */
  const find = (word: string, isLast: boolean): SearchResult[] => {
    const isNumber = /^\d+$/.test(word);
    const isBeginning = !isNumber && word.length > 2 && (isLast || word.length > 4);
    const exact = index.search(word, {
      prefix: isBeginning,
      processTerm: (term) => [...new Set([normalized(term), plain(term)])],
    });
    if (exact.length || isNumber || word.length < 4) return exact;
    return index.search(word, { prefix: true, fuzzy: word.length > 7 ? 2 : 1, processTerm: plain });
  };

  return (typed) => {
    const query = compared(typed);
    const messages = entries.filter((entry) => hasMessage(entry, query));
    // A message is found by its own words.
    const words = queryWords(messages.length ? query : withoutPhrases(typed));
    const scores = new Map<number, { score: number; words: number; matched: Set<string> }>();
    words.forEach((word, position) => {
      const best = new Map<number, { score: number; matched: string[] }>();
      const take = (results: SearchResult[], weight: number) => {
        const top = results[0]?.score ?? 1;
        for (const { id, score, terms } of results) {
          // All words of a query count alike, rare or not.
          const scaled = weight * (0.35 + 0.65 * (score / top)) * Math.log2(2 + score);
          if (scaled > (best.get(id)?.score ?? 0)) best.set(id, { score: scaled, matched: terms });
        }
      };
      const found = find(word, position === words.length - 1);
      take(found, 1);
      for (const synonym of found.length ? synonymsOf(word) : synonymsOfMistyped(word))
        take(
          index.search(synonym, { prefix: false, fuzzy: false, processTerm: (term) => term }),
          found.length ? SYNONYM_WEIGHT.beside : SYNONYM_WEIGHT.instead,
        );
      for (const [id, { score, matched }] of best) {
        const known = scores.get(id) ?? { score: 0, words: 0, matched: new Set() };
        known.score += score;
        known.words += 1;
        for (const term of matched) known.matched.add(term);
        scores.set(id, known);
      }
    });
    const statuses = words.filter((word) => STATUS.test(word));
    const found = [...scores]
      .map(([id, { score, words: count, matched }]): Found => {
        const entry = entries[id] as Entry;
        const coverage = (count / words.length) ** 2;
        const isFirst = statuses.some((status) => isAboutStatus(entry, status));
        const page = isFirst ? (entry.kind === "error" ? 6 : 3) : 1;
        return { ...entry, score: score * coverage * weightOf(entry, query) * page, matched: [...matched] };
      })
      .sort((one, other) => other.score - one.score);
    return select(found);
  };
}
