/** Comments on the canvas. */

import type { WorkflowDocument } from "@/document/document";
import { idMaker } from "@/graph/ids";
import type { Note, Point } from "@/graph/workflow";

const NOTE_SIZE = { width: 240, height: 160 } as const;

export type NoteChange = { readonly [Name in Exclude<keyof Note, "id">]?: Note[Name] | undefined };

/** Adds a note. Returns its id. */
export function addNote(document: WorkflowDocument, { x, y }: Point, text = ""): string {
  const id = idMaker(document.workflow)("note");
  document.edit("Add note", (draft) => draft.putNote({ id, x, y, text, ...NOTE_SIZE }));
  return id;
}

/** Changes a note; `undefined` as its colour takes the colour away. The keystrokes in its text are one step. */
export function editNote(document: WorkflowDocument, id: string, change: NoteChange): void {
  const note = document.workflow.notes.get(id);
  if (!note) return;
  const names = Object.keys(change);
  const merge = names.length === 1 && names[0] === "text" ? { merge: `${id}.text` } : {};
  document.edit("Edit note", (draft) => draft.putNote(changed(note, change)), merge);
}

function changed({ color: before, ...note }: Note, change: NoteChange): Note {
  const { text = note.text, x = note.x, y = note.y, width = note.width, height = note.height } = change;
  const color = "color" in change ? change.color : before;
  return { ...note, text, x, y, width, height, ...(color === undefined ? {} : { color }) };
}
