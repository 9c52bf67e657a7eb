/** A real HTTP server on this machine, for tests of what talks to one. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

export interface LocalServer {
  readonly url: string;
  /** Cuts every open connection, as a network does. */
  cut(): void;
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export function serveLocally(handler: Handler, port = 0): Promise<LocalServer> {
  const server = createServer((request, response) => {
    Promise.resolve(handler(request, response)).catch(() => response.destroy());
  });
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      if (typeof address !== "object" || address === null) return reject(new Error("no address"));
      resolve({
        url: `http://127.0.0.1:${address.port}`,
        cut: () => server.closeAllConnections(),
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

export async function bodyText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}
