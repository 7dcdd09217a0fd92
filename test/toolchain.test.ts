import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };

test("everything runs on the pinned Node, whatever Node the machine has", () => {
  expect(process.versions.node).toBe(packageJson.devDependencies.node);
});

test("`npx cordon` runs on the pinned Node, too", () => {
  const version = execFileSync("npx", ["--no-install", "node", "--version"], { encoding: "utf8" });
  expect(version.trim()).toBe(`v${packageJson.devDependencies.node}`);
});
