/** The numbers of an array, in rows and columns. */

import { type Grid, shortNumber } from "@/displays/array_shape";
import styles from "@/displays/NumberGrid.module.css";

const MOST_ROWS = 64;
const MOST_COLUMNS = 32;

export function NumberGrid({ grid }: { readonly grid: Grid }) {
  const rows = grid.rows.length === 1 ? wrapped(grid.rows[0] ?? []) : grid.rows;
  return (
    <table className={styles.numbers} aria-label="Numbers">
      <tbody>
        {rows.slice(0, MOST_ROWS).map((row, y) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: numbers have no names
          <tr key={y}>
            {row.slice(0, MOST_COLUMNS).map((cell, x) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: numbers have no names
              <td key={x}>{shortNumber(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const PER_LINE = 8;

/** A single row would be a mile long. */
function wrapped<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const lines: Item[][] = [];
  for (let at = 0; at < items.length; at += PER_LINE) lines.push(items.slice(at, at + PER_LINE));
  return lines;
}
