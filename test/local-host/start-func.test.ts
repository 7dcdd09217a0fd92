import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "cordon-func-"));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const startFunc = (path: string) =>
  spawnSync(process.execPath, ["infra/local/start-func.ts", "--port", "7072"], {
    cwd: root,
    env: { PATH: path, HOME: process.env.HOME },
    encoding: "utf8",
    timeout: 30_000,
  });

test("`npm run start:func` hands app, settings and storage over to Core Tools", () => {
  const func = join(folder, "func");
  writeFileSync(func, '#!/bin/sh\necho "func $*"\necho "$AzureWebJobsStorage"\necho "$CORDON_READER"\nexit 3\n');
  chmodSync(func, 0o755);
  const { stdout, status } = startFunc(`${folder}:/usr/bin:/bin`);
  expect(stdout).toMatch(/^func start --port 7072$/m);
  expect(stdout).toMatch(/QueueEndpoint=http:\/\/127\.0\.0\.1:\d+/);
  expect(stdout).toMatch(/^recorded$/m);
  expect(status).toBe(3);
});

test("`npm run start:func` says what is missing where there are no Core Tools", () => {
  const { stderr, status } = startFunc(folder);
  expect(stderr).toContain("Azure Functions Core Tools are not installed");
  expect(stderr).toContain("`npm start` runs the same app without them");
  expect(status).toBe(1);
});
