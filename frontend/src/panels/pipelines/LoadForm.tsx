/** What a pipeline is loaded with: the widgets that nodes have, made from its config. */

import { type FormEvent, useId, useState } from "react";
import type { Json, JsonObject } from "@/graph/workflow";
import styles from "@/panels/pipelines/LoadForm.module.css";
import { type LoadParameter, loadParameters } from "@/panels/pipelines/load_parameters";
import { Button } from "@/ui/Button";
import { ParamWidget } from "@/widgets/registry";
import type { PipelineInfo } from "@/wire/shapes";

export interface LoadFormProps {
  readonly info: PipelineInfo;
  /** What it was loaded with last. */
  readonly params: JsonObject;
  readonly onLoad: (params: JsonObject) => void;
  readonly onClose: () => void;
}

export function LoadForm({ info, params, onLoad, onClose }: LoadFormProps) {
  const [values, setValues] = useState<JsonObject>(params);
  const fields = loadParameters(info);
  const set = (name: string, value: Json | undefined) =>
    setValues(({ [name]: _, ...rest }) => (value === undefined ? rest : { ...rest, [name]: value }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onLoad(values);
  };
  return (
    <form className={styles.form} onSubmit={submit} aria-label={`Load ${info.pipeline_name}`}>
      {fields.length === 0 && <p className={styles.quiet}>There is nothing to set before it is loaded.</p>}
      <div className={styles.fields}>
        {fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name]}
            onChange={(value) => set(field.name, value)}
          />
        ))}
      </div>
      <div className={styles.actions}>
        <Button onClick={onClose}>Not now</Button>
        <Button type="submit" variant="primary">
          Load
        </Button>
      </div>
    </form>
  );
}

interface FieldProps {
  readonly field: LoadParameter;
  readonly value: Json | undefined;
  readonly onChange: (value: Json | undefined) => void;
}

function Field({ field, value, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {field.label}
      </label>
      <ParamWidget id={id} label={field.label} schema={field.schema} value={value} onChange={onChange} />
      {field.description !== "" && <p className={styles.quiet}>{field.description}</p>}
    </div>
  );
}
