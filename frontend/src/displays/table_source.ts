/** A table of which the first part is here, and the rest comes page by page. */

import { useMemo, useState } from "react";
import { type Preview, totalOf } from "@/displays/preview_object";
import { asPage, asTable, joined, type Table } from "@/displays/table_shape";
import { fetchValue } from "@/displays/whole_value";
import type { Json } from "@/graph/workflow";

/** In rows. */
const PAGE = 500;

export interface TableSource {
  readonly table: Table | undefined;
  /** Unknown when all of it is here. */
  readonly total: number | undefined;
  readonly hasMore: boolean;
  readonly status: "ready" | "loading";
  readonly problem: string;
  more(): Promise<void>;
}

interface Loaded {
  readonly content: Json;
  readonly table: Table | undefined;
  readonly isWhole: boolean;
  readonly status: "ready" | "loading";
  readonly problem: string;
}

export function useTable(content: Json, preview: Preview | undefined, href: string | undefined): TableSource {
  const first = useMemo(() => asTable(content), [content]);
  const fresh: Loaded = { content, table: first, isWhole: !preview, status: "ready", problem: "" };
  const [loaded, setLoaded] = useState(fresh);
  const current = loaded.content === content ? loaded : fresh;
  const { table, isWhole, status, problem } = current;
  const total = preview && totalOf(preview);
  const isShort = table !== undefined && total !== undefined && table.rows.length < total;
  const more = async () => {
    if (!href || !table || status === "loading") return;
    setLoaded({ ...current, status: "loading", problem: "" });
    try {
      const next = extended(table, await fetchValue(href, { start: table.rows.length, count: PAGE }), total);
      setLoaded({ ...current, ...next, status: "ready", problem: "" });
    } catch (error) {
      setLoaded({ ...current, status: "ready", problem: error instanceof Error ? error.message : "" });
    }
  };
  return { table, total, hasMore: Boolean(href) && !isWhole && isShort, status, problem, more };
}

/** The server sends a page, or the whole of what it cannot cut. */
function extended(table: Table, answer: Json, total: number | undefined): Pick<Loaded, "table" | "isWhole"> {
  const page = asPage(answer, table.rows.length);
  if (!page) return { table, isWhole: true };
  const isWhole = page.rows.length > PAGE || page.rows.length === total;
  return isWhole ? { table: page, isWhole } : { table: joined(table, page), isWhole: false };
}
