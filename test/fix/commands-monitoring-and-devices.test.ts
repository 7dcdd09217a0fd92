import { Glob } from "../../lib/model/glob.ts";
import { readSet } from "../net/read-set.ts";
import { aConnection, noPerimeter } from "../support/builders.ts";
import { aProvisioningService, filters, provisioningId } from "../support/device-provisioning.ts";
import { aCollectionEndpoint, aHolder, collectionId, diskAccessId } from "../support/endpoint-holders.ts";
import { aHealthWorkspace, aStaticApp, healthId, staticId } from "../support/health-and-static.ts";
import { approving } from "../support/judged.ts";
import { policyWith } from "../support/world.ts";
import { type Row, testCommands, where } from "./command-table.ts";

const provisioning = `az resource update --name dps-erp --resource-type Microsoft.Devices/provisioningServices`;

const rows: readonly Row[] = [
  {
    when: "a data collection endpoint is open",
    finding: `NI101:${collectionId}`,
    given: aCollectionEndpoint("Enabled"),
    want: [`az monitor data-collection endpoint update --name dce-erp --public-network-access Disabled ${where}`],
  },
  {
    when: "a connection of a disk access waits",
    finding: `NI302:${diskAccessId}#pe-erp`,
    given: aHolder(diskAccessId, [
      { ...aConnection("Pending"), id: `${diskAccessId}/privateEndpointConnections/pe-erp`, name: "pe-erp" },
    ]),
    want: [
      `az network private-endpoint-connection delete --id ${diskAccessId}/privateEndpointConnections/pe-erp --yes`,
    ],
  },
  {
    when: "a static web app is open",
    finding: `NI101:${staticId}`,
    given: aStaticApp({}, "Free"),
    want: [
      `az rest --method patch --url '${staticId}?api-version=2025-03-01' --body '{"properties":{"publicNetworkAccess":"Disabled"}}'`,
    ],
  },
  {
    when: "a Health Data Services workspace is open",
    finding: `NI101:${healthId}`,
    given: aHealthWorkspace(),
    want: [
      `az resource update --name ahdserp --resource-type Microsoft.HealthcareApis/workspaces --set properties.publicNetworkAccess=Disabled ${where}`,
    ],
  },
  {
    when: "nobody is rejected by a device provisioning service",
    finding: `NI101:${provisioningId}`,
    given: aProvisioningService(filters("Accept 203.0.113.7")),
    want: [
      `${provisioning} --set 'properties.ipFilterRules=[{"filterName":"rule-0","action":"Accept","ipMask":"203.0.113.7"},{"filterName":"cordon-all-others","action":"Reject","ipMask":"0.0.0.0/0","target":"all"}]' ${where}`,
    ],
  },
  {
    when: "a device provisioning service accepts more than is approved",
    finding: `NI104:${provisioningId}`,
    given: aProvisioningService(filters("Accept 198.51.100.0/24", "Accept 203.0.113.7", "Reject 0.0.0.0/0")),
    policy: approving,
    want: [
      `${provisioning} --set 'properties.ipFilterRules=[{"filterName":"rule-1","action":"Accept","ipMask":"203.0.113.7"},{"filterName":"rule-2","action":"Reject","ipMask":"0.0.0.0/0"}]' ${where}`,
    ],
  },
  {
    when: "nobody is rejected by a device provisioning service, and the policy approves addresses",
    finding: `NI101:${provisioningId}`,
    given: aProvisioningService(),
    policy: approving,
    want: [
      `${provisioning} --set 'properties.ipFilterRules=[{"filterName":"cordon-203.0.113.0/28","action":"Accept","ipMask":"203.0.113.0/28","target":"all"},{"filterName":"cordon-all-others","action":"Reject","ipMask":"0.0.0.0/0","target":"all"}]' ${where}`,
    ],
  },
  {
    when: "a device provisioning service rejects one of the addresses of a site",
    finding: `NI501:${provisioningId}#site:plant`,
    given: aProvisioningService(filters("Accept 198.51.100.10", "Reject 0.0.0.0/0")),
    policy: policyWith({
      sites: [
        {
          name: "plant",
          natAddresses: readSet("198.51.100.10", "198.51.100.11"),
          connection: "internet",
          needs: [{ kind: "id", glob: new Glob(provisioningId) }],
        },
      ],
    }),
    want: [
      `${provisioning} --set 'properties.ipFilterRules=[{"filterName":"cordon-198.51.100.11","action":"Accept","ipMask":"198.51.100.11","target":"all"},{"filterName":"rule-0","action":"Accept","ipMask":"198.51.100.10"},{"filterName":"rule-1","action":"Reject","ipMask":"0.0.0.0/0"}]' ${where}`,
    ],
  },
];

testCommands(rows.map((row) => ({ ...row, given: [row.given, noPerimeter] })));
