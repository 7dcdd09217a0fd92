import { fail, pass, undetermined } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";

export const perimeterLearning: Rule = {
  id: "NI701",
  name: "perimeter-learning",
  severity: "low",
  title: "Network security perimeter in transition mode",
  why: "In transition mode, which ARM calls Learning, a perimeter enforces nothing: the service's own settings stay in force, and whoever the perimeter's inbound rules let in is let in as well. It is meant for the days in which access logs are read.",
  remedy: "Read the perimeter's access logs, add the rules that are missing, and set the access mode to Enforced.",
  link: "https://learn.microsoft.com/azure/private-link/network-security-perimeter-transition",
  controls: { mcsb: ["NS-2"], cis: { "5.0": ["7.16"], "6.0": ["7.16"] }, azurePolicy: [] },

  on: "service",
  shows: "anybody",

  check({ boundary: { perimeter } }) {
    switch (perimeter.kind) {
      case "none":
      case "enforced":
        return pass;
      case "learning":
      case "audit":
        return fail("associated with a network security perimeter that enforces nothing", perimeter.evidence);
      case "unknown":
        return undetermined([perimeter.because], perimeter.evidence);
    }
  },
};
