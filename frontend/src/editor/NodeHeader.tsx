/** The head of a node: icon, title, what it comes from, its state, and the button for its menu. */

import { EllipsisVertical } from "lucide-react";
import { createElement } from "react";
import { useCanvas, useCanvasUi } from "@/editor/canvas_context";
import type { NodeData } from "@/editor/canvas_nodes";
import { iconOf } from "@/editor/icons";
import { MissingInputs } from "@/editor/MissingInputs";
import css from "@/editor/NodeHeader.module.css";
import { NodeTitle } from "@/editor/NodeTitle";
import type { NodeStatus } from "@/editor/node_status";
import { isShipped } from "@/editor/origin";
import { StatusGlyph } from "@/editor/StatusGlyph";

interface Props {
  readonly data: NodeData;
  readonly status: NodeStatus;
}

export function NodeHeader({ data: { node, title, schema }, status }: Props) {
  const { ui } = useCanvas();
  const open = useCanvasUi(({ menu }) => menu?.node === node.id);
  return (
    <div className={css.header} data-pack={schema !== undefined && !isShipped(schema)}>
      {createElement(iconOf(node.type, node.layout.icon, schema), {
        size: 16,
        className: css.icon,
        "aria-hidden": true,
      })}
      <div className={css.names}>
        <NodeTitle id={node.id} title={title} hint={schema?.docstring} />
        {schema && !isShipped(schema) && <span className={css.pack}>{schema.nodepack}</span>}
      </div>
      <button
        type="button"
        className={`${css.menu} nodrag`}
        aria-label={`Menu of ${title}`}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={(event) => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          ui.setState({ menu: { node: node.id, at: { x: left, y: bottom } } });
        }}
      >
        <EllipsisVertical size={14} aria-hidden="true" />
      </button>
      <MissingInputs node={node.id} />
      <StatusGlyph status={status} />
    </div>
  );
}
