/** Walking from node to node with the keyboard. */

import type { CanvasTools } from "@/editor/canvas_tools";
import { select, useSelection } from "@/editor/surroundings";
import { reveal } from "@/editor/view_moves";
import { edgesInto, edgesOutOf } from "@/graph/adjacency";
import { titleOf } from "@/graph/catalog";
import { type Direction, nearest, neighbours, readingOrder, sibling } from "@/graph/navigation";

/** The node that the keyboard is at: the selected one, if it is alone. */
export function currentNode(): string | undefined {
  const { nodes } = useSelection.getState();
  return nodes.size === 1 ? [...nodes][0] : undefined;
}

/** To the nearest node in a direction; to the first one when the keyboard is at none. */
export function walk(tools: CanvasTools, direction: Direction): void {
  const boxes = tools.store.boxes();
  const from = currentNode();
  const to =
    from === undefined
      ? readingOrder(nodesOnly(tools, boxes))[0]
      : nearest(nodesOnly(tools, boxes), from, direction);
  if (to) goTo(tools, to);
  else tools.canvas().ui.setState({ announcement: "There is no node in this direction." });
}

function nodesOnly(tools: CanvasTools, boxes: ReturnType<CanvasTools["store"]["boxes"]>) {
  const { nodes } = tools.canvas().document.workflow;
  return boxes.filter(({ id }) => nodes.has(id));
}

/** Along an edge, or to the next node that hangs on the same one. */
export function walkAlong(tools: CanvasTools, direction: Direction): void {
  const from = currentNode();
  if (from === undefined) return;
  const { workflow } = tools.canvas().document;
  const to =
    direction === "left" || direction === "right"
      ? neighbours(workflow, from, direction === "left" ? "back" : "forward")[0]
      : sibling(workflow, from, direction === "up" ? -1 : 1);
  if (to) goTo(tools, to);
  else tools.canvas().ui.setState({ announcement: "No edge leads there." });
}

export function goTo(tools: CanvasTools, id: string): void {
  select([id]);
  reveal(tools, id);
  tools.canvas().ui.setState({ announcement: describe(tools, id) });
}

/** Such as "multiply, 2 inputs connected, 1 edge out". */
function describe(tools: CanvasTools, id: string): string {
  const { document, catalog } = tools.canvas();
  const { nodes, edges } = document.workflow;
  const node = nodes.get(id);
  if (!node) return "";
  const [into, outOf] = [edgesInto(edges, id).length, edgesOutOf(edges, id).length];
  return [
    titleOf(catalog, node),
    counted(into, "edge in", "edges in"),
    counted(outOf, "edge out", "edges out"),
  ].join(", ");
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
