// The network: one subnet that the app's calls leave from, one that holds the private endpoints.

@description('The region of the network.')
param location string

@description('What the names of resources are made of.')
param name string

@description('The prefixes of the network, its two subnets, and the callers in peered networks.')
param prefixes object

// Nothing listens in the app's subnet: calls into an app do not come through the network that it is integrated with.
// https://learn.microsoft.com/azure/azure-functions/functions-networking-options#virtual-network-integration
resource appGroup 'Microsoft.Network/networkSecurityGroups@2025-09-01' = {
  name: 'nsg-${name}-app'
  location: location
  properties: { securityRules: [] }
}

resource endpointGroup 'Microsoft.Network/networkSecurityGroups@2025-09-01' = {
  name: 'nsg-${name}-endpoints'
  location: location
  properties: {
    securityRules: [
      {
        name: 'allow-callers'
        properties: {
          direction: 'Inbound'
          priority: 100
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefixes: concat([prefixes.network], prefixes.callers)
          sourcePortRange: '*'
          destinationAddressPrefix: prefixes.endpoints
          destinationPortRange: '443'
        }
      }
      {
        name: 'deny-inbound'
        properties: {
          direction: 'Inbound'
          priority: 4096
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2025-09-01' = {
  name: 'vnet-${name}'
  location: location
  properties: {
    addressSpace: { addressPrefixes: [prefixes.network] }
    subnets: [
      {
        name: 'snet-app'
        properties: {
          addressPrefix: prefixes.app
          // https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#considerations
          delegations: [{ name: 'flex-consumption', properties: { serviceName: 'Microsoft.App/environments' } }]
          networkSecurityGroup: { id: appGroup.id }
          // Where a subnet is delegated, its service sees to the way out.
          // https://learn.microsoft.com/azure/virtual-network/ip-services/default-outbound-access#limitations
          defaultOutboundAccess: false
        }
      }
      {
        name: 'snet-endpoints'
        properties: {
          addressPrefix: prefixes.endpoints
          networkSecurityGroup: { id: endpointGroup.id }
          // https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy
          privateEndpointNetworkPolicies: 'Enabled'
          defaultOutboundAccess: false
        }
      }
    ]
  }

  resource appSubnet 'subnets' existing = {
    name: 'snet-app'
  }

  resource endpointSubnet 'subnets' existing = {
    name: 'snet-endpoints'
  }
}

@description('The id of the network.')
output networkId string = network.id

@description('The id of the subnet that the app\'s calls leave from.')
output appSubnetId string = network::appSubnet.id

@description('The id of the subnet for private endpoints.')
output endpointSubnetId string = network::endpointSubnet.id
