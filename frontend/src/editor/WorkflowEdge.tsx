/** A wire, in the colour of what flows through it. */

import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from "@xyflow/react";
import { X } from "lucide-react";
import { type CSSProperties, memo } from "react";
import { disconnect } from "@/document/commands";
import { useCanvas, useCanvasUi } from "@/editor/canvas_context";
import type { CanvasEdge } from "@/editor/canvas_nodes";
import { colorOfType } from "@/editor/port_look";
import { type Selection, useNodeRun, useSelection } from "@/editor/surroundings";
import css from "@/editor/WorkflowEdge.module.css";

/** How far from a wire the pointer still hits it. */
const HIT_WIDTH = 24;

export const WorkflowEdge = memo(function WorkflowEdge(props: EdgeProps<CanvasEdge>) {
  const { id, source, target, selected = false, data } = props;
  const [path, x, y] = getBezierPath(props);
  const dimmed = useSelection((selection) => isUnrelated(selection, id, source, target));
  const dropping = useCanvasUi((ui) => ui.dropEdge === id);
  const flowing = useIsFlowing(source, target);
  return (
    <g
      className={css.wire}
      style={wireStyle(data?.type ?? "Any")}
      data-dimmed={dimmed}
      data-selected={selected}
      data-dropping={dropping}
      data-flowing={flowing}
    >
      <BaseEdge path={path} interactionWidth={HIT_WIDTH} />
      {selected && <DeleteButton id={id} x={x} y={y} />}
    </g>
  );
});

function wireStyle(type: string): CSSProperties & { "--wire": string } {
  return { "--wire": colorOfType(type) };
}

function isUnrelated({ nodes, edges }: Selection, id: string, source: string, target: string): boolean {
  if (nodes.size === 0 && edges.size === 0) return false;
  return !edges.has(id) && !nodes.has(source) && !nodes.has(target);
}

function useIsFlowing(source: string, target: string): boolean {
  const from = useNodeRun(source)?.status;
  const to = useNodeRun(target)?.status;
  return from === "streaming" || to === "running" || to === "streaming";
}

function DeleteButton({ id, x, y }: { readonly id: string; readonly x: number; readonly y: number }) {
  const { document } = useCanvas();
  return (
    <EdgeLabelRenderer>
      <button
        type="button"
        className={`${css.delete} nodrag nopan`}
        style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        aria-label="Disconnect"
        title="Disconnect"
        onClick={() => disconnect(document, id)}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </EdgeLabelRenderer>
  );
}
