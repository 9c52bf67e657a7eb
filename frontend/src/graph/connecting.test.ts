// @vitest-environment node
import { describe, expect, it } from "vitest";
import { type Connection, check, fittingPorts, fittingSchemas } from "@/graph/connecting";
import {
  CATALOG,
  Chance,
  edge,
  largeWorkflow,
  node,
  quickest,
  randomWorkflow,
  workflow,
} from "@/graph/random_cases";
import type { Workflow } from "@/graph/workflow";

const call = (id: string, name: string, label?: string) =>
  node(id, "functionNode", { functionName: name, ...(label ? { label } : {}) });
const link = (
  source: string,
  target: string,
  targetHandle: string | null = "a",
  sourceHandle: string | null = "result",
): Connection => ({
  source,
  sourceHandle,
  target,
  targetHandle,
});
const reason = (flow: Workflow, connection: Connection) => {
  const verdict = check(flow, CATALOG, connection);
  return verdict.ok ? "" : verdict.reason;
};

const chain = workflow(
  [
    call("x", "add", "First"),
    call("y", "add"),
    call("z", "add", "Third"),
    node("v", "viewNode"),
    node("l", "listNode"),
  ],
  [edge("x", "y"), edge("y", "z"), edge("z", "v", "input")],
);

describe("checking a connection", () => {
  it("allows what fits", () => {
    expect(check(chain, CATALOG, link("x", "z", "b"))).toEqual({ ok: true, fit: "fits" });
  });

  it("says that a value is converted", () => {
    const flow = workflow([call("u", "upper"), call("y", "add")]);
    expect(check(flow, CATALOG, link("u", "y"))).toEqual({ ok: true, fit: "converts" });
  });

  it("names the edge that is replaced, however it names the input", () => {
    expect(check(chain, CATALOG, link("x", "z"))).toMatchObject({ ok: true, replaces: edge("y", "z").id });
    expect(check(chain, CATALOG, link("x", "v", "anything"))).toMatchObject({
      replaces: edge("z", "v", "input").id,
    });
    const flow = workflow(
      [call("x", "upper"), call("y", "upper"), call("t", "split_text")],
      [{ ...edge("x", "t"), id: "e", targetHandle: null }],
    );
    expect(check(flow, CATALOG, link("y", "t", "text"))).toMatchObject({ replaces: "e" });
  });

  it("refuses a node with itself and nodes that are gone", () => {
    expect(reason(chain, link("x", "x"))).toBe("A node cannot be connected to itself.");
    expect(reason(chain, link("x", "gone"))).toMatch(/no longer there/);
  });

  it("refuses a circle and names it", () => {
    expect(reason(chain, link("z", "x", "b"))).toBe(
      "This would make a circle: First → y → Third → First. A node cannot wait for its own result.".replace(
        "y",
        "add",
      ),
    );
  });

  it("shortens a long circle", () => {
    const nodes = Array.from({ length: 20 }, (_, index) => call(`n${index}`, "add", `N${index}`));
    const edges = nodes.slice(1).map(({ id }, index) => edge(`n${index}`, id));
    expect(reason(workflow(nodes, edges), link("n19", "n0", "b"))).toContain("N0 → N1 → N2 → N3 → … → N0.");
  });

  it("refuses types that are unlikely, says both, and offers what converts", () => {
    const flow = workflow([call("w", "split_text", "Words"), call("u", "upper", "Shout")]);
    const verdict = check(flow, CATALOG, link("w", "u", "text"));
    expect(verdict).toMatchObject({
      ok: false,
      reason: "“Words” gives list[str], but “text” of “Shout” takes str.",
      offer: { schema: { name: "join" }, input: "items", output: "result" },
    });
  });

  it("offers nothing when nothing converts", () => {
    const flow = workflow([call("w", "split_text"), call("k", "keys")]);
    expect(check(flow, CATALOG, link("w", "k", "data"))).not.toHaveProperty("offer");
  });

  it("refuses handles that are not there", () => {
    expect(reason(chain, link("x", "y", "c"))).toBe("“add” has no input “c”.");
    expect(reason(chain, link("x", "y", null))).toBe("Choose one of the inputs of “add”.");
    expect(reason(chain, link("x", "y", "b", "key"))).toBe("“First” has no output “key”.");
    expect(reason(chain, link("v", "l", "input-0"))).toBe("“View” has no output “result”.");
  });

  it("allows keys of a dict, the whole of what has keys, and more inputs of a list", () => {
    const flow = workflow([
      call("k", "anything"),
      call("h", "halves"),
      call("u", "upper"),
      node("l", "listNode"),
    ]);
    expect(check(flow, CATALOG, link("k", "u", "text", "some key")).ok).toBe(true);
    expect(check(flow, CATALOG, link("h", "u", "text", "result")).ok).toBe(true);
    expect(check(flow, CATALOG, link("h", "u", "text", "middle")).ok).toBe(false);
    expect(check(flow, CATALOG, link("u", "l", "input-41")).ok).toBe(true);
    expect(check(flow, CATALOG, link("u", "l", "input")).ok).toBe(false);
  });

  it("does not count the edge that is being moved", () => {
    const moving = edge("x", "y").id;
    expect(check(chain, CATALOG, link("y", "x", "a")).ok).toBe(false);
    expect(check(chain, CATALOG, link("y", "x", "a"), moving).ok).toBe(true);
    expect(check(chain, CATALOG, link("z", "y"), moving).ok).toBe(false);
    expect(check(chain, CATALOG, link("x", "y"), moving)).toEqual({ ok: true, fit: "fits" });
  });

  it("never allows a circle, whatever the workflow", () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const chance = new Chance(seed);
      let flow = randomWorkflow(chance);
      for (let step = 0; step < 60; step += 1) flow = withRandomEdge(flow, chance);
      expect(hasCircle(flow), `seed ${seed}`).toBe(false);
    }
  });

  it("is quick in a workflow of 5,000 nodes", () => {
    const flow = largeWorkflow(5000);
    const milliseconds = quickest(10, (go) => {
      for (let round = 1; round <= 10; round += 1) {
        check(flow, CATALOG, link(`add_${5000 - round}`, `add_${go + 1}`));
        check(flow, CATALOG, link(`add_${round}`, "add_5000"));
      }
    });
    expect(milliseconds / 20).toBeLessThan(2);
  });
});

function withRandomEdge(flow: Workflow, chance: Chance): Workflow {
  const ids = [...flow.nodes.keys()];
  const handle = chance.one(["a", "b", "text", "items", "input", "input-1", "value"], "a");
  const [source, target] = [chance.one(ids, ""), chance.one(ids, "")];
  const verdict = check(
    flow,
    CATALOG,
    link(source, target, handle, chance.one([null, "result", "output"], null)),
  );
  if (!verdict.ok) return flow;
  const edges = new Map(flow.edges);
  if (verdict.replaces) edges.delete(verdict.replaces);
  edges.set(`${source}-${target}-${handle}`, edge(source, target, handle));
  return { ...flow, edges };
}

function hasCircle(flow: Workflow): boolean {
  const left = new Set(flow.nodes.keys());
  for (let size = -1; size !== left.size; ) {
    size = left.size;
    const waiting = new Set(
      [...flow.edges.values()].filter(({ source }) => left.has(source)).map(({ target }) => target),
    );
    for (const id of left) if (!waiting.has(id)) left.delete(id);
  }
  return left.size > 0;
}

describe("what a port can be connected to", () => {
  const flow = workflow(
    [
      call("s", "split_text"),
      call("u", "upper"),
      call("j", "join"),
      call("x", "anything"),
      node("v", "viewNode"),
    ],
    [edge("u", "s", "text"), edge("j", "v", "input")],
  );

  it("are the inputs that its value fits, the free and precise ones first, without circles", () => {
    const found = fittingPorts(flow, CATALOG, { node: "s", handle: "result" }, "output");
    expect(found.map(({ node: id, port, fit }) => `${id}.${port.id} ${fit}`)).toEqual([
      "j.items fits",
      "x.value fits",
      "v.input fits",
    ]);
    expect(found.at(-1)?.replaces).toBe(edge("j", "v", "input").id);
  });

  it("are the outputs that fit its type", () => {
    const found = fittingPorts(flow, CATALOG, { node: "j", handle: "items" }, "input");
    expect(found.map(({ node: id }) => id)).toEqual(["s", "x"]);
  });

  it("are none when the port is not there", () => {
    expect(fittingPorts(flow, CATALOG, { node: "gone", handle: null }, "input")).toEqual([]);
    expect(fittingPorts(flow, CATALOG, { node: "v", handle: "result" }, "output")).toEqual([]);
  });

  it("are only such that the check allows", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const some = randomWorkflow(new Chance(seed));
      for (const id of some.nodes.keys()) {
        for (const { node: target, port } of fittingPorts(
          some,
          CATALOG,
          { node: id, handle: "result" },
          "output",
        )) {
          expect(reason(some, link(id, target, port.id))).toBe("");
        }
        for (const { node: source, port } of fittingPorts(
          some,
          CATALOG,
          { node: id, handle: "text" },
          "input",
        )) {
          expect(reason(some, link(source, id, "text", port.id))).toBe("");
        }
      }
    }
  });

  it("are found quickly among 5,000 nodes", () => {
    const large = largeWorkflow(5000);
    const ports = () => fittingPorts(large, CATALOG, { node: "add_9", handle: "result" }, "output");
    expect(ports().length).toBeGreaterThan(9000);
    expect(quickest(5, ports)).toBeLessThan(100);
  });
});

describe("the functions for the end of an edge", () => {
  it("are those that take the value, the precise ones first", () => {
    const found = fittingSchemas(CATALOG, "list[str]", "output");
    expect(found.map(({ schema, handle, fit }) => [schema.name, handle, fit])).toEqual([
      ["join", "items", "fits"],
      ["anything", "value", "fits"],
    ]);
  });

  it("are those that give what the input takes", () => {
    const found = fittingSchemas(CATALOG, "list[str]", "input");
    expect(found.map(({ schema, handle }) => [schema.name, handle])).toEqual([
      ["split_text", "result"],
      ["keys", "result"],
      ["anything", "result"],
      ["halves", "head"],
    ]);
  });

  it("come after the fitting ones when the value is converted", () => {
    const names = fittingSchemas(CATALOG, "int", "output").map(({ schema }) => schema.name);
    expect(names.indexOf("add")).toBeLessThan(names.indexOf("split_text"));
    expect(names.indexOf("anything")).toBeLessThan(names.indexOf("split_text"));
  });
});
