/**
 * How large nodes are drawn and where their ports are, worked out without drawing them.
 *
 * A node that React Flow knows the size of need not be mounted to be measured: 5,000 nodes open at once. The
 * figures are those of NodeShell.module.css; a node that turns out otherwise is measured when it comes into view.
 */

import { type NodeHandle, Position } from "@xyflow/react";
import { isShipped } from "@/editor/origin";
import type { Schema } from "@/graph/catalog";
import type { Port, Ports } from "@/graph/ports";
import type { WorkflowNode } from "@/graph/workflow";

export const WIDTH = 240;
export const MIN_WIDTH = 180;
export const HEADER = 32;
/** How much higher a header is that says which nodepack the function is from. */
const PACK_LINE = 12;
export const ROW = 28;
const BODY_PADDING = 4;
const FOOTER = 22;
export const PORT = 10;
export const VIEW_SIZE = { width: 280, height: 200 } as const;
const VARIABLE_HEIGHT = HEADER + 2 * BODY_PADDING + 2 * ROW + FOOTER;

export interface Geometry {
  readonly width: number;
  readonly height: number;
  readonly handles: NodeHandle[];
}

export function geometryOf(node: WorkflowNode, ports: Ports, schema?: Schema): Geometry {
  const width = node.layout.width ?? usualWidth(node);
  const header = HEADER + (schema && !isShipped(schema) ? PACK_LINE : 0);
  if (node.layout.collapsed)
    return { width, height: header, handles: collapsedHandles(ports, width, header) };
  const top = header + BODY_PADDING;
  const shown = ports.inputs.filter(({ folded }) => !folded);
  const outputs = ports.outputs.map((port, row) => handleOf(port, "source", width, rowCenter(top, row)));
  const first = node.type === "viewNode" || node.type === "variableNode" ? 0 : ports.outputs.length;
  const inputs = shown.map((port, row) => handleOf(port, "target", width, rowCenter(top, first + row)));
  const hasMore = shown.length < ports.inputs.length;
  const rows = ports.outputs.length + shown.length + (hasMore ? 1 : 0);
  const height = fixedHeight(node) ?? top + rows * ROW + BODY_PADDING + FOOTER;
  return { width, height, handles: [...outputs, ...inputs] };
}

/** The width of a node that nobody has resized. */
export function usualWidth({ type }: WorkflowNode): number {
  return type === "viewNode" ? VIEW_SIZE.width : WIDTH;
}

function fixedHeight({ type, layout }: WorkflowNode): number | undefined {
  if (type === "viewNode") return layout.height ?? VIEW_SIZE.height;
  return type === "variableNode" ? VARIABLE_HEIGHT : undefined;
}

function rowCenter(top: number, row: number): number {
  return top + row * ROW + ROW / 2;
}

function collapsedHandles({ inputs, outputs }: Ports, width: number, height: number): NodeHandle[] {
  return [
    ...inputs.map((port) => handleOf(port, "target", width, height / 2)),
    ...outputs.map((port) => handleOf(port, "source", width, height / 2)),
  ];
}

function handleOf({ id }: Port, type: "source" | "target", width: number, centerY: number): NodeHandle {
  const isSource = type === "source";
  return {
    id,
    type,
    position: isSource ? Position.Right : Position.Left,
    x: (isSource ? width : 0) - PORT / 2,
    y: centerY - PORT / 2,
    width: PORT,
    height: PORT,
  };
}
