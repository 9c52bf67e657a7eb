/** A value of one of several types: the type is chosen, then the value has that type's widget. */

import { useState } from "react";
import type { Json, JsonObject } from "@/graph/workflow";
import { fieldAttributes } from "@/widgets/field_attributes";
import { ParamWidget } from "@/widgets/ParamWidget";
import { Problem } from "@/widgets/Problem";
import { alternativesOf, matches, optionsOf, schemaName } from "@/widgets/schema_reading";
import { startingValue } from "@/widgets/starting_value";
import styles from "@/widgets/UnionWidget.module.css";
import { chooseWidget } from "@/widgets/widget_choice";
import type { WidgetProps } from "@/widgets/widget_props";

const TALL: ReadonlySet<string> = new Set(["list", "dict", "object", "json", "image", "text"]);

export function UnionWidget(props: WidgetProps) {
  const { id, label, value, schema, invalid, onChange } = props;
  const { schemas } = alternativesOf(schema);
  const [picked, setPicked] = useState<number | null>(null);
  const index = current(schemas, value, picked);
  const chosen = schemas[index] ?? {};
  const pick = (next: number) => {
    const schemaOfNext = schemas[next] ?? {};
    setPicked(next);
    if (value === undefined || !matches(schemaOfNext, value)) onChange(startingValue(schemaOfNext));
  };
  const isFixed = optionsOf(chosen)?.length === 1;
  const { compact: _, ...comfortable } = props;
  const { param: __, invalid: ___, ...inner } = props.compact ? props : comfortable;
  return (
    <div>
      <div className={styles.row} data-side={(!isFixed && !TALL.has(chooseWidget(chosen))) || undefined}>
        <select
          {...fieldAttributes(props, invalid)}
          aria-label={`${label}, type`}
          value={index}
          onChange={(event) => pick(Number(event.target.value))}
        >
          {schemas.map((_one, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: alternatives have no other name, and stay in their order
            <option key={number} value={number}>
              {distinctName(schemas, number)}
            </option>
          ))}
        </select>
        {!isFixed && <ParamWidget {...inner} id={`${id}-value`} schema={chosen} />}
      </div>
      <Problem id={id} text={invalid} />
    </div>
  );
}

/** The alternative that the value is of; the one picked if it fits several. */
function current(schemas: readonly JsonObject[], value: Json | undefined, picked: number | null): number {
  const fits = (schema: JsonObject | undefined) => value === undefined || (schema && matches(schema, value));
  if (picked !== null && fits(schemas[picked])) return picked;
  const found = schemas.findIndex(fits);
  return found < 0 ? 0 : found;
}

function distinctName(schemas: readonly JsonObject[], index: number): string {
  const names = schemas.map(schemaName);
  const name = names[index] ?? "";
  return names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} ${index + 1}`;
}
