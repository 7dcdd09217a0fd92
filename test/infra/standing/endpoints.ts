import { guidOf } from "../../support/bicep/text-functions.ts";
import { groupOf, idAt, isSame, lastOf, listAt, ofType, type Standing, withProperties } from "./body.ts";

/** A private endpoint that is approved, the address that it has, and the names that lead to the resource behind it. */
export interface Endpoint {
  readonly id: string;
  readonly target: string;
  readonly groupId: string;
  readonly subnet: string;
  readonly interfaceId: string;
  readonly address: string;
  readonly hosts: readonly Host[];
}

interface Host {
  readonly fqdn: string;
  /** In the private zone. */
  readonly record: string;
}

interface Domains {
  readonly storage: string;
  readonly vault: string;
  readonly app: string;
}

/** By what the names of a cloud's regions begin with: https://learn.microsoft.com/azure/private-link/private-endpoint-dns */
const domains: readonly (readonly [string, Domains])[] = [
  ["usgov", { storage: "core.usgovcloudapi.net", vault: "vault.usgovcloudapi.net", app: "azurewebsites.us" }],
  ["china", { storage: "core.chinacloudapi.cn", vault: "vault.azure.cn", app: "chinacloudsites.cn" }],
  ["", { storage: "core.windows.net", vault: "vault.azure.net", app: "azurewebsites.net" }],
];

const hostsOf: Readonly<Record<string, (name: string, domains: Domains) => readonly Host[]>> = {
  blob: (name, { storage }) => [{ fqdn: `${name}.blob.${storage}`, record: name }],
  queue: (name, { storage }) => [{ fqdn: `${name}.queue.${storage}`, record: name }],
  table: (name, { storage }) => [{ fqdn: `${name}.table.${storage}`, record: name }],
  vault: (name, { vault }) => [{ fqdn: `${name}.${vault}`, record: name }],
  sites: (name, { app }) => [
    { fqdn: `${name}.${app}`, record: name },
    { fqdn: `${name}.scm.${app}`, record: `${name}.scm` },
  ],
};

/** Whoever may write to both sides makes endpoints that need nobody's approval. The first four addresses are Azure's own. */
export function endpointsIn(bodies: readonly Standing[]): readonly Endpoint[] {
  const subnets = ofType(bodies, "Microsoft.Network/virtualNetworks").flatMap((network) =>
    listAt(network.properties, "subnets").map(({ name, properties }) => ({
      id: `${network.id}/subnets/${name}`,
      prefix: String(Object(properties).addressPrefix),
    })),
  );
  return ofType(bodies, "Microsoft.Network/privateEndpoints").map((endpoint, index) => {
    const [connection] = listAt(endpoint.properties, "privateLinkServiceConnections");
    const { privateLinkServiceId, groupIds } = Object(connection?.properties);
    const [groupId] = groupIds;
    const target = String(privateLinkServiceId);
    const subnet = idAt(endpoint.properties, "subnet");
    const prefix = subnets.find(({ id }) => isSame(id, subnet))?.prefix ?? "";
    const [, ofCloud] = domains.find(([start]) => `${endpoint.location}`.startsWith(start)) ?? [];
    const hosts = ofCloud && hostsOf[groupId]?.(lastOf(target), ofCloud);
    if (hosts === undefined) throw new Error(`the names behind a private endpoint for ${groupId} are not known here`);
    return {
      id: endpoint.id,
      target,
      groupId,
      subnet,
      interfaceId: `${groupOf(endpoint.id)}/providers/Microsoft.Network/networkInterfaces/${endpoint.name}.nic.${guidOf(endpoint.id)}`,
      address: addressIn(prefix, 4 + index),
      hosts,
    };
  });
}

function addressIn(prefix: string, at: number): string {
  const [first = "0", ...rest] = (prefix.split("/")[0] ?? "").split(".").reverse();
  return [...rest.reverse(), Number(first) + at].join(".");
}

/** The endpoint itself, its network interface, and the connection that the resource behind it shows. */
export function withEndpoints(bodies: readonly Standing[], endpoints: readonly Endpoint[]): readonly Standing[] {
  const answered = bodies.map((body) => {
    const own = endpoints.find(({ id }) => isSame(id, body.id));
    if (own !== undefined) return asAnswered(body, own);
    const connections = endpoints.filter(({ target }) => isSame(target, body.id)).map(connectionTo);
    return connections.length === 0 ? body : withProperties(body, { privateEndpointConnections: connections });
  });
  return [...answered, ...endpoints.map((one) => interfaceOf(one, bodies))];
}

const approved = { status: "Approved", description: "Auto-Approved" };

function asAnswered(body: Standing, { id, interfaceId, address, hosts }: Endpoint): Standing {
  const connections = listAt(body.properties, "privateLinkServiceConnections").map((one) => ({
    ...one,
    id: `${id}/privateLinkServiceConnections/${one.name}`,
    properties: {
      ...Object(one.properties),
      provisioningState: "Succeeded",
      privateLinkServiceConnectionState: approved,
    },
  }));
  return withProperties(body, {
    privateLinkServiceConnections: connections,
    manualPrivateLinkServiceConnections: [],
    networkInterfaces: [{ id: interfaceId }],
    customDnsConfigs: hosts.map(({ fqdn }) => ({ fqdn, ipAddresses: [address] })),
  });
}

function connectionTo({ id, target }: Endpoint) {
  return {
    id: `${target}/privateEndpointConnections/${lastOf(target)}.${guidOf(`${id} connection`)}`,
    properties: {
      provisioningState: "Succeeded",
      privateEndpoint: { id },
      privateLinkServiceConnectionState: approved,
    },
  };
}

function interfaceOf(
  { id, interfaceId, subnet, address, groupId, hosts }: Endpoint,
  bodies: readonly Standing[],
): Standing {
  const name = `privateEndpointIpConfig.${guidOf(interfaceId)}`;
  return {
    id: interfaceId,
    name: lastOf(interfaceId),
    type: "Microsoft.Network/networkInterfaces",
    location: bodies.find((body) => isSame(body.id, id))?.location,
    properties: {
      provisioningState: "Succeeded",
      ipConfigurations: [
        {
          name,
          id: `${interfaceId}/ipConfigurations/${name}`,
          properties: {
            provisioningState: "Succeeded",
            privateIPAddress: address,
            privateIPAllocationMethod: "Dynamic",
            subnet: { id: subnet },
            primary: true,
            privateIPAddressVersion: "IPv4",
            privateLinkConnectionProperties: {
              groupId,
              requiredMemberName: groupId,
              fqdns: hosts.map(({ fqdn }) => fqdn),
            },
          },
        },
      ],
      privateEndpoint: { id },
    },
  };
}
