/** What the canvas takes from the state layer, named in one place. */

export { type CanvasView as ShownCanvas, showCanvas } from "@/state/canvas_view";
export { type CatalogState, useCatalog } from "@/state/catalog";
export { type Command, registerCommands } from "@/state/commands_table";
export { type Findings, useNodeFindings } from "@/state/findings";
export { usePackages } from "@/state/packages";
export { enable, useChange } from "@/state/packages_change";
export type { NodeRun } from "@/state/run_state";
export { execute, useIsStale, useNodeRun, useRun } from "@/state/runs";
export { clear, type Selection, select, useSelection } from "@/state/selection";
export { redo, undo } from "@/state/session";
export { setSettings, useSettings } from "@/state/settings";
