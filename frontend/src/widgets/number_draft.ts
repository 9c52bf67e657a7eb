/** A number while it is edited: typed freely, moved by arrow keys, refused with a reason. */

import type { KeyboardEvent } from "react";
import { type DraftField, useDraft } from "@/widgets/draft";
import { type NumberRules, numberProblem, readNumber, rulesOf, stepped } from "@/widgets/number_text";
import type { WidgetProps } from "@/widgets/widget_props";

export interface NumberField extends Omit<DraftField, "events"> {
  readonly rules: NumberRules;
  readonly number: number | undefined;
  step(count: number): void;
  readonly events: DraftField["events"];
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

export function useNumber({ value, unset, schema, invalid, onChange }: WidgetProps): NumberField {
  const rules = rulesOf(schema);
  const number = typeof value === "number" ? value : undefined;
  const shown =
    value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  const read = (text: string) => readNumber(text, rules);
  const draft = useDraft({ value, unset, shown, read, onChange });
  const step = (count: number) => draft.change(String(stepped(number ?? 0, count, rules)));
  const onKeyDown = (event: KeyboardEvent) => {
    draft.events.onKeyDown(event);
    const count = STEPS[event.key];
    if (count === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    step(event.shiftKey ? count * 10 : count);
  };
  const problem = draft.problem ?? storedProblem(value, rules) ?? invalid;
  return { ...draft, rules, number, step, problem, events: { ...draft.events, onKeyDown } };
}

/** A value from a file need not fit. */
function storedProblem(value: WidgetProps["value"], rules: NumberRules): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return numberProblem(value, rules);
  const reading = typeof value === "string" ? readNumber(value, rules) : undefined;
  if (reading?.ok) return undefined;
  return reading?.problem ?? "This is not a number";
}
