import type { Page, PagePromise } from "@imcloud/client";
import type { ListPart } from "../results/outcome.ts";

/** One page of a list with where it stands in it. */
export async function readPart<Row>(list: PagePromise<Row>): Promise<{ rows: Row[]; part: ListPart }> {
  const { data, pagination }: Page<Row> = await list;
  return { rows: data, part: { total: pagination.total, offset: pagination.offset, returned: data.length } };
}

/** A part of rows that are all there. */
export function cutPart<Row>(all: readonly Row[], { limit, offset }: { limit: number; offset: number }) {
  const rows = all.slice(offset, offset + limit);
  return { rows, part: { total: all.length, offset, returned: rows.length } satisfies ListPart };
}
