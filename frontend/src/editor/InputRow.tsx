/** An input of a node: its port, its name, and its widget or, once it is connected, where the value comes from. */

import { memo } from "react";
import { clearValue, setValue } from "@/document/commands";
import { useCanvas } from "@/editor/canvas_context";
import { OriginLabel } from "@/editor/OriginLabel";
import { PortHandle } from "@/editor/PortHandle";
import css from "@/editor/Rows.module.css";
import type { Port } from "@/graph/ports";
import { storedValue } from "@/graph/values";
import type { Json, WorkflowEdge, WorkflowNode } from "@/graph/workflow";
import { sentence } from "@/ui/message_text";
import { ParamWidget } from "@/widgets/registry";

export interface InputRowProps {
  readonly node: WorkflowNode;
  readonly port: Port;
  readonly edge: WorkflowEdge | undefined;
  readonly invalid?: string | undefined;
  /** Required, and neither set nor connected: while nobody has tried to run it, or after that. */
  readonly missing?: "awaited" | "lacking" | undefined;
}

export const InputRow = memo(function InputRow({ node, port, edge, invalid, missing }: InputRowProps) {
  const widgetId = `${node.id}.${port.id}`;
  return (
    <div
      className={css.row}
      data-required={port.required}
      data-invalid={invalid !== undefined || missing === "lacking"}
    >
      <PortHandle node={node.id} port={port} side="input" connected={edge !== undefined} awaited={missing} />
      <label className={css.label} htmlFor={widgetId} title={`${port.label}: ${port.type}`}>
        {port.label}
      </label>
      {edge ? (
        <OriginLabel edge={edge} />
      ) : (
        <ParamInput node={node} port={port} id={widgetId} invalid={invalid} missing={missing} />
      )}
    </div>
  );
});

interface ParamInputProps {
  readonly node: WorkflowNode;
  readonly port: Port;
  readonly id: string;
  readonly invalid: string | undefined;
  readonly missing: InputRowProps["missing"];
}

function ParamInput({ node, port, id, invalid, missing }: ParamInputProps) {
  const { document } = useCanvas();
  const { param, label } = port;
  if (!param) return <span className={css.origin}>{port.unknown ? "no longer there" : ""}</span>;
  const change = (value: Json | undefined) =>
    value === undefined
      ? clearValue(document, node.id, param.name)
      : setValue(document, node.id, param.name, value);
  return (
    <div className={css.widget}>
      <ParamWidget
        id={id}
        label={label}
        param={param}
        schema={param.json_schema}
        value={storedValue(node, param.name)}
        onChange={change}
        compact
        {...(invalid === undefined ? {} : { invalid: sentence(invalid) })}
        {...(missing !== undefined ? { placeholder: "required" } : {})}
      />
    </div>
  );
}
