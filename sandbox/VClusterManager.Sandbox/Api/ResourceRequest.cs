using VClusterManager.Sandbox.Authentication;
using VClusterManager.Sandbox.Authorization;
using VClusterManager.Sandbox.Registry;
using VClusterManager.Sandbox.Resources;

namespace VClusterManager.Sandbox.Api;

/// <summary>A request for a known resource of one cluster, by someone who may make it.</summary>
internal sealed record ResourceRequest(
    HttpContext Http,
    EmulatedCluster Cluster,
    RequestInfo Info,
    ResourceDefinition Resource,
    Identity Caller
)
{
    /// <summary>The resource in whose form the objects lie in the store.</summary>
    public ResourceDefinition Storage => Resource.StoredAs ?? Resource;

    public IQueryCollection Query => Http.Request.Query;

    public string Namespace => Resource.Namespaced ? Info.Namespace : "";

    /// <summary>The namespace to list or watch; null for all.</summary>
    public string? Scope => Resource.Namespaced && Info.Namespace.Length > 0 ? Info.Namespace : null;

    public bool DryRun => Query["dryRun"].Contains("All");

    /// <summary>Under which name the fields of this write are kept: the one asked for, else the program's.</summary>
    public string FieldManager =>
        Query["fieldManager"].ToString() is { Length: > 0 } named
            ? named
            : Http.Request.Headers.UserAgent.ToString().Split('/')[0];

    public WriteOptions WriteOptions =>
        new(FieldManager, DryRun, Info.Subresource.Length > 0 ? Info.Subresource : null)
        {
            FieldValidation = Query["fieldValidation"].ToString() switch
            {
                "Strict" => FieldValidation.Strict,
                "Ignore" => FieldValidation.Ignore,
                _ => FieldValidation.Warn,
            },
            Inspect = (before, after) => new EscalationGuard(Cluster.Authorizer, this).Check(before, after),
            Warn = text =>
                Http.Response.Headers.Append(
                    "Warning",
                    $"299 - \"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
                ),
        };

    public DeleteOptions QueryDeleteOptions =>
        new(
            Propagation: Query["propagationPolicy"].ToString() is { Length: > 0 } policy ? policy : null,
            GracePeriodSeconds: long.TryParse(Query["gracePeriodSeconds"], out var seconds) ? seconds : null,
            DryRun: DryRun
        );
}
