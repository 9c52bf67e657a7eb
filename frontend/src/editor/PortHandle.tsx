/** A port: drawn 10 px, hit within 24; its colour is the family of its type, its shape what comes through it. */

import { Handle, Position } from "@xyflow/react";
import { memo } from "react";
import { useCanvasUi } from "@/editor/canvas_context";
import type { CanvasUi } from "@/editor/canvas_ui";
import css from "@/editor/PortHandle.module.css";
import { portLabel, portStyle } from "@/editor/port_look";
import type { Port } from "@/graph/ports";
import { type Fit, fit as fitOf, shapeOf } from "@/graph/types";

interface Props {
  readonly node: string;
  readonly port: Port;
  readonly side: "input" | "output";
  readonly connected: boolean;
  /** It still needs an edge or a value. */
  readonly awaited?: "awaited" | "lacking" | undefined;
}

export const PortHandle = memo(function PortHandle({ node, port, side, connected, awaited }: Props) {
  const answer = useCanvasUi((ui) => fitWithDragged(ui, node, port.type, side));
  const isInput = side === "input";
  const label = portLabel(port, side, connected);
  return (
    <Handle
      id={port.id}
      type={isInput ? "target" : "source"}
      position={isInput ? Position.Left : Position.Right}
      className={css.port}
      style={portStyle(port.type)}
      role="img"
      aria-label={label}
      title={`${port.label}: ${port.type}`}
      data-shape={shapeOf(port.type, !isInput || port.required)}
      data-connected={connected}
      data-awaited={awaited}
      data-fit={answer}
      data-missing={port.unknown}
    >
      <span className={css.drawing} />
    </Handle>
  );
});

/** Only the ports on the screen ask, and types are compared once, so that a drag may begin among thousands. */
function fitWithDragged({ dragged }: CanvasUi, node: string, type: string, side: string): Fit | undefined {
  if (!dragged) return undefined;
  if (dragged.node === node || dragged.side === side) return "unlikely";
  return dragged.side === "output" ? fitOf(dragged.type, type) : fitOf(type, dragged.type);
}
