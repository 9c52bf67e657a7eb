/** Has the page's short messages over the controls: there they cover neither those nor the minimap. */

import { useStore } from "@xyflow/react";
import { type RefObject, useLayoutEffect } from "react";
import { placeToasts } from "@/ui/toasts";

export function useToastsOver(controls: RefObject<HTMLElement | null>): void {
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the controls move when the canvas gets another size
  useLayoutEffect(() => {
    if (controls.current) placeToasts(controls.current.getBoundingClientRect());
  }, [controls, width, height]);
}
