/** What a row of a tree says about its value. */

import { asDataUrl } from "@/displays/data_url";
import { summaryOf, type TreeRow } from "@/displays/json_tree";
import { asForeign, asPreview, markWords } from "@/displays/preview_object";
import { sizeWords } from "@/displays/sizes";
import { isNonFinite } from "@/displays/table_shape";
import type { Json } from "@/graph/workflow";

export interface LeafWords {
  readonly kind: "text" | "number" | "boolean" | "quiet";
  readonly text: string;
  readonly link?: string;
  /** A data URL. */
  readonly image?: string;
}

const LONGEST = 300;
/** A larger image would be decoded for eighteen pixels. */
const LARGEST_THUMB = 200_000;

export function leafWords({ value, isOpen }: Pick<TreeRow, "value" | "isOpen">): LeafWords {
  if (typeof value === "string") return textWords(value);
  if (typeof value === "number") return { kind: "number", text: String(value) };
  if (typeof value === "boolean") return { kind: "boolean", text: String(value) };
  if (value === null) return { kind: "quiet", text: "null" };
  return standInWords(value) ?? { kind: "quiet", text: isOpen ? countOf(value) : summaryOf(value) };
}

function standInWords(value: Json): LeafWords | undefined {
  const preview = asPreview(value);
  if (preview) {
    const image = typeof preview.head === "string" ? imageOf(preview.head) : {};
    return { kind: "quiet", text: preview.summary, ...image };
  }
  const foreign = asForeign(value);
  if (foreign) return { kind: "quiet", text: shortened(foreign.repr) };
  const mark = markWords(value);
  return mark === undefined ? undefined : { kind: "quiet", text: `(${mark})` };
}

function textWords(text: string): LeafWords {
  if (isNonFinite(text)) return { kind: "number", text };
  const data = asDataUrl(text);
  if (data) return { kind: "quiet", text: `${data.mime}, ${sizeWords(data.size)}`, ...imageOf(text) };
  const words: LeafWords = { kind: "text", text: JSON.stringify(shortened(text)) };
  return /^https?:\/\/\S+$/.test(text) ? { ...words, link: text } : words;
}

function imageOf(text: string): { image?: string } {
  const data = text.length <= LARGEST_THUMB ? asDataUrl(text) : undefined;
  return data?.mime.startsWith("image/") ? { image: data.url } : {};
}

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

function countOf(value: Json): string {
  if (Array.isArray(value)) return `[ ${value.length.toLocaleString("en")} ]`;
  return summaryOf(value) === "{ }" ? "{ }" : "";
}
