/** The colours that a note can have, above it while it is selected. */

import { NodeToolbar } from "@xyflow/react";
import { editNote } from "@/document/commands";
import { ColorChoice } from "@/editor/ColorChoice";
import { useCanvas } from "@/editor/canvas_context";
import { noteId } from "@/editor/canvas_nodes";
import type { Note } from "@/graph/workflow";

export function NoteColors({ note }: { readonly note: Note }) {
  const { document } = useCanvas();
  return (
    <NodeToolbar nodeId={noteId(note.id)} isVisible offset={8}>
      <ColorChoice
        label="Colour of the note"
        chosen={note.color ?? "yellow"}
        onChoose={(color) => editNote(document, note.id, { color })}
      />
    </NodeToolbar>
  );
}
