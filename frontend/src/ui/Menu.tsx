/** A menu that opens at a button. */

import {
  cloneElement,
  type HTMLAttributes,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
  Suspense,
  useState,
} from "react";
import { type MenuItem, type MenuPlace, placeAt } from "@/ui/menu_items";
import { MenuWindow } from "@/ui/menu_window";

export interface MenuProps {
  readonly items: readonly MenuItem[];
  readonly label?: string;
  readonly align?: "start" | "end";
  /** The button. */
  readonly children: ReactElement<HTMLAttributes<HTMLElement>>;
}

export function Menu({ items, label, align = "start", children }: MenuProps) {
  const [place, setPlace] = useState<MenuPlace | null>(null);
  const button = cloneElement(children, {
    "aria-haspopup": "menu",
    "aria-expanded": place !== null,
    onClick: (event: MouseEvent<HTMLElement>) => {
      // A click without a pointer is the Enter key or the space bar.
      setPlace(place ? null : placeAt(event.currentTarget, event.detail === 0));
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key !== "ArrowDown" || place) return;
      event.preventDefault();
      setPlace(placeAt(event.currentTarget, true));
    },
  });
  return (
    <>
      {button}
      {place && (
        <Suspense>
          <MenuWindow
            items={items}
            place={place}
            label={label}
            align={align}
            onClose={() => setPlace(null)}
          />
        </Suspense>
      )}
    </>
  );
}
