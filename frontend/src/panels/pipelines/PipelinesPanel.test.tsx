import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PipelinesPanel } from "@/panels/pipelines/PipelinesPanel";
import { pipelinesResource } from "@/state/pipelines";
import type { PipelineState } from "@/wire/shapes";

const INFO = {
  pipeline_id: "blur",
  pipeline_name: "Blur",
  description: "Softer",
  version: "1.2",
  package: "scope-blur",
  usage: ["postprocessor"],
  estimated_vram_gb: 4,
  load_params: ["size"],
  config_schema: { config_schema: { properties: { size: { type: "integer", title: "Size", default: 3 } } } },
  state: "not_loaded",
  error: "",
};
const STATE: PipelineState = {
  pipeline_id: "blur",
  state: "not_loaded",
  load_params: {},
  error: "",
  traceback: "",
};

let infos: (typeof INFO)[];
let states: PipelineState[];
let sent: string[];

beforeEach(() => {
  infos = [INFO];
  states = [STATE];
  sent = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const path = new URL(request.url).pathname.replace(/^\/api/, "");
    sent.push(`${request.method} ${path} ${await request.text()}`.trim());
    return Response.json({ pipelines: path === "/pipelines" ? infos : states, unloaded_pipelines: [] });
  });
});
afterEach(() => {
  cleanup();
  pipelinesResource.stop();
  vi.unstubAllGlobals();
});

async function show() {
  await pipelinesResource.refresh();
  render(<PipelinesPanel />);
}

describe("a pipeline", () => {
  it("shows what it is and how it is", async () => {
    await show();
    const row = screen.getByRole("listitem", { name: "Blur" });
    for (const words of ["1.2", "not loaded", "postprocessor", "about 4 GB", "scope-blur · blur", "Softer"]) {
      expect(row.textContent).toContain(words);
    }
  });

  it("is loaded with what the form has, made from its config", async () => {
    await show();
    await userEvent.click(screen.getByRole("button", { name: "Load …" }));
    const field = screen.getByLabelText("Size");
    await userEvent.clear(field);
    await userEvent.type(field, "7");
    await userEvent.click(screen.getByRole("button", { name: "Load" }));
    await waitFor(() =>
      expect(sent).toContain(
        'POST /pipelines/load {"pipeline_id":"blur","load_params":{"size":7},"wait":false}',
      ),
    );
  });

  it("that is loaded can be unloaded, and tells what with", async () => {
    states = [{ ...STATE, state: "loaded", load_params: { size: 7 } }];
    await show();
    expect(screen.getByLabelText("Loaded with").textContent).toBe("size7");
    await userEvent.click(screen.getByRole("button", { name: "Unload" }));
    await waitFor(() => expect(sent).toContain('POST /pipelines/unload {"pipeline_id":"blur"}'));
  });

  it("that failed keeps its error", async () => {
    states = [{ ...STATE, state: "error", error: "no weights", traceback: "line 3" }];
    await show();
    const alert = within(screen.getByRole("alert"));
    expect(alert.getByText("no weights")).toBeTruthy();
    await userEvent.click(alert.getByRole("button", { name: "Traceback" }));
    expect(alert.getByText("line 3")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Try again …" })).toBeTruthy();
  });

  it("is shown also when its package has gone", async () => {
    infos = [];
    states = [{ ...STATE, state: "loaded" }];
    await show();
    expect(screen.getByText(/its package is not installed any more/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Load/ })).toBeNull();
  });
});

describe("without pipelines", () => {
  it("says where they come from", async () => {
    infos = [];
    states = [];
    await show();
    expect(screen.getByText("No pipelines")).toBeTruthy();
  });
});
