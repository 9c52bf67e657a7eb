import { afterEach, describe, expect, it } from "vitest";
import { desktopServer, packagesIn, readyForLinks } from "@/app/desktop";

const put = (scope: unknown) => Object.defineProperty(window, "scope", { value: scope, configurable: true });

afterEach(() => Reflect.deleteProperty(window, "scope"));

describe("the desktop app", () => {
  it("is not there in a browser", async () => {
    expect(desktopServer()).toBeNull();
    expect(await readyForLinks()).toBeNull();
  });

  it("hands over the packages of links", async () => {
    put({ ready: async () => ({ links: [{ action: "install-node", package: "scope-hello" }] }) });
    expect(await readyForLinks()).toEqual(["scope-hello"]);
  });

  it.each([
    null,
    {},
    { links: "scope-hello" },
    { links: [null, 3, { action: "run", package: "x" }, { action: "install-node", package: 3 }] },
  ])("is believed only what can be understood (%#)", (answer) => {
    expect(packagesIn(answer)).toEqual([]);
  });

  it("can start the server again", () => {
    put({ restartServer: async () => ({}) });
    expect(desktopServer()).not.toBeNull();
    put({ restartServer: "no" });
    expect(desktopServer()).toBeNull();
  });
});
