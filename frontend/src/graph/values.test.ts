// @vitest-environment node
import { describe, expect, it } from "vitest";
import { colorOf, NODE_COLORS } from "@/graph/appearance";
import { idMaker, nameForId } from "@/graph/ids";
import { dataFor, newNode } from "@/graph/new_node";
import { CATALOG, node, param, schema, workflow } from "@/graph/random_cases";
import { placed, storedValue } from "@/graph/values";
import type { Json, WorkflowNode } from "@/graph/workflow";

const set = (of: WorkflowNode, name: string, value: Json | undefined): WorkflowNode => {
  const [key, whole] = placed(of, name, value);
  const { [key]: _, ...rest } = of.data;
  return { ...of, data: whole === undefined ? rest : { ...rest, [key]: whole } };
};

describe("the value of a parameter", () => {
  it.each(["a", "label", "ref", "arguments", "functionName", "__proto__"])(
    "is what was set, also for %s",
    (name) => {
      const before = node("n", "functionNode", { functionName: "f", ref: "p/f.py:f", label: "Title" });
      const after = set(before, name, 5);
      expect(storedValue(before, name)).toBeUndefined();
      expect(storedValue(after, name)).toBe(5);
      expect(after.data).toMatchObject({ functionName: "f", ref: "p/f.py:f", label: "Title" });
      expect(set(after, name, undefined).data).toEqual(before.data);
    },
  );

  it("keeps those beside it", () => {
    const both = set(set(node("n"), "label", 1), "ref", 2);
    expect([storedValue(both, "label"), storedValue(both, "ref")]).toEqual([1, 2]);
    expect(set(both, "label", undefined).data).toEqual({ arguments: { ref: 2 } });
  });

  it("is changed where it is, when a file keeps it among the arguments", () => {
    const nested = node("n", "functionNode", { a: 1, arguments: { a: 2 } });
    expect(storedValue(nested, "a")).toBe(2);
    expect(set(nested, "a", 3).data).toEqual({ a: 1, arguments: { a: 3 } });
  });

  it("is that of a parameter called arguments, when it is no object", () => {
    expect(storedValue(node("n", "functionNode", { arguments: [1] }), "arguments")).toEqual([1]);
    expect(storedValue(node("n", "functionNode", { arguments: { x: 1 } }), "arguments")).toBeUndefined();
  });

  it("is a setting under its own name in other kinds", () => {
    expect(placed(node("v", "variableNode"), "label", 5)).toEqual(["label", 5]);
    expect(storedValue(node("v", "variableNode", { variableValue: 0 }), "variableValue")).toBe(0);
  });
});

describe("a new node", () => {
  it("has a readable id that is new", () => {
    const flow = workflow(
      [node("add_1"), node("add_7"), node("odd")],
      [],
      [{ id: "note_2", x: 0, y: 0, width: 1, height: 1, text: "" }],
    );
    const newId = idMaker(flow);
    expect([newId("add"), newId("add"), newId("upper"), newId("note")]).toEqual([
      "add_8",
      "add_9",
      "upper_1",
      "note_3",
    ]);
  });

  it.each([
    ["parse csv!", "parse_csv_1"],
    ["größe", "größe_1"],
    ["", "node_1"],
    ["___", "node_1"],
    ["a".repeat(200), `${"a".repeat(60)}_1`],
  ])("can be made of any name: %s", (name, id) => expect(idMaker(workflow([]))(name)).toBe(id));

  it("does not take an id for a number that is none", () => {
    const flow = workflow([node("add_99999999999999999999"), node("add_x"), node("_3")]);
    expect(idMaker(flow)("add")).toBe("add_1");
  });

  it.each([
    ["a function", "functionNode", { functionName: "add" }, "add"],
    ["a function by its ref", "functionNode", { ref: "basic/ops.py:sort_list" }, "sort_list"],
    ["a variable", "variableNode", {}, "variable"],
    ["a list", "listNode", {}, "list"],
    ["a view", "viewNode", {}, "view"],
    ["another kind", "loopNode", {}, "loopNode"],
    ["no kind", "", {}, "node"],
  ])("is named after %s", (_, type, data, name) => expect(nameForId({ type, data })).toBe(name));

  it("holds nothing but the function, and the first option where one is required", () => {
    const [plain, choosing] = ["upper", "change_case"].map((name) => CATALOG.byName.get(name)?.[0]);
    expect(plain && dataFor(plain)).toEqual({ ref: "basic/ops.py:upper", functionName: "upper" });
    expect(choosing && dataFor(choosing)).toEqual({
      ref: "basic/ops.py:change_case",
      functionName: "change_case",
      mode: "upper",
    });
  });

  it("holds the option of a parameter with a reserved name, too", () => {
    const odd = schema("odd", [param("label", "Literal", { literal_values: [1, 2] })]);
    expect(dataFor(odd)).toMatchObject({ arguments: { label: 1 } });
  });

  it("does not choose an option for a parameter that has a default", () => {
    const easy = schema("easy", [
      param("mode", "Literal", { literal_values: ["a"], required: false, default: "a" }),
    ]);
    expect(dataFor(easy)).not.toHaveProperty("mode");
  });

  it("is put where it is wanted", () => {
    expect(newNode(workflow([]), { type: "viewNode", layout: { x: 1, y: 2 } })).toEqual({
      id: "view_1",
      type: "viewNode",
      data: {},
      layout: { x: 1, y: 2 },
      extra: {},
    });
  });
});

describe("the colour of a node", () => {
  it("is the given one, else its kind's, else grey", () => {
    expect(colorOf("functionNode", "pink").name).toBe("pink");
    expect(colorOf("functionNode", "no such colour").name).toBe("blue");
    expect(["variableNode", "listNode", "viewNode", "loopNode"].map((type) => colorOf(type).name)).toEqual([
      "purple",
      "orange",
      "green",
      "grey",
    ]);
  });

  it("has a token of its own", () => {
    expect(new Set(NODE_COLORS.map(({ token }) => token)).size).toBe(NODE_COLORS.length);
  });
});
