/** Where short messages are shown. */

import { useEffect } from "react";
import { Toaster, toast } from "sonner";
import styles from "@/app/Toasts.module.css";
import { useShownTheme } from "@/app/use_shown_theme";
import { toastsAreReady } from "@/ui/toasts";

/** Pixels from the bottom of the page: what is pressed on the canvas is not covered by what is said about it. */
const ABOVE_THE_CONTROLS = 88;

export function Toasts() {
  const theme = useShownTheme();
  // After the Toaster's own effect, by which it begins to listen.
  useEffect(() => toastsAreReady(toast), []);
  return (
    <Toaster
      className={styles.toasts ?? ""}
      theme={theme}
      position="bottom-center"
      offset={{ bottom: ABOVE_THE_CONTROLS }}
      closeButton
    />
  );
}
