import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SettingsDialog } from "@/panels/settings/SettingsDialog";
import { secretsResource } from "@/state/secrets";
import { setSettings, useSettings } from "@/state/settings";

function Opened() {
  const [page, setPage] = useState("editor");
  return <SettingsDialog page={page} onPage={setPage} onOpenChange={() => undefined} />;
}

/** The server's secrets: names only, as it never tells more. */
let names: string[] = [];
const sent: { method: string; path: string; body: string }[] = [];

beforeEach(() => {
  names = ["OPENAI_API_KEY"];
  sent.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    const body = await request.text();
    sent.push({ method: request.method, path: pathname, body });
    const name = decodeURIComponent(pathname.split("/").at(-1) ?? "");
    if (request.method === "PUT") names = [...new Set([...names, name])];
    if (request.method === "DELETE") names = names.filter((one) => one !== name);
    return Response.json({ secrets: names.map((one) => ({ name: one })) });
  });
  void secretsResource.refresh();
  setSettings({ theme: "system", snap: true, minimap: true });
  render(<Opened />);
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

async function openSecrets() {
  await userEvent.click(screen.getByRole("tab", { name: "Secrets" }));
  await screen.findByText("OPENAI_API_KEY");
}

describe("the settings", () => {
  it("change how the editor behaves at once", async () => {
    await userEvent.click(screen.getByRole("switch", { name: /Snap to the grid/ }));
    expect(useSettings.getState().snap).toBe(false);
    await userEvent.click(screen.getByRole("switch", { name: /Minimap/ }));
    expect(useSettings.getState().minimap).toBe(false);
  });

  it("say where everything is kept", async () => {
    await userEvent.click(screen.getByRole("tab", { name: "Your data" }));
    expect(screen.getByText(/there is no telemetry/)).toBeTruthy();
  });
});

describe("secrets", () => {
  it("are added by name, and their value is gone from the page", async () => {
    await openSecrets();
    await userEvent.type(screen.getByLabelText("Name"), "HF_TOKEN");
    await userEvent.type(screen.getByLabelText("Value"), "hush");
    await userEvent.click(screen.getByRole("button", { name: "Add secret" }));
    expect(await screen.findByText("HF_TOKEN")).toBeTruthy();
    expect(sent.find(({ method }) => method === "PUT")).toMatchObject({
      path: expect.stringContaining("/secrets/HF_TOKEN"),
      body: expect.stringContaining("hush"),
    });
    expect(screen.getByLabelText("Value")).toHaveProperty("value", "");
    expect(document.body.textContent).not.toContain("hush");
  });

  it("have names that environment variables can have", async () => {
    await openSecrets();
    await userEvent.type(screen.getByLabelText("Name"), "2nd key");
    await userEvent.type(screen.getByLabelText("Value"), "hush");
    expect(screen.getByText("Use letters, digits and underscores; begin with no digit.")).toBeTruthy();
    expect(screen.getByRole("button", { name: "Add secret" })).toHaveProperty("disabled", true);
  });

  it("get another value when they are known", async () => {
    await openSecrets();
    await userEvent.click(screen.getByRole("button", { name: "Replace" }));
    expect(screen.getByLabelText("Name")).toHaveProperty("value", "OPENAI_API_KEY");
    expect(screen.getByRole("button", { name: "Replace value" })).toBeTruthy();
  });

  it("are removed after a question", async () => {
    await openSecrets();
    await userEvent.click(screen.getByRole("button", { name: "Remove OPENAI_API_KEY" }));
    expect(sent.some(({ method }) => method === "DELETE")).toBe(false);
    await userEvent.click(await screen.findByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByText("OPENAI_API_KEY")).toBeNull());
  });
});
