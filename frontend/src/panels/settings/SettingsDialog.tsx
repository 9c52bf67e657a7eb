/** The settings: how the editor looks and behaves, secrets, and where data is kept. */

import { type ReactNode, Suspense } from "react";
import { Secrets } from "@/panels/settings/Secrets";
import { ServerPage } from "@/panels/settings/ServerPage";
import styles from "@/panels/settings/SettingsDialog.module.css";
import { isSettingsPage } from "@/panels/settings/settings_pages";
import { type Settings, setSettings, useSettings } from "@/state/settings";
import { Dialog } from "@/ui/Dialog";
import { later } from "@/ui/later";
import { Select } from "@/ui/Select";
import { Switch } from "@/ui/Switch";
import { Tabs } from "@/ui/Tabs";

const THEMES: readonly { readonly value: Settings["theme"]; readonly label: string }[] = [
  { value: "system", label: "Like the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

export interface SettingsDialogProps {
  /** One of settings_pages.ts; anything else is the first. */
  readonly page: string;
  readonly onPage: (page: string) => void;
  readonly onOpenChange: (open: boolean) => void;
}

const NodesPanel = later(async () => (await import("@/panels/nodes/NodesPanel")).NodesPanel);
const ServerLog = later(async () => (await import("@/panels/settings/ServerLog")).ServerLog);
const PipelinesPanel = later(async () => (await import("@/panels/pipelines/PipelinesPanel")).PipelinesPanel);

export function SettingsDialog({ page, onPage, onOpenChange }: SettingsDialogProps) {
  const tab = isSettingsPage(page) ? page : "editor";
  const tabs = [
    { id: "editor", label: "Editor", content: <EditorSettings /> },
    { id: "nodes", label: "Nodes", content: <Awaited content={<NodesPanel />} /> },
    { id: "pipelines", label: "Pipelines", content: <Awaited content={<PipelinesPanel />} /> },
    { id: "secrets", label: "Secrets", content: <Page content={<Secrets />} /> },
    { id: "server", label: "Server", content: <Page content={<ServerPage />} /> },
    { id: "log", label: "Log", content: <Awaited content={<ServerLog />} /> },
    { id: "data", label: "Your data", content: <DataPlaces /> },
  ];
  return (
    <Dialog open onOpenChange={onOpenChange} title="Settings" size="large">
      <Tabs className={styles.tabs} label="Settings" tabs={tabs} value={tab} onChange={onPage} />
    </Dialog>
  );
}

/** Fetched when it is shown. */
function Awaited({ content }: { content: ReactNode }) {
  return <Suspense fallback={<p className={styles.page}>Opening …</p>}>{content}</Suspense>;
}

function Page({ content }: { content: ReactNode }) {
  return <div className={styles.page}>{content}</div>;
}

function EditorSettings() {
  const { theme, snap, minimap } = useSettings();
  const choose = (value: string) => {
    const chosen = THEMES.find((one) => one.value === value);
    if (chosen) setSettings({ theme: chosen.value });
  };
  return (
    <div className={styles.page}>
      <div className={styles.row}>
        <label htmlFor="setting-theme" className={styles.label}>
          Theme
        </label>
        <Select id="setting-theme" value={theme} options={THEMES} onChange={choose} />
      </div>
      <Switch
        label="Snap to the grid"
        hint="Nodes keep to steps of 16 pixels when they are moved."
        checked={snap}
        onChange={(on) => setSettings({ snap: on })}
      />
      <Switch
        label="Minimap"
        hint="A small map of the workflow in the corner of the canvas."
        checked={minimap}
        onChange={(on) => setSettings({ minimap: on })}
      />
    </div>
  );
}

function DataPlaces() {
  return (
    <dl className={styles.page}>
      <Place title="Workflows">
        Files in the workspace folder of the server, as JSON that can be compared line by line.
      </Place>
      <Place title="Unsaved edits">Drafts in this browser until the server has them.</Place>
      <Place title="Runs and their values">The data folder of the server.</Place>
      <Place title="Secrets">
        The server's keyring, or a file that only its user can read. Their values never come back here.
      </Place>
      <Place title="These settings">This browser.</Place>
      <Place title="Anything else">Nothing is sent anywhere: there is no telemetry.</Place>
    </dl>
  );
}

function Place({ title, children }: { title: string; children: string }) {
  return (
    <div className={styles.place}>
      <dt className={styles.label}>{title}</dt>
      <dd className={styles.where}>{children}</dd>
    </div>
  );
}
