import { type Finding, findingsOf, findingsOfGone, isOver } from "../events/derive-events.ts";
import { GONE, type SyncRecord } from "../store/records.ts";
import type { Work } from "../store/store.ts";
import type { Resource } from "../tables/table-spec.ts";
import { readScans } from "./list-progress.ts";
import { openStatusOf, PRIORITY, withoutSecrets } from "./save-row.ts";

/** Writes the events of a thing. The version in an event's id makes it the same when it is found again after a crash. */
async function tell(work: Work, record: SyncRecord, findings: readonly Finding[], seenAt: Date): Promise<number> {
  const { resource, id } = record;
  const version = record.version + 1;
  await work.events.append(
    findings.map(({ type, ...content }) => ({
      ...{ id: `${type}:${id}:${version}`, type, resource, resourceId: id, seenAt: seenAt.toISOString() },
      content,
    })),
  );
  return findings.length ? version : record.version;
}

/**
 * Writes the details of a thing to the tables, and the events of what changed.
 * @param readAt when they were asked for
 * @returns events
 */
export async function saveDetails(
  work: Work,
  resource: Resource,
  id: string,
  details: object,
  readAt: Date,
): Promise<number> {
  const record = await work.records.get(resource, id);
  if (!record) return 0;
  const document = withoutSecrets(details);
  const kept = await work.documents.read(resource, id);
  // What a row of a list says is no state to compare with.
  const before = record.readAt ? kept : undefined;
  const isNews = before !== undefined || record.announce;
  const findings = isNews ? findingsOf(resource, before, document) : [];
  await work.documents.write(resource, id, document, readAt, kept);
  const version = await tell(work, record, findings, readAt);
  await work.records.put({
    ...{ ...record, version, readAt, isDue: false, announce: false },
    openStatus: openStatusOf(resource, document),
  });
  // Its end was told by its details. What comes after it would be nothing.
  if (isOver(document) && (await isUnlisted(work, record))) await saveGone(work, resource, id, readAt);
  return findings.length;
}

/** Whether the last whole list did not have a thing any more. Orders are not listed whole. */
async function isUnlisted({ state }: Work, { resource, seen }: SyncRecord): Promise<boolean> {
  const { finished } = await readScans(state);
  return resource === "subscriptions" && seen < (finished[resource] ?? 0);
}

/** Whether a subscription was over when its details were last read. */
export async function isOverFor({ documents }: Work, resource: Resource, id: string): Promise<boolean> {
  const kept = resource === "subscriptions" ? await documents.read(resource, id) : undefined;
  return kept !== undefined && isOver(kept);
}

/** Puts what could not be read behind all else that is to be read. */
export async function postpone({ records }: Work, resource: Resource, id: string): Promise<void> {
  const record = await records.get(resource, id);
  if (record) await records.put({ ...record, priority: PRIORITY.failed });
}

/**
 * Marks what left the API's lists.
 * @returns events
 */
export async function saveGone(work: Work, resource: Resource, id: string, at: Date): Promise<number> {
  const record = await work.records.get(resource, id);
  if (!record || record.seen === GONE) return 0;
  const before = record.readAt ? await work.documents.read(resource, id) : undefined;
  // A list can go on to show what has no details any more: it is told once.
  const findings = (await work.documents.isGone(resource, id)) ? [] : findingsOfGone(resource, before);
  await work.documents.markGone(resource, id, at);
  const version = await tell(work, record, findings, at);
  await work.records.put({ ...record, version, seen: GONE, isDue: false, openStatus: undefined });
  return findings.length;
}
