/** Where the value of a connected input comes from. */

import { useCanvas, useWorkflowPart } from "@/editor/canvas_context";
import css from "@/editor/Rows.module.css";
import { titleOf } from "@/graph/catalog";
import type { WorkflowEdge } from "@/graph/workflow";

export function OriginLabel({ edge }: { readonly edge: WorkflowEdge }) {
  const { catalog } = useCanvas();
  const title = useWorkflowPart(({ nodes }) => {
    const source = nodes.get(edge.source);
    return source ? titleOf(catalog, source) : edge.source;
  });
  const handle = edge.sourceHandle ?? "";
  const isWhole = handle === "" || handle === "output" || handle === "result";
  const text = isWhole ? title : `${title} · ${handle}`;
  return (
    <span className={css.origin} title={`From ${text}`}>
      <span className={css.from}>from</span> {text}
    </span>
  );
}
