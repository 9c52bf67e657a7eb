/** A single number, a truth value, or nothing: large. */

import type { ContentProps } from "@/displays/content_props";
import styles from "@/displays/ScalarDisplay.module.css";
import type { Json } from "@/graph/workflow";

export function ScalarDisplay({ content, size }: ContentProps) {
  const kind = typeof content === "boolean" ? "boolean" : content === null ? "none" : "number";
  return (
    <p className={styles.scalar} data-size={size} data-kind={kind}>
      {scalarText(content)}
    </p>
  );
}

/** As Python writes it; JSON has other words. */
function scalarText(value: Json): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? (NON_FINITE[value] ?? value) : String(value);
}

const NON_FINITE: Readonly<Record<string, string>> = { NaN: "nan", Infinity: "∞", "-Infinity": "−∞" };
