/** A node that gathers values into a list. There is always a free input. */

import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { useWorkflowPart } from "@/editor/canvas_context";
import type { CanvasItem } from "@/editor/canvas_nodes";
import { NodeRows } from "@/editor/NodeRows";
import { NodeShell } from "@/editor/NodeShell";
import { edgesInto } from "@/graph/adjacency";

export const ListNode = memo(function ListNode({ data, selected, width }: NodeProps<CanvasItem>) {
  const connected = useWorkflowPart(({ edges }) => edgesInto(edges, data.node.id).length);
  const note = connected === 1 ? "1 item connected" : `${connected} items connected`;
  return (
    <NodeShell data={data} selected={selected} width={width} note={note}>
      <NodeRows node={data.node} ports={data.ports} />
    </NodeShell>
  );
});
