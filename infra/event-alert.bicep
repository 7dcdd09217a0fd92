// Tells when Event Grid gives events up. One topic is watched: what closes the queue to it closes it to all.

@description('What the names of resources are made of.')
param name string

@description('The id of the system topic.')
param topicId string

@description('Whom alerts tell.')
param actionGroupId string

// https://learn.microsoft.com/azure/event-grid/monitor-push-reference
resource undelivered 'Microsoft.Insights/metricAlerts@2026-01-01' = {
  name: '${name}-undelivered-events'
  location: 'global'
  properties: {
    description: 'Cordon: an event of Azure could not be delivered within a day.'
    severity: 2
    enabled: true
    scopes: [topicId]
    evaluationFrequency: 'PT1H'
    windowSize: 'PT1H'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'dead-lettered'
          metricName: 'DeadLetteredCount'
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}
