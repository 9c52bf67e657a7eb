/** An image: fitted or pixel by pixel, on a chequered ground that shows where it is transparent. */

import { type SyntheticEvent, useState } from "react";
import type { ContentProps } from "@/displays/content_props";
import { asDataUrl } from "@/displays/data_url";
import styles from "@/displays/display.module.css";
import own from "@/displays/ImageDisplay.module.css";
import { sizeWords } from "@/displays/sizes";
import { ViewSwitch } from "@/displays/ViewSwitch";

const ZOOMS = ["Fit", "1:1"] as const;
const FEW_PIXELS = 64;

export function ImageDisplay({ content, preview, size }: ContentProps) {
  const data = asDataUrl(String(content));
  const [zoom, setZoom] = useState<(typeof ZOOMS)[number]>("Fit");
  const [pixels, setPixels] = useState<{ width: number; height: number } | null>(null);
  const [failedUrl, setFailedUrl] = useState<string>();
  if (!data || failedUrl === data.url)
    return <p className={styles.note}>The browser cannot show this image.</p>;
  const measure = ({ currentTarget }: SyntheticEvent<HTMLImageElement>) =>
    setPixels({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight });
  const isSmall = pixels !== null && Math.max(pixels.width, pixels.height) <= FEW_PIXELS;
  const dimensions = pixels && `${pixels.width} × ${pixels.height}`;
  return (
    <>
      <div
        className={own.viewport}
        data-size={size}
        data-smaller={preview ? true : undefined}
        data-zoom={zoom === "Fit" ? "fit" : "actual"}
      >
        <img
          className={own.image}
          data-small={isSmall || undefined}
          src={data.url}
          alt={dimensions ? `Result, ${dimensions} pixels` : "Result"}
          draggable={false}
          onLoad={measure}
          onError={() => setFailedUrl(data.url)}
        />
      </div>
      {size !== "node" && (
        <div className={styles.footer}>
          <ViewSwitch views={ZOOMS} view={zoom} onChange={setZoom} />
          {preview
            ? `Smaller copy${dimensions ? `, ${dimensions}` : ""}`
            : [dimensions, sizeWords(data.size)].filter(Boolean).join(", ")}
        </div>
      )}
    </>
  );
}
