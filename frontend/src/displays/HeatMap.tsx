/** Numbers of two dimensions as colours: one pixel each, enlarged by the browser. */

import { useEffect, useRef } from "react";
import { type Grid, levelOf, shortNumber } from "@/displays/array_shape";
import styles from "@/displays/HeatMap.module.css";

/** More pixels than this nobody sees. */
const MOST = 512;

export function HeatMap({ grid }: { readonly grid: Grid }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const height = Math.min(grid.rows.length, MOST);
  const width = Math.min(grid.rows[0]?.length ?? 0, MOST);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const draw = () => paint(element, grid);
    draw();
    // The colours are the theme's.
    const scheme = window.matchMedia?.("(prefers-color-scheme: dark)");
    const observer = new MutationObserver(draw);
    observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    scheme?.addEventListener("change", draw);
    return () => {
      observer.disconnect();
      scheme?.removeEventListener("change", draw);
    };
  }, [grid]);
  const words = `Heat map of ${grid.rows.length} by ${grid.rows[0]?.length ?? 0} numbers from ${shortNumber(grid.least)} to ${shortNumber(grid.greatest)}`;
  return (
    <figure className={styles.figure}>
      <canvas
        ref={canvas}
        className={styles.map}
        width={width}
        height={height}
        role="img"
        aria-label={words}
      />
      <figcaption className={styles.scale}>
        {shortNumber(grid.least)}
        <span className={styles.ramp} />
        {shortNumber(grid.greatest)}
      </figcaption>
    </figure>
  );
}

function paint(canvas: HTMLCanvasElement, grid: Grid): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { width, height } = canvas;
  context.clearRect(0, 0, width, height);
  const [low, high] = ["--surface-sunken", "--port-array"].map((name) =>
    getComputedStyle(canvas).getPropertyValue(name).trim(),
  );
  for (let y = 0; y < height; y++) {
    const row = grid.rows[Math.floor((y * grid.rows.length) / height)] ?? [];
    for (let x = 0; x < width; x++) {
      const level = levelOf(row[Math.floor((x * row.length) / width)] ?? null, grid);
      // What is no number stays transparent.
      if (level === undefined) continue;
      context.globalAlpha = 1;
      context.fillStyle = low || "Canvas";
      context.fillRect(x, y, 1, 1);
      context.globalAlpha = level;
      context.fillStyle = high || "CanvasText";
      context.fillRect(x, y, 1, 1);
    }
  }
}
