import { startAzurite } from "./azurite.ts";
import type { Settings } from "./settings.ts";

const developmentStorage = "UseDevelopmentStorage=true";

/** `UseDevelopmentStorage=true` is an Azurite of the host's own, which ends with it. */
export async function withDevelopmentStorage(
  settings: Settings,
  ends: (() => Promise<void> | void)[],
): Promise<Settings> {
  if (!Object.values(settings).includes(developmentStorage)) return settings;
  const azurite = await startAzurite();
  ends.push(() => azurite.stop());
  const values = Object.entries(settings).map(([name, value]) => {
    return [name, value === developmentStorage ? azurite.connectionString : value] as const;
  });
  return Object.fromEntries(values);
}
