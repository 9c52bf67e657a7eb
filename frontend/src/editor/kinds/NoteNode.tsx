/** A comment on the canvas: Markdown, with a colour and a size of its own. Double click edits it. */

import { type NodeProps, NodeResizeControl } from "@xyflow/react";
import { type CSSProperties, memo, Suspense } from "react";
import { editNote } from "@/document/commands";
import { useCanvas, useCanvasUi } from "@/editor/canvas_context";
import type { NoteItem } from "@/editor/canvas_nodes";
import { NoteColors } from "@/editor/kinds/NoteColors";
import { NoteField } from "@/editor/kinds/NoteField";
import css from "@/editor/kinds/NoteNode.module.css";
import { useSelection } from "@/editor/surroundings";
import { colorOf } from "@/graph/appearance";
import type { Note } from "@/graph/workflow";
import { later } from "@/ui/later";

// Markdown is a large part of the page's code, and most workflows have no notes.
const NoteText = later(async () => (await import("@/editor/kinds/NoteText")).NoteText);

export const NoteNode = memo(function NoteNode({ data, selected, width, height }: NodeProps<NoteItem>) {
  const { note } = data;
  const { ui } = useCanvas();
  const alone = useSelection(({ nodes, notes }) => nodes.size + notes.size === 1);
  const editing = useCanvasUi((state) => state.editingNote === note.id);
  return (
    // The keyboard's way is Enter on the canvas.
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse
    <div
      className={css.note}
      style={noteStyle(note, width, height)}
      data-selected={selected}
      onDoubleClick={() => ui.setState({ editingNote: note.id })}
    >
      {editing ? <NoteField note={note} /> : <Text text={note.text} />}
      {selected && alone && !editing && <NoteColors note={note} />}
      <Grip id={note.id} />
    </div>
  );
});

function noteStyle(
  note: Note,
  width = note.width,
  height = note.height,
): CSSProperties & { "--note": string } {
  return { "--note": `var(${colorOf("note", note.color ?? "yellow").token})`, width, height };
}

function Text({ text }: { readonly text: string }) {
  if (text.trim() === "") return <p className={css.empty}>Double click to write a note</p>;
  return (
    <div className={css.text}>
      <Suspense fallback={<p>{text}</p>}>
        <NoteText text={text} />
      </Suspense>
    </div>
  );
}

function Grip({ id }: { readonly id: string }) {
  const { document } = useCanvas();
  return (
    <NodeResizeControl
      position="bottom-right"
      className={css.grip ?? ""}
      minWidth={96}
      minHeight={48}
      onResizeEnd={(_event, { width, height }) =>
        editNote(document, id, { width: Math.round(width), height: Math.round(height) })
      }
    />
  );
}
