/** The open document and the canvas's own state, for everything that is drawn on it. */

import { createContext, useContext, useSyncExternalStore } from "react";
import type { StoreApi } from "zustand";
import { useStore } from "zustand";
import type { WorkflowDocument } from "@/document/document";
import type { CanvasUi } from "@/editor/canvas_ui";
import type { Catalog } from "@/graph/catalog";
import type { Workflow } from "@/graph/workflow";

export interface CanvasContextValue {
  readonly document: WorkflowDocument;
  readonly catalog: Catalog;
  readonly ui: StoreApi<CanvasUi>;
}

export const CanvasContext = createContext<CanvasContextValue | null>(null);

export function useCanvas(): CanvasContextValue {
  const value = useContext(CanvasContext);
  if (!value) throw new Error("This component belongs inside a Canvas.");
  return value;
}

/** Something of the workflow as it is now. Give what compares equal while nothing changed. */
export function useWorkflowPart<Part>(part: (workflow: Workflow) => Part): Part {
  const { document } = useCanvas();
  return useSyncExternalStore(document.subscribe, () => part(document.workflow));
}

/** Something of the canvas's own state. */
export function useCanvasUi<Part>(part: (ui: CanvasUi) => Part): Part {
  return useStore(useCanvas().ui, part);
}
