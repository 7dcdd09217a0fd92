// Private endpoints, each with the private DNS zone that makes its names lead there.
// https://learn.microsoft.com/azure/private-link/private-endpoint-dns

@description('The region of the endpoints.')
param location string

@description('The network whose clients resolve the names.')
param networkId string

@description('The subnet that the endpoints are in.')
param subnetId string

@description('For each endpoint the id of the resource behind it, its group id and the name of its zone.')
param endpoints array

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for endpoint in endpoints: {
    name: endpoint.zone
    location: 'global'
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (endpoint, index) in endpoints: {
    parent: zones[index]
    name: 'cordon'
    location: 'global'
    properties: {
      virtualNetwork: { id: networkId }
      registrationEnabled: false
    }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2025-09-01' = [
  for endpoint in endpoints: {
    name: 'pe-${endpoint.groupId}'
    location: location
    properties: {
      subnet: { id: subnetId }
      privateLinkServiceConnections: [
        {
          name: endpoint.groupId
          properties: {
            privateLinkServiceId: endpoint.resourceId
            groupIds: [endpoint.groupId]
          }
        }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-09-01' = [
  for (endpoint, index) in endpoints: {
    parent: privateEndpoints[index]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: endpoint.groupId, properties: { privateDnsZoneId: zones[index].id } }]
    }
    // A name that resolves before the zone is linked is cached with its public address.
    dependsOn: [links[index]]
  }
]
