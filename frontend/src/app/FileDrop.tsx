/** Takes workflow files that are dropped or pasted anywhere on the page, and opens each in a tab. */

import { FileUp } from "lucide-react";
import { useEffect, useState } from "react";
import styles from "@/app/FileDrop.module.css";
import { importFiles } from "@/panels/workflows/files";

export function FileDrop() {
  const over = useFileDrop();
  useFilePaste();
  if (!over) return null;
  return (
    <div className={styles.over}>
      <p className={styles.words}>
        <FileUp size={20} /> Drop the workflow to open it in a new tab
      </p>
    </div>
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** A node's own field for images takes its drops itself. */
function isForField({ target }: Event): boolean {
  return target instanceof Element && target.closest("[data-takes-files]") !== null;
}

function useFileDrop(): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event) || event.defaultPrevented || isForField(event)) return setOver(false);
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event) || event.defaultPrevented || isForField(event)) return;
      event.preventDefault();
      void importFiles([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("dragover", onOver);
    addEventListener("dragleave", onLeave);
    addEventListener("drop", onDrop);
    return () => {
      removeEventListener("dragover", onOver);
      removeEventListener("dragleave", onLeave);
      removeEventListener("drop", onDrop);
    };
  }, []);
  return over;
}

function useFilePaste(): void {
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      if (event.defaultPrevented || isForField(event) || isTextField(event.target)) return;
      const files = pastedFiles(event.clipboardData);
      if (files.length === 0) return;
      event.preventDefault();
      void importFiles(files);
    };
    addEventListener("paste", onPaste);
    return () => removeEventListener("paste", onPaste);
  }, []);
}

function isTextField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, [contenteditable='true']") !== null;
}

/** Files, or the text of a file. What was copied from a canvas is for a canvas, which takes it itself. */
function pastedFiles(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])].filter(({ name }) => name.endsWith(".json"));
  if (files.length > 0) return files;
  const text = data?.getData("text/plain") ?? "";
  const isFile =
    text.trimStart().startsWith("{") && text.includes('"nodes"') && !text.includes('"psynapse":');
  return isFile ? [new File([text], "pasted workflow.json")] : [];
}
