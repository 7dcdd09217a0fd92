import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { bundledRecording, suggestEdit } from "../../infra/local/demo-recording.ts";

const root = resolve(import.meta.dirname, "../..");
describe.each([
  { from: "the recording", options: [], says: /^Auditing \S+$/m },
  {
    from: "a simulated Azure that serves the recording",
    options: ["--live-simulated"],
    says: /^Auditing \S+, which a simulated Azure serves at http:\/\/127\.0\.0\.1:\d+$/m,
  },
])("npm start, which reads $from", ({ options, says }) => {
  const folder = mkdtempSync(join(tmpdir(), "cordon-start-"));
  let child: ChildProcess;
  let output = "";

  beforeAll(async () => {
    cpSync(bundledRecording, folder, { recursive: true });
    child = spawn(process.execPath, ["infra/local/start.ts", "--port", "0", "--recording", folder, ...options], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    await said(/Ctrl-C ends everything/, 110);
  }, 120_000);
  afterAll(() => {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  async function said(pattern: RegExp, seconds = 30): Promise<RegExpExecArray> {
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      const found = pattern.exec(output);
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`nothing like ${pattern} in:\n${output}`);
  }

  function edit(from: string, to: string, line: number): void {
    const file = join(folder, "erp-storage-accounts-page-1.json");
    const lines = readFileSync(file, "utf8").split("\n");
    expect(lines[line - 1]).toContain(from);
    writeFileSync(file, lines.with(line - 1, (lines[line - 1] ?? "").replace(from, to)).join("\n"));
  }

  test("the first audit runs, and its summary is that of `cordon audit`", async () => {
    await said(says);
    const [, high] = await said(/^2 subscriptions, \d+ resources: (\d+) high/m);
    // It ends with 1, since there are findings.
    const command = ["lib/cli/main.ts", "audit", "--recording", folder, "--format", "json"];
    const report = JSON.parse(spawnSync(process.execPath, command, { cwd: root, encoding: "utf8" }).stdout);
    const findings = report.findings as { severity: string; status: string; waived?: object }[];
    const open = findings.filter(({ severity, status, waived }) => severity === "high" && status === "fail" && !waived);
    expect(Number(high)).toBe(open.length);
  });

  test("the report can be opened under the address that is shown", async () => {
    const [address = ""] = await said(/http:\S+\/api\/report\?code=\S+/);
    const response = await fetch(address, { headers: { accept: "text/html" } });
    expect(response.status).toBe(200);
    expect(await response.text()).toContain("stcontosoreports");
  });

  test("an edit opens a finding, and undoing it resolves the finding; both within seconds", async () => {
    const suggested = suggestEdit(folder);
    if (suggested === undefined) throw new Error("the bundled recording has no such line any more");
    edit(suggested.from, suggested.to, suggested.line);
    await said(/^opened +NI101 +high +stcontosoarchive/m, 10);
    edit(suggested.to, suggested.from, suggested.line);
    await said(/^resolved +NI101 +high +stcontosoarchive.*\(fixed\)/m, 10);
  });

  test("a file that is saved by rename is seen each time", async () => {
    const suggested = suggestEdit(folder);
    if (suggested === undefined) throw new Error("the bundled recording has no such line any more");
    const { from, to } = suggested;
    for (const [before, after, says] of [
      [from, to, /^opened +NI101 +high +stcontosoarchive/m],
      [to, from, /^resolved +NI101 +high +stcontosoarchive.*\(fixed\)/m],
    ] as const) {
      const length = output.length;
      const file = join(folder, "erp-storage-accounts-page-1.json");
      execFileSync("sed", ["-i", `${suggested.line}s/${before}/${after}/`, file]);
      // the same resource is read again only after a quiet time
      await expect.poll(() => output.slice(length), { timeout: 30_000 }).toMatch(says);
    }
  }, 70_000);

  test("a resource that is taken out of its list is deleted, and its findings are resolved as that", async () => {
    const file = join(folder, "erp-storage-accounts-page-1.json");
    const before = readFileSync(file, "utf8");
    const page = JSON.parse(before);
    const rest = page.body.value.filter(({ name }: { name: string }) => name !== "stcontosoreports");
    expect(rest).toHaveLength(page.body.value.length - 1);
    writeFileSync(file, JSON.stringify({ ...page, body: { ...page.body, value: rest } }));
    await said(/^resolved +NI203 +high +stcontosoreports.*\(deleted\)/m, 10);
    writeFileSync(file, before);
    await said(/^opened +NI203 +high +stcontosoreports/m, 30);
  }, 50_000);

  test("an edit of the policy is told to count after a restart", async () => {
    await said(/^Policy: \S+cordon\.policy\.json, as it is now: edits of it count after a restart$/m);
    const file = join(folder, "cordon.policy.json");
    writeFileSync(file, `${readFileSync(file, "utf8")}\n`);
    await said(/^the policy has changed: it counts after a restart$/m, 10);
  });

  test("the line with curl works in a shell as it stands", async () => {
    const [line = ""] = await said(/^ +curl .*$/m);
    const before = output.length;
    execFileSync("sh", ["-c", line.replace("curl", "curl --fail")]);
    await expect.poll(() => output.slice(before), { timeout: 10_000 }).toMatch(/audit-change +succeeded/);
  });

  test("what is in the queue can be looked at", async () => {
    const [, options = ""] = await said(/npm run -s peek findings -- (--port \d+)/);
    const arguments_ = ["infra/local/peek.ts", "findings", ...options.split(" ")];
    const { stdout, stderr } = spawnSync(process.execPath, arguments_, { cwd: root, encoding: "utf8" });
    expect(stdout).toMatch(
      /^cordon\.finding\.opened\.v1 {2}NI\d+ {2}(high|medium|low|info|unsure) +\/subscriptions\//m,
    );
    expect(stdout.trim().split("\n")).toHaveLength(32);
    expect(stderr).toMatch(/^\d+ messages in findings: these are the first 32, and \d+ more come behind them /);
  });

  test("peeking ends quietly where nobody reads to the end", async () => {
    const [, options = ""] = await said(/npm run -s peek findings -- (--port \d+)/);
    const peek = `${process.execPath} infra/local/peek.ts findings ${options} --full`;
    const { stdout, stderr } = spawnSync("sh", ["-c", `{ ${peek}; echo "ended with $?" >&2; } | true`], {
      cwd: root,
      encoding: "utf8",
    });
    expect({ stdout, stderr }).toEqual({
      stdout: "",
      stderr: expect.stringMatching(/^(\d+ messages? in .*\n)?ended with 0\n$/),
    });
  });

  test("Ctrl-C ends it, and it says nothing more of what it was about to do", async () => {
    const suggested = suggestEdit(folder);
    if (suggested === undefined) throw new Error("the bundled recording has no such line any more");
    edit(suggested.from, suggested.to, suggested.line);
    await said(/^written \S+stcontosoarchive(?![\s\S]*^resolved)/m, 10);
    child.kill("SIGINT");
    await once(child, "exit");
    expect(child.exitCode).toBe(0);
    expect(output).not.toContain("cannot ask for the report");
  });
});

test("what is edited while the first audit runs is told of afterwards, and what cannot be read stops nothing", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cordon-early-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  cpSync(bundledRecording, folder, { recursive: true });
  writeFileSync(join(folder, "empty.json"), "");
  const child = spawn(
    process.execPath,
    ["infra/local/start.ts", "--port", "0", "--recording", folder, "--live-simulated"],
    {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  await expect.poll(() => output, { timeout: 60_000 }).toMatch(/^Auditing /m);
  const suggested = suggestEdit(folder);
  if (suggested === undefined) throw new Error("the bundled recording has no such line any more");
  const file = join(folder, "erp-storage-accounts-page-1.json");
  const lines = readFileSync(file, "utf8").split("\n");
  const line = (lines[suggested.line - 1] ?? "").replace(suggested.from, suggested.to);
  writeFileSync(file, lines.with(suggested.line - 1, line).join("\n"));
  await expect.poll(() => output, { timeout: 60_000 }).toMatch(/^opened +NI101 +high +stcontosoarchive/m);
  expect(output).toMatch(/Ctrl-C ends everything[\s\S]*^written \S+stcontosoarchive$/m);
}, 130_000);

test("nothing to simulate is told: a list of resources is no answer to a question", () => {
  const folder = mkdtempSync(join(tmpdir(), "cordon-bare-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const id =
    "/subscriptions/aaaaaaaa-1111-4111-8111-000000000001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st";
  writeFileSync(join(folder, "bare.json"), JSON.stringify([{ id, type: "Microsoft.Storage/storageAccounts" }]));
  const { status, stderr } = spawnSync(
    process.execPath,
    ["infra/local/start.ts", "--port", "0", "--recording", folder, "--live-simulated"],
    { cwd: root, encoding: "utf8" },
  );
  expect([status, stderr]).toEqual([1, expect.stringContaining(`\`${folder}\` holds no answer of Azure`)]);
});
