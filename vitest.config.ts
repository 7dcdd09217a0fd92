import { defineConfig } from "vitest/config";

/** Pure functions of their arguments: what one file of tests did cannot be seen by the next, so that they need not load everything anew. */
const core = ["catalog", "docs", "events", "facts", "fix", "model", "net", "oracle", "reach", "reports", "rules"];
const coreTests = core.map((folder) => `test/${folder}/**/*.test.ts`);

// Many tests wait for queues and timers: a worker for each core leaves none of them idle, where the default leaves one out.
export default defineConfig({
  test: {
    maxWorkers: "100%",
    projects: [
      { extends: true, test: { name: "core", include: coreTests, isolate: false } },
      { extends: true, test: { name: "shell", include: ["test/**/*.test.ts"], exclude: coreTests } },
    ],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
