/** Which display a value asks for. */

import { asArray } from "@/displays/array_shape";
import { asDataUrl } from "@/displays/data_url";
import { asForeign, markWords, type Preview } from "@/displays/preview_object";
import { asTable, isNonFinite } from "@/displays/table_shape";
import { isObject, type Json, type JsonObject } from "@/graph/workflow";

export type DisplayName =
  | "array"
  | "audio"
  | "error"
  | "figure"
  | "file"
  | "html"
  | "image"
  | "link"
  | "mark"
  | "markdown"
  | "object"
  | "scalar"
  | "table"
  | "text"
  | "tree"
  | "video";

/** The display for a value, or for what fits of one. */
export function displayKind(value: Json, preview?: Preview): DisplayName {
  return (preview && kindOfPreview(preview, value)) ?? kindOfValue(value);
}

function kindOfPreview({ kind }: Preview, head: Json): DisplayName | undefined {
  if (head === null) return "mark";
  switch (kind) {
    case "text":
      return "text";
    case "array":
      return "array";
    case "bytes":
      return "file";
    case "figure":
      return typeof head === "string" ? "image" : "figure";
    default:
      return undefined;
  }
}

function kindOfValue(value: Json): DisplayName {
  if (typeof value === "string") return kindOfText(value);
  if (Array.isArray(value)) return kindOfList(value);
  return isObject(value) ? kindOfObject(value) : "scalar";
}

const LINK = /^https?:\/\/\S{1,2000}$/;

function kindOfText(text: string): DisplayName {
  if (isNonFinite(text)) return "scalar";
  const data = asDataUrl(text);
  if (!data) return LINK.test(text) ? "link" : "text";
  const [family] = data.mime.split("/");
  if (family === "image" || family === "audio" || family === "video") return family;
  return data.mime === "text/html" ? "html" : "file";
}

function kindOfList(list: Json[]): DisplayName {
  if (asTable(list)) return "table";
  return asArray(list) ? "array" : "tree";
}

function kindOfObject(object: JsonObject): DisplayName {
  if (markWords(object)) return "mark";
  if (asForeign(object)) return "object";
  if (asTable(object)) return "table";
  if (isFigure(object)) return "figure";
  return isFailure(object) ? "error" : "tree";
}

/** What Plotly draws, and what Vega and Vega-Lite draw. */
function isFigure({ data, layout, $schema }: JsonObject): boolean {
  if (typeof $schema === "string") return /vega\.github\.io\/schema\/vega/.test($schema);
  return (
    Array.isArray(data) &&
    isObject(layout) &&
    data.every(isObject) &&
    data.some((trace) => isObject(trace) && "type" in trace)
  );
}

function isFailure({ message, type, traceback }: JsonObject): boolean {
  return typeof message === "string" && typeof type === "string" && typeof traceback === "string";
}
