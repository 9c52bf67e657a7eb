/** What the kinds of values are called. */

import type { DisplayName } from "@/displays/display_kind";
import { counted } from "@/displays/sizes";
import type { Json } from "@/graph/workflow";

const NAMES: Readonly<Record<DisplayName, string>> = {
  array: "Array",
  audio: "Sound",
  error: "Error",
  figure: "Plot",
  file: "File",
  html: "HTML",
  image: "Image",
  link: "Address",
  mark: "Value",
  markdown: "Markdown",
  object: "Object",
  scalar: "Value",
  table: "Table",
  text: "Text",
  tree: "Value",
  video: "Video",
};

export function nameOf(kind: DisplayName, value: Json): string {
  if (kind !== "tree" || typeof value !== "object" || value === null) return NAMES[kind];
  if (Array.isArray(value)) return `List of ${counted(value.length, "item")}`;
  return `Object with ${counted(Object.keys(value).length, "key")}`;
}

const SHORT_TEXT = 120;

/** Whether a value takes one line or two. */
export function isShort(kind: DisplayName, value: Json): boolean {
  if (kind === "text")
    return typeof value === "string" && value.length <= SHORT_TEXT && !value.includes("\n");
  return kind === "scalar" || kind === "link" || kind === "mark";
}
