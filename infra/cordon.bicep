// What the resource group holds, in the order in which it is made: nothing starts before its doors are closed.

@description('The region of everything that has one.')
param location string

@description('What the names of resources are made of: lower-case letters and digits.')
param name string

@description('Public addresses (CIDR) that may reach the app and its deployment site.')
param operatorAddresses array

@description('The prefixes of the network, its two subnets, and the callers in peered networks.')
param prefixes object

@description('The memory of an instance.')
param instanceMemoryMB int

@description('The settings of Cordon that the operator chooses.')
param settings object

var globalName = '${name}${uniqueString(resourceGroup().id)}'
var cloud = loadJsonContent('clouds.json')[environment().name]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${name}'
  location: location
}

module network 'network.bicep' = {
  name: 'cordon-network'
  params: { location: location, name: name, prefixes: prefixes }
}

module storage 'storage.bicep' = {
  name: 'cordon-storage'
  params: { location: location, name: 'st${globalName}' }
}

module vault 'key-vault.bicep' = {
  name: 'cordon-key-vault'
  params: { location: location, name: 'kv${globalName}' }
}

module monitoring 'monitoring.bicep' = {
  name: 'cordon-monitoring'
  params: { location: location, name: name }
}

module access 'access.bicep' = {
  name: 'cordon-access'
  params: {
    principalId: identity.properties.principalId
    storageAccountName: storage.outputs.name
    vaultName: vault.outputs.name
    componentName: monitoring.outputs.componentName
  }
}

module dataEndpoints 'private-endpoints.bicep' = {
  name: 'cordon-data-endpoints'
  params: {
    location: location
    networkId: network.outputs.networkId
    subnetId: network.outputs.endpointSubnetId
    endpoints: [
      { resourceId: storage.outputs.id, groupId: 'blob', zone: 'privatelink.blob.${environment().suffixes.storage}' }
      { resourceId: storage.outputs.id, groupId: 'queue', zone: 'privatelink.queue.${environment().suffixes.storage}' }
      { resourceId: storage.outputs.id, groupId: 'table', zone: 'privatelink.table.${environment().suffixes.storage}' }
      { resourceId: vault.outputs.id, groupId: 'vault', zone: cloud.vaultZone }
    ]
  }
}

module app 'app.bicep' = {
  name: 'cordon-app'
  params: {
    location: location
    name: 'func-${globalName}'
    identityId: identity.id
    subnetId: network.outputs.appSubnetId
    operatorAddresses: operatorAddresses
    instanceMemoryMB: instanceMemoryMB
    packageContainerUrl: storage.outputs.packageContainerUrl
  }
  dependsOn: [access, dataEndpoints]
}

module appSettings 'app-settings.bicep' = {
  name: 'cordon-app-settings'
  params: {
    appName: app.outputs.name
    clientId: identity.properties.clientId
    storageAccountName: storage.outputs.name
    componentName: monitoring.outputs.componentName
    secretUri: vault.outputs.secretUri
    settings: settings
  }
}

module appEndpoint 'private-endpoints.bicep' = {
  name: 'cordon-app-endpoint'
  params: {
    location: location
    networkId: network.outputs.networkId
    subnetId: network.outputs.endpointSubnetId
    endpoints: [{ resourceId: app.outputs.id, groupId: 'sites', zone: cloud.appZone }]
  }
}

@description('The object id of the identity that audits.')
output principalId string = identity.properties.principalId

@description('The name of the function app.')
output appName string = app.outputs.name

@description('The storage account that events are delivered to.')
output storageAccountName string = storage.outputs.name

@description('The Application Insights component.')
output componentId string = monitoring.outputs.componentId
