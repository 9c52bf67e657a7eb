/** Zoom, fit, snap and the minimap, in the corner of the canvas. */

import { useReactFlow, useStore } from "@xyflow/react";
import { Magnet, Map as MapIcon, Maximize, Minus, Plus, WandSparkles } from "lucide-react";
import css from "@/editor/CanvasControls.module.css";
import type { CanvasTools } from "@/editor/canvas_tools";
import { tidyNodes } from "@/editor/editing_commands";
import { useRoomForMinimap } from "@/editor/minimap_room";
import { setSettings, useSettings } from "@/editor/surroundings";
import { showBoxes } from "@/editor/view_moves";
import { IconButton } from "@/ui/IconButton";

const ICON = { size: 16, "aria-hidden": true } as const;

export function CanvasControls({ tools }: { readonly tools: CanvasTools }) {
  const { zoomIn, zoomOut, zoomTo } = useReactFlow();
  const zoom = useStore((state) => Math.round(state.transform[2] * 100));
  const snap = useSettings((settings) => settings.snap);
  const minimap = useSettings((settings) => settings.minimap);
  const hasRoom = useRoomForMinimap();
  return (
    <div className={css.controls} role="toolbar" aria-label="View">
      <IconButton label="Zoom out" keys="-" side="top" onClick={() => void zoomOut()}>
        <Minus {...ICON} />
      </IconButton>
      <button
        type="button"
        className={css.zoom}
        onClick={() => void zoomTo(1)}
        aria-label={`Zoom ${zoom} %, set to 100 %`}
      >
        {zoom} %
      </button>
      <IconButton label="Zoom in" keys="+" side="top" onClick={() => void zoomIn()}>
        <Plus {...ICON} />
      </IconButton>
      <span className={css.gap} />
      <IconButton
        label="Show everything"
        keys="Shift+1"
        side="top"
        onClick={() => showBoxes(tools, tools.store.boxes())}
      >
        <Maximize {...ICON} />
      </IconButton>
      <IconButton label="Tidy up" side="top" onClick={() => void tidyNodes(tools)}>
        <WandSparkles {...ICON} />
      </IconButton>
      <IconButton
        label="Snap to the grid"
        side="top"
        aria-pressed={snap}
        onClick={() => setSettings({ snap: !snap })}
      >
        <Magnet {...ICON} />
      </IconButton>
      <IconButton
        label="Minimap"
        side="top"
        aria-pressed={minimap && hasRoom}
        unavailable={hasRoom ? "" : "there is no room for it. Close a panel or make one narrower."}
        onClick={() => setSettings({ minimap: !minimap })}
      >
        <MapIcon {...ICON} />
      </IconButton>
    </div>
  );
}
