/** All that is known about a node's error, or what its function says about itself. */

import { Copy } from "lucide-react";
import { useCallback } from "react";
import { useCanvas, useCanvasUi, useWorkflowPart } from "@/editor/canvas_context";
import { FloatingPanel } from "@/editor/FloatingPanel";
import css from "@/editor/NodeDetails.module.css";
import { useNodeRun } from "@/editor/surroundings";
import { schemaOf, titleOf } from "@/graph/catalog";
import type { WorkflowNode } from "@/graph/workflow";
import { MessageText } from "@/ui/MessageText";
import { Traceback } from "@/ui/Traceback";

export function NodeDetails() {
  const { ui } = useCanvas();
  const details = useCanvasUi((state) => state.details);
  const node = useWorkflowPart(({ nodes }) => (details ? nodes.get(details.node) : undefined));
  const close = useCallback(() => ui.setState({ details: null }), [ui]);
  if (!details || !node) return null;
  const isError = details.about === "error";
  return (
    <FloatingPanel at={details.at} label={isError ? "Error" : "Help"} className={css.panel} onClose={close}>
      {isError ? <ErrorText node={node} /> : <HelpText node={node} />}
    </FloatingPanel>
  );
}

function ErrorText({ node }: { readonly node: WorkflowNode }) {
  const { catalog } = useCanvas();
  const failure = useNodeRun(node.id)?.failure;
  if (!failure) return <p>The error is gone: the node has run again.</p>;
  const { type, message, hint, traceback } = failure;
  const all = [`${type}: ${message}`, hint, traceback].filter(Boolean).join("\n\n");
  return (
    <>
      <h2 className={css.title}>
        {titleOf(catalog, node)}: {type}
      </h2>
      <p className={css.message}>{traceback ? message : <MessageText>{message}</MessageText>}</p>
      {hint && (
        <p className={css.hint}>
          <MessageText>{hint}</MessageText>
        </p>
      )}
      {traceback && <Traceback text={traceback} />}
      <button type="button" className={css.copy} onClick={() => void navigator.clipboard?.writeText(all)}>
        <Copy size={14} aria-hidden="true" />
        Copy the error
      </button>
    </>
  );
}

function HelpText({ node }: { readonly node: WorkflowNode }) {
  const { catalog } = useCanvas();
  const schema = schemaOf(catalog, node);
  return (
    <>
      <h2 className={css.title}>{schema?.name ?? titleOf(catalog, node)}</h2>
      <p className={css.message}>{schema?.docstring || KIND_HELP[node.type] || "No documentation."}</p>
      {schema && <p className={css.hint}>{schema.ref}</p>}
    </>
  );
}

const KIND_HELP: Readonly<Record<string, string>> = {
  variableNode: "Holds a value that you set by hand. Connect its output to where the value is needed.",
  listNode: "Gathers the values at its inputs into one list, in the order of the inputs.",
  viewNode: "Shows the value that is connected to it, after a run.",
  functionNode: "This function is not installed, so there is no documentation for it.",
};
