/** Commands that add nodes and change the view. */

import { type CanvasTools, centerOf } from "@/editor/canvas_tools";
import { hasItems } from "@/editor/command_conditions";
import { selectedIds, tidyNodes } from "@/editor/editing_commands";
import { isCanvasFocused } from "@/editor/focus";
import { isWideEnough } from "@/editor/minimap_room";
import { type Command, setSettings, useSettings } from "@/editor/surroundings";
import { showBoxes } from "@/editor/view_moves";

export function addingCommands(tools: CanvasTools): Command[] {
  const open = () => {
    const { ui } = tools.canvas();
    ui.setState({ palette: { at: tools.pointer() ?? centerOf(tools) } });
  };
  return [
    // Tab is for the mouse only: without a pointer over the canvas it leaves it, as everywhere else.
    {
      id: "canvas.add-at-pointer",
      title: "Add a node at the pointer",
      group: "Add",
      keys: ["Tab"],
      when: () => isCanvasFocused() && tools.pointer() !== null,
      run: open,
    },
    { id: "canvas.add", title: "Add a node", group: "Add", keys: ["n"], when: isCanvasFocused, run: open },
  ];
}

export function viewCommands(tools: CanvasTools): Command[] {
  const group = "View";
  return [
    {
      id: "view.fit",
      title: "Show everything",
      group,
      keys: ["Shift+!", "Shift+1"],
      when: isCanvasFocused,
      run: () => showBoxes(tools, tools.store.boxes()),
    },
    {
      id: "view.fit-selection",
      title: "Show the selection",
      group,
      keys: ["f"],
      when: hasItems,
      run: () => showBoxes(tools, tools.store.boxes(new Set(selectedIds()))),
    },
    {
      id: "view.zoom-in",
      title: "Zoom in",
      group,
      keys: ["+", "="],
      when: isCanvasFocused,
      run: () => void tools.flow.zoomIn(),
    },
    {
      id: "view.zoom-out",
      title: "Zoom out",
      group,
      keys: ["-"],
      when: isCanvasFocused,
      run: () => void tools.flow.zoomOut(),
    },
    { id: "view.tidy", title: "Tidy up", group, run: () => void tidyNodes(tools) },
    {
      id: "view.snap",
      title: "Snap to the grid",
      group,
      run: () => setSettings({ snap: !useSettings.getState().snap }),
    },
    {
      id: "view.minimap",
      title: "Show or hide the minimap",
      group,
      when: () => isWideEnough(tools.area().width),
      run: () => setSettings({ minimap: !useSettings.getState().minimap }),
    },
  ];
}
