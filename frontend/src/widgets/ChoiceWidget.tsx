/** One of the values that a schema lists, with their real types: 1 is not "1". */

import type { Json } from "@/graph/workflow";
import { fieldAttributes } from "@/widgets/field_attributes";
import { sameJson } from "@/widgets/json_equality";
import { Problem } from "@/widgets/Problem";
import { optionLabel, optionsOf } from "@/widgets/schema_reading";
import type { WidgetProps } from "@/widgets/widget_props";

export function ChoiceWidget(props: WidgetProps) {
  const { value, schema, param, invalid, onChange } = props;
  const options = optionsOf(schema) ?? param?.literal_values ?? [];
  const chosen = options.findIndex((option) => value !== undefined && sameJson(option, value));
  const isOther = value !== undefined && chosen < 0;
  const problem = isOther ? `${optionLabel(value)} is not one of the choices` : invalid;
  return (
    <div>
      <select
        {...fieldAttributes(props, problem)}
        value={chosen}
        onChange={(event) => onChange(options[Number(event.target.value)])}
      >
        {chosen < 0 && (
          <option value={-1} disabled>
            {isOther ? optionLabel(value) : "Choose…"}
          </option>
        )}
        {options.map((option, index) => (
          <option key={JSON.stringify(option)} value={index}>
            {distinctLabel(option, options)}
          </option>
        ))}
      </select>
      <Problem id={props.id} text={problem} />
    </div>
  );
}

/** 1 and "1" may both be there. */
function distinctLabel(option: Json, options: readonly Json[]): string {
  const label = optionLabel(option);
  const isAlone = options.filter((other) => optionLabel(other) === label).length === 1;
  return isAlone ? label : JSON.stringify(option);
}
