/** The graph as a tree to read: nodes in the order in which data flows, under each what it is connected to. */

import { edgesInto, edgesOutOf } from "@/graph/adjacency";
import { type Catalog, titleOf } from "@/graph/catalog";
import { inputAt, outputAt, portsOf } from "@/graph/ports";
import type { Workflow, WorkflowEdge, WorkflowNode } from "@/graph/workflow";

export interface OutlineRow {
  readonly key: string;
  readonly level: 1 | 2;
  /** The node that pressing the row goes to. */
  readonly node: string;
  readonly text: string;
  readonly direction?: "in" | "out";
  readonly type: string;
  readonly position: number;
  readonly size: number;
  /** Undefined for a row that nothing is under. */
  readonly expanded?: boolean;
}

const orders = new WeakMap<Workflow["edges"], { nodes: Workflow["nodes"]; order: readonly string[] }>();

/** Nodes before those that take their values; those of a circle last. The order of execution, as the server has it. */
export function flowOrder({ nodes, edges }: Workflow): readonly string[] {
  const known = orders.get(edges);
  if (known?.nodes === nodes) return known.order;
  const waiting = new Map([...nodes.keys()].map((id) => [id, 0]));
  for (const { source, target } of edges.values()) {
    if (nodes.has(source)) waiting.set(target, (waiting.get(target) ?? 0) + 1);
  }
  const order = [...nodes.keys()].filter((id) => waiting.get(id) === 0);
  for (let at = 0; at < order.length; at += 1) {
    for (const { target } of edgesOutOf(edges, order[at] ?? "")) {
      const left = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, left);
      if (left === 0 && nodes.has(target)) order.push(target);
    }
  }
  const placed = new Set(order);
  const whole = [...order, ...[...nodes.keys()].filter((id) => !placed.has(id))];
  orders.set(edges, { nodes, order: whole });
  return whole;
}

/** The rows that are shown. */
export function outlineRows(
  workflow: Workflow,
  catalog: Catalog,
  expanded: ReadonlySet<string>,
): OutlineRow[] {
  const order = flowOrder(workflow);
  return order.flatMap((id, index) => {
    const node = workflow.nodes.get(id);
    if (!node) return [];
    const [into, out] = [edgesInto(workflow.edges, id), edgesOutOf(workflow.edges, id)];
    const has = into.length + out.length > 0;
    const row: OutlineRow = {
      key: id,
      level: 1,
      node: id,
      text: titleOf(catalog, node),
      type: node.type,
      position: index + 1,
      size: order.length,
      ...(has ? { expanded: expanded.has(id) } : {}),
    };
    return row.expanded ? [row, ...connectionRows(workflow, catalog, node, into, out)] : [row];
  });
}

function connectionRows(
  workflow: Workflow,
  catalog: Catalog,
  node: WorkflowNode,
  into: readonly WorkflowEdge[],
  out: readonly WorkflowEdge[],
): OutlineRow[] {
  const ports = portsOf(node, catalog, workflow.edges);
  const size = into.length + out.length;
  const title = (id: string) => {
    const other = workflow.nodes.get(id);
    return other ? titleOf(catalog, other) : id;
  };
  const inputs = into.map(({ id, source, targetHandle }) => {
    const port = inputAt(node, ports, targetHandle)?.label ?? targetHandle ?? "input";
    return { id, other: source, text: `${port} from ${title(source)}`, direction: "in" as const };
  });
  const outputs = out.map(({ id, target, sourceHandle }) => {
    const port = outputAt(ports, sourceHandle)?.label ?? sourceHandle ?? "output";
    return { id, other: target, text: `${port} to ${title(target)}`, direction: "out" as const };
  });
  return [...inputs, ...outputs].map(({ id, other, text, direction }, index) => ({
    key: `${node.id} ${direction} ${id}`,
    level: 2,
    node: other,
    text,
    direction,
    type: node.type,
    position: index + 1,
    size,
  }));
}
