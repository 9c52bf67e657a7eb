/** Bytes that are nothing to look at: what they are, how many, and how they begin. */

import { FileDown } from "lucide-react";
import type { ContentProps } from "@/displays/content_props";
import { asDataUrl, firstBytes } from "@/displays/data_url";
import own from "@/displays/FileDisplay.module.css";
import { Scroller } from "@/displays/Scroller";
import { sizeWords } from "@/displays/sizes";

const SHOWN = { node: 32, panel: 128, full: 1024 };
const PER_LINE = { node: 8, panel: 8, full: 16 };

export function FileDisplay({ content, preview, size }: ContentProps) {
  const data = asDataUrl(String(content));
  if (!data) return null;
  const bytes = firstBytes(data, SHOWN[size]);
  const name = data.mime === "application/octet-stream" ? "Bytes" : data.mime;
  return (
    <div>
      <p className={own.file}>
        <FileDown size={16} aria-hidden />
        {preview ? preview.summary : `${name}, ${sizeWords(data.size)}`}
      </p>
      <Scroller label="First bytes" size={size}>
        <pre className={own.bytes}>{linesOf(bytes, PER_LINE[size])}</pre>
      </Scroller>
    </div>
  );
}

/** Offset, hexadecimal, and the letters among them. */
function linesOf(bytes: Uint8Array, perLine: number): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += perLine) {
    const line = [...bytes.slice(at, at + perLine)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const letters = line
      .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·"))
      .join("");
    lines.push(`${at.toString(16).padStart(4, "0")}  ${hex.padEnd(perLine * 3 - 1)}  ${letters}`);
  }
  return lines.join("\n");
}
