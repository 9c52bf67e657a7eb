/** A node that shows the value which comes to it. */

import type { NodeProps } from "@xyflow/react";
import { memo, Suspense } from "react";
import type { CanvasItem } from "@/editor/canvas_nodes";
import css from "@/editor/kinds/ViewNode.module.css";
import { ValueDisplay } from "@/editor/later_parts";
import { InputRows } from "@/editor/NodeRows";
import { NodeShell } from "@/editor/NodeShell";
import { VIEW_SIZE } from "@/editor/node_geometry";
import { useNodeRun } from "@/editor/surroundings";

export const ViewNode = memo(function ViewNode({ data, selected, width, height }: NodeProps<CanvasItem>) {
  return (
    <NodeShell
      data={data}
      selected={selected}
      width={width}
      height={height}
      note="View"
      usualHeight={VIEW_SIZE.height}
    >
      <InputRows node={data.node} ports={data.ports} />
      <Value node={data.node.id} />
    </NodeShell>
  );
});

function Value({ node }: { readonly node: string }) {
  const run = useNodeRun(node);
  return (
    <div className={`${css.value} nowheel nodrag`}>
      {run?.output === undefined ? (
        <p className={css.empty}>{emptyText(run?.status)}</p>
      ) : (
        <Suspense fallback={<p className={css.empty}>Loading …</p>}>
          <ValueDisplay value={run.output} size="node" />
        </Suspense>
      )}
    </div>
  );
}

function emptyText(status: string | undefined): string {
  if (status === "skipped") return "No value: something before it failed.";
  if (status === "failed" || status === "cancelled") return "No value.";
  return status === undefined ? "Run the workflow to see the value here." : "Waiting for the value …";
}
