/** From the snapshot of a workflow to React Flow's edges. What did not change stays the same object. */

import type { CanvasEdge, Selected } from "@/editor/canvas_nodes";
import type { Catalog } from "@/graph/catalog";
import { inputAt, outputAt, portsOf } from "@/graph/ports";
import type { Workflow, WorkflowEdge } from "@/graph/workflow";

export function canvasEdges(
  workflow: Workflow,
  catalog: Catalog,
  selected: Selected,
  before: ReadonlyMap<string, CanvasEdge>,
): CanvasEdge[] {
  return [...workflow.edges.values()].flatMap((edge) => {
    const ends = endsOf(workflow, catalog, edge);
    return ends ? [canvasEdge(edge, ends, selected.edges.has(edge.id), before.get(edge.id))] : [];
  });
}

interface Ends {
  readonly type: string;
  readonly sourceHandle: string | null;
  readonly targetHandle: string | null;
}

/** The ports that the edge is drawn between: files may name them in several ways. */
function endsOf(workflow: Workflow, catalog: Catalog, edge: WorkflowEdge): Ends | null {
  const source = workflow.nodes.get(edge.source);
  const target = workflow.nodes.get(edge.target);
  if (!source || !target) return null;
  const output = outputAt(portsOf(source, catalog, workflow.edges), edge.sourceHandle);
  const input = inputAt(target, portsOf(target, catalog, workflow.edges), edge.targetHandle);
  return {
    type: output?.type ?? "Any",
    sourceHandle: output?.id ?? edge.sourceHandle,
    targetHandle: input?.id ?? edge.targetHandle,
  };
}

function canvasEdge(
  edge: WorkflowEdge,
  { type, sourceHandle, targetHandle }: Ends,
  selected: boolean,
  known: CanvasEdge | undefined,
): CanvasEdge {
  const isSame =
    known?.data?.edge === edge &&
    known.data.type === type &&
    known.sourceHandle === sourceHandle &&
    known.targetHandle === targetHandle;
  if (isSame && known.selected === selected) return known;
  return {
    id: edge.id,
    type: "workflow",
    source: edge.source,
    target: edge.target,
    sourceHandle,
    targetHandle,
    selected,
    data: { edge, type },
  };
}
