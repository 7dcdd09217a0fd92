import {
  addApprovedAddresses,
  addSiteAddresses,
  narrowAddresses,
  removeAddresses,
  removeAllAddresses,
  removeAzureRule,
} from "./address-changes.ts";
import { denyByDefault, switchPublicAccessOff, switchPublicAccessOn } from "./boundary-changes.ts";
import type { Proposer } from "./change.ts";
import { removePublicPeering } from "./circuit-changes.ts";
import { correctRecords, keepRecordsInZone, linkZones, makeZone } from "./dns-changes.ts";
import {
  addServiceEndpoints,
  removeExceptions,
  removeNetworkRules,
  useGlobalEndpoints,
} from "./network-rule-changes.ts";
import { removePeerings } from "./peering-changes.ts";
import { enforcePerimeter, joinPerimeter, removePerimeterEntries } from "./perimeter-changes.ts";
import { approveConnections, deleteConnections, deletePrivateEndpoint } from "./private-endpoint-changes.ts";
import { dissociatePublicAddresses } from "./public-address-changes.ts";
import { removeRoutes, routeThroughFirewall } from "./route-changes.ts";
import {
  closeAllowRules,
  closeOutboundRules,
  denyInternetOutbound,
  removeHiddenRules,
} from "./security-rule-changes.ts";
import {
  attachNewGroup,
  delegateAsNeeded,
  enableEndpointPolicies,
  privateSubnet,
  removeDelegations,
  removeServiceEndpoints,
} from "./subnet-changes.ts";

/** What can close the findings of a rule: proposers, the one that is preferred first, or why Cordon knows none. */
export type Remedy =
  | {
      readonly from: readonly Proposer[];
      /** What could go with it, so that nobody whom the policy wants loses access. */
      readonly keeping?: readonly Proposer[];
      /** What to say where none of them closes it. */
      readonly otherwise?: string;
    }
  | { readonly none: string };

const rules = [narrowAddresses, removeAzureRule, removePerimeterEntries];
const keeping = [addSiteAddresses, addApprovedAddresses];

/** Of every rule, by its id. */
export const remedies: Readonly<Record<string, Remedy>> = {
  NI101: { from: [denyByDefault, ...rules, switchPublicAccessOff], keeping },
  NI102: { from: rules, keeping },
  NI103: { from: [removeAzureRule] },
  NI104: { from: [narrowAddresses, removePerimeterEntries] },
  NI105: { from: [removeAddresses] },
  NI106: { from: [removeExceptions, removePerimeterEntries] },
  NI107: { from: [removeAddresses, removeAllAddresses, switchPublicAccessOff] },
  NI201: { from: [denyByDefault, ...rules], keeping },
  NI202: { from: [addServiceEndpoints, removeNetworkRules] },
  NI203: { from: [removeNetworkRules] },
  NI204: { from: [removeServiceEndpoints] },
  NI205: { from: [useGlobalEndpoints, removeNetworkRules] },
  NI206: {
    from: [removeServiceEndpoints],
    otherwise: "which accounts a service endpoint policy has to list is for the owner of the subnet to say",
  },
  NI207: { from: [switchPublicAccessOn, removeNetworkRules] },
  NI208: { from: [removeRoutes, removeServiceEndpoints] },
  NI301: {
    from: [approveConnections],
    otherwise:
      "no connection waits for approval, and in which subnet a private endpoint should stand is for its owner to say",
  },
  NI302: { from: [deleteConnections, approveConnections] },
  NI303: { from: [switchPublicAccessOff, denyByDefault, ...rules], keeping },
  NI304: { from: [keepRecordsInZone, linkZones, makeZone] },
  NI305: { from: [linkZones] },
  NI306: { from: [correctRecords, keepRecordsInZone] },
  NI307: { from: [enableEndpointPolicies] },
  NI308: { from: [deletePrivateEndpoint] },
  NI401: { from: [delegateAsNeeded] },
  NI402: { from: [delegateAsNeeded] },
  NI403: { from: [removeDelegations] },
  NI404: { none: "what else is in the subnet has to be moved to another one, which is no setting" },
  NI405: {
    none: "a larger subnet needs address space that only its owner can give, and what is in a subnet keeps it from being resized",
  },
  NI501: {
    from: [addSiteAddresses, switchPublicAccessOn],
    otherwise: "what stands before the service is no list of addresses that Cordon knows how to add to",
  },
  NI502: { none: "which addresses a site has, and what its circuit advertises, is not decided in Azure's settings" },
  NI503: { from: [narrowAddresses], keeping },
  NI504: { from: [removePublicPeering] },
  NI505: { from: [removeAddresses] },
  NI601: { from: [attachNewGroup] },
  NI602: { from: [closeAllowRules, attachNewGroup] },
  NI603: { from: [denyInternetOutbound, closeOutboundRules, routeThroughFirewall] },
  NI605: { from: [removeHiddenRules] },
  NI606: {
    from: [routeThroughFirewall],
    otherwise: "the subnet has no route table that was read, or the policy names several firewalls",
  },
  NI607: { from: [privateSubnet] },
  NI608: { from: [removePeerings] },
  NI610: { from: [dissociatePublicAddresses] },
  NI701: { from: [enforcePerimeter] },
  NI702: {
    from: [switchPublicAccessOff, joinPerimeter],
    otherwise: "no perimeter was read that the service could join",
  },
};
