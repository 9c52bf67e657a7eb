import { describe, expect, it } from "vitest";
import { makeCatalog, type Schema } from "@/graph/catalog";
import { parseWorkflow } from "@/graph/file";
import {
  countUses,
  disabledUses,
  entryFor,
  type InstalledPackage,
  missingPackages,
  PACKAGES,
  withPackages,
} from "@/graph/packages";

const schema = (ref: string, nodepack: string, origin: Schema["origin"] = "package"): Schema => ({
  name: ref.slice(ref.lastIndexOf(":") + 1),
  ref,
  nodepack,
  style: "pipeline",
  params: [],
  returns: [],
  docstring: "",
  filepath: "",
  origin,
});
const catalog = makeCatalog([
  schema("scope-hello/pipelines:colour", "scope-hello"),
  schema("drawing/ops.py:circle", "drawing"),
  schema("mine/ops.py:add", "mine", "user"),
]);
const hello: InstalledPackage = {
  name: "scope-hello",
  version: "1.2",
  source: "pypi",
  spec: "scope-hello>=1",
  commit: null,
  nodepacks: [],
};
const shapes: InstalledPackage = { ...hello, name: "scope-shapes", nodepacks: ["drawing"] };

function workflow(refs: readonly string[], packages?: Record<string, string>) {
  const nodes = refs.map((ref, index) => ({ id: `n${index}`, type: "functionNode", data: { ref } }));
  return parseWorkflow({ nodes, edges: [], ...(packages ? { [PACKAGES]: packages } : {}) });
}

function packagesOf(...given: Parameters<typeof withPackages>) {
  return withPackages(...given).extra[PACKAGES];
}

describe("the packages in a workflow's file", () => {
  it("are those that its nodes come from, by name and sorted", () => {
    const flow = workflow(["drawing/ops.py:circle", "scope-hello/pipelines:colour", "mine/ops.py:add"]);
    expect(Object.entries(packagesOf(flow, catalog, [shapes, hello]) ?? {})).toEqual([
      ["scope-hello", "scope-hello==1.2"],
      ["scope-shapes", "scope-shapes==1.2"],
    ]);
  });

  it("are left out where none is used, and the workflow is the same object where nothing changes", () => {
    const plain = workflow(["mine/ops.py:add"]);
    expect(withPackages(plain, catalog, [hello])).toBe(plain);
    expect(packagesOf(workflow(["mine/ops.py:add"], { old: "old==1" }), catalog, [hello])).toBeUndefined();
    const same = workflow(["scope-hello/pipelines:colour"], { "scope-hello": "scope-hello==1.2" });
    expect(withPackages(same, catalog, [hello])).toBe(same);
  });

  it("stay while they are not here and some node is unknown", () => {
    const flow = workflow(["gone/pipelines:x"], { gone: "gone==3" });
    expect(packagesOf(flow, catalog, [hello])).toEqual({ gone: "gone==3" });
  });

  it("stay as they are until it is known what is installed", () => {
    const flow = workflow(["scope-hello/pipelines:colour"], { "scope-hello": "scope-hello==1.0" });
    expect(withPackages(flow, catalog, [])).toBe(flow);
  });

  it.each([
    [hello, "scope-hello==1.2"],
    [{ ...hello, spec: "https://host/scope_hello-1.2.zip" }, "https://host/scope_hello-1.2.zip"],
    [{ ...hello, source: "local", spec: "file:///somewhere/hello" }, "1.2"],
    [
      { ...hello, source: "git", spec: "git+https://host/me/hello@feature/x#subdirectory=a", commit: "abc" },
      "git+https://host/me/hello@abc#subdirectory=a",
    ],
    [
      { ...hello, source: "git", spec: "git+ssh://git@host/me/hello", commit: "abc" },
      "git+ssh://git@host/me/hello@abc",
    ],
    [
      { ...hello, source: "git", spec: "scope-hello @ git+https://host/hello@v1", commit: "abc" },
      "scope-hello @ git+https://host/hello@abc",
    ],
    [{ ...hello, source: "git", spec: "git+file:///srv/hello", commit: "abc" }, "1.2"],
  ] as const)(
    "name what installs just that version again, and no place of this machine (%#)",
    (one, entry) => {
      expect(entryFor(one)).toBe(entry);
    },
  );
});

describe("missing packages", () => {
  const missing = (value: string, name = "gone") =>
    missingPackages(workflow(["gone/pipelines:x"], { [name]: value }), catalog);

  it("are those that unknown nodes come from", () => {
    expect(missing("gone==3")).toEqual([{ name: "gone", version: "3", spec: "gone==3" }]);
    const known = workflow(["scope-hello/pipelines:colour"], { "scope-hello": "scope-hello==1" });
    expect(missingPackages(known, catalog)).toEqual([]);
  });

  it("may have nodepacks that are called otherwise", () => {
    expect(missing("other==3", "other")).toHaveLength(1);
    expect(missing("scope-hello==3", "scope-hello")).toEqual([]);
  });

  it.each([
    "git+https://host/me/gone@0123",
    "git+ssh://git@host/me/gone@0123",
    "gone[extra]==3",
    "https://host/gone-1.0.zip",
  ])("are offered from where they can be had: %s", (value) => {
    expect(missing(value)[0]?.spec).toBe(value);
  });

  it.each([
    "3.0",
    "/tmp/somebody/gone",
    "file:///tmp/somebody/gone",
    "git+file:///srv/gone",
    "other==3",
    "--index-url=https://evil",
    "gone==3\n--evil",
    "git+https://host/gone evil",
  ])("are not offered from anywhere else: %s", (value) => {
    expect(missing(value)[0]?.spec).toBe("");
  });
});

describe("a package that is switched off", () => {
  const off: InstalledPackage = { ...shapes, nodepacks: ["sketches"], disabled: true };
  const flow = workflow(["sketches/ops.py:line", "scope-shapes/pipelines:dots", "gone/ops.py:x"], {
    gone: "gone==3",
    "scope-shapes": "scope-shapes==1.0",
  });

  it("owns the unknown nodes that it brings when it is on", () => {
    expect(disabledUses(flow, catalog, [hello, off])).toEqual([{ name: "scope-shapes", count: 2 }]);
    expect(disabledUses(flow, catalog, [hello, { ...off, disabled: false }])).toEqual([]);
  });

  it("is not missing, and hides no other that is", () => {
    expect(missingPackages(flow, catalog, [off]).map(({ name }) => name)).toEqual(["gone"]);
    const alone = workflow(["sketches/ops.py:line"], {
      "scope-shapes": "scope-shapes==1.0",
      other: "other==1",
    });
    expect(missingPackages(alone, catalog, [off])).toEqual([]);
  });

  it("stays named in the file of a workflow that uses it", () => {
    expect(packagesOf(flow, catalog, [off])).toEqual({
      gone: "gone==3",
      "scope-shapes": "scope-shapes==1.2",
    });
  });
});

describe("the uses of a package", () => {
  it("are counted over all that it brings", () => {
    const flow = workflow(["drawing/ops.py:circle", "drawing/ops.py:circle", "mine/ops.py:add"]);
    expect(countUses(flow, catalog, shapes)).toBe(2);
    expect(countUses(flow, catalog, hello)).toBe(0);
  });
});
