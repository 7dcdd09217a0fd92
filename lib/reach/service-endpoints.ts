import { catalog } from "../catalog/index.ts";
import type { Service } from "../catalog/service.ts";
import type { SubnetFact } from "../model/fact.ts";
import { certainly, perhaps, type Truth } from "../model/must-may.ts";
import { fold } from "../model/resource-id.ts";
import type { Namer, Snapshot } from "../model/snapshot.ts";
import { unreadBecause } from "./unread.ts";

/** A service endpoint, and where the network rules are that need it. */
export interface EndpointTarget {
  /** The canonical spelling: `Microsoft.Storage`. */
  readonly name: string;
  /** Folded types of the services that it leads to. */
  readonly services: readonly string[];
  /** Folded types of all resources that hold their network rules. */
  readonly holders: readonly string[];
}

const targets = new Map(
  catalog
    .flatMap((service) => service.serviceEndpoints)
    .map((name): [string, EndpointTarget] => {
      const services = catalog.filter(({ serviceEndpoints }) =>
        serviceEndpoints.some((one) => fold(one) === fold(name)),
      );
      return [
        fold(name),
        { name, services: services.map(({ type }) => fold(type)), holders: services.flatMap(holdersOf) },
      ];
    }),
);

/** `name` is folded; undefined where no service in the catalog is reached over the endpoint. */
export function endpointTarget(name: string): EndpointTarget | undefined {
  return targets.get(name);
}

/** A network rule of a service that the endpoint leads to names the subnet, whether or not it has an effect. */
export function isEndpointUsed({ id }: SubnetFact, { services, holders }: EndpointTarget, snapshot: Snapshot): Truth {
  const naming = snapshot.namers(id, "service", "firewall", "virtualNetworkRule"); // these do so in a network rule
  const isUsed = naming.some((fact) => services.includes(ownerOf(fact)));
  if (isUsed) return certainly(true);
  const because = holders.flatMap((type) => {
    return unreadBecause(snapshot.everywhere(type), `the list of all \`${type}\``) ?? [];
  });
  return because.length === 0 ? certainly(false) : perhaps(because);
}

function holdersOf({ type, virtualNetworkRules, firewallChild }: Service): readonly string[] {
  const children = [virtualNetworkRules?.in === "child" ? virtualNetworkRules.type : undefined, firewallChild?.type];
  return [type, ...children.flatMap((child) => (child === undefined ? [] : `${type}/${child}`))].map(fold);
}

/** The type of the service whose rules the fact holds. */
function ownerOf({ kind, id }: Namer): string {
  return kind === "service" ? id.type : id.type.slice(0, id.type.lastIndexOf("/"));
}
