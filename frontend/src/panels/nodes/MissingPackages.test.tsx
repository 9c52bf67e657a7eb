import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeCatalog } from "@/graph/catalog";
import { parseWorkflow } from "@/graph/file";
import { MissingPackages } from "@/panels/nodes/MissingPackages";
import { catalogResource } from "@/state/catalog";
import { packagesResource } from "@/state/packages";
import { useChange } from "@/state/packages_change";
import { newTab } from "@/state/session";
import type { PackageInfo } from "@/wire/shapes";

const OFF: PackageInfo = {
  name: "scope-shapes",
  version: "1.0",
  description: "",
  author: "",
  source: "pypi",
  spec: "scope-shapes",
  editable: false,
  editable_path: null,
  pipelines: [],
  node_types: [],
  nodepacks: ["drawing"],
  latest_version: null,
  update_available: null,
  commit: null,
  removable: true,
  disabled: true,
  extra: null,
};
const node = (id: string, ref: string) => ({ id, type: "functionNode", data: { ref } });
const packages = (nodes: readonly PackageInfo[]) => ({
  nodes: [...nodes],
  failed: [],
  extras: [],
  generation: 1,
  problem: "",
});

let sent: string[];
const focused = vi.fn();

beforeEach(() => {
  sent = [];
  vi.stubGlobal("fetch", async (input: Request | string) => {
    const request = new Request(input);
    const path = new URL(request.url).pathname.replace(/^\/api/, "");
    sent.push(`${request.method} ${path}`);
    if (path === "/nodes/events") return new Response(new ReadableStream());
    if (path === "/nodes") return Response.json(packages([OFF]));
    return Response.json({ message: "done", restart_required: false });
  });
  catalogResource.store.setState({
    value: { catalog: makeCatalog([]), etag: null, failures: [] },
    status: "ready",
  });
  vi.spyOn(catalogResource, "refresh").mockResolvedValue(undefined);
  packagesResource.store.setState({ value: packages([OFF]), status: "ready" });
});
afterEach(() => {
  cleanup();
  useChange.setState({ change: null, again: null });
  vi.unstubAllGlobals();
});

describe("over the canvas", () => {
  it("a package that is switched off is told apart from one that is missing, and enabled", async () => {
    const nodes = [node("a", "drawing/ops.py:circle"), node("b", "gone/ops.py:x")];
    newTab(parseWorkflow({ nodes, edges: [], packages: { "scope-shapes": "1.0", gone: "gone==3" } }));
    render(<MissingPackages onEnable={focused} />);
    const missing = screen.getByRole("region", { name: "Missing packages" });
    expect(missing.textContent).toContain("1 node is not known here. The workflow names gone 3.");
    const off = within(screen.getByRole("region", { name: "scope-shapes is disabled" }));
    expect(off.getByText("1 node comes from the package scope-shapes, which is disabled.")).toBeTruthy();
    await userEvent.click(off.getByRole("button", { name: "Enable it" }));
    await waitFor(() => expect(sent).toContain("POST /nodes/scope-shapes/enable"));
    expect(focused).toHaveBeenCalledOnce();
  });

  it("nothing is said about what is switched off and not used", () => {
    newTab(parseWorkflow({ nodes: [node("b", "gone/ops.py:x")], edges: [], packages: { gone: "gone==3" } }));
    render(<MissingPackages onEnable={focused} />);
    expect(screen.getAllByRole("region").map((one) => one.getAttribute("aria-label"))).toEqual([
      "Missing packages",
    ]);
  });
});
