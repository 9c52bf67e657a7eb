/** An output of a node. What is called "result" or "output" says more by its type. */

import { memo } from "react";
import { PortHandle } from "@/editor/PortHandle";
import css from "@/editor/Rows.module.css";
import type { Port } from "@/graph/ports";

interface Props {
  readonly node: string;
  readonly port: Port;
  readonly connected: boolean;
}

export const OutputRow = memo(function OutputRow({ node, port, connected }: Props) {
  const isPlain = port.label === "result" || port.label === "output";
  return (
    <div className={css.output}>
      {!isPlain && <span className={css.outputLabel}>{port.label}</span>}
      <span className={css.type} title={port.type}>
        {port.type}
      </span>
      <PortHandle node={node} port={port} side="output" connected={connected} />
    </div>
  );
});
