/** The type of a variable, beside its output. */

import { changeVariableType } from "@/document/commands";
import { useCanvas, useWorkflowPart } from "@/editor/canvas_context";
import css from "@/editor/kinds/VariableNode.module.css";
import { converted, TYPE_LABELS, VARIABLE_TYPES, variableTypeOf } from "@/editor/kinds/variable_fields";
import { PortHandle } from "@/editor/PortHandle";
import rows from "@/editor/Rows.module.css";
import { edgesOutOf } from "@/graph/adjacency";
import type { Ports } from "@/graph/ports";
import type { WorkflowNode } from "@/graph/workflow";

interface Props {
  readonly node: WorkflowNode;
  readonly ports: Ports;
}

export function VariableTypeRow({ node, ports }: Props) {
  const { document } = useCanvas();
  const connected = useWorkflowPart(({ edges }) => edgesOutOf(edges, node.id).length > 0);
  const choose = (chosen: string) => {
    const type = VARIABLE_TYPES.find((one) => one === chosen);
    if (type) changeVariableType(document, node.id, type, converted(node.data.variableValue, type));
  };
  return (
    <div className={rows.row}>
      <label className={rows.label} htmlFor={`${node.id}.type`}>
        Type
      </label>
      <select
        id={`${node.id}.type`}
        className={`${css.select} nodrag`}
        value={variableTypeOf(node)}
        onChange={(event) => choose(event.target.value)}
      >
        {VARIABLE_TYPES.map((type) => (
          <option key={type} value={type}>
            {TYPE_LABELS[type]}
          </option>
        ))}
      </select>
      {ports.outputs.map((port) => (
        <PortHandle key={port.id} node={node.id} port={port} side="output" connected={connected} />
      ))}
    </div>
  );
}
