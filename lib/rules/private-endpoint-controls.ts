import type { Controls } from "./rule.ts";

/** Other catalogues ask in one for a private endpoint and for its approval. */
export const controlsOfPrivateEndpoints: Controls = {
  mcsb: ["NS-2"],
  cis: {
    "3.0": ["3.3.7", "4.9", "5.4.2"],
    "4.0": ["9.3.8", "10.3.2.1"],
    "5.0": ["8.3.8", "9.3.2.1"],
    "6.0": ["8.3.8", "9.3.2.1"],
  },
  azurePolicy: [
    "45e05259-1eb5-4f70-9574-baf73e9d219b",
    "258823f2-4595-4b52-b333-cc96192710d8",
    "6edd7eda-6dd8-40f7-810d-67160c639cd9",
    "a6abeaec-4d90-4a02-805f-6b26c4d3fbe9",
    "7698e800-9299-47a6-b3b6-5a0fee576eed",
    "58440f8a-10c5-4151-bdce-dfbaad4a20b7",
    "1c06e275-d63d-4540-b761-71f364c2111d",
    "b8564268-eb4a-4337-89be-a19db070c59d",
    "687aa49d-0982-40f8-bf6b-66d1da97a04b",
    "5375a5bb-22c6-46d7-8a43-83417cfb4460",
    "7803067c-7d34-46e3-8c79-0ca68fc4036d",
    "9830b652-8523-49cc-b1b3-e17dce1127ca",
    "4b90e17e-8448-49db-875e-bd83fb6f804f",
    "d6759c02-b87f-42b7-892e-71b3f471d782",
    "e8eef0a8-67cf-4eb4-9386-14b0e78733d4",
    "59fee2f4-d439-4f1b-9b9a-982e1474bfd8",
  ],
};
