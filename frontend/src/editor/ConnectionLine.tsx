/** The wire that is being dragged, and why it cannot end where the pointer is. */

import { type ConnectionLineComponentProps, getBezierPath } from "@xyflow/react";
import css from "@/editor/ConnectionLine.module.css";
import { useCanvas, useCanvasUi } from "@/editor/canvas_context";
import { joined } from "@/editor/connecting_wires";
import { colorOfType } from "@/editor/port_look";
import { check } from "@/graph/connecting";

export function ConnectionLine(props: ConnectionLineComponentProps) {
  const { fromX, fromY, toX, toY, fromPosition, toPosition, connectionStatus } = props;
  const type = useCanvasUi(({ dragged }) => dragged?.type ?? "Any");
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    sourcePosition: fromPosition,
    targetX: toX,
    targetY: toY,
    targetPosition: toPosition,
  });
  const reason = useReason(props);
  return (
    <g>
      <path
        className={css.line}
        d={path}
        style={{ stroke: colorOfType(type) }}
        data-refused={connectionStatus === "invalid"}
      />
      {reason && (
        <foreignObject className={css.place} x={toX + 12} y={toY + 12} width={280} height={120}>
          <div className={css.reason}>{reason}</div>
        </foreignObject>
      )}
    </g>
  );
}

/** Only the port under the pointer is judged in full. */
function useReason({ fromHandle, toHandle, connectionStatus }: ConnectionLineComponentProps): string | null {
  const { document, catalog } = useCanvas();
  if (connectionStatus !== "invalid" || !toHandle || toHandle.type === fromHandle.type) return null;
  const from = { node: fromHandle.nodeId, handle: fromHandle.id ?? null };
  const to = { node: toHandle.nodeId, handle: toHandle.id ?? null };
  const side = fromHandle.type === "source" ? "output" : "input";
  const verdict = check(document.workflow, catalog, joined(from, side, to));
  return verdict.ok ? null : verdict.reason;
}
