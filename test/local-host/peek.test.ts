import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

function peek(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["infra/local/peek.ts", ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Where nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

test.each(["Findings", "find ings", "a", "find--ings"])("%s is told to be no name of a queue", (name) => {
  expect(peek(name)).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringContaining(`'${name}' is invalid for argument 'queue'.`),
  });
});

test("where nothing was started, that is told", async () => {
  const port = await closedPort();
  const stderr = `nothing to look at: no \`npm start\` is running on port ${port} (ERR_NOT_RUNNING)\n`;
  expect(peek("--port", String(port))).toEqual({ status: 1, stdout: "", stderr });
});

test("where what was started was killed, that is told", async () => {
  const port = await closedPort();
  const file = `${root}/.local/run-${port}.json`;
  mkdirSync(`${root}/.local`, { recursive: true });
  onTestFinished(() => rmSync(file));
  const account = `AccountName=devstoreaccount1;AccountKey=${Buffer.alloc(64).toString("base64")}`;
  const storage = `DefaultEndpointsProtocol=http;${account};QueueEndpoint=http://127.0.0.1:${port}/devstoreaccount1;`;
  writeFileSync(file, JSON.stringify({ address: `http://127.0.0.1:${port}`, storage, keys: {} }));
  const stderr = `nothing to look at: the \`npm start\` that ran on port ${port} is not there any more (ERR_NOT_RUNNING)\n`;
  expect(peek("--port", String(port))).toEqual({ status: 1, stdout: "", stderr });
}, 60_000);
