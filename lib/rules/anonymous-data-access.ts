import { serviceOfType } from "../catalog/index.ts";
import { allOf } from "../model/must-may.ts";
import { isSetTo } from "../model/setting.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { isOpenToInternet } from "../reach/internet.ts";
import type { Rule } from "./rule.ts";

export const anonymousDataAccess: Rule = {
  id: "NI109",
  name: "anonymous-data-access",
  severity: "medium",
  title: "Anyone on the internet may be let in to read without signing in",
  why: "The service may serve what is in it to whoever asks, and the network lets everybody ask: no key and no token stands between the internet and the data. On a storage account the switch allows owners of containers to make them public; which of them are is not looked at, as one request for each account would have to ask.",
  remedy:
    "Set allowBlobPublicAccess of the storage account, or anonymousPullEnabled of the registry, to false; what has to be public belongs into a service of its own, with nothing else in it. The static website of a storage account is public whatever that switch says, and is not looked at.",
  link: "https://learn.microsoft.com/azure/storage/blobs/anonymous-read-access-overview",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: ["4fa4b6c0-31ca-4c0d-b10d-24b96f62a751"] },

  on: "service",
  shows: "anybody",

  check({ service, boundary }, policy) {
    const source = serviceOfType(service.id.type)?.anonymousAccess;
    if (source === undefined) return notApplicable;
    const isAllowed = isSetTo(service.id, service.anonymousAccess, true);
    if (!isAllowed.may) return notApplicable;
    return failWhere(
      allOf([isAllowed, isOpenToInternet(boundary, policy.nearlyInternet)]),
      `the internet gets in, and ${source.reads} can be read without signing in`,
    );
  },
};
