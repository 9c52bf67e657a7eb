/** How a variable's value is wrapped, for nodes that talk to language models. */

import { clearValue, setValue } from "@/document/commands";
import { useCanvas } from "@/editor/canvas_context";
import css from "@/editor/kinds/VariableNode.module.css";
import { formatsOf, ROLES, variableTypeOf } from "@/editor/kinds/variable_fields";
import type { WorkflowNode } from "@/graph/workflow";

export function VariableFormats({ node }: { readonly node: WorkflowNode }) {
  const { document } = useCanvas();
  const formats = formatsOf(variableTypeOf(node));
  return formats.map(({ name, label }) => (
    <div key={name} className={css.format}>
      <label className={css.check}>
        <input
          type="checkbox"
          className="nodrag"
          checked={Boolean(node.data[name])}
          onChange={({ target: { checked } }) =>
            checked ? setValue(document, node.id, name, true) : clearValue(document, node.id, name)
          }
        />
        {label}
      </label>
      {name === "llmMessageFormat" && Boolean(node.data[name]) && <Role node={node} />}
    </div>
  ));
}

function Role({ node }: { readonly node: WorkflowNode }) {
  const { document } = useCanvas();
  const { llmMessageRole } = node.data;
  const role = typeof llmMessageRole === "string" ? llmMessageRole : "user";
  return (
    <select
      className={`${css.select} nodrag`}
      aria-label="Role of the message"
      value={role}
      onChange={(event) => setValue(document, node.id, "llmMessageRole", event.target.value)}
    >
      {[...new Set([...ROLES, role])].map((one) => (
        <option key={one}>{one}</option>
      ))}
    </select>
  );
}
