/** An object whose fields are known: a form. Fields that the form does not know are kept. */

import { isObject, type Json, type JsonObject } from "@/graph/workflow";
import { counted } from "@/widgets/counting";
import styles from "@/widgets/ObjectWidget.module.css";
import { ParamWidget } from "@/widgets/ParamWidget";
import { StructureFrame } from "@/widgets/StructureFrame";
import { within } from "@/widgets/schema_reading";
import type { WidgetProps } from "@/widgets/widget_props";

export function ObjectWidget(props: WidgetProps) {
  const { value, schema, compact } = props;
  const fields = isObject(schema.properties) ? schema.properties : {};
  const object = isObject(value) ? value : {};
  const unknown = Object.keys(object).filter((name) => !Object.hasOwn(fields, name));
  const misfit =
    value === undefined || value === null || isObject(value) ? undefined : "This is not an object yet";
  const set = Object.keys(object).length;
  return (
    <StructureFrame widget={props} summary={counted(set, "field")} misfit={misfit}>
      <div className={styles.rows} data-compact={compact || undefined}>
        {Object.keys(fields).map((name, index) => (
          <Field key={name} form={props} object={object} name={name} index={index} />
        ))}
      </div>
      {unknown.length > 0 && <p className={styles.note}>Also set, see JSON: {unknown.join(", ")}</p>}
    </StructureFrame>
  );
}

interface FieldProps {
  readonly form: WidgetProps;
  readonly object: JsonObject;
  readonly name: string;
  readonly index: number;
}

function Field({ form, object, name, index }: FieldProps) {
  const properties = isObject(form.schema.properties) ? form.schema.properties : {};
  const schema = within(form.schema, properties[name]);
  const isNeeded = Array.isArray(form.schema.required) && form.schema.required.includes(name);
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  const id = `${form.id}-${index}`;
  const isMissing = isNeeded && value === undefined && isObject(form.value);
  const change = (next: Json | undefined) => {
    const { [name]: _, ...others } = object;
    // A field that is there keeps its place.
    form.onChange(next === undefined ? others : { ...object, [name]: next });
  };
  return (
    <div className={styles.row}>
      <label className={styles.label} htmlFor={id} title={hintOf(schema)}>
        {name}
        {isNeeded && (
          <span className={styles.needed} aria-hidden>
            {" *"}
          </span>
        )}
      </label>
      <ParamWidget
        id={id}
        label={`${form.label}, ${name}`}
        value={value}
        schema={schema}
        compact={form.compact ?? false}
        disabled={form.disabled ?? false}
        onChange={change}
        {...(isMissing ? { invalid: "Set a value" } : {})}
      />
    </div>
  );
}

function hintOf({ description }: JsonObject): string | undefined {
  return typeof description === "string" ? description : undefined;
}
