import { describe, expect, it } from "vitest";
import { EMPTY_CATALOG } from "@/graph/catalog";
import { nameInWords, neededExtras, offersOf } from "@/graph/extras";
import { parseWorkflow } from "@/graph/file";

const failures = [
  { nodepack: "video", extra: "video" },
  { nodepack: "images", extra: "images" },
  { nodepack: "images", extra: "images" },
  { nodepack: "broken", extra: null },
];

describe("extras", () => {
  it("are offered once for each nodepack, and nothing for what is broken", () => {
    expect(offersOf(failures)).toEqual([
      { pack: "images", extra: "images", spec: "psynapse[images]" },
      { pack: "video", extra: "video", spec: "psynapse[video]" },
    ]);
  });

  it("are needed by a workflow whose unknown nodes are of such a nodepack", () => {
    const nodes = ["images/ops.py:blur", "gone/ops.py:x"].map((ref, index) => ({
      id: `n${index}`,
      type: "functionNode",
      data: { ref },
    }));
    const workflow = parseWorkflow({ nodes, edges: [] });
    expect(neededExtras(workflow, EMPTY_CATALOG, failures).map(({ pack }) => pack)).toEqual(["images"]);
    expect(neededExtras(workflow, EMPTY_CATALOG, failures.slice(3))).toEqual([]);
  });

  it.each([
    ["psynapse[images]", "the libraries for images"],
    ["psynapse[data,images]", "the libraries for data, images"],
    ["psynapse", "psynapse"],
    ["scope-hello[images]", "scope-hello[images]"],
  ])("are called by what they are for: %s", (name, words) => {
    expect(nameInWords(name)).toBe(words);
  });
});
