/** A small workflow and catalog for the canvas's tests: 12 goes through two functions into a view. */

import { makeCatalog, type Param, type Schema } from "@/graph/catalog";

const param = (
  name: string,
  type: string,
  json_schema: Param["json_schema"],
  more: Partial<Param> = {},
): Param => ({
  name,
  type,
  required: !("default" in more),
  json_schema,
  ...more,
});
const number = (name: string, more: Partial<Param> = {}) => param(name, "float", { type: "number" }, more);

function schema(name: string, params: Param[], type: string, more: Partial<Schema> = {}): Schema {
  return {
    name,
    ref: `basic/arithmetic.py:${name}`,
    nodepack: "basic",
    style: "function",
    params,
    returns: [{ name: "result", type }],
    docstring: `What ${name} does.`,
    filepath: "arithmetic.py",
    origin: "shipped",
    ...more,
  };
}

export const SAMPLE_CATALOG = makeCatalog([
  schema("add", [number("a"), number("b")], "float"),
  schema("round_number", [number("number"), number("digits", { default: 2 })], "float"),
  schema("parse_csv", [param("text", "str", { type: "string" })], "list[dict]"),
  schema("list_length", [param("items", "list", { type: "array" })], "int"),
  schema("count_primes", [number("limit")], "int", { style: "progress" }),
]);

export const SAMPLE_FILE = {
  version: 1,
  nodes: [
    { id: "rate", type: "variableNode", data: { label: "Rate", variableType: "Number", variableValue: 12 } },
    { id: "sum", type: "functionNode", data: { functionName: "add", b: 3.5 } },
    { id: "round", type: "functionNode", data: { functionName: "round_number" } },
    { id: "shown", type: "viewNode", data: { label: "Total" } },
    { id: "gone", type: "functionNode", data: { ref: "llm/ops.py:summarise", functionName: "summarise" } },
    { id: "items", type: "listNode", data: {} },
  ],
  edges: [
    { source: "rate", sourceHandle: "output", target: "sum", targetHandle: "a" },
    { source: "sum", sourceHandle: "result", target: "round", targetHandle: "number" },
    { source: "round", sourceHandle: "result", target: "shown", targetHandle: "input" },
    { source: "sum", sourceHandle: "result", target: "items", targetHandle: "input-0" },
  ],
  layout: {
    rate: { x: 0, y: 0 },
    sum: { x: 320, y: 0 },
    round: { x: 640, y: 0 },
    shown: { x: 960, y: 0 },
    gone: { x: 0, y: 320 },
    items: { x: 640, y: 320 },
  },
  notes: [{ id: "remark", x: 320, y: 320, width: 240, height: 120, text: "Round **late**" }],
};
