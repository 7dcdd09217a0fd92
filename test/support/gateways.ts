import { type Body, complete, group, subscription } from "./builders.ts";

/** Shapes of VPN gateways, in the group of the other builders. */
const network = `${group}/providers/Microsoft.Network`;
const provisioningState = "Succeeded";

export function gatewayId(name = "vgw"): string {
  return `${network}/virtualNetworkGateways/${name}`;
}

/** The subnet that a gateway stands in, which lists it, to be put into its network. */
export function gatewaySubnet(prefix = "10.0.255.0/27", ...gateways: readonly string[]) {
  const names = gateways.length === 0 ? ["vgw"] : gateways;
  const ipConfigurations = names.map((name) => ({ id: `${gatewayId(name)}/ipConfigurations/default` }));
  return { name: "GatewaySubnet", prefixes: [prefix], properties: { addressPrefix: prefix, ipConfigurations } };
}

export interface GatewayParts {
  readonly name?: string;
  /** The id of the network that it stands in. */
  readonly inside: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

export function aGateway({ name = "vgw", inside, properties = {} }: GatewayParts): Body {
  const subnet = { id: `${inside}/subnets/GatewaySubnet` };
  return {
    id: gatewayId(name),
    name,
    type: "Microsoft.Network/virtualNetworkGateways",
    location: "westeurope",
    properties: {
      provisioningState,
      ipConfigurations: [{ id: `${gatewayId(name)}/ipConfigurations/default`, properties: { subnet } }],
      natRules: [],
      gatewayType: "Vpn",
      vpnType: "RouteBased",
      enableBgp: false,
      ...properties,
    },
  };
}

export function siteId(name = "porto"): string {
  return `${network}/localNetworkGateways/${name}`;
}

export function aSite(addressPrefixes: unknown = ["10.70.0.0/16"], name = "porto"): Body {
  return {
    id: siteId(name),
    name,
    type: "Microsoft.Network/localNetworkGateways",
    location: "westeurope",
    properties: { provisioningState, localNetworkAddressSpace: { addressPrefixes }, gatewayIpAddress: "192.0.2.60" },
  };
}

/** Of `vgw` with the site `porto`, without BGP. */
export function aVpnConnection(properties: Readonly<Record<string, unknown>> = {}, name = "cn-porto"): Body {
  return {
    id: `${network}/connections/${name}`,
    name,
    type: "Microsoft.Network/connections",
    location: "westeurope",
    properties: {
      provisioningState,
      virtualNetworkGateway1: { id: gatewayId() },
      ...(properties.virtualNetworkGateway2 === undefined ? { localNetworkGateway2: { id: siteId() } } : {}),
      connectionType: "IPsec",
      enableBgp: false,
      ...properties,
    },
  };
}

export const noOtherVpnConnection = complete(subscription, "Microsoft.Network/connections");
