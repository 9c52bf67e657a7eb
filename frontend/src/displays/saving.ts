/** Values as files and on the clipboard. */

import { asDataUrl, blobOf, endingOf } from "@/displays/data_url";
import type { Json } from "@/graph/workflow";

/** A value as people would paste it: text as it is, everything else as JSON. */
export function textOf(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

/** Puts a value on the clipboard: PNG images as images, everything else as text. */
export async function copyValue(value: Json): Promise<void> {
  const data = typeof value === "string" ? asDataUrl(value) : undefined;
  if (data?.mime === "image/png" && typeof ClipboardItem !== "undefined") {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": blobOf(data) })]);
    return;
  }
  await copyText(textOf(value));
}

/** Hands a value to the user as a file. */
export function saveValue(value: Json, name: string): void {
  const data = typeof value === "string" ? asDataUrl(value) : undefined;
  if (data) saveBlob(blobOf(data), `${name}.${endingOf(data.mime)}`);
  else if (typeof value === "string") saveBlob(new Blob([value], { type: "text/plain" }), `${name}.txt`);
  else saveBlob(new Blob([textOf(value)], { type: "application/json" }), `${name}.json`);
}

function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has to begin before the address ends.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A name for the file of a value: that of its node. */
export function fileName(href: string | undefined): string {
  const [, node = "value"] = /\/values\/(.+)\/[^/]*$/.exec(href ?? "") ?? [];
  return decodeURIComponent(node).replace(/[^\p{L}\p{N}._-]+/gu, "-") || "value";
}
