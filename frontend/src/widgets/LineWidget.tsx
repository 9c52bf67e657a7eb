/** Text on one line: identifiers, durations, addresses, whatever has a form. */

import { fieldAttributes } from "@/widgets/field_attributes";
import { Problem } from "@/widgets/Problem";
import { useText } from "@/widgets/text_draft";
import type { WidgetProps } from "@/widgets/widget_props";

const EXAMPLES: Readonly<Record<string, string>> = {
  duration: "PT1H30M",
  uuid: "6f1c0b52-9a3e-4d7f-8b21-0c5d4e3f2a10",
  email: "name@example.org",
  uri: "https://example.org",
};

export function LineWidget(props: WidgetProps) {
  const { text, problem, change, events } = useText(props);
  return (
    <div>
      <input
        {...fieldAttributes(props, problem)}
        {...events}
        type="text"
        value={text}
        placeholder={props.placeholder ?? EXAMPLES[String(props.schema.format)]}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => change(event.target.value)}
      />
      <Problem id={props.id} text={problem} />
    </div>
  );
}
