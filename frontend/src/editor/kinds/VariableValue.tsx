/** The value of a variable, by a widget that fits its type. */

import { clearValue, setValue } from "@/document/commands";
import { useCanvas } from "@/editor/canvas_context";
import css from "@/editor/kinds/VariableNode.module.css";
import { valueSchema, variableTypeOf } from "@/editor/kinds/variable_fields";
import { useNodeFindings } from "@/editor/surroundings";
import type { Json, WorkflowNode } from "@/graph/workflow";
import { sentence } from "@/ui/message_text";
import { ParamWidget } from "@/widgets/registry";

const VALUE = "variableValue";

export function VariableValue({ node }: { readonly node: WorkflowNode }) {
  const { document } = useCanvas();
  const type = variableTypeOf(node);
  const invalid = useNodeFindings(node.id).wrong.find(({ severity }) => severity === "error")?.message;
  const change = (value: Json | undefined) =>
    value === undefined ? clearValue(document, node.id, VALUE) : setValue(document, node.id, VALUE, value);
  return (
    <div className={css.value}>
      <ParamWidget
        id={`${node.id}.value`}
        label="Value"
        schema={valueSchema(type)}
        value={node.data[VALUE]}
        onChange={change}
        compact
        {...(invalid === undefined ? {} : { invalid: sentence(invalid) })}
      />
    </div>
  );
}
