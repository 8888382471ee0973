using VClusterManager.Server.Identity;

namespace VClusterManager.Server.DynamicEndpoints.Definitions;

/// <summary>An endpoint that an operator has written, checked by every rule of the language. Immutable.</summary>
internal sealed record EndpointDefinition
{
    public const string ClusterParameter = "cluster";
    public const string ClusterNamespaceParameter = "cluster_namespace";

    /// <summary>Unique in its file.</summary>
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>In capitals.</summary>
    public required string Method { get; init; }

    /// <summary>Below <c>/api/dynamic</c>, with parameters in braces: <c>/namespaces/{namespace}/pods</c>.</summary>
    public required string Path { get; init; }

    /// <summary>A name from the allow-list.</summary>
    public required string Command { get; init; }

    /// <summary>What becomes the list of arguments, in order.</summary>
    public required IReadOnlyList<PlannedArgument> Arguments { get; init; }

    public required IReadOnlyList<ParameterDefinition> Parameters { get; init; }

    /// <summary>The request's body goes to the tool's standard input as it is.</summary>
    public bool StdinIsBody { get; init; }

    /// <summary>The tool's standard input; <see langword="null"/>: it is empty, or the body.</summary>
    public TextTemplate? Stdin { get; init; }

    public required EndpointTarget Target { get; init; }

    public required Role Role { get; init; }

    /// <summary>How long the command may run.</summary>
    public required TimeSpan Timeout { get; init; }

    public required EndpointOutput Output { get; init; }

    /// <summary>How long an answer is given again; <see langword="null"/>: it never is.</summary>
    public required TimeSpan? Cache { get; init; }

    /// <summary>Bytes that the command may print; <see langword="null"/>: as much as it likes (streams only).</summary>
    public required long? MaxOutput { get; init; }

    /// <summary>Commands at the same time, in this server.</summary>
    public required int Concurrency { get; init; }

    /// <summary><see langword="null"/>: as often as somebody asks.</summary>
    public required EndpointRate? Rate { get; init; }

    /// <summary>The parameter that names the namespace: with it, callers who are bound to namespaces may call.</summary>
    public required string? BoundBy { get; init; }

    /// <summary>What was written, in one form: two endpoints with the same one are the same.</summary>
    public required string Fingerprint { get; init; }

    public bool IsRead => Method == "GET";

    public bool HasBody => StdinIsBody || Parameters.Any(p => p.In == ParameterPlace.Body);

    public ParameterDefinition? Parameter(string name) => Parameters.FirstOrDefault(p => p.Name == name);
}

/// <summary>Whose kubeconfig the command runs with.</summary>
internal enum EndpointTarget
{
    Host,

    /// <summary>The virtual cluster that the parameter <c>cluster</c> names.</summary>
    Cluster,
}

internal enum EndpointOutput
{
    Text,

    /// <summary>Checked and passed through.</summary>
    Json,

    /// <summary>Line by line, as it comes.</summary>
    Stream,
}

/// <summary>So many commands in so long a time, which may also be started all at once.</summary>
internal sealed record EndpointRate(int Number, TimeSpan Period);
