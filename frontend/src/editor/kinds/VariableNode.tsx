/** A value set by hand: its type, the value itself, and how it is wrapped for a language model. */

import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import type { CanvasItem } from "@/editor/canvas_nodes";
import { VariableFormats } from "@/editor/kinds/VariableFormats";
import { VariableTypeRow } from "@/editor/kinds/VariableTypeRow";
import { VariableValue } from "@/editor/kinds/VariableValue";
import { NodeShell } from "@/editor/NodeShell";

export const VariableNode = memo(function VariableNode({ data, selected, width }: NodeProps<CanvasItem>) {
  const { node, ports } = data;
  return (
    <NodeShell data={data} selected={selected} width={width} note="Variable">
      <VariableTypeRow node={node} ports={ports} />
      <VariableValue node={node} />
      <VariableFormats node={node} />
    </NodeShell>
  );
});
