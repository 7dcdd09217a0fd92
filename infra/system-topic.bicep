// Where the events of a subscription come from. There can be one such topic for each subscription.
// https://learn.microsoft.com/azure/event-grid/system-topics

@description('The name of the topic; where the subscription has one already, its name.')
param name string

@description('The identity of the topic: system-assigned, together with those that it may have already.')
param identity object

@description('The tags of the topic.')
param tags object

// Past a closed firewall, Event Grid delivers as the topic's system-assigned identity only. That a topic in the location `global`
// can have one is documented in the first of these pages, and was refused in 2021, as the second shows.
// https://learn.microsoft.com/azure/event-grid/enable-identity-system-topics
// https://github.com/Azure/azure-cli/issues/18002
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: 'global'
  tags: tags
  identity: identity
  properties: {
    source: subscription().id
    topicType: 'Microsoft.Resources.Subscriptions'
  }
}

@description('The id of the topic.')
output id string = topic.id

@description('The object id of the topic\'s system-assigned identity.')
output principalId string = topic.identity.principalId
