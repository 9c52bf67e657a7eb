/** Says that a function reports progress, streams text while it runs, or is a pipeline that is loaded once. */

import css from "@/editor/StyleBadge.module.css";
import type { Schema } from "@/graph/catalog";

export function StyleBadge({ schema }: { readonly schema: Schema | undefined }) {
  if (!schema) return null;
  if (schema.style === "progress") return <span className={css.progress}>Progress</span>;
  if (schema.style === "stream") return <span className={css.stream}>Stream</span>;
  if (schema.style === "pipeline") return <span className={css.pipeline}>Pipeline</span>;
  return null;
}
