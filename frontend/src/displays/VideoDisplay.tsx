/** A film, with the browser's own controls. */

import type { ContentProps } from "@/displays/content_props";
import { asDataUrl } from "@/displays/data_url";
import styles from "@/displays/VideoDisplay.module.css";

export function VideoDisplay({ content, size }: ContentProps) {
  return (
    // biome-ignore lint/a11y/useMediaCaption: a result comes without captions
    <video
      className={`${styles.video} nodrag nopan`}
      data-size={size}
      controls
      preload="metadata"
      aria-label="Result, video"
      src={asDataUrl(String(content))?.url}
    />
  );
}
