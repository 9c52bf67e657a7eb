/** Commands about the node that the keyboard is at. */

import { collapse } from "@/document/commands";
import { type CanvasTools, centerOf } from "@/editor/canvas_tools";
import type { ScreenPoint } from "@/editor/canvas_ui";
import { hasItems, isAtNode } from "@/editor/command_conditions";
import { selectedIds } from "@/editor/editing_commands";
import { focusFirstField, isCanvasFocused } from "@/editor/focus";
import { type Command, execute, useSelection } from "@/editor/surroundings";
import { currentNode } from "@/editor/walking";

export function nodeCommands(tools: CanvasTools): Command[] {
  const group = "Node";
  const withNode = (act: (node: string) => void) => () => {
    const node = currentNode();
    if (node !== undefined) act(node);
  };
  const { ui } = tools.canvas();
  return [
    {
      id: "node.edit",
      title: "Edit the first value",
      group,
      keys: ["Enter"],
      when: () => isCanvasFocused() && hasItems(),
      run: () => enter(tools),
    },
    {
      id: "node.rename",
      title: "Rename",
      group,
      keys: ["F2"],
      when: isAtNode,
      run: withNode((renaming) => ui.setState({ renaming })),
    },
    {
      id: "node.menu",
      title: "Open the node's menu",
      group,
      keys: ["."],
      when: isAtNode,
      run: withNode((node) => ui.setState({ menu: { node, at: besideNode(tools, node) } })),
    },
    {
      id: "node.connect",
      title: "Connect to …",
      group,
      keys: ["c"],
      when: isAtNode,
      run: withNode((node) => ui.setState({ connecting: { node, at: besideNode(tools, node) } })),
    },
    {
      id: "node.insert",
      title: "Insert a node on the edge",
      group,
      keys: ["i"],
      when: () => isCanvasFocused() && edgeToInsertOn(tools) !== undefined,
      run: () => insert(tools),
    },
    {
      id: "node.run",
      title: "Run to here",
      group,
      when: () => selectedIds().length > 0,
      run: () => void execute({ targets: [...useSelection.getState().nodes] }),
    },
    {
      id: "node.collapse",
      title: "Collapse or expand",
      group,
      keys: ["h"],
      when: hasItems,
      run: () => toggleCollapsed(tools),
    },
  ];
}

/** A note is written, a node's first widget is edited. */
function enter(tools: CanvasTools): void {
  const node = currentNode();
  const [note] = useSelection.getState().notes;
  if (node !== undefined) focusFirstField(node);
  else if (note !== undefined) tools.canvas().ui.setState({ editingNote: note });
}

function toggleCollapsed(tools: CanvasTools): void {
  const { document } = tools.canvas();
  const { nodes } = useSelection.getState();
  const all = [...nodes].every((id) => document.workflow.nodes.get(id)?.layout.collapsed);
  collapse(document, nodes, !all);
}

/** The selected edge, or the only one out of the node that the keyboard is at. */
function edgeToInsertOn(tools: CanvasTools): string | undefined {
  const { edges } = useSelection.getState();
  if (edges.size === 1) return [...edges][0];
  const node = currentNode();
  if (node === undefined) return undefined;
  const leaving = [...tools.canvas().document.workflow.edges.values()].filter(
    ({ source }) => source === node,
  );
  return leaving[0]?.id;
}

function insert(tools: CanvasTools): void {
  const edge = edgeToInsertOn(tools);
  if (edge === undefined) return;
  const { document, ui } = tools.canvas();
  const ends = document.workflow.edges.get(edge);
  const boxes = tools.store.boxes(new Set(ends ? [ends.source, ends.target] : []));
  const x = boxes.reduce((sum, box) => sum + box.x + box.width / 2, 0) / Math.max(1, boxes.length);
  const y = boxes.reduce((sum, box) => sum + box.y + box.height / 2, 0) / Math.max(1, boxes.length);
  ui.setState({ palette: { at: tools.flow.flowToScreenPosition({ x, y }), edge } });
}

function besideNode(tools: CanvasTools, id: string): ScreenPoint {
  const [box] = tools.store.boxes(new Set([id]));
  return box ? tools.flow.flowToScreenPosition({ x: box.x + box.width, y: box.y }) : centerOf(tools);
}
