/** What the user asked of the server, and what is said when it fails. */

import { toast } from "@/ui/toasts";

/** Why something failed, in words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "It failed for an unknown reason.";
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : "";
  return [error.message, hint].filter(Boolean).join(" ");
}

/** Does it, and says so when it fails. Returns whether it worked. */
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    toast.error(reasonOf(error));
    return false;
  }
}
