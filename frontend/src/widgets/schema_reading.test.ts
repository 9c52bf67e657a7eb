import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/graph/workflow";
import { matches, optionLabel, optionsOf, resolved, schemaName, within } from "@/widgets/schema_reading";
import { startingValue } from "@/widgets/starting_value";

const TREE: JsonObject = {
  $defs: {
    Node: {
      type: "object",
      title: "Node",
      properties: { next: { $ref: "#/$defs/Node" }, name: { type: "string" } },
      required: ["name"],
    },
  },
  $ref: "#/$defs/Node",
};

describe("reading a schema", () => {
  it("follows references and takes the definitions along", () => {
    const node = resolved(TREE);
    expect(node.title).toBe("Node");
    const properties = node.properties as JsonObject;
    expect(within(node, properties.next).title).toBe("Node");
  });

  it("gives options their real types, none first", () => {
    expect(optionsOf({ anyOf: [{ enum: [1, 2] }, { type: "null" }] })).toEqual([null, 1, 2]);
    expect(optionsOf({ type: "string" })).toBeUndefined();
    expect(optionLabel(true)).toBe("True");
    expect(optionLabel("")).toBe("(empty text)");
  });

  it("tells which alternative a value is of", () => {
    expect(matches({ type: "integer" }, 3)).toBe(true);
    expect(matches({ type: "integer" }, 3.5)).toBe(false);
    expect(matches({ type: "number" }, 3)).toBe(true);
    expect(matches({ type: "string" }, 3)).toBe(false);
    expect(matches({ const: "auto", type: "string" }, "other")).toBe(false);
    expect(matches(TREE, { name: "a" })).toBe(true);
    expect(matches(TREE, { next: null })).toBe(false);
    expect(matches({ anyOf: [{ type: "string" }, { type: "null" }] }, null)).toBe(true);
  });

  it("names alternatives for people", () => {
    expect(schemaName({ type: "integer" })).toBe("Whole number");
    expect(schemaName({ const: "auto" })).toBe("auto");
    expect(schemaName(TREE)).toBe("Node");
  });
});

describe("the value that something new begins with", () => {
  it.each<[string, JsonObject, unknown]>([
    ["a default", { type: "integer", default: 7 }, 7],
    ["the first option", { enum: ["a", "b"] }, "a"],
    ["the first option rather than none", { anyOf: [{ enum: ["a"] }, { type: "null" }] }, "a"],
    ["the least number allowed", { type: "integer", minimum: 5 }, 5],
    ["a number above a bound", { type: "number", exclusiveMinimum: 0 }, 1],
    ["zero", { type: "integer" }, 0],
    ["empty text", { type: "string" }, ""],
    ["the needed fields", TREE, { name: "" }],
    ["an empty list", { type: "array" }, []],
  ])("is %s", (_, schema, expected) => {
    expect(startingValue(schema)).toEqual(expected);
  });

  it("ends for objects that contain themselves", () => {
    const endless: JsonObject = {
      $defs: { A: { type: "object", properties: { a: { $ref: "#/$defs/A" } }, required: ["a"] } },
      $ref: "#/$defs/A",
    };
    expect(JSON.stringify(startingValue(endless)).length).toBeLessThan(100);
  });
});
