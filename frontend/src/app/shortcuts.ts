/** The keys of the command table, listened to on the whole page. */

import { createKeybindingsHandler } from "tinykeys";
import { type Command, isUsable } from "@/state/commands_table";

/** A listener for key presses that does what these commands have as keys. */
export function shortcutListener(commands: readonly Command[]): (event: KeyboardEvent) => void {
  const byKeys = new Map<string, Command[]>();
  for (const command of commands) {
    for (const keys of command.keys ?? []) byKeys.set(keys, [...(byKeys.get(keys) ?? []), command]);
  }
  const bindings = [...byKeys].map(([keys, list]) => [
    keys,
    (event: KeyboardEvent) => press(event, keys, list),
  ]);
  const handler = createKeybindingsHandler(Object.fromEntries(bindings));
  return (event) => {
    if (!event.defaultPrevented && !isComposing(event)) handler(event);
  };
}

function press(event: KeyboardEvent, keys: string, commands: readonly Command[]): void {
  if (event.defaultPrevented || isTaken(event, keys)) return;
  const command = commands.find(isUsable);
  if (!command) return;
  event.preventDefault();
  command.run();
}

/** Half-typed characters of an input method are none of ours. */
function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.key === "Process";
}

/** True when the key belongs to what has the focus: a letter in a text, anything in a dialog or menu. */
function isTaken({ target }: KeyboardEvent, keys: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("[role='dialog'], [role='alertdialog'], [role='menu'], [role='listbox']")) return true;
  const isText = target.matches("input, textarea, select, [contenteditable='true']");
  return isText && !/\$mod|Control|Meta|Alt|^F\d/.test(keys);
}
