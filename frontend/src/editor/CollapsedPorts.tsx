/** The ports of a collapsed node, one above the other at the sides of its header. */

import { useWorkflowPart } from "@/editor/canvas_context";
import type { NodeData } from "@/editor/canvas_nodes";
import css from "@/editor/NodeShell.module.css";
import { PortHandle } from "@/editor/PortHandle";
import { edgesInto, edgesOutOf } from "@/graph/adjacency";
import { inputAt, outputAt } from "@/graph/ports";

export function CollapsedPorts({ data: { node, ports } }: { readonly data: NodeData }) {
  const into = useWorkflowPart(({ edges }) => edgesInto(edges, node.id));
  const outOf = useWorkflowPart(({ edges }) => edgesOutOf(edges, node.id));
  const wiredIn = new Set(into.map(({ targetHandle }) => inputAt(node, ports, targetHandle)?.id));
  const wiredOut = new Set(outOf.map(({ sourceHandle }) => outputAt(ports, sourceHandle)?.id));
  // What is connected is drawn last, so that it is what one sees.
  const inputs = [...ports.inputs].sort((a, b) => Number(wiredIn.has(a.id)) - Number(wiredIn.has(b.id)));
  return (
    <div className={css.collapsed}>
      {inputs.map((port) => (
        <PortHandle key={port.id} node={node.id} port={port} side="input" connected={wiredIn.has(port.id)} />
      ))}
      {ports.outputs.map((port) => (
        <PortHandle
          key={port.id}
          node={node.id}
          port={port}
          side="output"
          connected={wiredOut.has(port.id)}
        />
      ))}
    </div>
  );
}
