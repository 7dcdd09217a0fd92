import { failWhere } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";

export const firewallAdmitsAzure: Rule = {
  id: "NI103",
  name: "firewall-admits-azure",
  severity: "high",
  title: "Firewall admits the workloads of every tenant in Azure",
  why: 'The rule 0.0.0.0 to 0.0.0.0 ("allow Azure services") is not one address: it admits every virtual machine and function of every customer of Azure, wherever it runs. So do the service tag AzureCloud and, for every subnet with a service endpoint, AnyVnets in the access restrictions of an app.',
  remedy:
    "Delete the rule (AllowAllWindowsAzureIps, AllowAllAzureServicesAndResourcesWithinAzureIps, AzureCloud, AnyVnets). Give your own workloads a private endpoint, or a subnet with a service endpoint and a network rule where the service has such rules.",
  link: "https://learn.microsoft.com/azure/azure-sql/database/firewall-configure",
  controls: {
    mcsb: ["NS-2"],
    cis: { "3.0": ["5.1.2", "5.2.5"] },
    azurePolicy: ["5cc7aeef-357e-433d-9627-05354b40f8e2", "5e1de0e3-42cb-4ebc-a86d-61d0c619ca48"],
  },

  on: "service",
  shows: "azure",

  check({ boundary }) {
    const { azure } = boundary.main;
    return failWhere(azure, "a firewall rule admits the workloads of every Azure customer");
  },
};
