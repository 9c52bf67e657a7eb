import { describe, expect, it } from "vitest";
import { keyNames } from "@/ui/key_names";

describe("keys for people", () => {
  it.each([
    ["$mod+Enter", false, [["Ctrl", "↵"]]],
    ["$mod+Shift+p", true, [["⌘", "⇧", "P"]]],
    ["Alt+Digit1", false, [["Alt", "1"]]],
    ["Escape Escape", false, [["Esc"], ["Esc"]]],
    ["$mod++", false, [["Ctrl", "+"]]],
    ["+", false, [["+"]]],
    [".", false, [["."]]],
  ])("%s", (keys, mac, names) => {
    expect(keyNames(keys, mac)).toEqual(names);
  });
});
