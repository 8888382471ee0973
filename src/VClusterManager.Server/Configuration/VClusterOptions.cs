namespace VClusterManager.Server.Configuration;

internal sealed record VClusterOptions
{
    /// <summary>As configured; <see langword="null"/>: found on PATH.</summary>
    public required string? Executable { get; init; }

    public required string? Helm { get; init; }

    public required string? Kubectl { get; init; }

    /// <summary>Minor version (<c>1.35</c>) to image tag (<c>v1.35.0</c>).</summary>
    public required IReadOnlyDictionary<string, string> Versions { get; init; }

    public required string DefaultKubernetesVersion { get; init; }

    public required int DefaultTtlHours { get; init; }

    public required string NamespacePrefix { get; init; }

    public required IReadOnlyList<string> ReservedNamespaces { get; init; }

    public required IReadOnlyList<string> DeniedValues { get; init; }

    /// <summary>Merged under every cluster's own values, as a JSON object.</summary>
    public required System.Text.Json.Nodes.JsonObject Values { get; init; }

    /// <summary>CLI runs at once in this server.</summary>
    public required int MaxParallel { get; init; }

    /// <summary><see langword="null"/>: no limit.</summary>
    public required int? MaxClusters { get; init; }

    public required LifecycleTimeouts Timeouts { get; init; }

    public ExpiryOptions Expiry { get; init; } = new();

    /// <summary>Of clusters that ask for none; <see langword="null"/>: they do not sleep by themselves.</summary>
    public TimeSpan? SleepAfter { get; init; }

    /// <summary>Of clusters that ask for none; <see langword="null"/>: at no fixed times.</summary>
    public SleepTimes? SleepSchedule { get; init; }
}

/// <summary>How clusters end when their time has come.</summary>
internal sealed record ExpiryOptions
{
    /// <summary>False: nothing is taken away for its age.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How often what was missed is looked for.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Clusters that one sweep takes away at most.</summary>
    public int Budget { get; init; } = 20;

    /// <summary>How long before its end somebody is told.</summary>
    public IReadOnlyList<TimeSpan> Warnings { get; init; } = [TimeSpan.FromHours(2), TimeSpan.FromMinutes(15)];
}

/// <summary>How long each step of an operation may take before it is called stalled.</summary>
internal sealed record LifecycleTimeouts
{
    /// <summary>One run of the vcluster or helm executable.</summary>
    public required TimeSpan Command { get; init; }

    /// <summary>From installed (or woken, or upgraded) to ready.</summary>
    public required TimeSpan Ready { get; init; }

    /// <summary>How long a problem that seldom goes away by itself (image, volume, quota, crash) is looked at.</summary>
    public required TimeSpan Problem { get; init; }

    /// <summary>From uninstalled to all traces gone.</summary>
    public required TimeSpan Gone { get; init; }
}
