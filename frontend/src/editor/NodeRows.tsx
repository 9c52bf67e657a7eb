/** The outputs and inputs of a node, those that are rarely used under "More". */

import { ChevronRight } from "lucide-react";
import { useCanvas, useCanvasUi, useWorkflowPart } from "@/editor/canvas_context";
import type { NodeData } from "@/editor/canvas_nodes";
import { toggleUnfolded } from "@/editor/canvas_ui";
import { InputRow, type InputRowProps } from "@/editor/InputRow";
import { OutputRow } from "@/editor/OutputRow";
import css from "@/editor/Rows.module.css";
import { type Findings, useNodeFindings } from "@/editor/surroundings";
import { edgesInto, edgesOutOf } from "@/graph/adjacency";
import { inputAt, outputAt, type Port, type Ports } from "@/graph/ports";
import type { WorkflowEdge, WorkflowNode } from "@/graph/workflow";

type Props = Pick<NodeData, "node" | "ports">;

export function NodeRows(props: Props) {
  return (
    <>
      <OutputRows {...props} />
      <InputRows {...props} />
    </>
  );
}

export function OutputRows({ node, ports }: Props) {
  const leaving = useWorkflowPart(({ edges }) => edgesOutOf(edges, node.id));
  const connected = new Set(leaving.map(({ sourceHandle }) => outputAt(ports, sourceHandle)?.id));
  return ports.outputs.map((port) => (
    <OutputRow key={port.id} node={node.id} port={port} connected={connected.has(port.id)} />
  ));
}

export function InputRows({ node, ports }: Props) {
  const { ui } = useCanvas();
  const into = useWorkflowPart(({ edges }) => edgesInto(edges, node.id));
  const findings = useNodeFindings(node.id);
  const unfolded = useCanvasUi((state) => state.unfolded.has(node.id));
  const wired = edgesByInput(node, ports, into);
  const folded = ports.inputs.filter((port) => port.folded);
  const shown = unfolded ? ports.inputs : ports.inputs.filter((port) => !port.folded);
  return (
    <>
      {shown.map((port) => (
        <InputRow
          key={port.id}
          node={node}
          port={port}
          edge={wired.get(port.id)}
          {...stateOf(port, findings)}
        />
      ))}
      {folded.length > 0 && (
        <button
          type="button"
          className={`${css.more} nodrag`}
          aria-expanded={unfolded}
          onClick={() => toggleUnfolded(ui, node.id)}
        >
          <ChevronRight size={14} aria-hidden="true" />
          {unfolded ? "Fewer" : `More (${folded.length})`}
        </button>
      )}
    </>
  );
}

/** What the row of an input shows of the findings. The node as a whole says what it lacks: no row needs to. */
function stateOf({ id }: Port, { wrong, missing }: Findings): Pick<InputRowProps, "invalid" | "missing"> {
  if (missing.some(({ port }) => port === id)) return { missing: "awaited" };
  const found = wrong.find(({ port, severity }) => port === id && severity === "error");
  return found?.code === "missing-input" ? { missing: "lacking" } : { invalid: found?.message };
}

function edgesByInput(
  node: WorkflowNode,
  ports: Ports,
  into: readonly WorkflowEdge[],
): Map<string | undefined, WorkflowEdge> {
  return new Map(into.map((edge) => [inputAt(node, ports, edge.targetHandle)?.id, edge]));
}
