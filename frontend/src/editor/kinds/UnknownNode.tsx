/** The place of a node that nothing here can be made of: it keeps its values and edges, and says what is missing. */

import type { NodeProps } from "@xyflow/react";
import { PackageX } from "lucide-react";
import { memo } from "react";
import { setFunction } from "@/document/commands";
import { useCanvas } from "@/editor/canvas_context";
import type { CanvasItem } from "@/editor/canvas_nodes";
import css from "@/editor/kinds/UnknownNode.module.css";
import { NodeRows } from "@/editor/NodeRows";
import { NodeShell } from "@/editor/NodeShell";
import { useCatalog } from "@/editor/surroundings";
import { candidatesOf, functionNameOf } from "@/graph/catalog";
import type { WorkflowNode } from "@/graph/workflow";

export const UnknownNode = memo(function UnknownNode({ data, selected, width }: NodeProps<CanvasItem>) {
  return (
    <NodeShell data={data} selected={selected} width={width} note="Values and edges are kept" missing>
      <Reason node={data.node} />
      <NodeRows node={data.node} ports={data.ports} />
    </NodeShell>
  );
});

function Reason({ node }: { readonly node: WorkflowNode }) {
  const { document } = useCanvas();
  const { catalog, status } = useCatalog();
  const candidates = candidatesOf(catalog, node);
  return (
    <div className={css.reason}>
      <PackageX size={14} aria-hidden="true" />
      <div>
        {candidates.length > 0
          ? "Several nodepacks have this function. Choose one:"
          : reasonText(node, status)}
        {candidates.map((schema) => (
          <button
            key={schema.ref}
            type="button"
            className={`${css.choice} nodrag`}
            onClick={() => setFunction(document, node.id, schema)}
          >
            {schema.nodepack}
          </button>
        ))}
      </div>
    </div>
  );
}

function reasonText(node: WorkflowNode, status: "loading" | "ready" | "away"): string {
  if (status === "loading") return "Loading the nodes …";
  if (status === "away") return "The server is away: its functions are not known now.";
  if (node.type !== "functionNode") return `This version does not know nodes of the kind “${node.type}”.`;
  const name = functionNameOf(node);
  const pack = packOf(node);
  if (!name) return "This node does not say which function it is.";
  return `“${name}” is not installed. Add ${pack ? `the nodepack “${pack}”` : "a nodepack that has it"} to run it.`;
}

function packOf({ data: { ref } }: WorkflowNode): string | undefined {
  return typeof ref === "string" && ref.includes("/") ? ref.slice(0, ref.indexOf("/")) : undefined;
}
