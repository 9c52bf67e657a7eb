import { afterEach, describe, expect, it, vi } from "vitest";
import { shortcutListener } from "@/app/shortcuts";
import type { Command } from "@/state/commands_table";

function command(keys: string, more: Partial<Command> = {}) {
  return { id: keys, title: keys, group: "Test", keys: [keys], run: vi.fn(), ...more };
}

function listen(...commands: Command[]) {
  const listener = shortcutListener(commands);
  addEventListener("keydown", listener);
  cleanups.push(() => removeEventListener("keydown", listener));
}

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
  document.body.replaceChildren();
});

function press(key: string, init: KeyboardEventInit = {}, target: Element = document.body) {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

function field(markup: string): Element {
  document.body.innerHTML = markup;
  const found = document.querySelector("input, button");
  if (!found) throw new Error("no field");
  return found;
}

describe("keys", () => {
  it("do what their command does, and nothing else happens", () => {
    const save = command("Control+s");
    listen(save);
    expect(press("s", { ctrlKey: true }).defaultPrevented).toBe(true);
    expect(save.run).toHaveBeenCalledOnce();
  });

  it("do nothing when the command cannot be used", () => {
    const run = command("Control+s", { when: () => false });
    listen(run);
    expect(press("s", { ctrlKey: true }).defaultPrevented).toBe(false);
    expect(run.run).not.toHaveBeenCalled();
  });

  it("go to the first of several commands that can be used", () => {
    const [first, second] = [command("x", { id: "1", when: () => false }), command("x", { id: "2" })];
    listen(first, second);
    press("x");
    expect(second.run).toHaveBeenCalledOnce();
  });

  it("are letters while something is typed, unless a modifier is held", () => {
    const [letter, combined] = [command("c"), command("Control+k")];
    listen(letter, combined);
    const input = field("<input>");
    press("c", {}, input);
    press("k", { ctrlKey: true }, input);
    expect(letter.run).not.toHaveBeenCalled();
    expect(combined.run).toHaveBeenCalledOnce();
  });

  it("belong to a dialog while one is open", () => {
    const run = command("Control+Enter");
    listen(run);
    press("Enter", { ctrlKey: true }, field("<div role='dialog'><button>x</button></div>"));
    expect(run.run).not.toHaveBeenCalled();
  });

  it("can follow each other", () => {
    const stop = command("Escape Escape");
    listen(stop);
    press("Escape");
    expect(stop.run).not.toHaveBeenCalled();
    press("Escape");
    expect(stop.run).toHaveBeenCalledOnce();
  });
});
