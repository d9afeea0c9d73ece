import { type ApiError, MarketplaceError, NotFoundError, UnknownOutcomeError } from "../../core/errors/errors.ts";
import type { Page } from "../../core/lists/page.ts";
import { isPrecise, SeenRows } from "../../core/lists/seen-rows.ts";
import type { RequestOptions } from "../../core/request-options.ts";
import {
  type Baseline,
  type BaselineJson,
  baselineFromJson,
  isNewestFirst,
  PAGE_SIZE,
  takeBaseline,
  totalOf,
} from "./baseline.ts";
import { isSameText, type Journal, keyOf, type OpenOutcome } from "./journal.ts";
import type { OutboxEntry, OutboxSibling } from "./outbox.ts";
import type { Identified, Likeness, SearchTarget } from "./search-targets.ts";
import { matchText, type TextMatch } from "./text-match.ts";

/** Calls that the search for one thing may take in all, so that it cannot eat up a day's quota. */
const MAX_CALLS = 120;

/** What a search found: the thing; or those that it may be and why that is not certain; or nothing. */
export type Finding<T> = { found: T } | { candidates: T[]; reason?: string | undefined };

/** What a search knows that survives the process. */
export interface SearchMemory {
  /** What an earlier process has sent, without learning what became of it. */
  earlier: { entry: OutboxEntry; doubt: UnknownOutcomeError } | undefined;
  /** Keeps what is sent, before it leaves. */
  beforeSend(sent: Pick<OutboxEntry, "content" | "baseline" | "sentAt">): Promise<void>;
  /** What others create through the same outbox. */
  siblings(): Promise<OutboxSibling[]>;
}

/** JSON that does not depend on the order in which an object has its fields. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    each && typeof each === "object" && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );

/** A row that may be the thing. */
interface Candidate<Thing> {
  thing: Thing;
  match: TextMatch;
  content: Likeness;
  /** Whether it was certainly not there before. */
  isNew: boolean;
}

/** The search has taken as many calls as it may. */
class SearchLimit extends Error {}

/**
 * The search for one thing, from before it is sent.
 *
 * It does not rely on times: the clocks of the machine, the gateway and the platform can differ by hours and can be changed during the
 * search, and the API writes times without zones. A row that the list had before the thing was sent is not the thing. A row is the thing
 * when it is new, belongs to no other creation, and has the text in any form.
 */
export class Search<Row extends Identified, Thing extends Identified> {
  readonly #target: SearchTarget<Row, Thing>;
  readonly #journal: Journal<Thing>;
  readonly #options: RequestOptions;
  readonly #key: string;
  /** All that is sent, in one form. */
  readonly content: string;
  readonly #memory: SearchMemory | undefined;
  /** What others create through the same outbox. */
  #siblings: OutboxSibling[] = [];
  #baseline: Baseline | undefined;
  /** What may be the thing, by id: also what is not in the list any more when one looks again. */
  readonly #suspects = new Map<string, Candidate<Thing>>();
  #calls = 0;
  #leave = () => {};
  #outcome: OpenOutcome | undefined;
  #hasLost = false;

  /** @param memory what survives the process, where something does */
  constructor(
    target: SearchTarget<Row, Thing>,
    journal: Journal<Thing>,
    { signal, timeout, headers }: RequestOptions,
    memory?: SearchMemory,
  ) {
    this.#target = target;
    this.#journal = journal;
    this.#memory = memory;
    this.#options = { signal, timeout, headers };
    this.#key = keyOf(target.scope, target.text);
    this.content = canonical(target.body);
  }

  /**
   * Waits for what this one could be mistaken for. Gives what this client has created by the same text.
   * @throws {@link MarketplaceError} when that was something else
   */
  async enter(): Promise<Thing | undefined> {
    const { leave, hasLost } = await this.#journal.begin(this.#target, () => this.#outcome, this.#options);
    this.#leave = leave;
    this.#hasLost = hasLost;
    this.#restore();
    const created = this.#journal.created(this.#key);
    if (!created) return undefined;
    const { text, isAnyBody, get } = this.#target;
    if (!isAnyBody && created.content !== this.content) {
      throw new MarketplaceError(
        `Something else was created with "${text}" before: it is ${created.id}. Give each a text of its own.`,
      );
    }
    this.#journal.takeOpen(this.#key);
    const thing = await get(created.id, this.#lookOptions);
    if (String(thing?.id) === created.id) return thing;
    throw new MarketplaceError(`What was created with "${text}" before, ${created.id}, came as something else.`);
  }

  /** Notes what is there before it is sent. Gives what an earlier search for the same left open. */
  async begin(): Promise<OpenOutcome | undefined> {
    const { scope } = this.#target;
    const open = this.#journal.takeOpen(this.#key);
    if (open && open.content !== this.content) {
      this.#journal.leaveOpen(this.#key, open);
      const { operation, method, path, body, sentAt, cause, candidates } = open.doubt;
      const reason = `What became of another body with "${this.#target.text}" is still open: send that again first.`;
      throw new UnknownOutcomeError({ operation, method, path, body, sentAt, cause, candidates, reason });
    }
    if (open) {
      this.#baseline = open.baseline;
      return open;
    }
    const { signal, headers } = this.#options;
    const take = () => takeBaseline((query) => this.#target.list(query, { headers })).catch(() => undefined);
    this.#baseline = await this.#journal.baseline(scope, take, signal);
    return undefined;
  }

  /** Notes that it is sent now. The doubt is for those who find that this search never ended. */
  async sending(doubt: UnknownOutcomeError): Promise<void> {
    this.#outcome ??= { doubt, since: performance.now(), content: this.content, baseline: this.#baseline };
    const { content } = this;
    await this.#memory?.beforeSend({ content, baseline: this.#baseline, sentAt: doubt.sentAt.toISOString() });
  }

  /** Ends the search. What is not found out is remembered, for the case that the same is sent again. */
  end(doubt?: { doubt: UnknownOutcomeError; since: number }): void {
    this.#leave();
    if (doubt) this.#journal.leaveOpen(this.#key, { ...doubt, content: this.content, baseline: this.#baseline });
  }

  /** Goes on with what another process began. */
  #restore(): void {
    const { entry, doubt } = this.#memory?.earlier ?? {};
    if (!entry || !doubt) return;
    const baseline = entry.baseline ? baselineFromJson(entry.baseline as BaselineJson) : undefined;
    this.#journal.leaveOpen(this.#key, { doubt, since: performance.now(), content: entry.content, baseline });
  }

  /** Notes what was created: the same again gives it. */
  created({ id }: Thing): void {
    if (this.#journal.created(this.#key)) return;
    this.#journal.noteCreated(this.#key, { id: String(id), content: this.content });
  }

  /** The API has confirmed it. */
  claim(thing: Thing): Thing {
    return this.#journal.claim(thing);
  }

  /** Withdraws the claims on things of which it is not certain to whom they belong. */
  disclaim(things: Thing[]): void {
    for (const thing of things) this.#journal.disclaim(thing);
  }

  async look(): Promise<Finding<Thing>> {
    try {
      const found = await this.#lookByText();
      if (found) return { found };
      const { rows, reason } = await this.#newRows();
      // After the rows: whoever created one of them has had a claim before.
      this.#siblings = (await this.#memory?.siblings()) ?? [];
      for (const row of rows) {
        if (this.#isClaimed(row) || this.#isOther(row)) continue;
        const candidate = await this.#candidate(row);
        if (mayBeIt(candidate) && !this.#isAnothers(candidate)) this.#suspects.set(String(row.id), candidate);
        else this.#suspects.delete(String(row.id));
      }
      return this.#judge(reason);
    } catch (error) {
      if (!(error instanceof SearchLimit)) throw error;
      return this.#judge(error.message);
    }
  }

  /** Whether another creation has claimed it. */
  #isClaimed(thing: Identified): boolean {
    return (
      this.#journal.isClaimed(thing) || this.#siblings.some(({ id }) => id !== undefined && id === String(thing.id))
    );
  }

  /** Whether a row tells of itself that it is another thing, so that it need not be read. */
  #isOther(row: Row): boolean {
    const { isOther, text, textOfRow, compare } = this.#target;
    if (isOther(row)) return true;
    if (matchText(text, textOfRow(row)) !== "different") return false;
    // The text of a new one may have a form that nobody foresaw.
    return !this.#baseline || compare(row as unknown as Thing) === "different";
  }

  /** Whether it has the text of another creation that is in progress. */
  #isAnothers({ thing, match }: Candidate<Thing>): boolean {
    const { scope, textOf } = this.#target;
    if (match !== "different") return false;
    const theirs = String(textOf(thing));
    return this.#journal.isPending(scope, theirs) || this.#siblings.some(({ text }) => isSameText(text, theirs));
  }

  /** Options of the calls of the search, which has a time of its own. */
  get #lookOptions(): RequestOptions {
    const { signal, headers } = this.#options;
    return { signal, headers };
  }

  #call<T>(call: () => PromiseLike<T>): PromiseLike<T> {
    this.#calls += 1;
    if (this.#calls > MAX_CALLS) throw new SearchLimit(`The search was ended after ${MAX_CALLS} calls.`);
    return call();
  }

  async #lookByText(): Promise<Thing | undefined> {
    const { listByText, textOf, text, textOfRow } = this.#target;
    if (!listByText) return undefined;
    const { data } = await this.#call(() => listByText(this.#lookOptions));
    const row = data.find((each) => textOfRow(each) === text);
    const thing = row && (await this.#read(row));
    return thing && textOf(thing) === text ? thing : undefined;
  }

  /**
   * The rows that were not there before; without knowing those, the newest ones, or all where the list's order does not tell which they
   * are. With a reason when the list, as it came, is no proof that there are no more.
   */
  async #newRows(): Promise<{ rows: Row[]; reason: string | undefined }> {
    const before = this.#baseline;
    const rows: Row[] = [];
    const seen = new SeenRows();
    const first = await this.#call(() => this.#target.list({ limit: PAGE_SIZE }, this.#lookOptions));
    const isOrdered = before ? before.isNewestFirst : isNewestFirst(first.data);
    let known = 0;
    let hasAll = false;
    for (let page: Page<Row> | undefined = first; page && !hasAll; ) {
      const fresh: Row[] = page.data.filter((row) => !seen.has(row));
      for (const row of fresh) {
        if (before?.rows.has(row)) known += 1;
        else rows.push(row);
        hasAll = isOrdered && known === before?.count;
        if (hasAll) break;
      }
      for (const row of fresh) seen.add(row);
      // The same page again, from a server that gives everything at once.
      const isOver: boolean = fresh.length === 0 || (isOrdered && !before);
      const { next }: Page<Row> = page;
      page = isOver || hasAll ? undefined : await this.#call(() => next.call(page));
    }
    // That of the first page: what comes later is not looked for.
    const total = totalOf(first.pagination);
    return { rows, reason: this.#whyUnproved(rows.length, known, total) };
  }

  #whyUnproved(count: number, known: number, total: number): string | undefined {
    const before = this.#baseline ?? { count: 0, total: Number.NaN };
    if (known < before.count) return "The list lacks rows that it had.";
    if (count + known === 0 && total !== 0) return "The list came without rows.";
    const grown = total - before.total;
    return grown > count ? `Of ${grown} new rows ${count} came.` : undefined;
  }

  async #candidate(row: Row): Promise<Candidate<Thing>> {
    const { text, textOf, compare } = this.#target;
    const thing = await this.#read(row);
    const match = thing ? matchText(text, textOf(thing)) : "missing";
    const content = thing ? compare(thing) : "unknown";
    const isNew = this.#baseline !== undefined;
    const isMatch = (match === "exact" || match === "alike") && content !== "different";
    // A new one may come before all that belongs to it.
    if (match === "missing" || (isNew && !isMatch)) this.#journal.forget(row);
    return { thing: thing ?? (row as unknown as Thing), match, content, isNew };
  }

  /** `undefined` where a row is not readable: its id was rounded or is missing, or something else is there. */
  async #read({ id }: Row): Promise<Thing | undefined> {
    if (!isPrecise(id)) return undefined;
    const { signal, headers } = this.#options;
    const get = () => this.#call(() => this.#target.get(String(id), { headers }));
    try {
      const thing = await this.#journal.read(String(id), get, signal);
      return String(thing?.id) === String(id) ? thing : undefined;
    } catch (error) {
      // A success can be no thing, too.
      if (error instanceof NotFoundError || Number((error as Partial<ApiError>).status) < 300) return undefined;
      throw error;
    }
  }

  #judge(reason: string | undefined): Finding<Thing> {
    const candidates = [...this.#suspects.values()].filter(({ thing }) => !this.#isClaimed(thing));
    for (const match of ["exact", "alike"]) {
      const certain = candidates.filter((candidate) => candidate.match === match && isCertain(candidate));
      if (certain[0] && certain.length === 1) return { found: this.#journal.claim(certain[0].thing) };
      // One whose request has ended may have been placed in another form of this text.
      if (certain.length > 1 || this.#hasLost) break;
    }
    return { candidates: candidates.map(({ thing }) => thing), reason };
  }
}

/** A new one with the same content may be it, whatever became of its text. */
const mayBeIt = <T>({ match, content, isNew }: Candidate<T>): boolean =>
  match === "exact" || match === "alike" || ((match !== "different" || isNew) && content !== "different");

const isCertain = <T>({ content, isNew }: Candidate<T>): boolean => isNew && content !== "different";
