/** Connections as React Flow reports them, judged and made. */

import type { Connection as FlowConnection } from "@xyflow/react";
import { connect, reconnect } from "@/document/commands";
import type { CanvasContextValue } from "@/editor/canvas_context";
import type { ScreenPoint } from "@/editor/canvas_ui";
import { type Connection, check, fittingPorts, type PortAddress, type Side } from "@/graph/connecting";
import { inputAt, outputAt, portsOf } from "@/graph/ports";

type Ends = Pick<FlowConnection, "source" | "target"> & {
  readonly sourceHandle?: string | null;
  readonly targetHandle?: string | null;
};

export function connectionOf({ source, target, sourceHandle, targetHandle }: Ends): Connection {
  return { source, target, sourceHandle: sourceHandle ?? null, targetHandle: targetHandle ?? null };
}

/** The connection between a port and one on the other side. */
export function joined(from: PortAddress, side: Side, to: PortAddress): Connection {
  const [source, target] = side === "output" ? [from, to] : [to, from];
  return {
    source: source.node,
    sourceHandle: source.handle,
    target: target.node,
    targetHandle: target.handle,
  };
}

/** Makes the connection, or says at `at` why it cannot be made. True when it was made. */
export function connectOrRefuse(
  { document, catalog, ui }: CanvasContextValue,
  connection: Connection,
  at: ScreenPoint,
  moving?: string,
): boolean {
  const verdict = check(document.workflow, catalog, connection, moving);
  if (!verdict.ok) {
    const { reason, offer } = verdict;
    ui.setState({ refusal: { at, reason, connection, ...(offer ? { offer } : {}) }, announcement: reason });
    return false;
  }
  const id =
    moving === undefined
      ? connect(document, connection, verdict.replaces)
      : reconnect(document, moving, connection, verdict.replaces);
  if (id !== null) ui.setState({ announcement: "Connected." });
  return id !== null;
}

/** Connects a port with the port of a node that fits it best. True when there was one. */
export function connectToNode(
  canvas: CanvasContextValue,
  from: PortAddress,
  side: Side,
  node: string,
  at: ScreenPoint,
): boolean {
  const { workflow } = canvas.document;
  const best = fittingPorts(workflow, canvas.catalog, from, side).find(
    (candidate) => candidate.node === node,
  );
  return best ? connectOrRefuse(canvas, joined(from, side, { node, handle: best.port.id }), at) : false;
}

/** The type of what a port gives or takes. */
export function typeAt({ document, catalog }: CanvasContextValue, from: PortAddress, side: Side): string {
  const node = document.workflow.nodes.get(from.node);
  if (!node) return "Any";
  const ports = portsOf(node, catalog, document.workflow.edges);
  const port = side === "output" ? outputAt(ports, from.handle) : inputAt(node, ports, from.handle);
  return port?.type ?? "Any";
}
