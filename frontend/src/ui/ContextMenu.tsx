/** A menu that opens where the secondary button is pressed, or with the menu key. */

import {
  cloneElement,
  type HTMLAttributes,
  type MouseEvent,
  type ReactElement,
  Suspense,
  useState,
} from "react";
import type { MenuItem, MenuPlace } from "@/ui/menu_items";
import { MenuWindow } from "@/ui/menu_window";

export interface ContextMenuProps {
  readonly items: readonly MenuItem[];
  readonly label: string;
  readonly children: ReactElement<HTMLAttributes<HTMLElement>>;
}

export function ContextMenu({ items, label, children }: ContextMenuProps) {
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const owner = cloneElement(children, {
    onContextMenu: (event: MouseEvent<HTMLElement>) => {
      event.preventDefault();
      setPlace(pointOf(event));
    },
  });
  return (
    <>
      {owner}
      {place && (
        <Suspense>
          <MenuWindow
            key={`${place.left} ${place.top}`}
            items={items}
            place={place}
            label={label}
            onClose={() => setPlace(null)}
          />
        </Suspense>
      )}
    </>
  );
}

function pointOf({ clientX, clientY, button, currentTarget, target }: MouseEvent<HTMLElement>): MenuPlace {
  const opener = target instanceof HTMLElement ? (target.closest("button") ?? currentTarget) : currentTarget;
  // The menu key is no button of a mouse.
  return { left: clientX, top: clientY, width: 0, height: 0, opener, byKeyboard: button !== 2 };
}
