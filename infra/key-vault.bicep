// The vault for the key that signs webhooks, which an operator puts in: no template knows it.

@description('The region of the vault.')
param location string

@description('The name of the vault, which no other in the world has.')
param name string

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 7
    enablePurgeProtection: true
    // Trusted services would get in although public access is off.
    // https://learn.microsoft.com/azure/key-vault/general/network-security
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'None'
      ipRules: []
      virtualNetworkRules: []
    }
  }
}

@description('The id of the vault.')
output id string = vault.id

@description('The name of the vault.')
output name string = vault.name

@description('The address of the key, in its newest version.')
output secretUri string = '${vault.properties.vaultUri}secrets/cordon-webhook'
