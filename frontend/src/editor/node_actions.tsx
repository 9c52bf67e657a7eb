/** What the menu of a node offers. */

import {
  ChevronsDownUp,
  ChevronsUpDown,
  CircleHelp,
  Copy,
  CopyPlus,
  Pencil,
  Play,
  Trash2,
} from "lucide-react";
import { collapse, deleteItems, duplicate } from "@/document/commands";
import { useCanvas } from "@/editor/canvas_context";
import type { ScreenPoint } from "@/editor/canvas_ui";
import { copyToClipboard } from "@/editor/clipboard_access";
import { execute, select } from "@/editor/surroundings";
import { copy } from "@/graph/clipboard";
import type { WorkflowNode } from "@/graph/workflow";
import type { MenuItem } from "@/ui/menu_items";

const SIZE = { size: 14, "aria-hidden": true } as const;

export function useNodeActions({ id, layout }: WorkflowNode, at: ScreenPoint): MenuItem[] {
  const { document, ui } = useCanvas();
  const collapsed = layout.collapsed ?? false;
  return [
    {
      id: "run",
      title: "Run to here",
      icon: <Play {...SIZE} />,
      run: () => void execute({ targets: [id] }),
    },
    {
      id: "rename",
      title: "Rename",
      icon: <Pencil {...SIZE} />,
      keys: "F2",
      run: () => ui.setState({ renaming: id }),
    },
    {
      id: "collapse",
      title: collapsed ? "Expand" : "Collapse",
      icon: collapsed ? <ChevronsUpDown {...SIZE} /> : <ChevronsDownUp {...SIZE} />,
      run: () => collapse(document, [id], !collapsed),
    },
    {
      id: "duplicate",
      title: "Duplicate",
      icon: <CopyPlus {...SIZE} />,
      keys: "$mod+d",
      run: () => select(duplicate(document, [id])),
    },
    {
      id: "copy",
      title: "Copy",
      icon: <Copy {...SIZE} />,
      keys: "$mod+c",
      run: () => copyToClipboard(copy(document.workflow, [id])),
    },
    {
      id: "help",
      title: "Help",
      icon: <CircleHelp {...SIZE} />,
      run: () => ui.setState({ details: { node: id, at, about: "help" } }),
    },
    {
      id: "delete",
      title: "Delete",
      icon: <Trash2 {...SIZE} />,
      keys: "Delete",
      danger: true,
      run: () => deleteItems(document, { nodes: [id] }),
    },
  ];
}
