/** How text typed for a value of any type is read: as JSON if it is that, else as text. */

import { isObject, type Json } from "@/graph/workflow";
import { jsonFault } from "@/widgets/json_reader";

/** The value that a text stands for. */
export function readAny(text: string, asText: boolean): Json | undefined {
  if (asText) return text;
  if (text.trim() === "") return undefined;
  return isJson(text) ? parsed(text) : text;
}

/** A text that would be read as something else has to be marked as text. */
export function mustBeMarked(value: Json | undefined): boolean {
  return typeof value === "string" && (value.trim() === "" || isJson(value));
}

export function anyText(value: Json | undefined): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : jsonText(value);
}

const ONE_LINE = 60;

/** JSON for people: short values on one line. */
export function jsonText(value: Json): string {
  const line = JSON.stringify(value);
  return line.length <= ONE_LINE ? line : JSON.stringify(value, null, 2);
}

export function kindOfValue(value: Json | undefined): string {
  if (value === undefined) return "Not set";
  if (value === null) return "None";
  if (Array.isArray(value)) return "List";
  if (isObject(value)) return "Object";
  return { string: "Text", number: "Number", boolean: "Boolean" }[
    typeof value as "string" | "number" | "boolean"
  ];
}

/** Says that what looks like JSON is taken as text, and why. */
export function fallenBack(text: string, asText: boolean): string | undefined {
  if (asText || !/^\s*[[{"]/.test(text)) return undefined;
  const fault = jsonFault(text);
  return fault ? `Taken as text. As JSON: line ${fault.line}, ${lowered(fault.message)}` : undefined;
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parsed(text: string): Json {
  return JSON.parse(text) as Json;
}
