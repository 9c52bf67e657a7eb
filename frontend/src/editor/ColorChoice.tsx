/** A row of colours to choose from. */

import { Check } from "lucide-react";
import type { CSSProperties } from "react";
import css from "@/editor/ColorChoice.module.css";
import { NODE_COLORS } from "@/graph/appearance";

interface Props {
  readonly label: string;
  readonly chosen: string | undefined;
  onChoose(color: string): void;
}

export function ColorChoice({ label, chosen, onChoose }: Props) {
  return (
    <fieldset className={css.colors} aria-label={label}>
      {NODE_COLORS.map(({ name, label: text, token }) => (
        <button
          key={name}
          type="button"
          className={css.color}
          style={swatch(token)}
          aria-label={text}
          aria-pressed={chosen === name}
          title={text}
          onClick={() => onChoose(name)}
        >
          {chosen === name && <Check size={14} aria-hidden="true" />}
        </button>
      ))}
    </fieldset>
  );
}

function swatch(token: string): CSSProperties & { "--swatch": string } {
  return { "--swatch": `var(${token})` };
}
