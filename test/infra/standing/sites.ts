import { isSame, listAt, type Properties, type Standing, withProperties } from "./body.ts";

/** The row that App Service puts at the end of a list: what becomes of addresses that no other row has. */
const lastPriority = 2_147_483_647;

/**
 * Apps as they are listed, without their configuration, and `config/web` with it.
 * https://learn.microsoft.com/azure/app-service/overview-access-restrictions
 */
export function withConfiguration(bodies: readonly Standing[]): readonly Standing[] {
  return bodies.flatMap((body) => {
    if (body.type !== "Microsoft.Web/sites") return [body];
    const { siteConfig, ...properties } = body.properties;
    const config = { ...Object(siteConfig) };
    const web: Standing = {
      id: `${body.id}/config/web`,
      name: "web",
      type: "Microsoft.Web/sites/config",
      properties: {
        ...config,
        ipSecurityRestrictions: restrictions(config, "ipSecurityRestrictions"),
        scmIpSecurityRestrictions: restrictions(config, "scmIpSecurityRestrictions"),
      },
    };
    return [withProperties({ ...body, properties }, { siteConfig: null, ...tierOf(body, bodies) }), web];
  });
}

/** An app says what plan it runs on. */
function tierOf({ properties }: Standing, bodies: readonly Standing[]): Properties {
  const plan = bodies.find(({ id }) => isSame(id, String(properties.serverFarmId)));
  return plan === undefined ? {} : { sku: Object(plan.sku).tier };
}

function restrictions(config: Properties, list: string): readonly Properties[] {
  const isDenied = config[`${list}DefaultAction`] === "Deny";
  const word = isDenied ? "Deny" : "Allow";
  const given = listAt(config, list).map((row) => ({ tag: "Default", ...row }));
  return [
    ...given,
    { ipAddress: "Any", action: word, priority: lastPriority, name: `${word} all`, description: `${word} all access` },
  ];
}
