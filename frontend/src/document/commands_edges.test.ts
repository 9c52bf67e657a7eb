// @vitest-environment node
import { describe, expect, it } from "vitest";
import { connect, connectThrough, disconnect, insertOnEdge, reconnect } from "@/document/commands";
import { WorkflowDocument } from "@/document/document";
import type { Schema } from "@/graph/catalog";
import { type Connection, check } from "@/graph/connecting";
import { CATALOG, edge, node, schema, workflow } from "@/graph/random_cases";
import type { WorkflowEdge } from "@/graph/workflow";

const call = (id: string, name: string) => node(id, "functionNode", { functionName: name });
const known = (name: string): Schema => CATALOG.byName.get(name)?.[0] ?? schema(name, []);
const link = (source: string, target: string, targetHandle: string | null = "a"): Connection => ({
  source,
  sourceHandle: "result",
  target,
  targetHandle,
});
const open = (edges: readonly WorkflowEdge[] = [edge("x", "y"), edge("y", "v", "input")]) =>
  new WorkflowDocument(
    workflow(
      [
        call("x", "add"),
        call("y", "add"),
        call("s", "split_text"),
        call("u", "upper"),
        node("v", "viewNode"),
      ],
      edges,
    ),
  );
const ends = (document: WorkflowDocument) =>
  [...document.workflow.edges.values()].map(
    ({ source, target, targetHandle }) => `${source}-${target}.${targetHandle}`,
  );

describe("connecting", () => {
  it("takes the place of the edge at the same input", () => {
    const document = open();
    const before = document.toJson();
    const id = connect(document, link("u", "y"));
    expect(id).toBe(edge("u", "y").id);
    expect(ends(document)).toEqual(["y-v.input", "u-y.a"]);
    document.undo();
    expect(document.toJson()).toEqual(before);
  });

  it("takes the place of any edge into a view, and of the one that the check names", () => {
    const document = open();
    connect(document, { ...link("x", "v"), targetHandle: "whatever" });
    expect(ends(document)).toEqual(["x-y.a", "x-v.whatever"]);
    const unnamed = open([{ ...edge("x", "s"), id: "e", targetHandle: null }]);
    const verdict = check(unnamed.workflow, CATALOG, link("u", "s", "text"));
    connect(unnamed, link("u", "s", "text"), verdict.ok ? verdict.replaces : undefined);
    expect(ends(unnamed)).toEqual(["u-s.text"]);
  });

  it("removes all edges at an input that has several", () => {
    const document = open([edge("x", "y"), { ...edge("s", "y"), id: "second" }]);
    connect(document, link("u", "y"));
    expect(ends(document)).toEqual(["u-y.a"]);
  });

  it("is no step when the edge is there", () => {
    const document = open();
    expect(connect(document, link("x", "y"))).toBe(edge("x", "y").id);
    expect(document.canUndo).toBe(false);
  });

  it.each([link("x", "x"), link("y", "x"), link("v", "x"), link("gone", "x"), link("x", "gone")])(
    "refuses circles and missing nodes whoever asks: %j",
    (connection) => {
      const document = open();
      expect(connect(document, connection)).toBeNull();
      expect(document.canUndo).toBe(false);
    },
  );

  it("does not overwrite an edge whose id it would take", () => {
    const taken = { ...edge("s", "u", "text"), id: edge("x", "y", "b").id };
    const document = open([taken]);
    expect(connect(document, link("x", "y", "b"))).toBe(`${taken.id}_2`);
    expect(document.workflow.edges.size).toBe(2);
  });

  it("is taken back by disconnecting", () => {
    const document = open();
    disconnect(document, edge("x", "y").id);
    disconnect(document, "gone");
    expect(ends(document)).toEqual(["y-v.input"]);
    expect(document.undo()?.label).toBe("Disconnect");
    expect(document.canUndo).toBe(false);
  });
});

describe("moving the end of an edge", () => {
  it("is one step", () => {
    const document = open();
    reconnect(document, edge("x", "y").id, link("x", "y", "b"));
    expect(ends(document)).toEqual(["y-v.input", "x-y.b"]);
    expect(document.undo()?.label).toBe("Reconnect");
    expect(ends(document)).toEqual(["x-y.a", "y-v.input"]);
  });

  it("may turn the edge round", () => {
    const document = open();
    expect(reconnect(document, edge("x", "y").id, link("y", "x"))).not.toBeNull();
    expect(connect(document, link("x", "y"))).toBeNull();
  });

  it("to where it is changes nothing", () => {
    const document = open();
    reconnect(document, edge("x", "y").id, link("x", "y"));
    expect(document.canUndo).toBe(false);
  });

  it("onto an equal edge leaves one", () => {
    const document = open([edge("x", "y"), edge("x", "y", "b")]);
    reconnect(document, edge("x", "y", "b").id, link("x", "y"));
    expect(ends(document)).toEqual(["x-y.a"]);
  });
});

describe("inserting", () => {
  it("puts a function in the middle of an edge", () => {
    const document = open([edge("u", "s", "text")]);
    const before = document.toJson();
    const id = insertOnEdge(
      document,
      edge("u", "s", "text").id,
      known("change_case"),
      { x: 1, y: 2 },
      CATALOG,
    );
    expect(id).toBe("change_case_1");
    expect(ends(document)).toEqual(["u-change_case_1.text", "change_case_1-s.text"]);
    expect(document.workflow.nodes.get("change_case_1")?.data).toMatchObject({ mode: "upper" });
    expect(document.undo()?.label).toBe("Insert change_case");
    expect(document.toJson()).toEqual(before);
  });

  it("chooses the ports that fit", () => {
    const document = open([edge("s", "v", "input")]);
    insertOnEdge(document, edge("s", "v", "input").id, known("join"), { x: 0, y: 0 }, CATALOG);
    expect(ends(document)).toEqual(["s-join_1.items", "join_1-v.input"]);
  });

  it("does without knowing the types", () => {
    const document = open();
    expect(insertOnEdge(document, edge("x", "y").id, known("upper"), { x: 0, y: 0 })).toBe("upper_1");
  });

  it("needs an edge, an input and nodes that are there", () => {
    const document = open([edge("x", "y"), edge("gone", "y", "b")]);
    expect(insertOnEdge(document, "gone", known("upper"), { x: 0, y: 0 })).toBeNull();
    expect(insertOnEdge(document, edge("x", "y").id, schema("now", []), { x: 0, y: 0 })).toBeNull();
    expect(insertOnEdge(document, edge("gone", "y", "b").id, known("upper"), { x: 0, y: 0 })).toBeNull();
    expect(document.canUndo).toBe(false);
  });

  it("connects through the function that a refusal offers", () => {
    const document = open();
    const verdict = check(document.workflow, CATALOG, link("s", "u", "text"));
    const offer = verdict.ok ? undefined : verdict.offer;
    const id = offer && connectThrough(document, link("s", "u", "text"), offer, { x: 0, y: 0 });
    expect(id).toBe("join_1");
    expect(ends(document).slice(-2)).toEqual(["s-join_1.items", "join_1-u.text"]);
    expect(offer && connectThrough(document, link("y", "x"), offer, { x: 0, y: 0 })).toBeNull();
  });
});
