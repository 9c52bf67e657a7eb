/** An open menu, at a button or at a point. Its code comes with the first menu. */

import { DropdownMenu } from "radix-ui";
import { useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import styles from "@/ui/Menu.module.css";
import { MenuItems } from "@/ui/MenuItems";
import type { MenuItem, MenuPlace } from "@/ui/menu_items";

export interface MenuWindowProps {
  readonly items: readonly MenuItem[];
  readonly place: MenuPlace;
  readonly label?: string | undefined;
  readonly align?: "start" | "end";
  readonly onClose: () => void;
}

export function MenuWindow({ items, place, label, align = "start", onClose }: MenuWindowProps) {
  const content = useRef<HTMLDivElement>(null);
  useFirstItem(content, place.byKeyboard);
  const { left, top, width, height, opener } = place;
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={(open) => !open && onClose()}>
      {/* On the page itself: within a dialog, which is moved, its place would count from there. */}
      {createPortal(
        <DropdownMenu.Trigger asChild>
          <span className={styles.anchor} style={{ left, top, width, height }} />
        </DropdownMenu.Trigger>,
        document.body,
      )}
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          ref={content}
          className={styles.menu}
          align={align}
          sideOffset={height === 0 ? 0 : 4}
          collisionPadding={8}
          aria-labelledby={undefined}
          aria-label={label ?? "Menu"}
          onPointerDownOutside={(event) => {
            // The opener closes it itself; closing here as well would let its click open it again.
            if (event.target instanceof Node && opener.contains(event.target) && height > 0)
              event.preventDefault();
          }}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (document.activeElement === document.body) opener.focus();
          }}
        >
          <MenuItems items={items} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Radix cannot know that keys opened it: it was not there yet. */
function useFirstItem(content: React.RefObject<HTMLDivElement | null>, byKeyboard: boolean): void {
  useEffect(() => {
    if (!byKeyboard) return;
    const timer = setTimeout(() =>
      content.current?.querySelector<HTMLElement>("[role^='menuitem']:not([data-disabled])")?.focus(),
    );
    return () => clearTimeout(timer);
  }, [content, byKeyboard]);
}
