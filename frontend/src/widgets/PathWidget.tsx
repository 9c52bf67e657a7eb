/** The path of a file or folder. In the desktop app a folder can be chosen. */

import { FolderOpen } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/ui/IconButton";
import { desktopFolders } from "@/widgets/desktop_folders";
import { STILL } from "@/widgets/field_attributes";
import { LineWidget } from "@/widgets/LineWidget";
import styles from "@/widgets/PathWidget.module.css";
import type { WidgetProps } from "@/widgets/widget_props";

export function PathWidget(props: WidgetProps) {
  const { label, disabled, invalid, onChange } = props;
  const [failure, setFailure] = useState<string>();
  const desktop = desktopFolders();
  const browse = async () => {
    setFailure(undefined);
    try {
      const path = await desktop?.browseDirectory(`Choose ${label}`);
      if (path) onChange(path);
    } catch {
      setFailure("The folder dialog could not be opened. Type the path instead");
    }
  };
  const problem = failure ?? invalid;
  return (
    <div className={styles.row}>
      <div className={styles.path}>
        <LineWidget
          {...props}
          placeholder={props.placeholder ?? "folder/file.txt"}
          {...(problem ? { invalid: problem } : {})}
        />
      </div>
      {desktop && !disabled && (
        <IconButton size="small" label={`Choose a folder for ${label}`} className={STILL} onClick={browse}>
          <FolderOpen size={14} />
        </IconButton>
      )}
    </div>
  );
}
