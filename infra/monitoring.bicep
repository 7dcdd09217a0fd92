// Logs: taken from, and shown to, those alone who sign in with Microsoft Entra ID.
// https://learn.microsoft.com/azure/azure-monitor/app/azure-ad-authentication

@description('The region of the workspace.')
param location string

@description('What the names of resources are made of.')
param name string

resource workspace 'Microsoft.OperationalInsights/workspaces@2026-03-01' = {
  name: 'log-${name}'
  location: location
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: 30
    features: { disableLocalAuth: true }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${name}'
  location: location
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

@description('The id of the Application Insights component.')
output componentId string = component.id

@description('The name of the Application Insights component.')
output componentName string = component.name
