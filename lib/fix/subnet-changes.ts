import { endpointServiceOf } from "../catalog/service-endpoints.ts";
import type { SubnetPart } from "../catalog/subnet-requirements.ts";
import type { SubnetFact } from "../model/fact.ts";
import { regionOf } from "../model/region.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { factAt } from "../model/snapshot.ts";
import { delegationNeedsOf } from "../reach/delegation-needs.ts";
import { askedOfSubnet } from "../reach/subnet-requirements.ts";
import { type Change, creation, type Proposer, type Scene, setting } from "./change.ts";
import { type Command, command } from "./command.ts";
import type { Bodies } from "./edit.ts";

type SubnetScene = Pick<Scene, "snapshot" | "bodies">;

/** https://learn.microsoft.com/cli/azure/network/vnet/subnet#az-network-vnet-subnet-update */
function subnetCommand(option: string, subnet: ResourceId, words: readonly string[]): Command {
  const template = `network vnet subnet update --vnet-name {network} --name {name} ${option} {words}`;
  return command(template, subnet, { network: subnet.parent?.name ?? "", name: subnet.name, words });
}

function ofSubnet(propose: (subnet: SubnetFact, scene: Scene) => readonly (Change | undefined)[]): Proposer {
  return (scene) => {
    const subnet = factAt(scene.finding.resource, "subnet", scene.snapshot);
    if (subnet === undefined || scene.bodies(subnet.id) === undefined) return [];
    return propose(subnet, scene).filter((change) => change !== undefined);
  };
}

/** https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access */
export const privateSubnet = ofSubnet(({ id }, { bodies }) => {
  const off = setting(id, "/properties/defaultOutboundAccess", false, bodies);
  const caveats = [
    "machines without a NAT gateway, a public address or a load balancer no longer reach the internet: give those that need it a way out before",
    "machines that are running keep the outbound access they have until they are stopped and started",
  ];
  return [
    off && { edits: [off], commands: () => [subnetCommand("--default-outbound-access", id, ["false"])], caveats },
  ];
});

export const enableEndpointPolicies = ofSubnet(({ id }, { bodies }) =>
  ["NetworkSecurityGroupEnabled", "Enabled"].map((value) => {
    const edit = setting(id, "/properties/privateEndpointNetworkPolicies", value, bodies);
    return (
      edit && { edits: [edit], commands: () => [subnetCommand("--private-endpoint-network-policies", id, [value])] }
    );
  }),
);

/** What the services in the subnet, and the policy, need it delegated to, if to anything. */
export const delegateAsNeeded = ofSubnet((subnet, scene) => {
  const { id } = subnet;
  const needs = delegationNeedsOf(subnet, scene.snapshot, scene.policy);
  const names = new Map(needs.flatMap(({ serviceNames }) => serviceNames.map((one) => [fold(one), one])));
  const none = needs.some(({ undelegated }) => undelegated !== undefined) ? [[]] : [];
  return [...[...names.values()].map((one) => [one]), ...none].map((wanted) => {
    const delegations = wanted.map((serviceName) => ({
      name: serviceName.replaceAll("/", "."),
      properties: { serviceName },
    }));
    const edit = setting(id, "/properties/delegations", delegations, scene.bodies);
    return edit && { edits: [edit], commands: () => [withList("delegations", "--delegations", wanted, id)] };
  });
});

export const removeDelegations = ofSubnet((subnet, { bodies }) => {
  const { id, delegations } = subnet;
  const list = "/properties/delegations";
  if (delegations.kind === "unknown") return [];
  return delegations.value.map(({ pointer }) => {
    const path = pointer.split("/").slice(0, 4).join("/");
    const old = elementOf(id, path, bodies);
    return {
      edits: [{ resource: id, path, old, new: undefined }],
      commands: (after) => [withList("delegations", "--delegations", namesAt(id, list, delegationName, after), id)],
    };
  });
});

/** The endpoint that the finding is about, or every one. */
export const removeServiceEndpoints = ofSubnet((subnet, { finding }) => {
  const { id, serviceEndpoints } = subnet;
  if (serviceEndpoints.kind === "unknown") return [];
  const meant = finding.part === undefined ? undefined : fold(finding.part);
  const own = serviceEndpoints.value.filter(({ service }) => meant === undefined || service === meant);
  return own.map(({ pointer: path, raw: old }) => ({
    edits: [{ resource: id, path, old, new: undefined }],
    commands: (after) => [endpointsCommand(id, after)],
  }));
});

export function addedEndpoint(subnet: SubnetFact, name: string, scene: SubnetScene): Change | undefined {
  const { id, serviceEndpoints } = subnet;
  if (serviceEndpoints.kind === "unknown" || scene.bodies(id) === undefined) return undefined;
  if (serviceEndpoints.value.some(({ service }) => service === fold(name))) return undefined;
  const entry = newEndpoint(name, subnet, scene);
  if (entry === undefined) return undefined;
  const edit = { resource: id, path: "/properties/serviceEndpoints/-", old: undefined, new: entry };
  return { edits: [edit], commands: (after) => [endpointsCommand(id, after)], caveats: [interruption] };
}

export function replacedEndpoint(
  { id, serviceEndpoints }: SubnetFact,
  from: string,
  to: string,
  scene: SubnetScene,
): Change | undefined {
  if (serviceEndpoints.kind === "unknown" || scene.bodies(id) === undefined) return undefined;
  const old = serviceEndpoints.value.find(({ service }) => service === fold(from));
  if (old === undefined) return undefined;
  const entry = { service: to, locations: ["*"], provisioningState: "Succeeded" };
  return {
    edits: [{ resource: id, path: old.pointer, old: old.raw, new: entry }],
    commands: (after) => [endpointsCommand(id, after)],
    caveats: [interruption],
  };
}

/** https://learn.microsoft.com/azure/virtual-network/virtual-network-service-endpoints-overview#considerations */
const interruption = "open connections from the subnet to the service break off when its service endpoints change";

/** As Azure would answer it; undefined where the region is not known that it would be for. */
function newEndpoint(name: string, { id }: SubnetFact, { snapshot }: SubnetScene): object | undefined {
  const service = endpointServiceOf(name);
  const region = regionOf(factAt(id.parent, "network", snapshot)?.location);
  if (service?.scope === "everywhere")
    return { service: service.name, locations: ["*"], provisioningState: "Succeeded" };
  if (service === undefined || region === undefined) return undefined;
  return { service: service.name, locations: [region], provisioningState: "Succeeded" };
}

function endpointsCommand(id: ResourceId, after: Bodies): Command {
  const names = namesAt(id, "/properties/serviceEndpoints", (entry) => Object(entry).service, after);
  return withList("serviceEndpoints", "--service-endpoints", names, id);
}

/** The option takes all that is to be there; none is said by removing the property. */
function withList(property: string, option: string, names: readonly string[], id: ResourceId): Command {
  return names.length === 0 ? subnetCommand("--remove", id, [property]) : subnetCommand(option, id, names);
}

function namesAt(id: ResourceId, list: string, nameOf: (entry: unknown) => unknown, after: Bodies): readonly string[] {
  const entries = elementOf(id, list, after);
  return Array.isArray(entries) ? entries.map((entry) => String(nameOf(entry))) : [];
}

function delegationName(entry: unknown): unknown {
  return Object(Object(entry).properties).serviceName;
}

function elementOf(id: ResourceId, path: string, bodies: Bodies): unknown {
  return path
    .split("/")
    .slice(1)
    .reduce<unknown>((at, name) => Object(at)[name], bodies(id));
}

/** The group or the table that what is in the subnet does not support. */
export const detachUnsupported = ofSubnet((subnet, { snapshot, bodies }) => {
  const { id } = subnet;
  const parts = askedOfSubnet(subnet, snapshot)
    .map(({ requirement }) => requirement)
    .filter(({ is }) => is === "unsupported")
    .map(({ part }) => part);
  return [...new Set(parts)].map((part) => {
    const old = elementOf(id, `/properties/${part}`, bodies);
    if (old === undefined || old === null) return undefined;
    return {
      edits: [{ resource: id, path: `/properties/${part}`, old, new: undefined }],
      commands: () => [subnetCommand("--remove", id, [part])],
    };
  });
});

/** A group of its own without any rule: what is admitted is then what Azure's default rules admit. */
export const attachNewGroup = ofSubnet((subnet, scene) => [attached("networkSecurityGroup", subnet, scene, [])]);

/** What the services in the subnet need and it lacks: a group, or a table that leaves the routes as they are. */
export const attachNeeded = ofSubnet((subnet, scene) => {
  const needed = askedOfSubnet(subnet, scene.snapshot).filter(({ requirement }) => requirement.is === "needed");
  const byPart = Map.groupBy(needed, ({ requirement }) => requirement.part);
  return [...byPart].map(([part, askers]) => {
    const links = askers.map(({ by, requirement }) => {
      return `what has to be in it for ${by}, as far as the service does not see to it: ${requirement.link}`;
    });
    return attached(part, subnet, scene, [...new Set(links)]);
  });
});

interface Attachable {
  readonly type: string;
  readonly prefix: string;
  /** Of a new one, without anything in it. */
  readonly properties: object;
  /** https://learn.microsoft.com/cli/azure/network/nsg, https://learn.microsoft.com/cli/azure/network/route-table */
  readonly create: string;
  readonly option: string;
  readonly caveat: string;
}

const attachables: Readonly<Record<SubnetPart, Attachable>> = {
  networkSecurityGroup: {
    type: "Microsoft.Network/networkSecurityGroups",
    prefix: "nsg",
    properties: { securityRules: [] },
    create: "network nsg create --name {name} --location {location}",
    option: "--network-security-group",
    caveat:
      "is a name to start from; without rules of its own the group admits the networks around, and nobody from the internet",
  },
  routeTable: {
    type: "Microsoft.Network/routeTables",
    prefix: "rt",
    properties: { disableBgpRoutePropagation: false, routes: [] },
    create: "network route-table create --name {name} --location {location}",
    option: "--route-table",
    caveat: "is a name to start from; without routes of its own the table leaves all traffic where it went before",
  },
};

/** Undefined where the subnet has one, or there is one of that name. */
function attached(
  part: SubnetPart,
  subnet: SubnetFact,
  { snapshot, bodies }: Scene,
  caveats: readonly string[],
): Change | undefined {
  const { id } = subnet;
  const { type, prefix, properties, create, option, caveat } = attachables[part];
  const network = id.parent;
  const location = factAt(network, "network", snapshot)?.location;
  const own = subnet[part];
  if (own.kind === "unknown" || own.value !== undefined || network?.parent === undefined) return undefined;
  if (location === undefined) return undefined;
  const [scope = ""] = network.text.split(/\/providers\//i);
  const name = `${prefix}-${id.name}`;
  const made = ResourceId.parse(`${scope}/providers/${type}/${name}`);
  if (made === undefined || snapshot.get(made).kind === "fact") return undefined;
  const attach = setting(id, `/properties/${part}`, { id: made.text }, bodies);
  return (
    attach && {
      edits: [creation(made, { id: made.text, name, type, location, properties }), attach],
      commands: () => [command(create, made, { name, location }), subnetCommand(option, id, [made.text])],
      caveats: [`\`${name}\` ${caveat}`, ...caveats],
    }
  );
}
