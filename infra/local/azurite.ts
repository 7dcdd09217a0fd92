import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { killChild, startChild } from "./child-process.ts";

export interface Azurite {
  readonly connectionString: string;
  readonly blobUrl: string;
  readonly queueUrl: string;
  readonly tableUrl: string;
  readonly stop: () => Promise<void>;
}

/** The account that every storage emulator has: https://learn.microsoft.com/azure/storage/common/storage-connect-azurite */
const account = "devstoreaccount1";
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

const options =
  "--inMemoryPersistence --silent --disableTelemetry --skipApiVersionCheck --blobPort 0 --queuePort 0 --tablePort 0";

/** A storage emulator of one's own, on ports that were free. It keeps everything in memory, and ends with this process. */
export async function startAzurite(): Promise<Azurite> {
  const folder = mkdtempSync(join(tmpdir(), "cordon-azurite-"));
  const script = createRequire(import.meta.url).resolve("azurite/dist/src/azurite.js");
  const child = startChild(script, options.split(" "), { cwd: folder });
  const stop = async () => {
    // All is in memory; asked nicely, it would wait for its clients' open connections.
    await killChild(child);
    rmSync(folder, { recursive: true, force: true });
  };
  const urls = new Map<string, string>();
  child.stderr?.pipe(process.stderr);
  if (child.stdout === null) throw new CordonError("ERR_AZURITE", "cannot read what Azurite says");
  for await (const line of createInterface({ input: child.stdout })) {
    const [, service, url] = /^Azurite (\w+) service is successfully listening at (\S+)$/.exec(line) ?? [];
    if (service !== undefined && url !== undefined) urls.set(service, `${url}/${account}`);
    if (urls.size === 3) break;
  }
  child.stdout.resume();
  const [blobUrl, queueUrl, tableUrl] = ["Blob", "Queue", "Table"].map((service) => urls.get(service));
  if (blobUrl === undefined || queueUrl === undefined || tableUrl === undefined) {
    await stop();
    throw new CordonError("ERR_AZURITE", "the storage emulator Azurite ended before it listened");
  }
  const connectionString = [
    "DefaultEndpointsProtocol=http",
    `AccountName=${account}`,
    `AccountKey=${key}`,
    `BlobEndpoint=${blobUrl}`,
    `QueueEndpoint=${queueUrl}`,
    `TableEndpoint=${tableUrl}`,
  ].join(";");
  return { connectionString: `${connectionString};`, blobUrl, queueUrl, tableUrl, stop };
}
