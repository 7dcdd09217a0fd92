// Queues, findings and the app's package. Nobody comes in but over a private endpoint, and Event Grid as a trusted service.

@description('The region of the account.')
param location string

@description('The name of the account, which no other in the world has.')
param name string

var packageContainer = 'app-package'

// Event Grid makes no queue, and what it cannot find it gives up.
var queues = ['audits', 'audits-poison', 'changes', 'changes-poison', 'deliveries', 'deliveries-poison', 'findings']

resource account 'Microsoft.Storage/storageAccounts@2026-04-01' = {
  name: name
  location: location
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: {
    // Also while public access is off, the trusted services of `bypass` get in: Event Grid, which cannot deliver over private
    // endpoints, does as a system topic that has the role on one queue.
    // https://learn.microsoft.com/azure/storage/common/storage-network-security-limitations#general-guidelines-and-limitations
    // https://learn.microsoft.com/azure/event-grid/consume-private-endpoints
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      defaultAction: 'Deny'
      bypass: 'AzureServices'
      ipRules: []
      virtualNetworkRules: []
    }
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    isLocalUserEnabled: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource package 'containers' = {
      name: packageContainer
    }

    resource undelivered 'containers' = {
      name: 'undelivered-events'
    }
  }

  resource queueService 'queueServices' = {
    name: 'default'

    resource each 'queues' = [
      for queue in queues: {
        name: queue
      }
    ]
  }

  resource tables 'tableServices' = {
    name: 'default'

    resource findings 'tables' = {
      name: 'cordon'
    }
  }
}

@description('The id of the account.')
output id string = account.id

@description('The name of the account.')
output name string = account.name

@description('The address of the container that holds the app.')
output packageContainerUrl string = '${account.properties.primaryEndpoints.blob}${packageContainer}'
