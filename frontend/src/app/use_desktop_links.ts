/** Takes the links that the desktop app hands over: each only fills the install form, which shows where it came from. */

import { useEffect } from "react";
import { AVAILABLE, LINKS, readyForLinks } from "@/app/desktop";
import { openDialog } from "@/app/dialogs";
import { wish } from "@/state/packages_wish";
import { useSession } from "@/state/session";

export function useDesktopLinks(): void {
  const ready = useSession((session) => session.ready);
  useEffect(() => {
    if (!ready) return;
    const take = () => void takeLinks().catch(() => undefined);
    take();
    addEventListener(AVAILABLE, take);
    addEventListener(LINKS, take);
    return () => {
      removeEventListener(AVAILABLE, take);
      removeEventListener(LINKS, take);
    };
  }, [ready]);
}

async function takeLinks(): Promise<void> {
  const packages = await readyForLinks();
  if (!packages || packages.length === 0) return;
  wish(packages, "A link asks for this package. Look at it before you install it.");
  openDialog("settings", "nodes");
}
