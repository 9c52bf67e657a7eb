/** Offering packages to install: where a workflow or a nodepack lacks them. */

import { runCommand } from "@/state/commands_table";
import { look } from "@/state/packages_plan";
import { wish } from "@/state/packages_wish";

/** Shows what installing these would change, one after the other; nothing is installed before that is agreed to. */
export function offer(specs: readonly string[], reason: string): void {
  wish(specs, reason, true);
  runCommand("nodes.show");
  const [first] = specs;
  if (first !== undefined) void look({ package: first, editable: null, upgrade: false, pre: false });
}
