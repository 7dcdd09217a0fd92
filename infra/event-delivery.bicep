// What a system topic may do in Cordon's storage account: write to one queue, and to one container what it cannot deliver.
// https://learn.microsoft.com/azure/event-grid/add-identity-roles

@description('The storage account that events are delivered to.')
param storageAccountName string

@description('The object id of the topic\'s system-assigned identity.')
param principalId string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage
var messageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
var blobContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' existing = {
  name: storageAccountName

  resource queues 'queueServices' existing = {
    name: 'default'

    resource changes 'queues' existing = {
      name: 'changes'
    }
  }

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource undelivered 'containers' existing = {
      name: 'undelivered-events'
    }
  }
}

resource onQueue 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::queues::changes.id, principalId, messageSender)
  scope: account::queues::changes
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', messageSender)
  }
}

resource onContainer 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::undelivered.id, principalId, blobContributor)
  scope: account::blobs::undelivered
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobContributor)
  }
}

@description('The id of the storage account.')
output storageAccountId string = account.id
