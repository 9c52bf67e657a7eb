/** Puts the app's commands into the table and their keys onto the page. */

import { useEffect, useMemo } from "react";
import { appCommands } from "@/app/app_commands";
import { shortcutListener } from "@/app/shortcuts";
import { registerCommands, useCommands } from "@/state/commands_table";

export function useCommandTable(): void {
  useEffect(() => registerCommands(appCommands()), []);
  const commands = useCommands();
  const listener = useMemo(() => shortcutListener(commands), [commands]);
  useEffect(() => {
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, [listener]);
}
