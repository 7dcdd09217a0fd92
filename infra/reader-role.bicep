// The role with which a subscription is audited: what cordon-reader.role.json lists, and nothing that changes anything.
targetScope = 'subscription'

var role = loadJsonContent('cordon-reader.role.json')

resource reader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, role.Name)
  properties: {
    // No two roles of a tenant have one name.
    roleName: '${role.Name} ${subscription().subscriptionId}'
    description: role.Description
    type: 'CustomRole'
    assignableScopes: [subscription().id]
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

@description('The name of the role definition, a GUID.')
output name string = reader.name
