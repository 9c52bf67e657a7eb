/** A text field that keeps exactly what is typed, commits what can be read, and goes back on Escape. */

import { type KeyboardEvent, useRef, useState } from "react";
import type { Json } from "@/graph/workflow";
import { sameJson } from "@/widgets/json_equality";

export type Reading =
  | { readonly ok: true; readonly value: Json | undefined }
  | { readonly ok: false; readonly problem: string };

export interface DraftOptions {
  readonly value: Json | undefined;
  /** The value is the default: going back unsets it. */
  readonly unset?: boolean | undefined;
  /** The value as text. */
  readonly shown: string;
  read(text: string): Reading;
  onChange(value: Json | undefined): void;
}

export interface DraftField {
  readonly text: string;
  /** Why what is typed cannot be taken. */
  readonly problem: string | undefined;
  change(text: string): void;
  readonly events: { onBlur(): void; onKeyDown(event: KeyboardEvent): void };
}

interface Draft {
  readonly text: string;
  readonly problem: string | undefined;
  /** What was committed last. */
  readonly committed: Json | undefined;
  /** The value as it was given when this was typed. */
  readonly seen: Json | undefined;
}

export function useDraft({ value, unset, shown, read, onChange }: DraftOptions): DraftField {
  const given = unset ? undefined : value;
  const [draft, setDraft] = useFollowing(given);
  const start = useRef<{ value: Json | undefined } | null>(null);

  const change = (text: string) => {
    start.current ??= { value: given };
    const reading = read(text);
    const committed = reading.ok ? reading.value : draft ? draft.committed : given;
    setDraft({ text, problem: reading.ok ? undefined : reading.problem, committed, seen: given });
    if (reading.ok && !sameJson(reading.value, given)) onChange(reading.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.nativeEvent.isComposing || !draft) return;
    // Only what there is to take back is taken back: the next Escape is for those around.
    event.stopPropagation();
    event.preventDefault();
    setDraft(null);
    const before = start.current;
    start.current = null;
    if (before && !sameJson(before.value, given)) onChange(before.value);
  };
  const onBlur = () => {
    start.current = null;
    if (!draft?.problem) setDraft(null);
  };
  return { text: draft?.text ?? shown, problem: draft?.problem, change, events: { onBlur, onKeyDown } };
}

/** The draft, given up when the value becomes one that was not typed here: by undo, or by another person. */
function useFollowing(given: Json | undefined) {
  const [draft, setDraft] = useState<Draft | null>(null);
  if (draft === null || sameJson(given, draft.seen)) return [draft, setDraft] as const;
  const next = sameJson(given, draft.committed) ? { ...draft, seen: given } : null;
  setDraft(next);
  return [next, setDraft] as const;
}
