import { allOf, anyOf } from "../model/must-may.ts";
import { failWhere, notApplicable, undetermined } from "../model/verdict.ts";
import { recordsOf } from "../reach/dns-records.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const privateDnsRecordWrong: Rule = {
  id: "NI306",
  name: "private-dns-record-wrong",
  severity: "high",
  title: "Private DNS record does not lead to the private endpoint",
  why: "The zone is there, but the name has no record, or one with an address that the endpoint does not have (an earlier endpoint's, as a rule): clients cannot reach the service, or reach something else.",
  remedy:
    "Add a zone group to the private endpoint, so that Azure keeps the record, or correct the record by hand to the address of the endpoint's network interface.",
  link: "https://learn.microsoft.com/azure/private-link/private-endpoint-dns-integration",
  controls: { mcsb: ["NS-10"], cis: {}, azurePolicy: [] },

  on: "privateEndpoint",

  check({ privateEndpoint, dns, snapshot }) {
    if (dns.because.length > 0) return undetermined(dns.because);
    return dns.chains.map(({ group, zones, hasOthers }) => {
      if (!group.isApproved.may) return { part: group.part, verdict: notApplicable };
      const records = zones.flatMap((zone) =>
        recordsOf(privateEndpoint, group, zone, snapshot).map(({ isWrong, fault }) => {
          return { fault, isWrong: allOf([isWrong, zone.counts]) };
        }),
      );
      const isWrong = anyOf([...records.map((record) => record.isWrong), hasOthers]);
      const faults = () => new Set(records.filter((record) => record.isWrong.must).map(({ fault }) => fault));
      return {
        part: group.part,
        verdict: failWhere(allOf([isWrong, group.isApproved]), () => listed([...faults()])),
      };
    });
  },
};
