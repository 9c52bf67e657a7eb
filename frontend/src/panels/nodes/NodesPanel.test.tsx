import { act, cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NodesPanel } from "@/panels/nodes/NodesPanel";
import { packagesResource, useUpdateCheck } from "@/state/packages";
import { useChange } from "@/state/packages_change";
import { usePlan } from "@/state/packages_plan";
import { useWishes, wish } from "@/state/packages_wish";
import type { FailedPackage, PackageInfo } from "@/wire/shapes";

const HELLO: PackageInfo = {
  name: "scope-hello",
  version: "1.0",
  description: "Says hello",
  author: "Ada",
  source: "git",
  spec: "git+https://host/ada/hello",
  editable: false,
  editable_path: null,
  pipelines: [{ pipeline_id: "hello", pipeline_name: "Hello" }],
  node_types: ["greeter"],
  nodepacks: ["greetings"],
  latest_version: "0123456",
  update_available: true,
  commit: "98dae20bd0000000000000000000000000000000",
  removable: true,
  disabled: false,
  extra: null,
};
const FAILED: FailedPackage = {
  package_name: "scope-hello",
  entry_point_name: "hello",
  error_type: "ImportError",
  error_message: "no module named x",
  traceback: "line 1",
  hint: "install x",
};

/** What the server has and what it was sent. */
let nodes: PackageInfo[];
let failed: FailedPackage[];
let preview: { status: number; body: unknown };
let sent: string[];

beforeEach(() => {
  nodes = [HELLO];
  failed = [];
  sent = [];
  preview = { status: 200, body: { package: null, changes: NOTHING, held_back: [] } };
  // jsdom has none, and switches measure themselves.
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.stubGlobal("fetch", async (input: Request | string) => {
    const request = new Request(input);
    const path = new URL(request.url).pathname.replace(/^\/api/, "");
    sent.push(`${request.method} ${path} ${await request.text()}`.trim());
    // A stream that has nothing to tell, for ever.
    if (path === "/nodes/events") return new Response(new ReadableStream());
    if (path === "/nodes/preview") return Response.json(preview.body, { status: preview.status });
    if (path === "/nodes" && request.method === "GET")
      return Response.json({ nodes, failed, extras: [], generation: 1, problem: "" });
    return Response.json({ message: "done", restart_required: false, pipelines: [] });
  });
  useUpdateCheck.setState({ status: "unasked" });
  void packagesResource.refresh();
});
afterEach(() => {
  cleanup();
  useChange.setState({ change: null, again: null });
  usePlan.setState({ plan: null });
  useWishes.setState({ spec: "", from: "", waiting: [], asked: false });
  vi.unstubAllGlobals();
});

const NOTHING = { added: [], changed: [], removed: [] };

describe("the installed packages", () => {
  it("show who they are, where they come from and what they bring", async () => {
    render(<NodesPanel />);
    const row = within(await screen.findByRole("listitem", { name: "scope-hello" }));
    expect(row.getByText("by Ada · Says hello")).toBeTruthy();
    expect(row.getByText(/98dae20bd/).textContent).toContain(HELLO.spec);
    expect(row.getByText("0123456 available")).toBeTruthy();
    expect(row.getByRole("list", { name: "Brings" }).textContent).toBe(
      "pipeline Hellonode greeternodepack greetings",
    );
  });

  it("are looked at before they are updated", async () => {
    render(<NodesPanel />);
    await userEvent.click(await screen.findByRole("button", { name: "Update" }));
    await waitFor(() => expect(sent.some((one) => one.startsWith("POST /nodes/preview"))).toBe(true));
    expect(sent.find((one) => one.startsWith("POST /nodes/preview"))).toContain('"upgrade":true');
    expect(sent.some((one) => one.startsWith("POST /nodes {"))).toBe(false);
  });

  it("go only after a question", async () => {
    render(<NodesPanel />);
    await userEvent.click(await screen.findByRole("button", { name: "Uninstall scope-hello" }));
    expect(sent.some((one) => one.startsWith("DELETE"))).toBe(false);
    await userEvent.click(await screen.findByRole("button", { name: "Uninstall" }));
    await waitFor(() => expect(sent).toContain("DELETE /nodes/scope-hello"));
  });

  it("say that updates are unknown when nobody could be asked", async () => {
    nodes = [{ ...HELLO, latest_version: null, update_available: null }];
    render(<NodesPanel />);
    expect(await screen.findByText("update unknown")).toBeTruthy();
    expect(screen.getByText(/no index or repository answers/)).toBeTruthy();
  });

  it("that cannot be loaded stand apart, with why", async () => {
    failed = [FAILED];
    render(<NodesPanel />);
    const apart = within(await screen.findByRole("region", { name: "Cannot be loaded" }));
    expect(apart.getByText(/no module named x/)).toBeTruthy();
    await userEvent.click(apart.getByRole("button", { name: "Traceback" }));
    expect(apart.getByText("line 1")).toBeTruthy();
  });
});

describe("a package that is switched off", () => {
  it("is disabled in the menu of its row, with the keyboard as well", async () => {
    render(<NodesPanel />);
    const more = await screen.findByRole("button", { name: "More for scope-hello" });
    act(() => more.focus());
    await userEvent.keyboard("{Enter}");
    await userEvent.click(await screen.findByRole("menuitem", { name: "Disable" }));
    await waitFor(() => expect(sent).toContain("POST /nodes/scope-hello/disable"));
  });

  it("says so, is no failure, and can be enabled", async () => {
    nodes = [{ ...HELLO, disabled: true, pipelines: [], node_types: [], editable: true }];
    render(<NodesPanel />);
    const row = within(await screen.findByRole("listitem", { name: "scope-hello" }));
    expect(row.getByText("disabled")).toBeTruthy();
    expect(row.getByText(/stays installed/)).toBeTruthy();
    expect(row.queryByRole("list", { name: "Brings" })).toBeNull();
    expect(row.queryByRole("button", { name: "Reload" })).toBeNull();
    await userEvent.click(row.getByRole("button", { name: "Enable" }));
    await waitFor(() => expect(sent).toContain("POST /nodes/scope-hello/enable"));
    expect(document.activeElement).toBe(row.getByRole("button", { name: "More for scope-hello" }));
    expect(await screen.findByText("Done.")).toBeTruthy();
  });

  it("is disabled where it is said why it cannot be loaded", async () => {
    failed = [FAILED];
    render(<NodesPanel />);
    const apart = within(await screen.findByRole("region", { name: "Cannot be loaded" }));
    await userEvent.click(apart.getByRole("button", { name: "Disable scope-hello" }));
    await waitFor(() => expect(sent).toContain("POST /nodes/scope-hello/disable"));
  });
});

describe("the form", () => {
  async function ask(spec: string) {
    await userEvent.type(screen.getByLabelText("Install a node package"), `${spec}{Enter}`);
  }

  it("installs nothing before what it changes was seen and agreed to", async () => {
    const changes = { ...NOTHING, added: [{ name: "scope-new", before: "", after: "2.0" }] };
    const held = { name: "numpy", version: "1.26", newest: "2.4", because: ["scope-old needs numpy<2"] };
    const wanted = {
      name: "scope-new",
      version: "2.0",
      source: "git",
      spec: "x",
      url: "https://host/eve/new",
      path: "",
      commit: "0123456789abcdef",
      editable: false,
    };
    preview = { status: 200, body: { package: wanted, changes, held_back: [held] } };
    render(<NodesPanel />);
    await ask("https://host/eve/new");
    const plan = within(await screen.findByRole("region", { name: "What would change" }));
    expect(await plan.findByText("Install scope-new 2.0?")).toBeTruthy();
    expect(plan.getByText("“eve” at host")).toBeTruthy();
    expect(plan.getByText("012345678")).toBeTruthy();
    expect(plan.getByRole("list", { name: "Held back" }).textContent).toContain("scope-old needs numpy<2");
    expect(sent.some((one) => one.startsWith("POST /nodes {"))).toBe(false);
    await userEvent.click(plan.getByRole("button", { name: "Install" }));
    expect(await screen.findByText("Done.")).toBeTruthy();
    expect(sent.filter((one) => one.startsWith("POST /nodes {"))).toHaveLength(1);
  });

  it("says why something cannot be installed, and what is at fault", async () => {
    const body = {
      code: "dependency-conflict",
      detail: "scope-new needs numpy<1",
      hint: "ask its author",
      culprits: ["scope-new", "numpy"],
      explanation: "uv says so",
    };
    preview = { status: 409, body };
    render(<NodesPanel />);
    await ask("scope-new");
    const alert = within(await screen.findByRole("alert"));
    expect(alert.getByText("scope-new needs numpy<1")).toBeTruthy();
    expect(alert.getByRole("list", { name: "At fault" }).textContent).toBe("scope-newnumpy");
    expect(alert.queryByText("uv says so")).toBeNull();
    await userEvent.click(alert.getByRole("button", { name: "What uv says" }));
    expect(alert.getByText("uv says so")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Install" })).toBeNull();
  });

  it("is filled by a link, which does nothing else", async () => {
    wish(["scope-linked"], "A link asks for this package.");
    render(<NodesPanel />);
    expect(screen.getByLabelText("Install a node package")).toHaveProperty("value", "scope-linked");
    expect(screen.getByText("A link asks for this package.")).toBeTruthy();
    await screen.findByRole("listitem", { name: "scope-hello" });
    expect(sent.some((one) => one.startsWith("POST"))).toBe(false);
  });
});
