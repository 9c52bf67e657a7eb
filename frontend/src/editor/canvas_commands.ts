/** The canvas's rows of the command table. */

import type { CanvasTools } from "@/editor/canvas_tools";
import { readClipboard } from "@/editor/clipboard_access";
import { hasItems, isAtNode } from "@/editor/command_conditions";
import {
  copySelected,
  cutSelected,
  deleteSelected,
  duplicateSelected,
  hasSelection,
  moveSelected,
  pasteText,
  selectAll,
} from "@/editor/editing_commands";
import { isCanvasFocused, isTyping } from "@/editor/focus";
import { nodeCommands } from "@/editor/node_commands";
import { type Command, clear, redo, undo } from "@/editor/surroundings";
import { addingCommands, viewCommands } from "@/editor/view_commands";
import { walk, walkAlong } from "@/editor/walking";
import type { Direction } from "@/graph/navigation";

const STEP = 16;
const ARROWS: readonly (readonly [Direction, string, number, number])[] = [
  ["left", "ArrowLeft", -STEP, 0],
  ["right", "ArrowRight", STEP, 0],
  ["up", "ArrowUp", 0, -STEP],
  ["down", "ArrowDown", 0, STEP],
];

export function canvasCommands(tools: CanvasTools): Command[] {
  return [
    ...editing(tools),
    ...nodeCommands(tools),
    ...arrows(tools),
    ...addingCommands(tools),
    ...viewCommands(tools),
  ];
}

function editing(tools: CanvasTools): Command[] {
  const group = "Edit";
  const notTyping = () => !isTyping();
  return [
    { id: "canvas.undo", title: "Undo", group, keys: ["$mod+z"], when: notTyping, run: undo },
    { id: "canvas.redo", title: "Redo", group, keys: ["$mod+Shift+z", "$mod+y"], when: notTyping, run: redo },
    {
      id: "canvas.cut",
      title: "Cut",
      group,
      keys: ["$mod+x"],
      when: hasItems,
      run: () => cutSelected(tools),
    },
    {
      id: "canvas.copy",
      title: "Copy",
      group,
      keys: ["$mod+c"],
      when: hasItems,
      run: () => copySelected(tools),
    },
    {
      // The key itself comes as the browser's paste event, which needs no permission.
      id: "canvas.paste",
      title: "Paste nodes",
      group,
      when: isCanvasFocused,
      run: () => void readClipboard().then((text) => pasteText(tools, text)),
    },
    {
      id: "canvas.duplicate",
      title: "Duplicate",
      group,
      keys: ["$mod+d"],
      when: hasItems,
      run: () => duplicateSelected(tools),
    },
    {
      id: "canvas.delete",
      title: "Delete",
      group,
      keys: ["Delete", "Backspace"],
      when: () => isCanvasFocused() && hasSelection(),
      run: () => deleteSelected(tools),
    },
    {
      id: "canvas.select-all",
      title: "Select all",
      group,
      keys: ["$mod+a"],
      when: isCanvasFocused,
      run: () => selectAll(tools),
    },
    {
      id: "canvas.select-none",
      title: "Select nothing",
      group,
      keys: ["Escape"],
      when: () => isCanvasFocused() && hasSelection(),
      run: clear,
    },
  ];
}

function arrows(tools: CanvasTools): Command[] {
  const group = "Move about";
  return ARROWS.flatMap(([direction, key, x, y]) => [
    {
      id: `canvas.walk-${direction}`,
      title: `To the node ${words(direction)}`,
      group,
      keys: [key],
      when: isCanvasFocused,
      run: () => walk(tools, direction),
    },
    {
      id: `canvas.along-${direction}`,
      title: alongTitle(direction),
      group,
      keys: [`Alt+${key}`],
      when: isAtNode,
      run: () => walkAlong(tools, direction),
    },
    {
      id: `canvas.move-${direction}`,
      title: `Move the selection ${direction}`,
      group,
      keys: [`Shift+${key}`],
      when: hasItems,
      run: () => moveSelected(tools, { x, y }),
    },
  ]);
}

function words(direction: Direction): string {
  return direction === "left" || direction === "right"
    ? `at the ${direction}`
    : direction === "up"
      ? "above"
      : "below";
}

function alongTitle(direction: Direction): string {
  if (direction === "left") return "Back along an edge";
  if (direction === "right") return "Forward along an edge";
  return direction === "up" ? "To the previous branch" : "To the next branch";
}
