/** Dragging wires: what is judged while they are dragged, and what happens where they are dropped. */

import type {
  FinalConnectionState,
  Connection as FlowConnection,
  HandleType,
  OnConnectStartParams,
} from "@xyflow/react";
import { useMemo } from "react";
import { disconnect } from "@/document/commands";
import type { CanvasEdge } from "@/editor/canvas_nodes";
import type { CanvasTools } from "@/editor/canvas_tools";
import type { ScreenPoint } from "@/editor/canvas_ui";
import { connectionOf, connectOrRefuse, connectToNode, joined, typeAt } from "@/editor/connecting_wires";
import { check, type PortAddress, type Side } from "@/graph/connecting";

export function useConnecting(tools: CanvasTools) {
  return useMemo(() => {
    let moving: string | undefined;
    return {
      isValidConnection: (wanted: FlowConnection | CanvasEdge) => {
        const { document, catalog } = tools.canvas();
        return check(document.workflow, catalog, connectionOf(wanted), moving).ok;
      },
      onConnectStart: (_event: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) => {
        if (nodeId && handleType) start(tools, { node: nodeId, handle: handleId }, sideOf(handleType));
      },
      onConnect: (wanted: FlowConnection) => {
        connectOrRefuse(tools.canvas(), connectionOf(wanted), tools.pointer() ?? { x: 0, y: 0 });
      },
      onConnectEnd: (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
        tools.canvas().ui.setState({ dragged: null });
        if (moving === undefined && !state.isValid) drop(tools, state, placeOf(event));
      },
      onReconnectStart: (_event: unknown, edge: CanvasEdge) => {
        moving = edge.id;
      },
      onReconnect: (edge: CanvasEdge, wanted: FlowConnection) => {
        connectOrRefuse(tools.canvas(), connectionOf(wanted), tools.pointer() ?? { x: 0, y: 0 }, edge.id);
      },
      onReconnectEnd: (
        event: MouseEvent | TouchEvent,
        edge: CanvasEdge,
        _handle: HandleType,
        state: FinalConnectionState,
      ) => {
        moving = undefined;
        if (!state.isValid) dropEnd(tools, edge, state, placeOf(event));
      },
    };
  }, [tools]);
}

function sideOf(handle: HandleType): Side {
  return handle === "source" ? "output" : "input";
}

function start(tools: CanvasTools, from: PortAddress, side: Side): void {
  const canvas = tools.canvas();
  const type = typeAt(canvas, from, side);
  canvas.ui.setState({ dragged: { node: from.node, side, type }, refusal: null, palette: null });
}

/** On a port that does not fit: why. On a node: its best port. On nothing: the palette. */
function drop(
  tools: CanvasTools,
  { fromHandle, toHandle, toNode }: FinalConnectionState,
  at: ScreenPoint,
): void {
  if (!fromHandle) return;
  const canvas = tools.canvas();
  const from = { node: fromHandle.nodeId, handle: fromHandle.id ?? null };
  const side = sideOf(fromHandle.type);
  if (toHandle) {
    if (toHandle.type === fromHandle.type) return;
    const to = { node: toHandle.nodeId, handle: toHandle.id ?? null };
    connectOrRefuse(canvas, joined(from, side, to), at);
    return;
  }
  const node = toNode?.id ?? nodeUnder(at);
  if (node === undefined) {
    canvas.ui.setState({ palette: { at, link: { from, side, type: typeAt(canvas, from, side) } } });
  } else if (node !== from.node && !connectToNode(canvas, from, side, node, at)) {
    canvas.ui.setState({ announcement: "Nothing of this node fits." });
  }
}

/** An end dropped on nothing takes the edge away; on a port that does not fit it stays and says why. */
function dropEnd(tools: CanvasTools, edge: CanvasEdge, state: FinalConnectionState, at: ScreenPoint): void {
  const canvas = tools.canvas();
  const { fromHandle, toHandle } = state;
  if (!toHandle) {
    if (nodeUnder(at) === undefined) disconnect(canvas.document, edge.id);
    return;
  }
  if (!fromHandle || fromHandle.type === toHandle.type) return;
  const from = { node: fromHandle.nodeId, handle: fromHandle.id ?? null };
  const to = { node: toHandle.nodeId, handle: toHandle.id ?? null };
  connectOrRefuse(canvas, joined(from, sideOf(fromHandle.type), to), at, edge.id);
}

function placeOf(event: MouseEvent | TouchEvent): ScreenPoint {
  const point = "changedTouches" in event ? event.changedTouches[0] : event;
  return { x: point?.clientX ?? 0, y: point?.clientY ?? 0 };
}

function nodeUnder({ x, y }: ScreenPoint): string | undefined {
  const element = document.elementFromPoint?.(x, y)?.closest<HTMLElement>(".react-flow__node");
  return element?.dataset.id;
}
