/** The text of a note while it is being written. */

import { type KeyboardEvent, useEffect, useRef } from "react";
import { editNote } from "@/document/commands";
import { useCanvas } from "@/editor/canvas_context";
import css from "@/editor/kinds/NoteNode.module.css";
import type { Note } from "@/graph/workflow";

export function NoteField({ note }: { readonly note: Note }) {
  const { document, ui } = useCanvas();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    const isDone = event.key === "Escape" || (event.key === "Enter" && (event.ctrlKey || event.metaKey));
    if (!isDone) return;
    ui.setState({ editingNote: null });
    globalThis.document.querySelector<HTMLElement>("[data-canvas]")?.focus();
  };
  return (
    <textarea
      ref={field}
      className={`${css.field} nodrag nopan nowheel`}
      aria-label="Text of the note, in Markdown"
      placeholder="Markdown: **bold**, - list, [link](https://…)"
      value={note.text}
      onChange={(event) => editNote(document, note.id, { text: event.target.value })}
      onBlur={() => ui.setState({ editingNote: null })}
      onKeyDown={press}
    />
  );
}
