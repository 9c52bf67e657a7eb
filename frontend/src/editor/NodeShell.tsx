/** What all nodes have in common: header, body, footer, ports, state, and the grip that resizes them. */

import { NodeResizeControl, useUpdateNodeInternals } from "@xyflow/react";
import { type CSSProperties, type ReactNode, useEffect } from "react";
import { resizeNode } from "@/document/commands";
import { CollapsedPorts } from "@/editor/CollapsedPorts";
import { useCanvas } from "@/editor/canvas_context";
import type { NodeData } from "@/editor/canvas_nodes";
import { NodeError } from "@/editor/NodeError";
import { NodeFooter } from "@/editor/NodeFooter";
import { NodeHeader } from "@/editor/NodeHeader";
import css from "@/editor/NodeShell.module.css";
import { MIN_WIDTH, usualWidth } from "@/editor/node_geometry";
import { type Look, type NodeStatus, statusOf } from "@/editor/node_status";
import { useIsStale, useNodeRun } from "@/editor/surroundings";
import { colorOf } from "@/graph/appearance";
import type { Ports } from "@/graph/ports";

export interface NodeShellProps {
  readonly data: NodeData;
  readonly selected: boolean;
  /** While it is being resized. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** The height that it has when nobody resized it; left out, it is as high as its content. */
  readonly usualHeight?: number;
  /** What the node is, for the footer. */
  readonly note?: ReactNode;
  readonly missing?: boolean;
  readonly children: ReactNode;
}

export function NodeShell(props: NodeShellProps) {
  const { data, selected, note, missing = false, children } = props;
  const { node } = data;
  const run = useNodeRun(node.id);
  const status = statusOf(run, useIsStale(node.id));
  useFreshPorts(node.id, data.ports, node.layout.collapsed ?? false);
  return (
    <div
      className={css.node}
      style={shellStyle(props, status)}
      data-look={missing ? "missing" : status.look}
      data-selected={selected}
      data-kind={node.type}
    >
      <NodeHeader data={data} status={status} />
      <ProgressLine status={status} />
      {node.layout.collapsed ? (
        <CollapsedPorts data={data} />
      ) : (
        <>
          <div className={css.body}>{children}</div>
          {run?.failure && <NodeError node={node.id} failure={run.failure} />}
          <NodeFooter run={run} status={status} note={note} />
          <Grip {...props} />
        </>
      )}
    </div>
  );
}

function shellStyle(
  { data, width, height, usualHeight }: NodeShellProps,
  { look }: NodeStatus,
): CSSProperties & { "--accent-node": string } {
  const { node } = data;
  const { layout } = node;
  const ownHeight = usualHeight === undefined ? undefined : (height ?? layout.height ?? usualHeight);
  return {
    "--accent-node": `var(${isLeftOut(look) ? "--node-grey" : colorOf(node.type, layout.color).token})`,
    width: width ?? layout.width ?? usualWidth(node),
    height: layout.collapsed ? undefined : ownHeight,
  };
}

function isLeftOut(look: Look): boolean {
  return look === "skipped" || look === "cancelled";
}

/** React Flow looks at a node's ports again only when the node's size changes, which new ports need not do. */
function useFreshPorts(id: string, { inputs, outputs }: Ports, collapsed: boolean): void {
  const update = useUpdateNodeInternals();
  const ids = [...inputs, ...outputs].map((port) => port.id).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: they say when, not how
  useEffect(() => update(id), [update, id, ids, collapsed]);
}

function ProgressLine({ status: { progress } }: { readonly status: NodeStatus }) {
  if (progress === undefined) return null;
  const style = progress === null ? {} : { width: `${Math.round(progress * 100)}%` };
  return (
    <div className={css.progress} data-known={progress !== null}>
      <div style={style} />
    </div>
  );
}

function Grip({ data: { node }, usualHeight }: NodeShellProps) {
  const { document } = useCanvas();
  const isFree = usualHeight !== undefined;
  return (
    <NodeResizeControl
      position="bottom-right"
      className={css.grip ?? ""}
      minWidth={MIN_WIDTH}
      minHeight={isFree ? 96 : 0}
      {...(isFree ? {} : { resizeDirection: "horizontal" as const })}
      onResizeEnd={(_event, { width, height }) =>
        resizeNode(document, node.id, {
          width: Math.round(width),
          height: isFree ? Math.round(height) : node.layout.height,
        })
      }
    />
  );
}
