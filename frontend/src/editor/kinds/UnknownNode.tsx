/** The place of a node that nothing here can be made of: it keeps its values and edges, and says what is missing. */

import type { NodeProps } from "@xyflow/react";
import { CircleOff, PackageX } from "lucide-react";
import { memo } from "react";
import { setFunction } from "@/document/commands";
import { useCanvas } from "@/editor/canvas_context";
import type { CanvasItem } from "@/editor/canvas_nodes";
import { focusCanvas } from "@/editor/focus";
import css from "@/editor/kinds/UnknownNode.module.css";
import { NodeRows } from "@/editor/NodeRows";
import { NodeShell } from "@/editor/NodeShell";
import { type CatalogState, enable, useCatalog, useChange, usePackages } from "@/editor/surroundings";
import { candidatesOf, functionNameOf } from "@/graph/catalog";
import { nameInWords, offersOf } from "@/graph/extras";
import { disabledOwner } from "@/graph/packages";
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
  const { catalog, status, failures } = useCatalog();
  const candidates = candidatesOf(catalog, node);
  const off = disabledOwner(node, usePackages().value.nodes);
  return (
    <div className={css.reason}>
      {off ? <CircleOff size={14} aria-hidden="true" /> : <PackageX size={14} aria-hidden="true" />}
      <div>
        {lackingText(node, failures) ?? reasonText(node, status, candidates.length, off?.name)}
        {off && <EnableButton name={off.name} />}
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

function EnableButton({ name }: { readonly name: string }) {
  const changing = useChange(({ change }) => change?.outcome === "running");
  const press = () => {
    // The button goes, and with it what has the focus.
    focusCanvas();
    void enable(name);
  };
  return (
    <button type="button" className={`${css.choice} nodrag`} disabled={changing} onClick={press}>
      Enable {name}
    </button>
  );
}

/** A nodepack that is there and lacks only libraries, which the library offers. */
function lackingText(node: WorkflowNode, failures: CatalogState["failures"]): string | undefined {
  const offer = offersOf(failures).find(({ pack }) => pack === packOf(node));
  return offer && `“${functionNameOf(node)}” needs ${nameInWords(offer.spec)}, which are not installed.`;
}

function reasonText(
  node: WorkflowNode,
  status: "loading" | "ready" | "away",
  candidates: number,
  off: string | undefined,
): string {
  if (candidates > 0) return "Several nodepacks have this function. Choose one:";
  if (off !== undefined) return `The package ${off} is disabled.`;
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
