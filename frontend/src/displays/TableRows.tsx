/** The rows of a table that are in view; empty rows keep the place of the others. */

import { shortNumber } from "@/displays/array_shape";
import { asDataUrl } from "@/displays/data_url";
import { asForeign, asPreview, markWords } from "@/displays/preview_object";
import { sizeWords } from "@/displays/sizes";
import styles from "@/displays/TableDisplay.module.css";
import { isNumber, type Table } from "@/displays/table_shape";
import type { Json } from "@/graph/workflow";

export interface TableRowsProps {
  readonly table: Table;
  /** The number of columns that are shown. */
  readonly width: number;
  readonly first: number;
  readonly end: number;
  readonly rowHeight: number;
}

export function TableRows({ table, width, first, end, rowHeight }: TableRowsProps) {
  const { index, rows } = table;
  return (
    <tbody>
      <Space height={first * rowHeight} width={width + 1} />
      {rows.slice(first, end).map((row, offset) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an index may be there twice, rows stay in their order
        <tr key={first + offset} aria-rowindex={first + offset + 2}>
          <th scope="row">{cellText(index[first + offset])}</th>
          {row.slice(0, width).map((cell, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name
            <Cell key={column} value={cell} />
          ))}
        </tr>
      ))}
      <Space height={(rows.length - Math.max(end, 0)) * rowHeight} width={width + 1} />
    </tbody>
  );
}

function Cell({ value }: { readonly value: Json }) {
  const text = cellText(value);
  return (
    <td
      data-number={isNumber(value) || undefined}
      data-nothing={value === null || undefined}
      title={text.length > MOST_DIGITS ? text : undefined}
    >
      {typeof value === "number" && !Number.isInteger(value) && text.length > MOST_DIGITS
        ? shortNumber(value)
        : text}
    </td>
  );
}

function Space({ height, width }: { readonly height: number; readonly width: number }) {
  if (height <= 0) return null;
  return (
    <tr className={styles.space} aria-hidden>
      <td colSpan={width} style={{ height }} />
    </tr>
  );
}

/** More digits than these push the other columns out of view; pointing at a cell tells all of them. */
const MOST_DIGITS = 9;
const LONGEST = 300;

function cellText(value: Json | undefined): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "string") {
    const data = asDataUrl(value);
    return data ? `${data.mime}, ${sizeWords(data.size)}` : value.slice(0, LONGEST);
  }
  if (typeof value !== "object")
    return typeof value === "boolean" ? (value ? "True" : "False") : String(value);
  const words = asPreview(value)?.summary ?? asForeign(value)?.repr ?? markWords(value);
  return words ?? JSON.stringify(value).slice(0, LONGEST);
}
