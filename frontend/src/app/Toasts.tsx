/** Where short messages are shown. */

import { useEffect } from "react";
import { Toaster, toast } from "sonner";
import styles from "@/app/Toasts.module.css";
import { useShownTheme } from "@/app/use_shown_theme";
import { toastsAreReady, useToastsPlace } from "@/ui/toasts";

export function Toasts() {
  const theme = useShownTheme();
  const place = useToastsPlace();
  // After the Toaster's own effect, by which it begins to listen.
  useEffect(() => toastsAreReady(toast), []);
  return (
    <Toaster
      className={styles.toasts ?? ""}
      theme={theme}
      position="bottom-left"
      offset={place}
      mobileOffset={{ bottom: place.bottom }}
      closeButton
    />
  );
}
