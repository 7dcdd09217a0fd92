import { defineConfig } from "vitest/config";

// Many tests wait for queues and timers: a worker for each core leaves none of them idle, where the default leaves one out.
export default defineConfig({
  test: { include: ["test/**/*.test.ts"], maxWorkers: "100%", testTimeout: 30_000, hookTimeout: 60_000 },
});
