/** Above a selection of several nodes: align, distribute, tidy, collapse, duplicate, delete. */

import { NodeToolbar, Position } from "@xyflow/react";
import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  CopyPlus,
  type LucideIcon,
  Play,
  Trash2,
  WandSparkles,
} from "lucide-react";
import { alignNodes, distributeNodes } from "@/document/commands";
import { noteId } from "@/editor/canvas_nodes";
import type { CanvasTools } from "@/editor/canvas_tools";
import { deleteSelected, duplicateSelected, selectedIds, tidyNodes } from "@/editor/editing_commands";
import css from "@/editor/SelectionBar.module.css";
import { execute, useSelection } from "@/editor/surroundings";
import type { Alignment, Axis } from "@/graph/arranging";
import { IconButton } from "@/ui/IconButton";

const ALIGNMENTS: readonly (readonly [Alignment, string, LucideIcon])[] = [
  ["left", "Align left edges", AlignStartVertical],
  ["center", "Align centres", AlignCenterVertical],
  ["right", "Align right edges", AlignEndVertical],
  ["top", "Align top edges", AlignStartHorizontal],
  ["middle", "Align middles", AlignCenterHorizontal],
  ["bottom", "Align bottom edges", AlignEndHorizontal],
];
const AXES: readonly (readonly [Axis, string, LucideIcon])[] = [
  ["horizontal", "Distribute horizontally", AlignHorizontalDistributeCenter],
  ["vertical", "Distribute vertically", AlignVerticalDistributeCenter],
];

export function SelectionBar({ tools }: { readonly tools: CanvasTools }) {
  const nodes = useSelection((selection) => selection.nodes);
  const notes = useSelection((selection) => selection.notes);
  if (nodes.size + notes.size < 2) return null;
  return (
    <NodeToolbar nodeId={[...nodes, ...[...notes].map(noteId)]} isVisible position={Position.Top} offset={16}>
      <div className={css.bar} role="toolbar" aria-label="Selection">
        <span className={css.count}>{nodes.size + notes.size} selected</span>
        <Arrangement tools={tools} count={nodes.size + notes.size} />
        <span className={css.gap} />
        <Button label="Tidy up" Icon={WandSparkles} run={() => void tidyNodes(tools)} />
        <Button label="Run to these" Icon={Play} run={() => void execute({ targets: [...nodes] })} />
        <Button label="Duplicate" keys="$mod+d" Icon={CopyPlus} run={() => duplicateSelected(tools)} />
        <Button label="Delete" keys="Delete" Icon={Trash2} run={() => deleteSelected(tools)} />
      </div>
    </NodeToolbar>
  );
}

function Arrangement({ tools, count }: { readonly tools: CanvasTools; readonly count: number }) {
  const { document } = tools.canvas();
  const boxes = () => tools.store.boxes(new Set(selectedIds()));
  return (
    <>
      <span className={css.gap} />
      {ALIGNMENTS.map(([how, label, Icon]) => (
        <Button key={how} label={label} Icon={Icon} run={() => alignNodes(document, boxes(), how)} />
      ))}
      {count > 2 && <span className={css.gap} />}
      {count > 2 &&
        AXES.map(([axis, label, Icon]) => (
          <Button key={axis} label={label} Icon={Icon} run={() => distributeNodes(document, boxes(), axis)} />
        ))}
    </>
  );
}

interface ButtonProps {
  readonly label: string;
  readonly keys?: string;
  readonly Icon: LucideIcon;
  run(): void;
}

function Button({ label, keys, Icon, run }: ButtonProps) {
  return (
    <IconButton label={label} keys={keys} onClick={run} side="top">
      <Icon size={16} aria-hidden="true" />
    </IconButton>
  );
}
