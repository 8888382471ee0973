namespace VClusterManager.Sandbox.Tests.Clients;

/// <summary>What the tests apply.</summary>
internal static class Manifests
{
    public const string Web = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, labels: {app: web}}
        data: {greeting: hello}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          selector: {app: web}
          ports: [{name: http, port: 80, targetPort: 8080}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, labels: {app: web}}
        spec:
          replicas: 1
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers: [{name: web, image: "example.com/web:1", ports: [{containerPort: 8080}]}]
        """;
}
