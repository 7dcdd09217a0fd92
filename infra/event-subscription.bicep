// Which events of a subscription go into the queue `changes`.
// https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions

@description('The name of the system topic.')
param topicName string

@description('The id of the storage account that events are delivered to.')
param storageAccountId string

var events = loadJsonContent('events.json')
var identity = { type: 'SystemAssigned' }

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

// https://learn.microsoft.com/azure/event-grid/handler-storage-queues
resource changes 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'cordon-changes'
  properties: {
    deliveryWithResourceIdentity: {
      identity: identity
      destination: {
        endpointType: 'StorageQueue'
        properties: { resourceId: storageAccountId, queueName: 'changes' }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: identity
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: { resourceId: storageAccountId, blobContainerName: 'undelivered-events' }
      }
    }
    eventDeliverySchema: 'EventGridSchema'
    retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
    filter: {
      includedEventTypes: events.types
      // https://learn.microsoft.com/azure/event-grid/event-filtering
      advancedFilters: [
        { operatorType: 'StringNotBeginsWith', key: 'data.operationName', values: events.operationsElsewhere }
        { operatorType: 'StringNotEndsWith', key: 'data.operationName', values: events.operationsThatOnlyRead }
      ]
    }
  }
}
