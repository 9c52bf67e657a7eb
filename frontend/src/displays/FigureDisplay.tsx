/** An interactive plot, which is described here, not drawn: its parts, and what the server knows of it. */

import { ChartSpline } from "lucide-react";
import type { ContentProps } from "@/displays/content_props";
import styles from "@/displays/display.module.css";
import own from "@/displays/FigureDisplay.module.css";
import { asPreview } from "@/displays/preview_object";
import { counted } from "@/displays/sizes";
import { TreeDisplay } from "@/displays/TreeDisplay";
import { isObject, type Json } from "@/graph/workflow";

export function FigureDisplay(props: ContentProps) {
  return (
    <>
      <div className={own.card}>
        <ChartSpline size={16} aria-hidden />
        <div>
          <strong>Interactive plot</strong>, {describe(props.content)}
          <p className={styles.note}>
            Plots of this kind are not drawn here. Return an image of it to see it, or download its JSON.
          </p>
        </div>
      </div>
      {props.size !== "node" && <TreeDisplay {...props} />}
    </>
  );
}

function describe(content: Json): string {
  if (!isObject(content)) return "of an unknown kind";
  const { data, layout, mark, $schema, title } = content;
  if (typeof $schema === "string") {
    const kind = isObject(mark) ? mark.type : mark;
    return [/vega-lite/.test($schema) ? "Vega-Lite" : "Vega", kind, title].filter(isText).join(", ");
  }
  const traces = partsOf(data);
  const kinds = new Set(traces.map((trace) => (isObject(trace) ? trace.type : undefined)).filter(isText));
  return ["Plotly", counted(traces.length, "trace"), [...kinds].join(", "), titleOf(layout)]
    .filter(isText)
    .join(", ");
}

/** A long list is a preview itself. */
function partsOf(data: Json | undefined): readonly Json[] {
  const list = data === undefined ? null : (asPreview(data)?.head ?? data);
  return Array.isArray(list) ? list : [];
}

function titleOf(layout: Json | undefined): Json | undefined {
  const title = isObject(layout) ? layout.title : undefined;
  return isObject(title) ? title.text : title;
}

function isText(value: Json | undefined): value is string {
  return typeof value === "string" && value !== "";
}
