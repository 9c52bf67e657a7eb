// @vitest-environment node
import { describe, expect, it } from "vitest";
import { reload } from "@/document/commands_reload";
import { WorkflowDocument } from "@/document/document";
import { dumpWorkflow, parseWorkflow } from "@/graph/file";
import { edge, node, workflow } from "@/graph/random_cases";

const call = (id: string) => node(id, "functionNode", { functionName: "add", a: 1 });
const open = () =>
  new WorkflowDocument(
    workflow([call("x"), call("y"), call("z"), call("lone")], [edge("x", "y"), edge("y", "z")]),
  );

describe("bringing a document to another text", () => {
  const orders = [
    workflow([call("x"), call("y"), call("new")], [edge("new", "y"), edge("x", "new")]),
    workflow([call("z"), call("y"), call("x")], [edge("x", "y"), edge("y", "z")]),
    workflow([call("x"), call("y"), call("z"), call("lone")], [edge("y", "z"), edge("x", "y")]),
    workflow([], []),
    { ...workflow([call("x")], []), extra: { description: "text" } },
    workflow([{ ...call("x"), data: { functionName: "other" } }, call("y"), call("z")], [edge("x", "z")]),
    // An edge whose node is missing is kept.
    workflow([call("y"), call("z")], [edge("x", "y"), edge("y", "z")]),
  ];

  it.each(orders.map((next, index) => [index, next] as const))(
    "gives just that, as one step: %i",
    (_, next) => {
      const document = open();
      const before = document.toJson();
      reload(document, next, "Changed outside");
      expect(JSON.stringify(document.toJson())).toBe(JSON.stringify(dumpWorkflow(next)));
      expect(document.undo()?.label).toBe("Changed outside");
      expect(document.toJson()).toEqual(before);
      expect(document.canUndo).toBe(false);
    },
  );

  it("leaves what is the same alone", () => {
    const document = open();
    const x = document.workflow.nodes.get("x");
    const changed = parseWorkflow(document.toJson());
    reload(document, { ...changed, nodes: new Map(changed.nodes).set("y", call("y")) }, "Changed outside");
    expect(document.workflow.nodes.get("x")).toBe(x);
  });

  it("is no step when nothing differs", () => {
    const document = open();
    reload(document, parseWorkflow(document.toJson()), "Changed outside");
    expect(document.canUndo).toBe(false);
  });
});
