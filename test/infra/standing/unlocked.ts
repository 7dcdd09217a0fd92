import { listAt, type Properties, type Standing, withProperties } from "./body.ts";

/**
 * Doors with two locks, with one of them opened: so the other one is seen to hold alone. An audit of the whole says nothing
 * of a lock behind another one, for nobody gets that far.
 */
export const unlocked = {
  "were public access on": (bodies: readonly Standing[]) =>
    bodies.map((body) => (hasFirewall(body) ? withProperties(body, { publicNetworkAccess: "Enabled" }) : body)),
  "were every firewall open": (bodies: readonly Standing[]) => bodies.map(withoutFirewall),
  "had the SCM site a list of its own": (bodies: readonly Standing[]) =>
    unlocked["were public access on"](bodies).map((body) =>
      inConfiguration(body, { scmIpSecurityRestrictionsUseMain: false }),
    ),
  "were the SCM site's own list open": (bodies: readonly Standing[]) =>
    unlocked["were public access on"](bodies).map((body) =>
      inConfiguration(body, openList(body, "scmIpSecurityRestrictions")),
    ),
} as const;

const configuration = "Microsoft.Web/sites/config";

function hasFirewall({ type }: Standing): boolean {
  return [
    configuration,
    "Microsoft.Web/sites",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.KeyVault/vaults",
  ].includes(type);
}

function withoutFirewall(body: Standing): Standing {
  const { networkAcls } = body.properties;
  if (networkAcls !== undefined)
    return withProperties(body, { networkAcls: { ...Object(networkAcls), defaultAction: "Allow" } });
  const lists = ["ipSecurityRestrictions", "scmIpSecurityRestrictions"];
  return lists.reduce((open, list) => inConfiguration(open, openList(open, list)), body);
}

function openList({ properties }: Standing, list: string): Properties {
  const rows = listAt(properties, list).map((row) => (row.ipAddress === "Any" ? { ...row, action: "Allow" } : row));
  return { [list]: rows, [`${list}DefaultAction`]: "Allow" };
}

function inConfiguration(body: Standing, more: Properties): Standing {
  return body.type === configuration ? withProperties(body, more) : body;
}
