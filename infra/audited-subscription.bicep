// What a subscription needs to be audited: the role for Cordon's identity, and its events in Cordon's queue.
targetScope = 'subscription'

@description('The object id of the identity that audits.')
param principalId string

@description('The name of the definition of the reader role, a GUID.')
param readerRoleName string

@description('The name, resource group, identity and tags of the subscription\'s Event Grid system topic.')
param systemTopic object

@description('The subscription that Cordon is in.')
param cordonSubscriptionId string

@description('The resource group that Cordon is in.')
param cordonResourceGroup string

@description('The storage account that events are delivered to.')
param storageAccountName string

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, principalId, readerRoleName)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', readerRoleName)
  }
}

module topic 'system-topic.bicep' = {
  name: 'cordon-system-topic'
  scope: resourceGroup(systemTopic.resourceGroup)
  params: { name: systemTopic.name, identity: systemTopic.identity, tags: systemTopic.tags }
}

module delivery 'event-delivery.bicep' = {
  name: 'cordon-delivery-${subscription().subscriptionId}'
  scope: resourceGroup(cordonSubscriptionId, cordonResourceGroup)
  params: { storageAccountName: storageAccountName, principalId: topic.outputs.principalId }
}

module events 'event-subscription.bicep' = {
  name: 'cordon-event-subscription'
  scope: resourceGroup(systemTopic.resourceGroup)
  params: { topicName: systemTopic.name, storageAccountId: delivery.outputs.storageAccountId }
}

@description('The id of the system topic.')
output topicId string = topic.outputs.id
