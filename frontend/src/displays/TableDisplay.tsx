/** A table: the head and the index stay in view, rows are drawn where one looks and fetched when one gets there. */

import { type UIEvent, useState } from "react";
import type { ContentProps } from "@/displays/content_props";
import styles from "@/displays/display.module.css";
import { Scroller } from "@/displays/Scroller";
import { grouped } from "@/displays/sizes";
import own from "@/displays/TableDisplay.module.css";
import { TableRows } from "@/displays/TableRows";
import { TreeDisplay } from "@/displays/TreeDisplay";
import { isNumeric, type Table } from "@/displays/table_shape";
import { type TableSource, useTable } from "@/displays/table_source";
import { ViewSwitch } from "@/displays/ViewSwitch";
import { useVisibleRows } from "@/displays/visible_rows";

const VIEWS = ["Table", "JSON"] as const;
const ROW = 25;
/** The width is not windowed: more columns than this are for a program. */
const MOST_COLUMNS = 100;
/** How near the end of what is there the next page is fetched, in rows. */
const NEAR = 20;

export function TableDisplay(props: ContentProps) {
  const { content, preview, href, size } = props;
  const [view, setView] = useState<(typeof VIEWS)[number]>("Table");
  const source = useTable(content, preview, href);
  if (!source.table) return <TreeDisplay {...props} />;
  return (
    <>
      {view === "Table" ? <Grid {...source} table={source.table} size={size} /> : <TreeDisplay {...props} />}
      <div className={styles.footer}>
        {size !== "node" && <ViewSwitch views={VIEWS} view={view} onChange={setView} />}
        <Extent source={source} table={source.table} />
      </div>
    </>
  );
}

interface GridProps extends Omit<TableSource, "table"> {
  readonly table: Table;
  readonly size: ContentProps["size"];
}

function Grid({ table, size, total, hasMore, status, more }: GridProps) {
  const { ref, onScroll, first, end } = useVisibleRows(table.rows.length, ROW);
  const columns = table.columns.slice(0, MOST_COLUMNS);
  const follow = (event: UIEvent<HTMLElement>) => {
    onScroll(event);
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget;
    const isNear = scrollTop + clientHeight > scrollHeight - NEAR * ROW;
    if (isNear && scrollTop > 0 && hasMore && status === "ready") void more();
  };
  return (
    <Scroller label="Table" ref={ref} className={own.scroller} size={size} onScroll={follow}>
      <table
        className={own.table}
        aria-rowcount={(total ?? table.rows.length) + 1}
        aria-colcount={table.columns.length + 1}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">
              <span className="visually-hidden">Index</span>
            </th>
            {columns.map((name, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice, columns stay in their order
              <th key={column} scope="col" title={name} data-number={isNumeric(table, column) || undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <TableRows table={table} width={columns.length} first={first} end={end} rowHeight={ROW} />
      </table>
    </Scroller>
  );
}

function Extent({ source, table }: { readonly source: TableSource; readonly table: Table }) {
  const { total, hasMore, status, problem, more } = source;
  const loaded = table.rows.length;
  const rows =
    total !== undefined && total > loaded ? `${grouped(loaded)} of ${grouped(total)}` : grouped(loaded);
  const width = table.columns.length;
  return (
    <>
      <span>
        {rows} rows × {grouped(width)} columns
        {width > MOST_COLUMNS && `, the first ${MOST_COLUMNS} are shown`}
      </span>
      {hasMore && (
        <button type="button" className={styles.more} disabled={status === "loading"} onClick={more}>
          {status === "loading" ? "Loading…" : "Load more rows"}
        </button>
      )}
      {problem && <span role="alert">{problem}</span>}
    </>
  );
}
