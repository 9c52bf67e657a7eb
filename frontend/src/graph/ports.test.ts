// @vitest-environment node
import { describe, expect, it } from "vitest";
import { inputAt, mayHaveKeys, outputAt, portsOf } from "@/graph/ports";
import { CATALOG, edge, node } from "@/graph/random_cases";
import type { JsonObject, WorkflowEdge } from "@/graph/workflow";

const call = (name: string, data: JsonObject = {}) =>
  node("n", "functionNode", { functionName: name, ...data });
const inputs = (of: ReturnType<typeof node>, edges: readonly WorkflowEdge[] = []) =>
  portsOf(of, CATALOG, edges).inputs;
const ids = (ports: readonly { id: string }[]) => ports.map(({ id }) => id);
const into = (handle: string | null) => ({ ...edge("s", "n"), id: `${handle}`, targetHandle: handle });

describe("the ports of a function", () => {
  it("are its parameters and what it returns", () => {
    const { inputs: found, outputs } = portsOf(call("upper"), CATALOG, []);
    expect(found).toMatchObject([
      { id: "text", label: "text", type: "str", required: true, folded: false },
      { id: "times", type: "int", required: false, folded: true },
    ]);
    expect(found[0]?.param?.name).toBe("text");
    expect(outputs).toMatchObject([{ id: "result", type: "str" }]);
  });

  it("unfold an optional parameter that is connected or set", () => {
    expect(inputs(call("upper"), [into("times")])[1]?.folded).toBe(false);
    expect(inputs(call("upper", { times: 3 }))[1]?.folded).toBe(false);
    expect(inputs(call("labelled", { ref: "basic/ops.py:labelled" }))[1]?.folded).toBe(true);
    expect(inputs(call("labelled", { arguments: { ref: 4 } }))[1]?.folded).toBe(false);
  });

  it("have the options of a Literal in their type", () => {
    expect(inputs(call("change_case"))[1]?.type).toBe("Literal['upper', 'lower']");
  });

  it("are one for each key of what it returns", () => {
    const ports = portsOf(call("halves"), CATALOG, []);
    expect(ids(ports.outputs)).toEqual(["head", "tail"]);
    expect(outputAt(ports, "result")).toBeUndefined();
  });

  it("show a place for edges that end at nothing declared", () => {
    const out = { ...edge("n", "t"), sourceHandle: "key" };
    const ports = portsOf(call("add"), CATALOG, [into("gone"), into("a"), out]);
    expect(ports.inputs.at(-1)).toMatchObject({ id: "gone", type: "Any", unknown: true });
    expect(ports.outputs.at(-1)).toMatchObject({ id: "key", unknown: true });
    expect(ids(ports.inputs)).toEqual(["a", "b", "gone"]);
  });

  it("are made up from the edges when the function is unknown", () => {
    const gone = call("gone", { x: 1 });
    const ports = portsOf(gone, CATALOG, [
      into("x"),
      into("y"),
      { ...into("x"), id: "again" },
      edge("n", "t"),
    ]);
    expect([ids(ports.inputs), ids(ports.outputs)]).toEqual([["x", "y"], ["result"]]);
    expect(inputAt(gone, ports, "x")?.unknown).toBe(true);
  });

  it("stay the same object until something about them changes", () => {
    const add = call("add");
    const edges = new Map([["e", into("a")]]);
    const before = portsOf(add, CATALOG, edges);
    expect(portsOf(add, CATALOG, new Map(edges))).toBe(before);
    expect(portsOf(add, CATALOG, new Map())).not.toBe(before);
    expect(portsOf(add, { ...CATALOG }, edges)).not.toBe(before);
  });
});

describe("the ports of the other kinds", () => {
  it.each([
    ["nothing", {}, "str"],
    ["a number", { variableType: "Number" }, "int | float"],
    ["an image", { variableType: "Image" }, "str"],
    ["an unknown type", { variableType: "Color" }, "str"],
    ["a message", { variableType: "String", llmMessageFormat: true }, "dict"],
    ["a message with a picture", { variableType: "Image", llmMessageFormat: true }, "dict"],
    ["a number that is no message", { variableType: "Number", llmMessageFormat: true }, "int | float"],
    ["text content", { textContentFormat: true }, "dict"],
  ])("a variable of %s gives its type", (_, data, type) => {
    expect(portsOf(node("v", "variableNode", data), CATALOG, [])).toMatchObject({
      inputs: [],
      outputs: [{ id: "output", type }],
    });
  });

  it.each([
    ["nothing", {}, [], [0]],
    ["three wanted", { inputCount: 3 }, [], [0, 1, 2]],
    ["the first connected", {}, [0], [0, 1]],
    ["a gap", {}, [1], [0, 1]],
    ["all wanted ones connected", { inputCount: 2 }, [0, 1], [0, 1, 2]],
    ["an odd count", { inputCount: -5 }, [], [0]],
  ])("a list with %s has a free input", (_, data, connected, expected) => {
    const edges = connected.map((index) => into(`input-${index}`));
    expect(ids(inputs(node("n", "listNode", data), edges))).toEqual(
      expected.map((index) => `input-${index}`),
    );
  });

  it("a list with an absurdly high input stays small", () => {
    const list = node("n", "listNode", { inputCount: 1e9 });
    const found = inputs(list, [into("input-123456789")]);
    expect(found.length).toBe(101);
    expect(found.at(-1)?.id).toBe("input-123456789");
  });

  it("a view has one input, whatever the edge calls it", () => {
    const view = node("n", "viewNode");
    const ports = portsOf(view, CATALOG, [into("value")]);
    expect([ids(ports.inputs), ports.outputs]).toEqual([["input"], []]);
    expect(inputAt(view, ports, null)?.id).toBe("input");
  });
});

describe("the port that an edge means", () => {
  it("is the only input when none is named", () => {
    const cut = call("split_text");
    expect(inputAt(cut, portsOf(cut, CATALOG, []), null)?.id).toBe("text");
    expect(inputAt(call("add"), portsOf(call("add"), CATALOG, []), null)).toBeUndefined();
  });

  it("is the whole value under several names", () => {
    const ports = portsOf(call("add"), CATALOG, []);
    expect([null, "", "output", "result"].map((handle) => outputAt(ports, handle)?.id)).toEqual(
      Array(4).fill("result"),
    );
    expect(outputAt(ports, "key")).toBeUndefined();
  });

  it("may be a key of a value that can have keys", () => {
    expect(mayHaveKeys(portsOf(call("anything"), CATALOG, []))).toBe(true);
    expect(mayHaveKeys(portsOf(call("add"), CATALOG, []))).toBe(false);
    expect(mayHaveKeys(portsOf(call("halves"), CATALOG, []))).toBe(false);
  });
});
