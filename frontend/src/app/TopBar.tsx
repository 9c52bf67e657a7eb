/** The bar at the top: workflows, running, and the ways to everything else. */

import { Command, Moon, Settings, Sun } from "lucide-react";
import { toggleTheme } from "@/app/app_commands";
import { openDialog } from "@/app/dialogs";
import { Logo } from "@/app/Logo";
import { RunControls } from "@/app/RunControls";
import { TabBar } from "@/app/TabBar";
import styles from "@/app/TopBar.module.css";
import { useShownTheme } from "@/app/use_shown_theme";
import { IconButton } from "@/ui/IconButton";

export function TopBar() {
  const theme = useShownTheme();
  return (
    <header className={styles.bar}>
      <h1 className={styles.product}>
        <Logo />
      </h1>
      <TabBar />
      <RunControls />
      <span className={styles.line} />
      <IconButton label="All commands" keys="$mod+k" onClick={() => openDialog("palette")}>
        <Command size={16} />
      </IconButton>
      <IconButton
        label={theme === "dark" ? "Use the light theme" : "Use the dark theme"}
        onClick={toggleTheme}
      >
        {theme === "dark" ? <Sun size={16} /> : <Moon size={16} />}
      </IconButton>
      <IconButton label="Settings" keys="$mod+," onClick={() => openDialog("settings")}>
        <Settings size={16} />
      </IconButton>
    </header>
  );
}
