import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { appFolder } from "./sample.ts";

const main = fileURLToPath(new URL("../../infra/local/main.ts", import.meta.url));
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

interface Running {
  readonly host: ChildProcess;
  readonly address: string;
  /** Azurite and the worker. */
  readonly children: readonly number[];
}

async function start(...options: readonly string[]): Promise<Running> {
  const folder = await appFolder();
  folders.push(folder);
  const host = spawn(process.execPath, [main, folder, "--port", "0", ...options], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = (await once(createInterface({ input: host.stdout }), "line")) as [string];
  const { address } = JSON.parse(line) as { address: string };
  const children = readFileSync(`/proc/${host.pid}/task/${host.pid}/children`, "utf8").trim().split(" ").map(Number);
  expect(children).toHaveLength(2);
  return { host, address, children };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test.runIf(process.platform === "linux").each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
  "%s to the host ends the worker and Azurite as well",
  async (signal) => {
    const { host, address, children } = await start();
    expect((await fetch(`${address}/api/hello/x`)).status).toBe(202);
    const ended = once(host, "exit");
    host.kill(signal);
    await ended;
    await expect.poll(() => children.filter(isAlive), { timeout: 5_000 }).toEqual([]);
    if (signal !== "SIGKILL") expect(host.exitCode).toBe(0);
  },
);

test("a port that is taken is named, and nothing is left running", async () => {
  const { host, address } = await start();
  const second = spawn(process.execPath, [main, folders[0] ?? "", "--port", new URL(address).port], { stdio: "pipe" });
  let text = "";
  second.stderr.on("data", (chunk) => (text += chunk));
  const [code] = await once(second, "exit");
  expect({ code, text }).toMatchObject({ code: 1, text: expect.stringContaining("choose another with `--port`") });
  host.kill();
  await once(host, "exit");
});
