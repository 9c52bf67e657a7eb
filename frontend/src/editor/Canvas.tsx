/** The canvas: a workflow as nodes and wires, to look at, edit and watch while it runs. */

import "@xyflow/react/dist/style.css";
import { ReactFlowProvider } from "@xyflow/react";
import { useMemo, useState } from "react";
import type { WorkflowDocument } from "@/document/document";
import { CanvasView } from "@/editor/CanvasView";
import { CanvasContext } from "@/editor/canvas_context";
import { makeCanvasUi } from "@/editor/canvas_ui";
import { useCatalog } from "@/editor/surroundings";

interface Props {
  readonly document: WorkflowDocument;
}

/** Another document is another canvas: nothing of the one before may be seen or undone in it. */
export function Canvas({ document }: Props) {
  return <DocumentCanvas key={document.doc.guid} document={document} />;
}

function DocumentCanvas({ document }: Props) {
  const { catalog } = useCatalog();
  const [ui] = useState(makeCanvasUi);
  const value = useMemo(() => ({ document, catalog, ui }), [document, catalog, ui]);
  return (
    <CanvasContext value={value}>
      <ReactFlowProvider>
        <CanvasView />
      </ReactFlowProvider>
    </CanvasContext>
  );
}
