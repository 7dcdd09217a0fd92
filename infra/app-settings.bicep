// The app's settings: docs/settings.md says what each of them means. None of them is a secret.

@description('The name of the function app.')
param appName string

@description('The client id of the identity that the app has.')
param clientId string

@description('The app\'s storage account.')
param storageAccountName string

@description('The Application Insights component.')
param componentName string

@description('The address of the webhook\'s key.')
param secretUri string

@description('The settings of Cordon that the operator chooses.')
param settings object

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: {
    AUDIT_SCHEDULE: settings.AUDIT_SCHEDULE
    CORDON_READER: 'live'
    CORDON_CLOUD: loadJsonContent('clouds.json')[environment().name].name
    CORDON_SUBSCRIPTIONS: settings.CORDON_SUBSCRIPTIONS
    CORDON_MANAGEMENT_GROUP: settings.CORDON_MANAGEMENT_GROUP
    CORDON_POLICY: 'cordon.policy.json'
    CORDON_SINKS: settings.CORDON_SINKS
    CORDON_WEBHOOK_URL: settings.CORDON_WEBHOOK_URL
    // https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
    CORDON_WEBHOOK_SECRET: empty(settings.CORDON_WEBHOOK_URL) ? '' : '@Microsoft.KeyVault(SecretUri=${secretUri})'
    // https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
    AzureWebJobsStorage__blobServiceUri: 'https://${storageAccountName}.blob.${environment().suffixes.storage}'
    AzureWebJobsStorage__queueServiceUri: 'https://${storageAccountName}.queue.${environment().suffixes.storage}'
    AzureWebJobsStorage__tableServiceUri: 'https://${storageAccountName}.table.${environment().suffixes.storage}'
    AzureWebJobsStorage__credential: 'managedidentity'
    AzureWebJobsStorage__clientId: clientId
    // As whom the estate is read: https://learn.microsoft.com/javascript/api/@azure/identity/defaultazurecredential
    AZURE_CLIENT_ID: clientId
    // Where logs go; with local authentication off, what it holds lets nobody in.
    APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
    // https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_authentication_string
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${clientId}'
  }
}
