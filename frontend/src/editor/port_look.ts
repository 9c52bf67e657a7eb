/** How a port looks and what a screen reader says of it. */

import type { CSSProperties } from "react";
import type { Port } from "@/graph/ports";
import { FAMILIES, familyOf, hueOf } from "@/graph/types";

/** The colour of a type, as a value for CSS. Types of packages have a hue of their own. */
export function colorOfType(type: string): string {
  const family = familyOf(type);
  const token = `var(${FAMILIES[family].token})`;
  return family === "package" ? `hsl(${hueOf(type)} var(--port-package-tone))` : token;
}

export function portStyle(type: string): CSSProperties & { "--port": string } {
  return { "--port": colorOfType(type) };
}

const WORDS: Readonly<Record<string, string>> = {
  number: "a number",
  text: "text",
  boolean: "yes or no",
  data: "a list or object",
  image: "an image",
  table: "a table",
  array: "an array",
  path: "a file or folder",
  any: "anything",
  trigger: "a trigger",
};

/** Such as "input a, a number, required, not connected". */
export function portLabel(port: Port, side: "input" | "output", connected: boolean): string {
  const parts = [`${side} ${port.label}`, WORDS[familyOf(port.type)] ?? port.type];
  if (port.unknown) parts.push("no longer there");
  else if (side === "input" && port.required && !connected) parts.push("required");
  if (connected) parts.push("connected");
  return parts.join(", ");
}
