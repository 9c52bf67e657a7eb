// What pages see of the app, as window.scope; docs/desktop.md describes it. Put into our own pages by the window.
(() => {
  "use strict";
  if (window.scope) return;
  const waiting = new Map();
  let calls = 0;

  const channel = () =>
    new Promise((resolve) => {
      const up = () => window.pywebview && (window.pywebview.platform !== "qtwebengine" || window.pywebview._QWebChannel);
      if (up()) resolve();
      else window.addEventListener("pywebviewready", () => resolve(), { once: true });
    });

  // The stock functions of the toolkit are made from text, which the editor's content policy forbids.
  const call = async (method, ...values) => {
    await channel();
    return new Promise((resolve, reject) => {
      const id = String(++calls);
      waiting.set(id, { resolve, reject });
      window.pywebview._jsApiCallback("scope", [id, method, values], id);
    });
  };

  const answer = (id, { value, error }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (!call) return;
    if (error) call.reject(Object.assign(new Error(error.message), { name: "ScopeError", ...error }));
    else call.resolve(value);
  };
  Object.defineProperty(window, "__scopeAnswer", { value: answer });

  const methods = {
    ready: () => call("ready"),
    browseDirectory: (title = "", start = "") => call("browseDirectory", title, start),
    openExternal: (url) => call("openExternal", url),
    serverStatus: () => call("serverStatus"),
    serverLog: (lines = 200) => call("serverLog", lines),
    restartServer: () => call("restartServer"),
  };
  Object.defineProperty(window, "scope", { value: Object.freeze({ version: 1, ...methods }) });
  window.dispatchEvent(new CustomEvent("scope:available"));
})();
