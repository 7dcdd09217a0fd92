import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { parseJson } from "../../lib/readers/json-text.ts";
import { linesOf, wrongInput } from "./wrong-input.ts";

export type Settings = Readonly<Record<string, string>>;

export interface Chosen {
  readonly value: string;
  /** "the environment" or "local.settings.json". */
  readonly from: string;
}

const ownFile = "local.settings.json";

const schema = z.strictObject({
  $schema: z.optional(z.string()),
  IsEncrypted: z.optional(z.literal(false, "the local host reads only settings that are not encrypted")),
  Values: z.record(z.string(), z.string()),
  Host: z.optional(z.strictObject({ LocalHttpPort: z.optional(z.int()) })),
});

/**
 * The app settings: those of local.settings.json, or of the sample where there is none. What the environment says of
 * one of them, or of host.json, comes first: https://learn.microsoft.com/azure/azure-functions/functions-develop-local
 */
export function readSettings(folder: string, environment: NodeJS.ProcessEnv): Settings {
  const file = [ownFile, "local.settings.sample.json"].map((name) => join(folder, name)).find(existsSync);
  if (file === undefined) throw new CordonError("ERR_SETTINGS", `no local.settings.json in \`${folder}\``);
  const values = valuesIn(file);
  const isHost = (name: string) => name.startsWith("AzureFunctionsJobHost__");
  const names = [...Object.keys(values), ...Object.keys(environment).filter(isHost)];
  return Object.fromEntries(names.map((name) => [name, environment[name] ?? values[name] ?? ""]));
}

/** What somebody has said of a setting, empty values apart; undefined where only the sample says something. */
export function chosenSetting(folder: string, environment: NodeJS.ProcessEnv, name: string): Chosen | undefined {
  const own = join(folder, ownFile);
  const candidates: readonly (readonly [string, string | undefined])[] = [
    ["the environment", environment[name]],
    [ownFile, existsSync(own) ? valuesIn(own)[name] : undefined],
  ];
  const [from, value] = candidates.find(([, value]) => value !== undefined) ?? [];
  return from === undefined || value === undefined || value.trim() === "" ? undefined : { value, from };
}

function valuesIn(file: string): Settings {
  const { success, data, error } = schema.safeParse(documentIn(file));
  if (!success) throw wrongInput("ERR_SETTINGS", `cannot use \`${file}\``, linesOf(error), error);
  return data.Values;
}

function documentIn(file: string): unknown {
  const parsed = parseJson(readFileSync(file, "utf8"));
  if (parsed.kind === "value") return parsed.value;
  const { line, column, message } = parsed;
  throw wrongInput("ERR_SETTINGS", `cannot use \`${file}\``, [`line ${line}, column ${column}: ${message}`]);
}

/** Puts the values of settings in the place of `%NAME%`. */
export function resolveSettings(text: string, settings: Settings, where: string): string {
  return text.replaceAll(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new CordonError("ERR_SETTING_MISSING", `${where} needs the setting \`${name}\``);
    return value;
  });
}

/** The connection string of a binding: under its `connection` as it stands, or with the prefix `AzureWebJobs`. */
export function connectionOf(connection: string, settings: Settings, where: string): string {
  const value = settings[connection] ?? settings[`AzureWebJobs${connection}`];
  if (value !== undefined) return value;
  const isIdentity = Object.keys(settings).some((name) => name.startsWith(`${connection}__`));
  const reason = isIdentity
    ? `the connection \`${connection}\` as a connection string: the local host does not sign in`
    : `the setting \`${connection}\``;
  throw new CordonError("ERR_SETTING_MISSING", `${where} needs ${reason}`);
}
