import { type Finding, findingsOf, findingsOfGone, isOver } from "../events/derive-events.ts";
import { GONE, type SyncRecord } from "../store/records.ts";
import type { Work } from "../store/store.ts";
import type { Resource } from "../tables/table-spec.ts";
import { readScans } from "./list-progress.ts";
import { openStatusOf, PRIORITY, withoutSecrets } from "./save-row.ts";

/** Writes the events of a resource. The version in an event's id makes it the same event when it is found again after a crash. */
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
 * Writes the details of a resource to the tables, and the events of what changed.
 * @param readAt when the details were requested
 * @returns the number of events
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
  // A list row is not complete, so it is not compared with the details.
  const before = record.readAt ? kept : undefined;
  const isNews = before !== undefined || record.announce;
  const findings = isNews ? findingsOf(resource, before, document) : [];
  await work.documents.write(resource, id, document, readAt, kept);
  const version = await tell(work, record, findings, readAt);
  await work.records.put({
    ...{ ...record, version, readAt, isDue: false, announce: false },
    openStatus: openStatusOf(resource, document),
  });
  // The details already reported the end, and nothing can follow.
  if (isOver(document) && (await isUnlisted(work, record))) await saveGone(work, resource, id, readAt);
  return findings.length;
}

/** Whether the last complete list no longer had a resource. The list of orders is not read completely. */
async function isUnlisted({ state }: Work, { resource, seen }: SyncRecord): Promise<boolean> {
  const { finished } = await readScans(state);
  return resource === "subscriptions" && seen < (finished[resource] ?? 0);
}

/** Whether a subscription was over when its details were last read. */
export async function isOverFor({ documents }: Work, resource: Resource, id: string): Promise<boolean> {
  const kept = resource === "subscriptions" ? await documents.read(resource, id) : undefined;
  return kept !== undefined && isOver(kept);
}

/** Moves a resource that could not be read to the end of the queue. */
export async function postpone({ records }: Work, resource: Resource, id: string): Promise<void> {
  const record = await records.get(resource, id);
  if (record) await records.put({ ...record, priority: PRIORITY.failed });
}

/**
 * Marks a resource as gone from the API.
 * @returns events
 */
export async function saveGone(work: Work, resource: Resource, id: string, at: Date): Promise<number> {
  const record = await work.records.get(resource, id);
  if (!record || record.seen === GONE) return 0;
  const before = record.readAt ? await work.documents.read(resource, id) : undefined;
  // A list can still contain a resource whose details are gone. It is reported once.
  const findings = (await work.documents.isGone(resource, id)) ? [] : findingsOfGone(resource, before);
  await work.documents.markGone(resource, id, at);
  const version = await tell(work, record, findings, at);
  await work.records.put({ ...record, version, seen: GONE, isDue: false, openStatus: undefined });
  return findings.length;
}
