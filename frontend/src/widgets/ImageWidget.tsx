/** An image in the workflow: dropped, pasted or chosen, at most 10 MB, kept as a data URL. */

import { ImagePlus, X } from "lucide-react";
import { type ClipboardEvent, useState } from "react";
import { classes } from "@/ui/class_names";
import { IconButton } from "@/ui/IconButton";
import { problemId, STILL } from "@/widgets/field_attributes";
import styles from "@/widgets/ImageWidget.module.css";
import { imageAmong, megabytes, readImage, sizeOfDataUrl } from "@/widgets/image_file";
import { Problem } from "@/widgets/Problem";
import { alternativesOf } from "@/widgets/schema_reading";
import type { WidgetProps } from "@/widgets/widget_props";

export function ImageWidget(props: WidgetProps) {
  const { id, label, value, schema, disabled, compact, onChange } = props;
  const [refusal, setRefusal] = useState<string>();
  const [isOver, setIsOver] = useState(false);
  const url = typeof value === "string" && value !== "" ? value : undefined;
  const take = async (files: Iterable<File>) => {
    const file = imageAmong(files);
    if (!file || disabled) return;
    const reading = await readImage(file);
    setRefusal(reading.ok ? undefined : reading.problem);
    if (reading.ok) onChange(reading.url);
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    void take(event.clipboardData.files);
  };
  const remove = () => {
    setRefusal(undefined);
    onChange(alternativesOf(schema).nullable ? null : undefined);
  };
  return (
    <div className={STILL} onPaste={onPaste}>
      <div className={styles.drop} data-compact={compact || undefined} data-over={isOver || undefined}>
        <Content url={url} compact={compact ?? false} />
        <input
          id={id}
          className={styles.file}
          type="file"
          accept="image/*"
          aria-label={`${label}: choose an image`}
          aria-describedby={problemId(id)}
          disabled={disabled}
          onDragEnter={() => setIsOver(true)}
          onDragLeave={() => setIsOver(false)}
          onDrop={(event) => {
            // The page also takes files, as workflows.
            event.stopPropagation();
            setIsOver(false);
          }}
          onChange={(event) => {
            void take(event.target.files ?? []);
            // So that the same file can be chosen again.
            event.target.value = "";
          }}
        />
      </div>
      {url && <Footer label={label} url={url} canRemove={!disabled} onRemove={remove} />}
      <Problem id={id} text={refusal ?? props.invalid} />
    </div>
  );
}

function Content({ url, compact }: { readonly url: string | undefined; readonly compact: boolean }) {
  // The name of the field says what it is for.
  if (url) return <img className={styles.preview} src={url} alt="" draggable={false} />;
  return (
    <>
      <ImagePlus size={compact ? 16 : 20} aria-hidden />
      <span>
        Drop or paste an image, or <strong>choose a file</strong>
      </span>
      {!compact && <span>At most 10 MB</span>}
    </>
  );
}

interface FooterProps {
  readonly label: string;
  readonly url: string;
  readonly canRemove: boolean;
  onRemove(): void;
}

function Footer({ label, url, canRemove, onRemove }: FooterProps) {
  const kind = /^data:image\/([\w.-]+)/.exec(url)?.[1]?.toUpperCase();
  return (
    <div className={classes(styles.footer)}>
      <span>{kind ? `${kind}, ${megabytes(sizeOfDataUrl(url))}` : "Image from an address"}</span>
      {canRemove && (
        <IconButton size="small" label={`Remove the image of ${label}`} onClick={onRemove}>
          <X size={14} />
        </IconButton>
      )}
    </div>
  );
}
