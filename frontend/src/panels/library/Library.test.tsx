import { cleanup, createEvent, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeCatalog } from "@/graph/catalog";
import { schema } from "@/graph/random_cases";
import { Library } from "@/panels/library/Library";
import { catalogResource } from "@/state/catalog";
import { packagesResource } from "@/state/packages";
import { usePlan } from "@/state/packages_plan";
import { useWishes } from "@/state/packages_wish";
import { activeDocument, newTab } from "@/state/session";
import { setSettings } from "@/state/settings";

const add = schema("add", []);
const counting = schema("count", [], "str", {
  style: "progress",
  nodepack: "mine",
  origin: "user",
  ref: "mine/progress_ops.py:count",
});

const CONTENTS = { catalog: makeCatalog([add, counting]), etag: null, failures: [] };
/** A server that never answers: what is known stays as the test has set it. */
const fetchFake = vi.fn(() => new Promise<Response>(() => undefined));

beforeEach(() => {
  vi.stubGlobal("fetch", fetchFake);
  setSettings({ flags: {} });
  catalogResource.store.setState({ value: CONTENTS, status: "ready", retryAt: null });
});
afterEach(cleanup);

const rows = () => screen.getAllByRole("listitem").map((row) => row.textContent);

describe("the library", () => {
  it("begins with the built-in nodes, then the user's own packs", () => {
    render(<Library onClose={() => undefined} />);
    expect(rows()).toEqual(["Variable", "List", "View", "Note", "countprogress", "add"]);
  });

  it("folds a pack away and keeps it so", async () => {
    const { unmount } = render(<Library onClose={() => undefined} />);
    await userEvent.click(screen.getByRole("button", { name: /mine/ }));
    unmount();
    render(<Library onClose={() => undefined} />);
    expect(rows()).not.toContain("countprogress");
  });

  it("finds what answers and adds the first with Enter", async () => {
    newTab();
    render(<Library onClose={() => undefined} />);
    await userEvent.type(screen.getByRole("searchbox"), "coun");
    expect(within(screen.getByRole("list", { name: "Search results" })).getByText("count")).toBeTruthy();
    await userEvent.keyboard("{Enter}");
    const nodes = [...(activeDocument()?.workflow.nodes.values() ?? [])];
    expect(nodes.map(({ data }) => data.ref)).toEqual(["mine/progress_ops.py:count"]);
  });

  it("goes from the field to the results and back with the arrow keys", async () => {
    render(<Library onClose={() => undefined} />);
    await userEvent.type(screen.getByRole("searchbox"), "add");
    await userEvent.keyboard("{ArrowDown}");
    expect(document.activeElement?.textContent).toContain("add");
    await userEvent.keyboard("{ArrowUp}");
    expect(document.activeElement).toBe(screen.getByRole("searchbox"));
  });

  it("gives what is dragged to the canvas as JSON", () => {
    render(<Library onClose={() => undefined} />);
    const row = screen.getByRole("button", { name: /count/ });
    const setData = vi.fn();
    const event = createEvent.dragStart(row);
    Object.defineProperty(event, "dataTransfer", { value: { setData } });
    fireEvent(row, event);
    expect(setData).toHaveBeenCalledWith(
      "application/psynapse-node",
      JSON.stringify({ type: "functionNode", ref: "mine/progress_ops.py:count" }),
    );
  });

  it("says when the server is asked again, and asks at once when told to", async () => {
    catalogResource.store.setState({ status: "away", retryAt: Date.now() + 4500 });
    render(<Library onClose={() => undefined} />);
    expect(screen.getByRole("status").textContent).toContain("Trying again in 5 s");
    const before = fetchFake.mock.calls.length;
    await userEvent.click(screen.getByRole("button", { name: "Try now" }));
    expect(fetchFake.mock.calls.length).toBeGreaterThan(before);
  });

  it("offers what a nodepack lacks, which is no failure", async () => {
    const failure = {
      nodepack: "images",
      package: "",
      filepath: "images/ops.py",
      name: "",
      error_type: "ImportError",
      message: 'the nodes for images need Pillow; add it with: pip install "psynapse[images]"',
      traceback: "line 1",
      hint: "",
      extra: "images",
    };
    catalogResource.store.setState({ value: { ...CONTENTS, failures: [failure] } });
    const images = { name: "images", spec: "psynapse[images]", libraries: ["pillow"], missing: ["pillow"] };
    packagesResource.store.setState(({ value }) => ({ value: { ...value, extras: [images] } }));
    render(<Library onClose={() => undefined} />);
    const offers = screen.getByRole("region", { name: "More nodes" });
    expect(offers.textContent).toContain("imagesneeds 1 more library");
    expect(screen.queryByRole("region", { name: "Could not be loaded" })).toBeNull();
    await userEvent.click(within(offers).getByRole("button", { name: "Add the libraries for images" }));
    expect(usePlan.getState().plan?.wish.package).toBe("psynapse[images]");
    expect(useWishes.getState().from).toBe("The nodes of “images” need these libraries.");
  });

  it("shows why something could not be loaded", () => {
    const failure = {
      nodepack: "broken",
      package: "",
      filepath: "broken/ops.py",
      name: "",
      error_type: "ImportError",
      message: "No module named x",
      traceback: "line 1",
      hint: "Install x.",
      extra: null,
    };
    catalogResource.store.setState({ value: { ...CONTENTS, failures: [failure] } });
    render(<Library onClose={() => undefined} />);
    const region = screen.getByRole("region", { name: "Could not be loaded" });
    expect(region.textContent).toContain("No module named x");
    expect(region.textContent).toContain("line 1");
  });
});
