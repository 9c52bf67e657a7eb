// @vitest-environment node
import { describe, expect, it } from "vitest";
import { candidatesOf, functionNameOf, makeCatalog, schemaOf, titleOf } from "@/graph/catalog";
import { CATALOG, node, schema } from "@/graph/random_cases";

const two = makeCatalog([
  schema("load", [], "str", { ref: "one/ops.py:load" }),
  schema("load", [], "int", { ref: "two/ops.py:load" }),
  schema("save", []),
]);
const named = (data: Record<string, string>, type = "functionNode") => node("n", type, data);

describe("the function that a node means", () => {
  it("is told by the ref when several have the name", () => {
    const found = schemaOf(two, named({ ref: "two/ops.py:load", functionName: "load" }));
    expect(found?.ref).toBe("two/ops.py:load");
  });

  it("is told by the name when that is unique, even beside a ref of another machine", () => {
    expect(schemaOf(two, named({ functionName: "save" }))?.name).toBe("save");
    expect(schemaOf(two, named({ ref: "elsewhere/ops.py:save", functionName: "save" }))?.name).toBe("save");
    expect(schemaOf(two, named({ functionName: "one/ops.py:load" }))?.ref).toBe("one/ops.py:load");
  });

  it("is open when the name is ambiguous, and the candidates are told", () => {
    const ambiguous = named({ functionName: "load" });
    expect(schemaOf(two, ambiguous)).toBeUndefined();
    expect(candidatesOf(two, ambiguous).map(({ ref }) => ref)).toEqual([
      "one/ops.py:load",
      "two/ops.py:load",
    ]);
    expect(candidatesOf(two, named({ functionName: "save" }))).toEqual([]);
  });

  it("is none for unknown functions and other kinds", () => {
    expect(schemaOf(two, named({ functionName: "gone" }))).toBeUndefined();
    expect(schemaOf(two, named({}))).toBeUndefined();
    expect(schemaOf(two, named({ functionName: "save" }, "viewNode"))).toBeUndefined();
    expect(candidatesOf(two, named({ functionName: "load" }, "viewNode"))).toEqual([]);
  });
});

describe("a node's title", () => {
  it.each([
    ["its label", { label: "Sum", functionName: "add" }, "functionNode", "Sum"],
    ["its function's name", { functionName: "add" }, "functionNode", "add"],
    ["the name in a ref nobody has", { ref: "pack/file.py:gone" }, "functionNode", "gone"],
    ["its kind", {}, "variableNode", "Variable"],
    ["Function without a name", {}, "functionNode", "Function"],
    ["an unknown kind", {}, "loopNode", "loopNode"],
    ["its id at last", {}, "", "n"],
  ])("is %s", (_, data, type, title) => expect(titleOf(CATALOG, named(data, type))).toBe(title));

  it("takes no function's name from other kinds", () => {
    expect(functionNameOf(named({ functionName: "add" }, "viewNode"))).toBeUndefined();
  });
});

describe("a name in a user's pack and a shipped one", () => {
  it("means the user's", () => {
    const mine = schema("add", [], "int", { ref: "mine/ops.py:add", origin: "user" });
    const catalog = makeCatalog([schema("add", []), mine]);
    expect(schemaOf(catalog, named({ functionName: "add" }))).toBe(mine);
    expect(candidatesOf(catalog, named({ functionName: "add" }))).toEqual([]);
  });
});
