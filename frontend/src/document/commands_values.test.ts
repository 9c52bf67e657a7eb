// @vitest-environment node
import { describe, expect, it, vi } from "vitest";
import {
  changeVariableType,
  clearValue,
  collapse,
  rename,
  setAppearance,
  setDescription,
  setValue,
} from "@/document/commands";
import { WorkflowDocument } from "@/document/document";
import { edge, node, workflow } from "@/graph/random_cases";

const open = () =>
  new WorkflowDocument(
    workflow(
      [
        node("add_1", "functionNode", { functionName: "add" }),
        node("view_1", "viewNode", {}, { x: 300, y: 40 }),
      ],
      [edge("add_1", "view_1", "input")],
      [{ id: "note_1", text: "Hi", x: 0, y: 300, width: 240, height: 160 }],
    ),
  );
const get = (document: WorkflowDocument, id: string) => document.workflow.nodes.get(id);
const undone = (document: WorkflowDocument) => document.undo()?.label;

describe("setting values", () => {
  it("is one step for the keystrokes of one field", () => {
    const document = open();
    for (const text of ["1", "12", "123"]) setValue(document, "add_1", "a", text);
    setValue(document, "add_1", "b", 1);
    expect(undone(document)).toBe("Set b");
    expect(undone(document)).toBe("Set a");
    expect(get(document, "add_1")?.data).toEqual({ functionName: "add" });
  });

  it("is no step when the value is the same", () => {
    const document = open();
    setValue(document, "add_1", "a", { list: [1, { two: 2 }] });
    const listener = vi.fn();
    document.subscribe(listener);
    setValue(document, "add_1", "a", { list: [1, { two: 2 }] });
    setValue(document, "gone", "a", 1);
    clearValue(document, "add_1", "b");
    expect(listener).not.toHaveBeenCalled();
    setValue(document, "add_1", "a", { list: [1, { two: 3 }] });
    setValue(document, "add_1", "a", { list: [1] });
    setValue(document, "add_1", "a", [1]);
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it("keeps values that look like parts of an object's inside", () => {
    const document = open();
    const value = { constructor: "Ferrari", __proto__: null, toString: 1 };
    setValue(document, "add_1", "a", value);
    setValue(document, "add_1", "constructor", 5);
    expect(get(document, "add_1")?.data).toMatchObject({ a: { constructor: "Ferrari" }, constructor: 5 });
    setAppearance(document, ["add_1"], { color: "red" });
    expect(get(document, "add_1")?.data.constructor).toBe(5);
  });

  it("reaches a parameter that is called like a field of ours", () => {
    const document = open();
    setValue(document, "add_1", "label", "value");
    rename(document, "add_1", "Title");
    expect(get(document, "add_1")?.data).toEqual({
      functionName: "add",
      label: "Title",
      arguments: { label: "value" },
    });
    clearValue(document, "add_1", "label");
    expect(get(document, "add_1")?.data).toEqual({ functionName: "add", label: "Title" });
    expect(undone(document)).toBe("Reset label");
  });

  it("changes the type of a variable together with its value, as one step", () => {
    const data = { variableType: "String", variableValue: "3" };
    const document = new WorkflowDocument(workflow([node("variable_1", "variableNode", data)], []));
    changeVariableType(document, "variable_1", "Number", 3);
    expect(get(document, "variable_1")?.data).toEqual({ variableType: "Number", variableValue: 3 });
    changeVariableType(document, "variable_1", "Number", 0);
    expect(undone(document)).toBe("Change type");
    expect(get(document, "variable_1")?.data).toEqual(data);
  });

  it("gives nodes titles, and takes them away", () => {
    const document = open();
    rename(document, "add_1", "  Total  ");
    expect(get(document, "add_1")?.data.label).toBe("Total");
    rename(document, "add_1", "Total");
    rename(document, "add_1", " ");
    expect(get(document, "add_1")?.data).not.toHaveProperty("label");
    expect([undone(document), undone(document), document.canUndo]).toEqual(["Rename", "Rename", false]);
  });

  it("changes how nodes look", () => {
    const document = open();
    setAppearance(document, ["add_1", "view_1", "gone"], { color: "red", icon: "star" });
    setAppearance(document, ["add_1"], { color: undefined });
    expect(get(document, "add_1")?.layout).toEqual({ x: 0, y: 0, icon: "star" });
    expect(get(document, "view_1")?.layout).toEqual({ x: 300, y: 40, color: "red", icon: "star" });
    collapse(document, ["add_1", "view_1"], true);
    collapse(document, ["add_1"], true);
    expect(get(document, "add_1")?.layout.collapsed).toBe(true);
    expect(undone(document)).toBe("Collapse");
    expect(get(document, "add_1")?.layout).not.toHaveProperty("collapsed");
    collapse(document, ["add_1"], false);
    expect(undone(document)).toBe("Change appearance");
  });

  it("describes the workflow", () => {
    const document = open();
    setDescription(document, "What it");
    setDescription(document, "What it does");
    expect(document.toJson().description).toBe("What it does");
    setDescription(document, "");
    expect(document.toJson()).not.toHaveProperty("description");
    document.undo();
    expect(document.canUndo).toBe(false);
  });
});
