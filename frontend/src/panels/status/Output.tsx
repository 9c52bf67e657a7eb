/** A value of a node: small ones beside their name, others under it. */

import { ValueDisplay } from "@/displays/registry";
import type { Json } from "@/graph/workflow";
import { Folding } from "@/panels/status/Folding";
import styles from "@/panels/status/Output.module.css";

const LONGEST = 48;

export function Output({ title, value, open = false }: { title: string; value: Json; open?: boolean }) {
  const text = simpleText(value);
  if (text === null) {
    return (
      <Folding title={title} open={open}>
        {() => <ValueDisplay value={value} size="panel" />}
      </Folding>
    );
  }
  return (
    <p className={styles.row}>
      <span className={styles.title}>{title}</span>
      <code className={styles.value}>{text}</code>
    </p>
  );
}

/** The value as a word, unless it needs more room or a picture. */
export function simpleText(value: Json): string | null {
  if (value === null) return "None";
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "string" || value.length > LONGEST || value.includes("\n")) return null;
  return /^(data:|https?:)/.test(value) ? null : JSON.stringify(value);
}
