import {
  addListedApproved,
  addListedSites,
  denyUnmatched,
  narrowListedRules,
  removeAllListedRules,
  removeListedNetworkRules,
  removeListedRules,
  switchAppOff,
  switchAppOn,
  useMainList,
} from "./access-list-changes.ts";
import {
  addApprovedAddresses,
  addNobody,
  addSiteAddresses,
  narrowAddresses,
  removeAddresses,
  removeAllAddresses,
  removeAzureRule,
} from "./address-changes.ts";
import { refuseAnonymous } from "./anonymous-access-changes.ts";
import { denyByDefault, switchPublicAccessOff, switchPublicAccessOn } from "./boundary-changes.ts";
import type { Proposer } from "./change.ts";
import { removePublicPeering } from "./circuit-changes.ts";
import { correctRecords, keepRecordsInZone, linkZones, makeZone } from "./dns-changes.ts";
import { acceptSites, rejectOthers, removeAccepting } from "./filter-list-changes.ts";
import {
  addServiceEndpoints,
  removeExceptions,
  removeNetworkRules,
  useGlobalEndpoints,
} from "./network-rule-changes.ts";
import { removePeerings } from "./peering-changes.ts";
import { enforcePerimeter, joinPerimeter, removePerimeterEntries, removePerimeterRules } from "./perimeter-changes.ts";
import { approveConnections, deleteConnections, deletePrivateEndpoint } from "./private-endpoint-changes.ts";
import { dissociateOutlets, dissociatePublicAddresses } from "./public-address-changes.ts";
import { keepGatewayRoutesAway, letGatewayRoutesIn, removeRoutes, routeThroughFirewall } from "./route-changes.ts";
import {
  closeAllowRules,
  closeOutboundRules,
  denyInternetOutbound,
  putDenialsFirst,
  removeHiddenRules,
} from "./security-rule-changes.ts";
import {
  attachNeeded,
  attachNewGroup,
  delegateAsNeeded,
  detachUnsupported,
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
      /** What is tried where all of that closes nothing or brings something worse, and named where it takes fewer changes. */
      readonly last?: readonly Proposer[];
      /** What to say where none of them closes it. */
      readonly otherwise?: string;
    }
  | { readonly none: string };

const rules = [
  narrowAddresses,
  removeAzureRule,
  narrowListedRules,
  removeAccepting,
  removePerimeterEntries,
  removePerimeterRules,
];
const deny = [denyByDefault, denyUnmatched, rejectOthers];
const switchOff = [switchPublicAccessOff, switchAppOff];
const keeping = [addSiteAddresses, addApprovedAddresses, addListedSites, addListedApproved];
/** Where Deny counts for nothing without a rule, whoever is listed puts it in force. */
const firstRule = [addSiteAddresses, addApprovedAddresses, addNobody];

/** Of every rule, by its id. */
export const remedies: Readonly<Record<string, Remedy>> = {
  NI101: { from: [...deny, ...rules, ...switchOff, ...firstRule], keeping },
  NI102: { from: rules, last: switchOff, keeping },
  // off before the rule goes: some services take a list without rules for no list at all
  NI103: {
    from: [switchPublicAccessOff, removeAzureRule, narrowListedRules, removePerimeterEntries, removePerimeterRules],
    keeping,
  },
  NI104: {
    from: [narrowAddresses, narrowListedRules, removeAccepting, removePerimeterEntries, removePerimeterRules],
    last: switchOff,
  },
  NI105: { from: [removeAddresses, removeListedRules] },
  NI106: { from: [removeExceptions, removeListedRules, removePerimeterEntries, removePerimeterRules] },
  NI107: {
    from: [
      removeAddresses,
      removeAllAddresses,
      removeListedRules,
      removeAllListedRules,
      switchPublicAccessOff,
      ...firstRule,
    ],
    keeping,
  },
  NI108: { from: [useMainList, denyUnmatched, narrowListedRules, switchAppOff] },
  NI109: { from: [refuseAnonymous] },
  NI201: { from: [...deny, ...rules, ...firstRule], keeping },
  NI202: { from: [addServiceEndpoints, removeNetworkRules, removeListedNetworkRules] },
  NI203: { from: [removeNetworkRules, removeListedNetworkRules] },
  NI204: { from: [removeServiceEndpoints] },
  NI205: { from: [useGlobalEndpoints, removeNetworkRules, removeListedNetworkRules] },
  NI206: {
    from: [removeServiceEndpoints],
    otherwise: "which accounts a service endpoint policy has to list is for the owner of the subnet to say",
  },
  NI207: { from: [switchPublicAccessOn, switchAppOn, removeNetworkRules, removeListedNetworkRules] },
  NI208: { from: [removeRoutes, removeServiceEndpoints] },
  NI301: {
    from: [approveConnections],
    otherwise:
      "no connection waits for approval, and in which subnet a private endpoint should stand is for its owner to say",
  },
  NI302: { from: [deleteConnections, approveConnections] },
  NI303: { from: [...switchOff, ...deny, ...rules, ...firstRule], keeping },
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
  NI406: {
    none: "in which subnet the service should be is for its owner to say, and most types take one only when they are created",
  },
  NI407: {
    from: [detachUnsupported, removeRoutes, letGatewayRoutesIn, keepGatewayRoutesAway, attachNeeded],
    otherwise: "what is in a subnet of the wrong name has to be moved to another one, which is no setting",
  },
  NI501: {
    from: [addSiteAddresses, addListedSites, acceptSites, switchPublicAccessOn, switchAppOn],
    otherwise: "what stands before the service is no list of addresses that Cordon knows how to add to",
  },
  NI502: { none: "which addresses a site has, and what its circuit advertises, is not decided in Azure's settings" },
  NI503: { from: [narrowAddresses, narrowListedRules], keeping },
  NI504: { from: [removePublicPeering] },
  NI505: { from: [removeAddresses, removeListedRules] },
  NI601: { from: [attachNewGroup] },
  NI602: { from: [closeAllowRules, attachNewGroup] },
  NI603: { from: [denyInternetOutbound, closeOutboundRules, routeThroughFirewall, dissociateOutlets] },
  NI604: { none: "which of the narrower tags covers what is called is for those who call it to say" },
  NI605: { from: [putDenialsFirst, removeHiddenRules] },
  NI606: {
    from: [routeThroughFirewall, dissociateOutlets],
    otherwise:
      "no route leads there: the subnet has no table that was read, or the policy names several firewalls or none for these addresses",
  },
  NI607: { from: [privateSubnet] },
  NI608: { from: [removePeerings] },
  NI609: { none: "what a firewall has to let pass is for its owner to say, by source, destination and port" },
  NI610: { from: [dissociatePublicAddresses] },
  NI701: { from: [enforcePerimeter] },
  NI702: {
    from: [switchPublicAccessOff, joinPerimeter],
    otherwise: "no perimeter was read that the service could join",
  },
};
