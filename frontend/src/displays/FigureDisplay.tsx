/** An interactive plot: drawn, or described where only a part of it came or nothing here draws its kind. */

import { ChartSpline } from "lucide-react";
import { useMemo } from "react";
import type { ContentProps } from "@/displays/content_props";
import { DrawnFigure } from "@/displays/DrawnFigure";
import styles from "@/displays/display.module.css";
import { drawerFor } from "@/displays/drawing";
import own from "@/displays/FigureDisplay.module.css";
import { asPreview } from "@/displays/preview_object";
import { counted } from "@/displays/sizes";
import { TreeDisplay } from "@/displays/TreeDisplay";
import { isObject, type Json } from "@/graph/workflow";

export function FigureDisplay(props: ContentProps) {
  const { content, preview, size } = props;
  const drawer = useMemo(() => (preview ? null : drawerFor(content)), [content, preview]);
  if (drawer && isObject(content)) {
    return <DrawnFigure content={content} drawer={drawer} size={size} label={`Plot: ${describe(content)}`} />;
  }
  return (
    <>
      <div className={own.card}>
        <ChartSpline size={16} aria-hidden />
        <div>
          <strong>Interactive plot</strong>, {describe(content)}
          <p className={styles.note}>{preview ? TOO_LARGE : UNKNOWN}</p>
        </div>
      </div>
      {size !== "node" && <TreeDisplay {...props} />}
    </>
  );
}

const TOO_LARGE = "It has too many points to come whole. Open it large to have all of it drawn.";
const UNKNOWN =
  "Plots of this kind are not drawn here. Return an image of it to see it, or download its JSON.";

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
