/** The open menu, fetched when there is time. */

import { later } from "@/ui/later";

export const MenuWindow = later(async () => (await import("@/ui/MenuWindow")).MenuWindow);
