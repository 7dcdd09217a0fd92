import { allOf, anyOf } from "../model/must-may.ts";
import { failWhere } from "../model/verdict.ts";
import { isOpenToInternet } from "../reach/internet.ts";
import type { Rule } from "./rule.ts";

export const privateEndpointPublicOpen: Rule = {
  id: "NI303",
  name: "private-endpoint-public-open",
  severity: "high",
  title: "Private endpoint in use, public door still open",
  why: "The private endpoint was meant to replace the public one, but the public one is still open to the internet or to every tenant in Azure: the isolation exists on paper only.",
  remedy:
    "Set publicNetworkAccess to Disabled, or the default action to Deny with only the addresses that still need it.",
  link: "https://learn.microsoft.com/azure/private-link/private-endpoint-overview",
  controls: {
    mcsb: ["NS-2"],
    cis: {
      "3.0": ["4.6", "5.1.7"],
      "4.0": ["9.3.7", "10.3.2.2"],
      "5.0": ["8.3.7", "9.3.2.2"],
      "6.0": ["8.3.7", "9.3.2.2"],
    },
    azurePolicy: [
      "1cf164be-6819-4a50-b8fa-4bcaa4f98fb6",
      "21a8cd35-125e-4d13-b82d-2e19b7208bb7",
      "2d6830fb-07eb-48e7-8c4d-2a442b35f0fb",
      "438c38d2-3772-465a-a9cc-7a6666a275ce",
      "0e7849de-b939-4c50-ab48-fc6b0f5eeba2",
      "9dfea752-dd46-4766-aed1-c355fa93fb91",
      "b2982f36-99f2-4db5-8eff-283140c09693",
      "405c5871-3e91-4644-8a63-58e19d68ff5b",
      "1b8ca024-1d5c-4dec-8995-b1a932b41780",
      "5e1de0e3-42cb-4ebc-a86d-61d0c619ca48",
      "c9299215-ae47-4f50-9c54-8a392f68a052",
      "797b37f7-06b8-444c-b1ad-fc62867f335a",
      "0602787f-9896-402a-a6e1-39ee63ee435e",
      "cbd11fd3-3002-4907-b6c8-579f0e700e13",
      "1b5ef780-c53c-4a64-87f3-bb9c8c8094ba",
      "969ac98b-88a8-449f-883c-2e9adb123127",
      "701a595d-38fb-4a66-ae6d-fb3735217622",
      "11c82d0c-db9f-4d7b-97c5-f3f9aa957da2",
      "470baccb-7e51-4549-8b1a-3e5be069f663",
      "f8f774be-6aee-492a-9e29-486ef81f3a68",
      "1adadefe-5f21-44f7-b931-a59b54ccdb45",
      "0fdf0491-d080-4575-b627-ad0e843cba0f",
      "19ea9d63-adee-4431-a95e-1913c6c1c75f",
      "ee980b6d-0eca-4501-8d54-f6290fd512c3",
      "3d9f5e4c-9947-4579-9539-2a7695fbc187",
      "67dcad1a-ec60-45df-8fd0-14c9d29eeaa2",
      "e8775d5a-73b7-4977-a39b-833ef0114628",
      "21a9766a-82a5-4747-abb5-650b6dbba6d0",
      "bf45113f-264e-4a87-88f9-29ac8a0aca6a",
      "38d8df46-cf4e-4073-8e03-48c24b29de0d",
      "43bc7be6-5e69-4b0d-a2bb-e815557ca673",
      "74c5a0ae-5e48-4738-b093-65e23a060488",
      "9ebbbba3-4d65-4da9-bb67-b22cfaaff090",
      "955a914f-bf86-4f0e-acd5-e0766b0efcb6",
    ],
  },

  on: "service",
  shows: "anybody",

  check({ boundary }, policy) {
    const isOpen = anyOf([isOpenToInternet(boundary, policy.nearlyInternet), boundary.azure]);
    return failWhere(
      allOf([isOpen, boundary.privateEndpoints.isAnyApproved]),
      "an approved private endpoint serves it, and the public door is open",
    );
  },
};
