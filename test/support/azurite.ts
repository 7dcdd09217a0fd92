import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

export interface Azurite {
  readonly connectionString: string;
  readonly blobUrl: string;
  readonly queueUrl: string;
  readonly tableUrl: string;
  readonly stop: () => Promise<void>;
}

/** https://learn.microsoft.com/azure/storage/common/storage-connect-azurite */
const account = "devstoreaccount1";
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const main = createRequire(import.meta.url).resolve("azurite/dist/src/azurite.js");
const options =
  "--inMemoryPersistence --silent --disableTelemetry --skipApiVersionCheck --blobPort 0 --queuePort 0 --tablePort 0";

/** A storage emulator of one's own, on ports that were free; it ends with `stop`, and with this process. */
export async function startAzurite(): Promise<Azurite> {
  const folder = mkdtempSync(join(tmpdir(), "cordon-azurite-"));
  const child = spawn(process.execPath, [main, ...options.split(" ")], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = () => child.kill();
  process.once("exit", kill);
  const urls = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [, service, url] = /^Azurite (\w+) service is successfully listening at (\S+)$/.exec(line) ?? [];
    if (service !== undefined && url !== undefined) urls.set(service, `${url}/${account}`);
    if (urls.size === 3) break;
  }
  child.stdout.resume();
  const [blobUrl = "", queueUrl = "", tableUrl = ""] = ["Blob", "Queue", "Table"].map((service) => urls.get(service));
  if (urls.size < 3) throw new Error("Azurite ended before it listened");
  return {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};BlobEndpoint=${blobUrl};QueueEndpoint=${queueUrl};TableEndpoint=${tableUrl};`,
    blobUrl,
    queueUrl,
    tableUrl,
    async stop() {
      process.off("exit", kill);
      if (child.exitCode === null) {
        const ended = once(child, "exit");
        child.kill();
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
