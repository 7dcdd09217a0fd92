// Alerts, and whom they tell. docs/operating.md says what each means, and what to do.

@description('The region of the rules.')
param location string

@description('What the names of resources are made of.')
param name string

@description('The id of the Application Insights component with the app\'s logs.')
param componentId string

@description('Where alerts are sent to.')
param email string

// The host and the functions alike name the queue in the line that says that a message is given up:
// https://github.com/Azure/azure-sdk-for-net/blob/main/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Common/src/Shared/Queues/QueueProcessor.cs
var rules = [
  {
    name: 'poison-messages'
    description: 'A message was given up: it lies in a poison queue.'
    severity: 2
    query: 'traces | where severityLevel >= 2 and message contains "-poison"'
    window: 'PT15M'
    frequency: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
    dimensions: []
  }
  {
    name: 'failed-audits'
    description: 'Audits fail again and again.'
    severity: 2
    query: 'requests | where name in ("plan-audits", "audit-subscription", "audit-change") and success == false'
    window: 'PT1H'
    frequency: 'PT15M'
    operator: 'GreaterThan'
    threshold: 2
    dimensions: []
  }
  {
    name: 'no-audit'
    description: 'No scheduled audit was completed for a day.'
    severity: 1
    query: 'requests | where name == "audit-subscription" and success == true'
    window: 'P1D'
    frequency: 'PT1H'
    operator: 'LessThan'
    threshold: 1
    dimensions: []
  }
  {
    name: 'subscription-not-audited'
    description: 'A subscription that the schedule asks for was not audited for a day.'
    severity: 2
    query: loadTextContent('subscription-not-audited.kql')
    window: 'P2D'
    frequency: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
    dimensions: [{ name: 'subscriptionId', operator: 'Include', values: ['*'] }]
  }
]

resource operators 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  properties: {
    groupShortName: name
    enabled: true
    emailReceivers: [{ name: 'operators', emailAddress: email, useCommonAlertSchema: true }]
  }
}

// https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
resource alerts 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [
  for rule in rules: {
    name: '${name}-${rule.name}'
    location: location
    kind: 'LogAlert'
    properties: {
      displayName: 'Cordon: ${rule.name}'
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [componentId]
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            query: rule.query
            timeAggregation: 'Count'
            operator: rule.operator
            threshold: rule.threshold
            dimensions: rule.dimensions
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      actions: { actionGroups: [operators.id] }
    }
  }
]

@description('Whom alerts tell.')
output actionGroupId string = operators.id
