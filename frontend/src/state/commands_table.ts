/** Everything the user can do, in one table: menus, the command palette, keys and the cheat sheet are made from it. */

import { create } from "zustand";

export interface Command {
  readonly id: string;
  /** What it does, as a menu says it. */
  readonly title: string;
  readonly group: string;
  /** Key combinations as tinykeys writes them, such as `$mod+Enter`. */
  readonly keys?: readonly string[];
  /** False while it cannot be used; always usable when left out. */
  when?(): boolean;
  run(): void;
}

const useTable = create<{ commands: readonly Command[] }>()(() => ({ commands: [] }));

/** Adds commands; one with an id that is there takes its place. Returns what takes them out again. */
export function registerCommands(list: readonly Command[]): () => void {
  const ids = new Set(list.map(({ id }) => id));
  useTable.setState(({ commands }) => ({
    commands: [...commands.filter(({ id }) => !ids.has(id)), ...list],
  }));
  const added = new Set(list);
  return () => {
    useTable.setState(({ commands }) => ({ commands: commands.filter((command) => !added.has(command)) }));
  };
}

export function commands(): readonly Command[] {
  return useTable.getState().commands;
}

/** All commands; the component renders again when some are added or taken out. */
export function useCommands(): readonly Command[] {
  return useTable((table) => table.commands);
}

export function isUsable(command: Command): boolean {
  return command.when?.() ?? true;
}

/** Does what the command of that id does. Returns false when there is none, or it cannot be used now. */
export function runCommand(id: string): boolean {
  const command = commands().find((candidate) => candidate.id === id);
  if (!command || !isUsable(command)) return false;
  command.run();
  return true;
}
