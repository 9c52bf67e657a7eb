/** The pages of the settings, as addresses name them. */

export const SETTINGS_PAGES = ["editor", "nodes", "pipelines", "secrets", "server", "log", "data"] as const;
export type SettingsPage = (typeof SETTINGS_PAGES)[number];

export function isSettingsPage(text: string): text is SettingsPage {
  return (SETTINGS_PAGES as readonly string[]).includes(text);
}
