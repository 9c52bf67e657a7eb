import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import "@/displays/display_testing";
import { ErrorDisplay } from "@/displays/ErrorDisplay";
import { seriousFindings } from "@/widgets/accessibility_testing";

const FAILURE = {
  message: "division by zero",
  type: "ZeroDivisionError",
  traceback: "Traceback (most recent call last): …",
  hint: "Give b another value.",
  port: "b",
};

describe("a failure", () => {
  it("says what happened, where and what to do", async () => {
    const { container } = render(<ErrorDisplay failure={FAILURE} size="panel" />);
    expect(screen.getByText("ZeroDivisionError, input b: division by zero")).toBeTruthy();
    expect(screen.getByText("Give b another value.")).toBeTruthy();
    expect(screen.getByText("Traceback")).toBeTruthy();
    expect(await seriousFindings(container)).toEqual([]);
  });

  it("leaves the traceback out of a node", () => {
    render(<ErrorDisplay failure={{ ...FAILURE, port: null, type: "" }} size="node" />);
    expect(screen.getByText("division by zero")).toBeTruthy();
    expect(screen.queryByText("Traceback")).toBeNull();
  });
});
