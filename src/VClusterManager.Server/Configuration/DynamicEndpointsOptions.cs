namespace VClusterManager.Server.Configuration;

internal sealed record DynamicEndpointsOptions
{
    /// <summary>Whether endpoints of a file are served.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The file; <see langword="null"/>: there is none.</summary>
    public string? File { get; init; }

    /// <summary>Somebody has named the file: it must be there.</summary>
    public bool IsNamed { get; init; }

    /// <summary>What may be run beside kubectl and vcluster: name to executable.</summary>
    public IReadOnlyDictionary<string, string> Commands { get; init; } = new Dictionary<string, string>();

    /// <summary>Commands of all endpoints at the same time.</summary>
    public int MaxParallel { get; init; } = 16;
}
