/** The widget of a parameter: picks it by the schema, shows the default while nothing is set, knows secrets. */

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/ui/IconButton";
import { STILL } from "@/widgets/field_attributes";
import styles from "@/widgets/ParamWidget.module.css";
import { componentOf } from "@/widgets/registry";
import { SecretWidget } from "@/widgets/SecretWidget";
import { resolved } from "@/widgets/schema_reading";
import { isReference } from "@/widgets/secret_reference";
import { chooseWidget, type WidgetName } from "@/widgets/widget_choice";
import type { WidgetProps } from "@/widgets/widget_props";

const TEXTS: ReadonlySet<WidgetName> = new Set(["text", "line"]);

export function ParamWidget(given: WidgetProps) {
  const [takesSecret, setTakesSecret] = useState(false);
  const props = withDefault({ ...given, schema: resolved(given.schema) });
  const name = chooseWidget(props.schema, props.param);
  if (name !== "secret" && (isReference(props.value) || takesSecret)) {
    return <SecretWidget {...props} onLeave={() => setTakesSecret(false)} />;
  }
  const Widget = componentOf(name);
  // A secret stands for all of a parameter, never for a part of one.
  const offersSecret = props.param && TEXTS.has(name) && !props.compact && !props.disabled;
  if (!offersSecret) return <Widget {...props} />;
  return (
    <div className={styles.row}>
      <Widget {...props} />
      <IconButton
        size="small"
        label={`Use a secret for ${props.label}`}
        className={STILL}
        onClick={() => setTakesSecret(true)}
      >
        <KeyRound size={14} />
      </IconButton>
    </div>
  );
}

function withDefault(props: WidgetProps): WidgetProps {
  if (props.value !== undefined) return props;
  const { default_repr } = props.param ?? {};
  if (default_repr !== undefined) return { ...props, unset: true, placeholder: `Default: ${default_repr}` };
  const value = props.param?.default === undefined ? props.schema.default : props.param.default;
  return value === undefined ? props : { ...props, value, unset: true };
}
