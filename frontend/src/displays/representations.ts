/** How an object wants to be shown, best first. */

import type { DisplayName } from "@/displays/display_kind";
import type { ForeignObject } from "@/displays/preview_object";
import type { Json } from "@/graph/workflow";

export interface Representation {
  readonly name: string;
  readonly display: DisplayName;
  readonly content: Json;
}

interface Form {
  readonly mime: RegExp;
  readonly name: string;
  readonly display: DisplayName;
  content(data: Json, mime: string): Json;
}

const same = (data: Json) => data;
const FORMS: readonly Form[] = [
  { mime: /plotly|vega/, name: "Plot", display: "figure", content: same },
  { mime: /^image\/svg\+xml$/, name: "Drawing", display: "image", content: (data) => svgUrl(String(data)) },
  {
    mime: /^image\//,
    name: "Picture",
    display: "image",
    content: (data, mime) => `data:${mime};base64,${String(data).replace(/\s/g, "")}`,
  },
  { mime: /^text\/html$/, name: "HTML", display: "html", content: same },
  { mime: /^text\/markdown$/, name: "Markdown", display: "markdown", content: same },
  { mime: /^text\/latex$/, name: "LaTeX", display: "text", content: same },
  { mime: /json$/, name: "JSON", display: "tree", content: same },
];

/** The last is always the repr. */
export function representationsOf({ mime, repr }: ForeignObject): readonly Representation[] {
  const found = FORMS.flatMap((form): Representation[] => {
    const entry = Object.entries(mime).find(([name]) => form.mime.test(name));
    return entry
      ? [{ name: form.name, display: form.display, content: form.content(entry[1], entry[0]) }]
      : [];
  });
  const distinct = found.filter(
    ({ content }, index) => found.findIndex((one) => one.content === content) === index,
  );
  return [...distinct, { name: "Text", display: "text", content: repr }];
}

/** In an image nothing of an SVG runs. */
function svgUrl(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
