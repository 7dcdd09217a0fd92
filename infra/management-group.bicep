// Cordon for more subscriptions of a management group: the role and the events of each. main.bicep comes first.
targetScope = 'managementGroup'

// A deployment has 800 resources, of which a subscription takes two, and 4 MB with all loops written out: some 10 KB for each.
// https://learn.microsoft.com/azure/azure-resource-manager/templates/best-practices#template-limits

@description('The ids of subscriptions that have no Event Grid system topic yet: one is made. At most 300 in both lists together.')
@maxLength(300)
param subscriptionIds array = []

@description('Subscriptions that have a system topic: { id, systemTopic: { name, resourceGroup, identity, tags } }, as in main.bicep.')
@maxLength(300)
param subscriptionsWithTopic array = []

@description('The region of the resource groups that are made for system topics, and of what is kept of these deployments.')
param location string

@description('The resource group that is made for the system topic in each subscription.')
param resourceGroupName string = 'rg-cordon-events'

@description('The subscription that Cordon is in.')
param cordonSubscriptionId string

@description('The resource group that Cordon is in.')
param cordonResourceGroup string = 'rg-cordon'

@description('An output of main.bicep: the object id of the identity that audits.')
param principalId string

@description('An output of main.bicep: the storage account that events are delivered to.')
param storageAccountName string

var role = loadJsonContent('cordon-reader.role.json')

resource reader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, role.Name)
  properties: {
    // No two roles of a tenant have one name.
    roleName: '${role.Name} ${managementGroup().name}'
    description: role.Description
    type: 'CustomRole'
    assignableScopes: [managementGroup().id]
    permissions: [
      {
        actions: role.Actions
        notActions: role.NotActions
        dataActions: role.DataActions
        notDataActions: role.NotDataActions
      }
    ]
  }
}

// Which subscriptions there are in the group, for the setting CORDON_MANAGEMENT_GROUP.
// https://learn.microsoft.com/rest/api/managementgroups/management-groups/get-descendants
resource memberReader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, 'Cordon Member Reader')
  properties: {
    roleName: 'Cordon Member Reader ${managementGroup().name}'
    description: 'Reads which subscriptions are in the management group.'
    type: 'CustomRole'
    assignableScopes: [managementGroup().id]
    permissions: [{ actions: ['Microsoft.Management/managementGroups/descendants/read'] }]
  }
}

resource readsMembers 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, principalId, 'Cordon Member Reader')
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: memberReader.id
  }
}

module groups 'resource-group.bicep' = [
  for id in subscriptionIds: {
    name: 'cordon-events-group'
    scope: subscription(id)
    params: { name: resourceGroupName, location: location }
  }
]

module audited 'audited-subscription.bicep' = [
  for (id, index) in subscriptionIds: {
    name: 'cordon-audited'
    scope: subscription(id)
    params: {
      principalId: principalId
      readerRoleName: reader.name
      systemTopic: {
        name: 'evgt-cordon'
        resourceGroup: groups[index].outputs.name
        identity: { type: 'SystemAssigned' }
        tags: {}
      }
      cordonSubscriptionId: cordonSubscriptionId
      cordonResourceGroup: cordonResourceGroup
      storageAccountName: storageAccountName
    }
  }
]

module auditedWithTopic 'audited-subscription.bicep' = [
  for entry in subscriptionsWithTopic: {
    name: 'cordon-audited'
    scope: subscription(entry.id)
    params: {
      principalId: principalId
      readerRoleName: reader.name
      systemTopic: entry.systemTopic
      cordonSubscriptionId: cordonSubscriptionId
      cordonResourceGroup: cordonResourceGroup
      storageAccountName: storageAccountName
    }
  }
]
