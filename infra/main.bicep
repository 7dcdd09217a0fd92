// Cordon in one subscription: the app, closed, and the events of that subscription. Other subscriptions: management-group.bicep.
targetScope = 'subscription'

@description('The name of the environment, which azd keeps as a tag of the resource group.')
param environmentName string = 'cordon'

@description('The region of everything that has one; it must offer the Flex Consumption plan.')
param location string

@description('The resource group that is made for Cordon. Another one needs other patterns in cordon.policy.json.')
param resourceGroupName string = 'rg-cordon'

@description('What the names of resources are made of: lower-case letters and digits. Another one needs another pattern, too.')
@minLength(2)
@maxLength(9)
param name string = 'cordon'

@description('Where alerts are sent to.')
param operatorEmail string

@description('Public addresses (CIDR) that may reach the app and its deployment site. None: only the private endpoint does.')
param operatorAddresses array = []

@description('The prefixes of the network, of its subnets (/27 or larger for the app) and of callers in peered networks.')
param prefixes object = { network: '10.119.0.0/24', app: '10.119.0.0/26', endpoints: '10.119.0.64/27', callers: [] }

@description('When everything is audited: NCRONTAB with six fields, in UTC, at least once a day.')
param auditSchedule string = '0 0 */6 * * *'

@description('The ids of the subscriptions to audit; an empty list where a management group is given.')
param subscriptionIds array = [subscription().subscriptionId]

@description('The id of the management group to audit instead of listed subscriptions.')
param managementGroupName string = ''

@description('Where findings go: queue, webhook, or both with a comma between them.')
param sinks string = 'queue'

@description('The https address of the webhook; empty where there is none. Its key is put into the vault by hand.')
param webhookUrl string = ''

@description('The memory of an instance, on which two audits may run at once.')
@allowed([2048, 4096])
param instanceMemoryMB int = 2048

@description('The system topic of the subscription, of which there can be one; where it is there already, what it is.')
param systemTopic object = {
  name: 'evgt-cordon'
  resourceGroup: resourceGroupName
  identity: { type: 'SystemAssigned' }
  tags: {}
}

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: resourceGroupName
  location: location
  tags: { 'azd-env-name': environmentName }
}

module cordon 'cordon.bicep' = {
  name: 'cordon'
  scope: group
  params: {
    location: location
    name: name
    operatorAddresses: operatorAddresses
    prefixes: prefixes
    instanceMemoryMB: instanceMemoryMB
    settings: {
      AUDIT_SCHEDULE: auditSchedule
      CORDON_SUBSCRIPTIONS: join(subscriptionIds, ',')
      CORDON_MANAGEMENT_GROUP: managementGroupName
      CORDON_SINKS: sinks
      CORDON_WEBHOOK_URL: webhookUrl
    }
  }
}

module alerts 'alerts.bicep' = {
  name: 'cordon-alerts'
  scope: group
  params: { location: location, name: name, componentId: cordon.outputs.componentId, email: operatorEmail }
}

module readerRole 'reader-role.bicep' = {
  name: 'cordon-reader-role'
}

module audited 'audited-subscription.bicep' = {
  name: 'cordon-audited'
  params: {
    principalId: cordon.outputs.principalId
    readerRoleName: readerRole.outputs.name
    systemTopic: systemTopic
    cordonSubscriptionId: subscription().subscriptionId
    cordonResourceGroup: group.name
    storageAccountName: cordon.outputs.storageAccountName
  }
}

module eventAlert 'event-alert.bicep' = {
  name: 'cordon-event-alert'
  scope: group
  params: { name: name, topicId: audited.outputs.topicId, actionGroupId: alerts.outputs.actionGroupId }
}

@description('The resource group of the app, under the name that azd knows.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The name of the function app.')
output appName string = cordon.outputs.appName

@description('For management-group.bicep: the storage account that events are delivered to.')
output storageAccountName string = cordon.outputs.storageAccountName

@description('For management-group.bicep: the object id of the identity that audits.')
output principalId string = cordon.outputs.principalId
