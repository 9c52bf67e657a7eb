/** The text of a widget while it is edited, and what is wrong with it. */

import { type DraftField, useDraft } from "@/widgets/draft";
import { alternativesOf } from "@/widgets/schema_reading";
import { textProblem } from "@/widgets/text_rules";
import type { WidgetProps } from "@/widgets/widget_props";

export function useText({ value, unset, schema, invalid, onChange }: WidgetProps): DraftField {
  const shown = typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);
  const field = useDraft({ value, unset, shown, onChange, read: (text) => ({ ok: true, value: text }) });
  const [rules = {}] = alternativesOf(schema).schemas;
  const isSet = value !== undefined && value !== null && !unset;
  return { ...field, problem: (isSet ? textProblem(field.text, rules) : undefined) ?? invalid };
}
