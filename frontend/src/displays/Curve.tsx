/** Numbers of one dimension as a curve. */

import { type Grid, levelOf, shortNumber } from "@/displays/array_shape";
import styles from "@/displays/Curve.module.css";
import { grouped } from "@/displays/sizes";

const WIDTH = 400;
const HEIGHT = 100;
const MARGIN = 3;
const MOST_POINTS = 2000;

export function Curve({ grid }: { readonly grid: Grid }) {
  const numbers = grid.rows[0] ?? [];
  const words = `Curve of ${grouped(numbers.length)} numbers from ${shortNumber(grid.least)} to ${shortNumber(grid.greatest)}`;
  return (
    <figure className={styles.figure}>
      <svg className={styles.curve} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img">
        <title>{words}</title>
        {linesOf(grid).map((points) => (
          <polyline key={points.slice(0, 40)} points={points} />
        ))}
      </svg>
      <figcaption className={styles.scale}>
        <span>lowest {shortNumber(grid.least)}</span>
        <span>highest {shortNumber(grid.greatest)}</span>
      </figcaption>
    </figure>
  );
}

/** The curve is interrupted where there is no number. */
function linesOf(grid: Grid): readonly string[] {
  const [numbers = []] = grid.rows;
  const step = Math.max(1, Math.ceil(numbers.length / MOST_POINTS));
  const lines: string[][] = [[]];
  for (let index = 0; index < numbers.length; index += step) {
    const level = levelOf(numbers[index] ?? null, grid);
    if (level === undefined) {
      lines.push([]);
      continue;
    }
    const x = (index / Math.max(1, numbers.length - 1)) * WIDTH;
    const y = HEIGHT - MARGIN - level * (HEIGHT - 2 * MARGIN);
    lines.at(-1)?.push(`${x.toFixed(1)},${y.toFixed(1)}`);
  }
  return lines.filter((points) => points.length > 0).map((points) => points.join(" "));
}
