import { firewallAdmitsAzure } from "./firewall-admits-azure.ts";
import { firewallAdmitsInternet } from "./firewall-admits-internet.ts";
import { firewallRangeUnapproved } from "./firewall-range-unapproved.ts";
import { firewallRulesInert } from "./firewall-rules-inert.ts";
import { natAddressMissing } from "./nat-address-missing.ts";
import { networkRuleBroken } from "./network-rule-broken.ts";
import { networkRuleWithoutEndpoint } from "./network-rule-without-endpoint.ts";
import { privateEndpointNotApproved } from "./private-endpoint-not-approved.ts";
import { privateEndpointPublicOpen } from "./private-endpoint-public-open.ts";
import { publicNetworkAccessEnabled } from "./public-network-access-enabled.ts";
import type { Rule } from "./rule.ts";
import { serviceEndpointHalfDone } from "./service-endpoint-half-done.ts";
import { subnetWithoutNsg } from "./subnet-without-nsg.ts";
import { trustedServicesBypass } from "./trusted-services-bypass.ts";

/** Every rule, in the order of their ids. */
export const rules: readonly Rule[] = [
  publicNetworkAccessEnabled,
  firewallAdmitsInternet,
  firewallAdmitsAzure,
  firewallRangeUnapproved,
  trustedServicesBypass,
  firewallRulesInert,
  serviceEndpointHalfDone,
  networkRuleWithoutEndpoint,
  networkRuleBroken,
  privateEndpointNotApproved,
  privateEndpointPublicOpen,
  natAddressMissing,
  subnetWithoutNsg,
];
