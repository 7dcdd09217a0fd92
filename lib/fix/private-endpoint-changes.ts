import type { PrivateEndpointFact } from "../model/fact.ts";
import { fold, ResourceId } from "../model/resource-id.ts";
import { factAt } from "../model/snapshot.ts";
import { connectionsOf as allConnectionsOf } from "../reach/private-endpoint-connections.ts";
import { ofService, rawAt, type ServiceScene } from "./boundary-changes.ts";
import { type Change, deletion, type Proposer, type Scene } from "./change.ts";
import { commandFor } from "./command.ts";
import type { Bodies, Edit } from "./edit.ts";

const statusPath = "properties/privateLinkServiceConnectionState/status";

/** Each connection of the service that is not approved, or the one that the finding is about, is approved. */
export const approveConnections: Proposer = (scene) =>
  ofService((own) => connectionsOf(own, scene).map((connection) => approved(connection, own)))(scene);

/** The same connections, taken away. */
export const deleteConnections: Proposer = (scene) =>
  ofService((own) => connectionsOf(own, scene).map((connection) => taken(connection, own)))(scene);

interface Connection {
  readonly holder: ResourceId;
  /** Empty where it is a resource of its own. */
  readonly path: string;
  readonly raw: unknown;
  readonly id: string | undefined;
  readonly endpoint: PrivateEndpointFact | undefined;
}

function connectionsOf({ service, snapshot, bodies }: ServiceScene, { finding }: Scene): readonly Connection[] {
  const list = allConnectionsOf(service, snapshot);
  if (list.kind === "unknown" || bodies(service.id) === undefined) return [];
  return list.value.flatMap(({ holder, pointer, name, status, privateEndpoint }): Connection[] => {
    const isMeant = finding.part === undefined || fold(finding.part) === fold(name);
    if (!isMeant || status.kind === "unknown" || status.value === "approved") return [];
    const raw = rawAt(holder, pointer, bodies);
    const { id } = Object(raw);
    const endpoint = factAt(privateEndpoint, "privateEndpoint", snapshot);
    return [{ holder, path: pointer, raw, id: typeof id === "string" ? id : undefined, endpoint }];
  });
}

/** https://learn.microsoft.com/cli/azure/network/private-endpoint-connection */
function approved(
  { holder, path, raw, id, endpoint }: Connection,
  { service, bodies }: ServiceScene,
): Change | undefined {
  if (id === undefined || /^disconnected$/i.test(String(statusOf(raw)))) return undefined;
  const edit = { resource: holder, path: `${path}/${statusPath}`, old: statusOf(raw), new: "Approved" };
  return {
    edits: [edit],
    follows: endpoint === undefined ? [] : statusInEndpoint(endpoint, service.id, "Approved", bodies),
    commands: () => [commandFor("network private-endpoint-connection approve --id {id}", { id })],
    caveats: ["approve it only where its owner is known: it lets the network of the private endpoint in"],
  };
}

function taken({ holder, path, raw, id, endpoint }: Connection, scene: ServiceScene): Change | undefined {
  const { service, bodies } = scene;
  const edit = path === "" ? deletion(holder, bodies) : { resource: holder, path, old: raw, new: undefined };
  if (id === undefined || edit === undefined) return undefined;
  return {
    edits: [edit],
    follows: endpoint === undefined ? [] : statusInEndpoint(endpoint, service.id, "Disconnected", bodies),
    commands: () => [commandFor("network private-endpoint-connection delete --id {id} --yes", { id })],
    caveats: ["the private endpoint itself stays, and leads nowhere: its owner can delete it"],
  };
}

function statusOf(connection: unknown): unknown {
  return Object(Object(Object(connection).properties).privateLinkServiceConnectionState).status;
}

/** The other end of the connection has the state as well. */
function statusInEndpoint(
  endpoint: PrivateEndpointFact,
  service: ResourceId,
  value: string,
  bodies: Bodies,
): readonly Edit[] {
  if (bodies(endpoint.id) === undefined || endpoint.connections.kind === "unknown") return [];
  return endpoint.connections.value
    .filter(({ target }) => target?.key === service.key)
    .map(({ status }) => {
      return { resource: endpoint.id, path: status.pointer, old: status.raw, new: value };
    });
}

/** The endpoint with all that Azure takes away with it: interfaces, zone groups, and the records that they wrote. */
export const deletePrivateEndpoint: Proposer = ({ finding, snapshot, bodies }) => {
  const endpoint = factAt(finding.resource, "privateEndpoint", snapshot);
  const gone = endpoint === undefined ? undefined : deletion(endpoint.id, bodies);
  if (endpoint === undefined || gone === undefined) return [];
  const interfaces = endpoint.networkInterfaces.kind === "known" ? endpoint.networkInterfaces.value : [];
  const groups = snapshot.list(endpoint.id, "Microsoft.Network/privateEndpoints/privateDnsZoneGroups").facts;
  const records = groups.flatMap((group) =>
    group.kind === "privateDnsZoneGroup" && group.configs.kind === "known"
      ? group.configs.value.flatMap(({ zone, recordNames }) =>
          recordNames.flatMap((name) => zone?.child("A", name) ?? []),
        )
      : [],
  );
  const follows = [...interfaces, ...groups.map(({ id }) => id), ...records].flatMap(
    (id) => deletion(id, bodies) ?? [],
  );
  const { text: id } = endpoint.id;
  return [
    {
      edits: [gone],
      follows: [...follows, ...entriesInSubnet(endpoint, interfaces, bodies)],
      commands: () => [commandFor("network private-endpoint delete --ids {id}", { id })],
    },
  ];
};

/** What the subnet's own body says of the endpoint and its interfaces. */
function entriesInSubnet(
  { id, subnet }: PrivateEndpointFact,
  interfaces: readonly ResourceId[],
  bodies: Bodies,
): readonly Edit[] {
  if (subnet === undefined || bodies(subnet) === undefined) return [];
  return ["/properties/privateEndpoints", "/properties/ipConfigurations"].flatMap((list) => {
    const entries = rawAt(subnet, list, bodies);
    if (!Array.isArray(entries)) return [];
    return entries.flatMap((old: unknown, index): Edit[] => {
      const named = ResourceId.parse(Object(old).id);
      const isOwn = named !== undefined && [id, ...interfaces].some((one) => named.isWithin(one));
      return isOwn ? [{ resource: subnet, path: `${list}/${index}`, old, new: undefined }] : [];
    });
  });
}
