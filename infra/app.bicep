// The function app, on the Flex Consumption plan. Its doors are in its first body: it is never open, not even while it is made.
// https://learn.microsoft.com/azure/azure-functions/functions-infrastructure-as-code?pivots=flex-consumption-plan

@description('The region of the app.')
param location string

@description('The name of the app, which no other in the world has.')
param name string

@description('The id of the identity that the app has.')
param identityId string

@description('The subnet that the app\'s calls leave from.')
param subnetId string

@description('Public addresses (CIDR) that may reach the app and its deployment site.')
param operatorAddresses array

@description('The memory of an instance.')
param instanceMemoryMB int

@description('The address of the container that holds the app.')
param packageContainerUrl string

var publicNetworkAccess = empty(operatorAddresses) ? 'Disabled' : 'Enabled'

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${name}'
  location: location
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  kind: 'functionapp,linux'
  tags: { 'azd-service-name': 'app' }
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: publicNetworkAccess
    virtualNetworkSubnetId: subnetId
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      publicNetworkAccess: publicNetworkAccess
      ipSecurityRestrictionsDefaultAction: 'Deny'
      ipSecurityRestrictions: [
        for (address, index) in operatorAddresses: {
          name: 'operators-${index}'
          priority: 100 + index
          action: 'Allow'
          ipAddress: address
        }
      ]
      scmIpSecurityRestrictionsUseMain: true
      scmIpSecurityRestrictionsDefaultAction: 'Deny'
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
    }
    functionAppConfig: {
      runtime: { name: 'node', version: '22' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
      // ARM throttles the identity, however many instances ask. Not every region takes less than 40:
      // https://github.com/Azure/azure-functions-host/issues/10523
      scaleAndConcurrency: { maximumInstanceCount: 40, instanceMemoryMB: instanceMemoryMB }
    }
  }

  // Nobody deploys with a password.
  resource ftpPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource scmPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

@description('The id of the app.')
output id string = app.id

@description('The name of the app.')
output name string = app.name
