/** Short messages at the bottom of the page. What shows them is fetched with the first one, or when there is time. */

import type { ExternalToast, toast as Toast } from "sonner";
import { create } from "zustand";

export type ToastOptions = Pick<ExternalToast, "id" | "duration" | "description" | "action">;

let ready: (show: typeof Toast) => void = () => undefined;
const showing = new Promise<typeof Toast>((resolve) => {
  ready = resolve;
});

/** Whether there is something to show: the page fetches what shows it then. */
export const useToastsWanted = create<{ readonly wanted: boolean }>()(() => ({ wanted: false }));

/** Pixels between them and what they are over. */
const GAP = 12;

/** Where the lowest of them begins: in pixels from the left and from the bottom of the page. */
export const useToastsPlace = create<{ readonly left: number; readonly bottom: number }>()(() => ({
  left: 16,
  bottom: 88,
}));

/** They are over this from now on: what is pressed is not covered by what is said about it. */
export function placeToasts({ left, top }: Readonly<Pick<DOMRect, "left" | "top">>): void {
  useToastsPlace.setState({ left, bottom: window.innerHeight - top + GAP });
}

/** Called once, by what shows them, when it is on the page. */
export function toastsAreReady(show: typeof Toast): void {
  ready(show);
}

function tell(act: (show: typeof Toast) => void): void {
  useToastsWanted.setState({ wanted: true });
  void showing.then(act);
}

export const toast = {
  success: (text: string, options?: ToastOptions) => tell((show) => show.success(text, options)),
  info: (text: string, options?: ToastOptions) => tell((show) => show.info(text, options)),
  warning: (text: string, options?: ToastOptions) => tell((show) => show.warning(text, options)),
  error: (text: string, options?: ToastOptions) => tell((show) => show.error(text, options)),
  /** Nothing is fetched for it: as long as nothing was shown, nothing has to go. */
  dismiss: (id: string) => void showing.then((show) => show.dismiss(id)),
};
