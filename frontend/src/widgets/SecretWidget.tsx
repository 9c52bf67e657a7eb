/** Chooses one of the server's secrets by its name. The value itself never comes into the editor or a file. */

import { KeyRound, PenLine } from "lucide-react";
import type { Json } from "@/graph/workflow";
import { useSecrets } from "@/state/secrets";
import { IconButton } from "@/ui/IconButton";
import { fieldAttributes, STILL } from "@/widgets/field_attributes";
import { Problem } from "@/widgets/Problem";
import styles from "@/widgets/SecretWidget.module.css";
import { alternativesOf } from "@/widgets/schema_reading";
import { referenceTo, secretName } from "@/widgets/secret_reference";
import type { WidgetProps } from "@/widgets/widget_props";

export interface SecretWidgetProps extends WidgetProps {
  /** Where a plain value is allowed too: called when that is preferred. */
  readonly onLeave?: () => void;
}

const NOTHING = "";

export function SecretWidget(props: SecretWidgetProps) {
  const { id, label, value, schema, onChange, onLeave } = props;
  const { secrets, status } = useSecrets();
  const names = secrets.map((secret) => secret.name);
  const chosen = secretName(value);
  const isUnknown = chosen !== undefined && !names.includes(chosen);
  const problem = problemOf(value, isUnknown && status === "ready") ?? props.invalid;
  const choose = (name: string) => onChange(name === NOTHING ? emptyOf(schema) : referenceTo(name));
  const leave = () => {
    if (chosen !== undefined) onChange(undefined);
    onLeave?.();
  };
  return (
    <div>
      <div className={styles.row}>
        <KeyRound size={14} aria-hidden />
        <select
          {...fieldAttributes(props, problem)}
          value={chosen ?? NOTHING}
          onChange={(event) => choose(event.target.value)}
        >
          <option value={NOTHING}>No secret</option>
          {isUnknown && <option value={chosen}>{chosen}</option>}
          {names.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
        {onLeave && (
          <IconButton
            size="small"
            label={`Type a value for ${label} instead`}
            className={STILL}
            disabled={props.disabled}
            onClick={leave}
          >
            <PenLine size={14} />
          </IconButton>
        )}
      </div>
      {names.length === 0 && chosen === undefined && <p className={styles.note}>{noneYet(status)}</p>}
      <Problem id={id} text={problem} />
    </div>
  );
}

function problemOf(value: Json | undefined, isUnknown: boolean): string | undefined {
  const name = secretName(value);
  if (isUnknown) return `The server has no secret ${name}. Add it in the settings`;
  const isPlain = value !== undefined && value !== null && value !== "" && name === undefined;
  // The value is not shown: somebody may look over the shoulder.
  return isPlain ? "A value is stored in this workflow itself. Choose a secret instead" : undefined;
}

function noneYet(status: "loading" | "ready" | "away"): string {
  if (status === "loading") return "Asking the server for its secrets…";
  return status === "ready"
    ? "There are no secrets yet. Add one in the settings."
    : "The server cannot be reached, so its secrets are not known.";
}

function emptyOf(schema: WidgetProps["schema"]): Json | undefined {
  return alternativesOf(schema).nullable ? null : undefined;
}
