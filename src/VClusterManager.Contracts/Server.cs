using System.Text.Json.Serialization;

namespace VClusterManager.Contracts;

/// <summary>The answer of <c>GET /health</c>.</summary>
/// <param name="Status">Always <c>healthy</c>: a process that can answer is alive.</param>
public sealed record Health(string Status);

/// <summary>The answer of <c>GET /readyz</c> and <c>GET /livez</c>.</summary>
/// <param name="Status"><c>ready</c>, <c>degraded</c>, <c>starting</c>, <c>draining</c> or <c>unavailable</c>.</param>
/// <param name="Problems">What is wrong, in words. Only with credentials.</param>
public sealed record Readiness(
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Problems
);

/// <summary>The answer of <c>GET /api/info</c>.</summary>
public sealed record ServerInfo
{
    /// <summary>Always <c>vcluster-manager</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The server's own version.</summary>
    public required string Version { get; init; }

    /// <summary>What it is, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Whether endpoints defined in YAML are served.</summary>
    public required bool DynamicEndpointsEnabled { get; init; }

    /// <summary>Which webhooks are open.</summary>
    public required WebhooksEnabled WebhooksEnabled { get; init; }

    /// <summary>The Kubernetes versions on offer, newest first. Only with credentials.</summary>
    [JsonPropertyName("k8s_versions")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? KubernetesVersions { get; init; }

    /// <summary>The tools and the host. Only with credentials.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ToolVersions? Tools { get; init; }
}

/// <summary>Which webhooks are open: enabled, and with a secret.</summary>
/// <param name="Github">GitHub's.</param>
/// <param name="Bitbucket">Bitbucket's, Cloud and Data Center.</param>
/// <param name="Gitlab">GitLab's.</param>
public sealed record WebhooksEnabled(bool Github, bool Bitbucket, bool Gitlab);

/// <summary>Versions of the tools and the host; null: not known.</summary>
/// <param name="Vcluster">The vcluster CLI.</param>
/// <param name="Helm">Helm.</param>
/// <param name="Kubectl">kubectl.</param>
/// <param name="Host">The host's Kubernetes.</param>
public sealed record ToolVersions(string? Vcluster, string? Helm, string? Kubectl, string? Host);
