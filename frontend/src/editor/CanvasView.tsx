/** React Flow with our nodes and wires, and everything that lies over them. */

import { Background, BackgroundVariant, Panel, ReactFlow, SelectionMode } from "@xyflow/react";
import { Suspense, useEffect, useRef } from "react";
import { CanvasControls } from "@/editor/CanvasControls";
import css from "@/editor/CanvasView.module.css";
import { ConnectionLine } from "@/editor/ConnectionLine";
import { canvasCommands } from "@/editor/canvas_commands";
import { useCanvasUi } from "@/editor/canvas_context";
import type { CanvasContent } from "@/editor/canvas_store";
import type { CanvasTools } from "@/editor/canvas_tools";
import { MAX_ZOOM, MIN_ZOOM } from "@/editor/keeping_view";
import { nodeTypes } from "@/editor/kinds/registry";
import { ConnectList, NodeDetails, NodeMenu, Palette } from "@/editor/later_parts";
import { Minimap } from "@/editor/Minimap";
import { useRoomForMinimap } from "@/editor/minimap_room";
import { Overview } from "@/editor/Overview";
import { RefusalNote } from "@/editor/RefusalNote";
import { SelectionBar } from "@/editor/SelectionBar";
import { registerCommands, showCanvas, useSettings } from "@/editor/surroundings";
import { useCanvasContent } from "@/editor/use_canvas_content";
import { useCanvasTools } from "@/editor/use_canvas_tools";
import { useConnecting } from "@/editor/use_connecting";
import { useDropping } from "@/editor/use_dropping";
import { useFar } from "@/editor/use_far";
import { useKeptView } from "@/editor/use_kept_view";
import { useOneTabStop } from "@/editor/use_one_tab_stop";
import { usePane } from "@/editor/use_pane";
import { useToastsOver } from "@/editor/use_toasts_over";
import { useViewport } from "@/editor/use_viewport";
import { shownCanvas } from "@/editor/view_moves";
import { WorkflowEdge } from "@/editor/WorkflowEdge";

// Made once: React Flow mounts everything anew when one of these is another object.
const edgeTypes = { workflow: WorkflowEdge };
const MULTI_SELECTION_KEYS = ["Meta", "Control"];
const SNAP: [number, number] = [16, 16];
const PRO = { hideAttribution: true };
const NOTHING: CanvasContent = { nodes: [], edges: [] };

export function CanvasView() {
  const { store, content, handlers } = useCanvasContent();
  const tools = useCanvasTools(store);
  const far = useFar(store, content);
  const connecting = useConnecting(tools);
  const dropping = useDropping(tools);
  const pane = usePane(tools, far);
  const tabStop = useOneTabStop();
  const viewport = useViewport(tools);
  useKeptView(tools);
  const snap = useSettings((settings) => settings.snap);
  useEffect(() => registerCommands(canvasCommands(tools)), [tools]);
  useEffect(() => showCanvas(shownCanvas(tools)), [tools]);
  const shown = far ? NOTHING : content;
  return (
    <div className={css.canvas} {...rootProps(content)} {...tabStop} {...pane.root} {...dropping}>
      <ReactFlow
        {...shown}
        {...handlers}
        {...connecting}
        {...pane.flow}
        {...viewport}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        connectionLineComponent={ConnectionLine}
        onlyRenderVisibleElements
        minZoom={MIN_ZOOM}
        maxZoom={MAX_ZOOM}
        snapToGrid={snap}
        snapGrid={SNAP}
        connectionRadius={24}
        selectionKeyCode="Shift"
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={MULTI_SELECTION_KEYS}
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        nodesFocusable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        proOptions={PRO}
      >
        <Background variant={BackgroundVariant.Dots} gap={16} size={1.5} color="var(--canvas-dots)" />
        {far && <Overview content={content} />}
        <SelectionBar tools={tools} />
        <Corner tools={tools} content={content} />
      </ReactFlow>
      <Overlays />
    </div>
  );
}

function rootProps({ nodes }: CanvasContent) {
  const count = nodes.length === 1 ? "1 item" : `${nodes.length} items`;
  return {
    "data-canvas": "",
    role: "application",
    tabIndex: 0,
    "aria-label": `Workflow canvas, ${count}`,
    "aria-roledescription": "canvas",
    "aria-describedby": "canvas-keys",
  } as const;
}

function Corner({ tools, content }: { readonly tools: CanvasTools; readonly content: CanvasContent }) {
  const minimap = useSettings((settings) => settings.minimap);
  const hasRoom = useRoomForMinimap();
  const controls = useRef<HTMLDivElement>(null);
  useToastsOver(controls);
  return (
    <>
      <Panel ref={controls} position="bottom-left">
        <CanvasControls tools={tools} />
      </Panel>
      {minimap && hasRoom && content.nodes.length > 0 && (
        <Panel position="bottom-right">
          <Minimap content={content} />
        </Panel>
      )}
    </>
  );
}

function Overlays() {
  const announcement = useCanvasUi((ui) => ui.announcement);
  const palette = useCanvasUi((ui) => ui.palette !== null);
  const connecting = useCanvasUi((ui) => ui.connecting !== null);
  const menu = useCanvasUi((ui) => ui.menu !== null);
  const details = useCanvasUi((ui) => ui.details !== null);
  return (
    <div className={css.overlays}>
      <Suspense>
        {palette && <Palette />}
        {connecting && <ConnectList />}
        {menu && <NodeMenu />}
        {details && <NodeDetails />}
      </Suspense>
      <RefusalNote />
      <p id="canvas-keys" className={css.hidden}>
        Arrow keys go from node to node, with Alt along the edges, with Shift they move the node. Enter edits,
        C connects, N adds a node, full stop opens the menu.
      </p>
      <p className={css.hidden} aria-live="polite">
        {announcement}
      </p>
    </div>
  );
}
