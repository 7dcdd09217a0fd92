// A resource group for a subscription's Event Grid system topic, which must be in the same subscription.
targetScope = 'subscription'

@description('The name of the resource group.')
param name string

@description('The region of the resource group.')
param location string

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: name
  location: location
}

@description('The name of the resource group.')
output name string = group.name
