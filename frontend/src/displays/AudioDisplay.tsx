/** Sound, with the browser's own controls. */

import styles from "@/displays/AudioDisplay.module.css";
import type { ContentProps } from "@/displays/content_props";
import { asDataUrl } from "@/displays/data_url";

export function AudioDisplay({ content }: ContentProps) {
  return (
    // biome-ignore lint/a11y/useMediaCaption: a result comes without captions
    <audio
      className={`${styles.audio} nodrag nopan`}
      controls
      preload="metadata"
      aria-label="Result, sound"
      src={asDataUrl(String(content))?.url}
    />
  );
}
