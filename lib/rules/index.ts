import { anonymousDataAccess } from "./anonymous-data-access.ts";
import { defaultOutboundAccess } from "./default-outbound-access.ts";
import { effectiveRouteMissing } from "./effective-route-missing.ts";
import { firewallAdmitsAzure } from "./firewall-admits-azure.ts";
import { firewallAdmitsInternet } from "./firewall-admits-internet.ts";
import { firewallRangeIneffective } from "./firewall-range-ineffective.ts";
import { firewallRangeUnapproved } from "./firewall-range-unapproved.ts";
import { firewallRuleAny } from "./firewall-rule-any.ts";
import { firewallRulesInert } from "./firewall-rules-inert.ts";
import { natAddressMissing } from "./nat-address-missing.ts";
import { natAddressUnverifiable } from "./nat-address-unverifiable.ts";
import { natRangeTooWide } from "./nat-range-too-wide.ts";
import { networkRuleBroken } from "./network-rule-broken.ts";
import { networkRuleWithoutEndpoint } from "./network-rule-without-endpoint.ts";
import { nsgAdmitsInternet } from "./nsg-admits-internet.ts";
import { nsgAllowsInternetOutbound } from "./nsg-allows-internet-outbound.ts";
import { nsgRuleShadowed } from "./nsg-rule-shadowed.ts";
import { onPremisesPrivateOnly } from "./on-premises-private-only.ts";
import { peeringWidensIsolation } from "./peering-widens-isolation.ts";
import { perimeterLearning } from "./perimeter-learning.ts";
import { perimeterMissing } from "./perimeter-missing.ts";
import { privateDnsRecordWrong } from "./private-dns-record-wrong.ts";
import { privateDnsZoneMissing } from "./private-dns-zone-missing.ts";
import { privateDnsZoneUnlinked } from "./private-dns-zone-unlinked.ts";
import { privateEndpointDangling } from "./private-endpoint-dangling.ts";
import { privateEndpointMissing } from "./private-endpoint-missing.ts";
import { privateEndpointNotApproved } from "./private-endpoint-not-approved.ts";
import { privateEndpointPoliciesDisabled } from "./private-endpoint-policies-disabled.ts";
import { privateEndpointPublicOpen } from "./private-endpoint-public-open.ts";
import { publicIpInIsolatedSubnet } from "./public-ip-in-isolated-subnet.ts";
import { publicNetworkAccessEnabled } from "./public-network-access-enabled.ts";
import { publicPeeringInUse } from "./public-peering-in-use.ts";
import { routeBypassesFirewall } from "./route-bypasses-firewall.ts";
import type { Rule } from "./rule.ts";
import { scmSiteExposed } from "./scm-site-exposed.ts";
import { serviceEndpointHalfDone } from "./service-endpoint-half-done.ts";
import { serviceEndpointPolicyMissing } from "./service-endpoint-policy-missing.ts";
import { serviceEndpointRegion } from "./service-endpoint-region.ts";
import { serviceEndpointUnused } from "./service-endpoint-unused.ts";
import { serviceEndpointWithPublicAccessOff } from "./service-endpoint-with-public-access-off.ts";
import { serviceNotInjected } from "./service-not-injected.ts";
import { serviceTagTooBroad } from "./service-tag-too-broad.ts";
import { subnetDelegationUnused } from "./subnet-delegation-unused.ts";
import { subnetDelegationWrong } from "./subnet-delegation-wrong.ts";
import { subnetRequirementsUnmet } from "./subnet-requirements-unmet.ts";
import { subnetShared } from "./subnet-shared.ts";
import { subnetTooSmall } from "./subnet-too-small.ts";
import { subnetUndelegated } from "./subnet-undelegated.ts";
import { subnetWithoutNsg } from "./subnet-without-nsg.ts";
import { trustedServicesBypass } from "./trusted-services-bypass.ts";

/** Every rule, in the order of their ids. */
export const rules: readonly Rule[] = [
  publicNetworkAccessEnabled,
  firewallAdmitsInternet,
  firewallAdmitsAzure,
  firewallRangeUnapproved,
  firewallRangeIneffective,
  trustedServicesBypass,
  firewallRulesInert,
  scmSiteExposed,
  anonymousDataAccess,
  serviceEndpointHalfDone,
  networkRuleWithoutEndpoint,
  networkRuleBroken,
  serviceEndpointUnused,
  serviceEndpointRegion,
  serviceEndpointPolicyMissing,
  serviceEndpointWithPublicAccessOff,
  effectiveRouteMissing,
  privateEndpointMissing,
  privateEndpointNotApproved,
  privateEndpointPublicOpen,
  privateDnsZoneMissing,
  privateDnsZoneUnlinked,
  privateDnsRecordWrong,
  privateEndpointPoliciesDisabled,
  privateEndpointDangling,
  subnetUndelegated,
  subnetDelegationWrong,
  subnetDelegationUnused,
  subnetShared,
  subnetTooSmall,
  serviceNotInjected,
  subnetRequirementsUnmet,
  natAddressMissing,
  natAddressUnverifiable,
  natRangeTooWide,
  publicPeeringInUse,
  onPremisesPrivateOnly,
  subnetWithoutNsg,
  nsgAdmitsInternet,
  nsgAllowsInternetOutbound,
  serviceTagTooBroad,
  nsgRuleShadowed,
  routeBypassesFirewall,
  defaultOutboundAccess,
  peeringWidensIsolation,
  firewallRuleAny,
  publicIpInIsolatedSubnet,
  perimeterLearning,
  perimeterMissing,
];
