import type { AdvertisedPrefix, Advertisement, CircuitFact, CircuitPeeringFact } from "../model/fact.ts";
import type { Setting } from "../model/setting.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { type ArmResource, receive } from "./arm-resource.ts";
import { enumeration, listOf, valueAt } from "./settings.ts";

const circuitStates = {
  enabled: "enabled",
  enabling: "changing",
  disabled: "disabled",
  disabling: "changing",
} as const;

const providerStates = {
  provisioned: "provisioned",
  provisioning: "changing",
  notprovisioned: "notProvisioned",
  deprovisioning: "changing",
  deprovisioned: "notProvisioned",
} as const;

const peeringTypes = {
  azurepublicpeering: "azurePublic",
  azureprivatepeering: "azurePrivate",
  microsoftpeering: "microsoft",
} as const;

const peeringStates = { enabled: "enabled", disabled: "disabled" } as const;

/** Only a prefix that is Configured is certainly advertised; why another one is not makes no difference. */
const prefixStates = {
  configured: "configured",
  notconfigured: "unconfirmed",
  configuring: "unconfirmed",
  validationneeded: "unconfirmed",
  validationfailed: "unconfirmed",
  manualvalidationneeded: "unconfirmed",
  asnvalidationfailed: "unconfirmed",
  certificatemissinginroutingregistry: "unconfirmed",
  invalidsignatureencoding: "unconfirmed",
  signatureverificationfailed: "unconfirmed",
} as const;

/** Projects an ExpressRoute circuit and the peerings that ARM embeds in it. */
export function circuit(resource: ArmResource) {
  const { id, body } = resource;
  const fact: CircuitFact = {
    kind: "circuit",
    id,
    circuitProvisioningState: enumeration(resource, "/properties/circuitProvisioningState", circuitStates),
    serviceProviderProvisioningState: enumeration(
      resource,
      "/properties/serviceProviderProvisioningState",
      providerStates,
    ),
    names: [],
  };
  const elements = valueAt(body, "/properties/peerings");
  const received = (Array.isArray(elements) ? elements : [elements]).map(receive);
  const children = received.flatMap((one) => {
    if (one.kind === "problem") return [];
    return [{ fact: circuitPeering(one.resource), isFull: one.resource.thinBecause === undefined }];
  });
  const problems = received.flatMap((one) => (one.kind === "problem" ? [`in \`${id.text}\`: ${one.message}`] : []));
  const embeds =
    Array.isArray(elements) && problems.length === 0 ? ["microsoft.network/expressroutecircuits/peerings"] : [];
  return { fact, children, embeds, problems };
}

/** Projects a peering; the pointers start at the peering's own body, also where it came inside its circuit's. */
export function circuitPeering(resource: ArmResource): CircuitPeeringFact {
  const { id, body } = resource;
  const state = enumeration(resource, "/properties/state", peeringStates);
  const advertisements = [advertisement(resource, "/properties/microsoftPeeringConfig", state)];
  const ipv6 = "/properties/ipv6PeeringConfig";
  if (valueAt(body, ipv6) !== undefined) {
    const stateOfIpv6 = enumeration(resource, `${ipv6}/state`, peeringStates);
    advertisements.push(advertisement(resource, `${ipv6}/microsoftPeeringConfig`, stateOfIpv6));
  }
  const peeringType = enumeration(resource, "/properties/peeringType", peeringTypes);
  return { kind: "circuitPeering", id, peeringType, state, advertisements, names: [] };
}

function advertisement(resource: ArmResource, config: string, state: Advertisement["state"]): Advertisement {
  const stateOfAll = enumeration(resource, `${config}/advertisedPublicPrefixesState`, prefixStates);
  const validations = listOf(resource, `${config}/advertisedPublicPrefixInfo`, (entry, pointer) => ({
    prefix: valueAt(entry, "/prefix"),
    pointer: `${pointer}/validationState`,
  }));
  const stateOfOne = (raw: unknown): readonly Setting<"configured" | "unconfirmed">[] => {
    const own = validations.kind === "known" ? validations.value.find(({ prefix }) => prefix === raw) : undefined;
    const isReported = own !== undefined && valueAt(resource.body, own.pointer) !== undefined;
    return isReported ? [enumeration(resource, own.pointer, prefixStates)] : [];
  };
  const advertisedPublicPrefixes = listOf(
    resource,
    `${config}/advertisedPublicPrefixes`,
    (raw, pointer): AdvertisedPrefix => ({
      pointer,
      raw,
      addresses: typeof raw === "string" ? parseAddresses(raw) : undefined,
      states: [stateOfAll, ...stateOfOne(raw)],
    }),
  );
  return { state, advertisedPublicPrefixes };
}
