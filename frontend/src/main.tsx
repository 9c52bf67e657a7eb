/** Starts the editor in the page. */

import "@/app/tokens.css";
import "@/app/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "@/app/App";
import { applyTheme } from "@/app/theme";
import { start } from "@/state/start";

const root = document.getElementById("root");
if (root) {
  applyTheme();
  void start();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
