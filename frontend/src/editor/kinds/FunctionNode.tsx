/** A node that calls a function: one row for each parameter and output, and the text that it streams. */

import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { CanvasItem, NodeData } from "@/editor/canvas_nodes";
import footer from "@/editor/NodeFooter.module.css";
import { NodeRows } from "@/editor/NodeRows";
import { NodeShell } from "@/editor/NodeShell";
import { isShipped } from "@/editor/origin";
import { StreamedText } from "@/editor/StreamedText";
import { StyleBadge } from "@/editor/StyleBadge";
import { schemaTitle } from "@/graph/catalog";

export const FunctionNode = memo(function FunctionNode({ data, selected, width }: NodeProps<CanvasItem>) {
  return (
    <NodeShell data={data} selected={selected} width={width} note={<FunctionNote {...data} />}>
      <NodeRows node={data.node} ports={data.ports} />
      <StreamedText node={data.node.id} />
    </NodeShell>
  );
});

/** The function's own name once the node has another title; else where it is from, unless the header says so. */
function FunctionNote({ schema, title }: NodeData) {
  if (!schema) return null;
  return (
    <>
      <StyleBadge schema={schema} />
      <span className={footer.name}>
        {title !== schemaTitle(schema) ? schemaTitle(schema) : isShipped(schema) && schema.nodepack}
      </span>
    </>
  );
}
